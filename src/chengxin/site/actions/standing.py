"""What stands on whose word: a version was said by one change set and perhaps said again by others, of its body or of another.

It stands as long as any of them was not taken back. So when change sets are taken back, three things are asked: which
current versions lose the last word of their body, which of what was said under their keys still stands (a version that
another body repeated stands on that body's word from then on), and what is to be known of their subjects.
"""

from collections.abc import Iterator

import polars as pl

from chengxin.site.store.bulk import STEP, Schema, chosen, pieces, rows_where
from chengxin.site.store.registers import WHOLE

PART = STEP // 4
_COLUMNS = ", ".join(f"r.{c}" for c in WHOLE)
# {numbers}: the change sets that are taken back now. The first word, and every later one:
_FIRST = """r.said_in NOT IN ({numbers}) AND EXISTS
(SELECT 1 FROM store_changeset s WHERE s.number = r.said_in AND s.undone_in IS NULL)"""
# CROSS JOIN: SQLite looks for the key first, not through all that the few change sets said again.
_AGAIN = """FROM store_saidagain a CROSS JOIN store_changeset s
WHERE s.number = a.since AND s.undone_in IS NULL AND a.key = r.key AND a.said_in = r.said_in AND a.since NOT IN ({numbers})"""
_OWN_WORD = f"(({_FIRST}) OR EXISTS (SELECT 1 {_AGAIN} AND s.authority = r.sender))"
_SAID_FIRST = f"""
SELECT {_COLUMNS} FROM store_record r
WHERE r.until IS NULL AND r.said_in IN ({{numbers}}) AND r.id > %s AND NOT {_OWN_WORD} ORDER BY r.id LIMIT %s
"""  # noqa: S608 - names of ours
_SAID_AGAIN = f"""
SELECT {_COLUMNS}, b.place FROM store_saidagain b JOIN store_record r ON r.key = b.key AND r.until IS NULL AND r.said_in = b.said_in
WHERE b.since = %s AND b.place > %s AND b.place <= %s AND r.said_in NOT IN ({{numbers}}) AND NOT {_OWN_WORD}
"""  # noqa: S608 - names of ours
_PLACES = "SELECT max(place) FROM store_saidagain WHERE since = %s"
_LEFT = f"""
SELECT {_COLUMNS}, CASE WHEN {_OWN_WORD} THEN r.sender ELSE (SELECT s.authority {_AGAIN} ORDER BY a.since, a.place LIMIT 1) END
FROM {{chosen}} c JOIN store_record r ON r.key = c.key
"""  # noqa: S608 - names of ours
_NAMES = "SELECT code, name FROM store_authority"
_FACT: Schema = {
    "id": pl.String,
    "subject": pl.String,
    "code": pl.String,
    "name": pl.String,
    "fold": pl.String,
    "former_names": pl.String,
    "former_codes": pl.String,
    "status": pl.String,
    "status_on": pl.Date,
    "said_in": pl.Int32,
}
_FACT_COLUMNS = ", ".join(f"CAST(f.{c} AS text)" if c.startswith("former") else f"f.{c}" for c in _FACT)
_FACT_FIRST = _FIRST.replace("r.", "f.")
_FACT_AGAIN = f"""EXISTS (SELECT 1 FROM store_record r
WHERE r.subject = f.subject AND r.said_in = f.said_in AND EXISTS (SELECT 1 {_AGAIN}))"""  # noqa: S608 - names of ours
_FACT_STANDS = f"(({_FACT_FIRST}) OR {_FACT_AGAIN})"
_THEIRS = "SELECT f.subject FROM store_subjectfact f WHERE f.until IS NULL AND f.said_in IN ({numbers})"
_FALLEN = f"""
SELECT {_FACT_COLUMNS} FROM {{chosen}} c JOIN store_subjectfact f ON f.subject = c.key AND f.until IS NULL WHERE NOT {_FACT_STANDS}
"""  # noqa: S608 - names of ours
_FACTS_LEFT = f"""
SELECT {_FACT_COLUMNS} FROM {{chosen}} c JOIN store_subjectfact f ON f.subject = c.key AND f.until IS NOT NULL WHERE {_FACT_STANDS}
"""  # noqa: S608 - names of ours
_NAMED = """
SELECT c.key FROM {chosen} c WHERE EXISTS (SELECT 1 FROM store_record r WHERE r.subject = c.key AND r.until IS NULL)
"""
_NUMBERS = """
SELECT i.id, i.subject, CASE WHEN i.since IN ({numbers}) THEN 1 ELSE 0 END FROM {chosen} c
JOIN store_identifier i ON i.subject = c.key AND i.until IS NULL
"""


