"""All subjects at one state of the registers, in memory: what judging and resolving a file ask again and again."""

from dataclasses import dataclass

import polars as pl

from chengxin.site.store.bulk import PLAIN_KEY, Schema, chosen, rows_where
from chengxin.site.store.models import Head
from chengxin.subjects.resolve import SUBJECTS
from chengxin.validation.registration import COLUMNS

_STORED = tuple(name for name in SUBJECTS if name != "numbers")
_SCHEMA: Schema = {
    "id": pl.String,
    **{name: pl.Date if name == "status_on" else pl.String for name in _STORED},
}
_COLUMNS = ", ".join(
    f"CAST(f.{name} AS text)" if name.startswith("former") else f"{'s' if name in ('kind', 'register') else 'f'}.{name}"
    for name in _STORED
)
_ALL = f"""
SELECT f.subject, {_COLUMNS} FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject WHERE f.until IS NULL
"""  # noqa: S608 - names of ours
_ASKED = f"""
SELECT c.key, f.subject, {_COLUMNS} FROM {{chosen}} c JOIN store_identifier i ON i.value = c.key AND i.until IS NULL
JOIN store_subjectfact f ON f.subject = i.subject AND f.until IS NULL JOIN store_subject s ON s.id = f.subject
"""  # noqa: S608

_NAMED = f"""
SELECT f.subject, {_COLUMNS} FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject
WHERE f.until IS NULL AND f.fold IN ({{marks}})
"""  # noqa: S608
_AT_ONCE = 10_000  # names in one statement


@dataclass(frozen=True)
class Known:
    """Subjects as of change set `number`: id and the columns of SUBJECTS."""

    number: int
    subjects: pl.DataFrame

    def led_to(self, numbers: pl.Series) -> pl.DataFrame:
        """Those whose present code is among the numbers, with `asked`."""
        wanted = pl.DataFrame({"asked": numbers})
        return wanted.join(self.subjects.with_columns(pl.col("code").alias("asked")), on="asked")


def all_known() -> Known:
    """All subjects now."""
    number = Head.objects.get().committed
    return Known(number, _lists(rows_where(_ALL, _SCHEMA)))


def registered_as(codes: pl.Series, folds: pl.Series) -> pl.DataFrame:
    """Subjects whose present code is among the codes or whose folded name is among the folds: the columns of `COLUMNS`."""
    plain = codes.filter(codes.str.contains(PLAIN_KEY))  # what a clerk wrote need be no code at all
    found = [asked_for(plain).filter(pl.col("asked") == pl.col("code")).select(*COLUMNS)]
    for start in range(0, len(folds), _AT_ONCE):
        names = folds.slice(start, _AT_ONCE).to_list()
        named = rows_where(_NAMED.format(marks=", ".join(["%s"] * len(names))), _SCHEMA, names)
        found.append(_lists(named).select(*COLUMNS))
    return pl.concat(found).unique("code", maintain_order=True)


def asked_for(numbers: pl.Series) -> pl.DataFrame:
    """The subjects that numbers of any kind lead to, out of the database: asked, id and the columns of SUBJECTS."""
    if numbers.is_empty():
        return pl.DataFrame(schema={"asked": pl.String, "id": pl.String, **SUBJECTS})
    return _lists(rows_where(_ASKED.format(chosen=chosen(numbers, "text")), {"asked": pl.String, **_SCHEMA}))


def _lists(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [_texts(name) for name in ("former_names", "former_codes")]
    none = pl.lit([], dtype=pl.List(pl.String)).alias("numbers")
    return frame.with_columns(*texts, none)


def _texts(name: str) -> pl.Expr:
    return pl.col(name).str.json_decode(pl.List(pl.String))