def losing(numbers: list[int]) -> Iterator[pl.DataFrame]:
    """The current versions (WHOLE) that lose the last word of their body, in parts."""
    listed, last = _listed(numbers), "0" * 32
    while numbers:
        part = rows_where(_SAID_FIRST.format(numbers=listed), WHOLE, (last, PART))
        if part.is_empty():
            break
        yield part
        last = str(part["id"][-1])
    for number in numbers:
        places = rows_where(_PLACES, {"place": pl.Int64}, (number,))["place"][0]
        for first in range(-1, places if places is not None else -1, PART):
            values = (number, first, first + PART)
            part = rows_where(_SAID_AGAIN.format(numbers=listed), {**WHOLE, "place": pl.Int32}, values).drop("place")
            if part.height:
                yield part.unique("id", maintain_order=True)


def left(own: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Under each key the last version, by its source's order, that still stands: with whoever says it as its sender."""
    sql = _LEFT.format(chosen=chosen(own["key"], "uuid"), numbers=_listed(numbers))
    said = rows_where(sql, {**WHOLE, "spoken": pl.String}).filter(pl.col("spoken").is_not_null())
    last = said.sort("source_order", "version").unique("key", keep="last", maintain_order=True)
    names = rows_where(_NAMES, {"spoken": pl.String, "_name": pl.String})
    told = last.join(names, on="spoken", how="left", maintain_order="left")
    other = pl.col("spoken") != pl.col("sender")
    source = pl.when(other).then("_name").otherwise("source").alias("source")
    return told.with_columns(source, pl.col("spoken").alias("sender")).select(WHOLE.keys())


def facts(numbers: list[int], subjects: pl.Series) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, list[str]]]:
    """What is no longer to be known of subjects, what is known again, and ids of the numbers that lead nowhere any more.

    Asked of `subjects` whose versions lost their word and of those that these change sets told of; in parts. The records
    must be written before: a subject that none of them names, and of which nothing stands, leaves its register.
    """
    listed = _listed(numbers)
    theirs = rows_where(_THEIRS.format(numbers=listed), {"subject": pl.String})["subject"]
    asked = pl.concat([subjects, theirs]).unique().sort().to_frame("subject")
    for piece in pieces(asked, PART):
        fallen = rows_where(_FALLEN.format(chosen=chosen(piece["subject"], "uuid"), numbers=listed), _FACT)
        if fallen.is_empty():
            continue
        about = fallen["subject"]
        stand = rows_where(_FACTS_LEFT.format(chosen=chosen(about, "uuid"), numbers=listed), _FACT)
        back = stand.sort("said_in", "id").unique("subject", keep="last", maintain_order=True)
        named = rows_where(_NAMED.format(chosen=chosen(about, "uuid")), {"subject": pl.String})["subject"]
        leaves = about.filter(~about.is_in(named.implode()) & ~about.is_in(back["subject"].implode()))
        gone = fallen.filter(pl.col("subject").is_in(pl.concat([back["subject"], leaves]).implode()))
        yield gone, back, _led_nowhere(gone["subject"], leaves, listed)


def _led_nowhere(about: pl.Series, leaves: pl.Series, listed: str) -> list[str]:
    schema: Schema = {"id": pl.String, "subject": pl.String, "theirs": pl.Int32}
    found = rows_where(_NUMBERS.format(chosen=chosen(about, "uuid"), numbers=listed), schema)
    ends = (pl.col("theirs") == 1) | pl.col("subject").is_in(leaves.implode())
    return found.filter(ends)["id"].to_list()


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "-1"
