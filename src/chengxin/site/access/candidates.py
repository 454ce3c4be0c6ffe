"""Which organisations what somebody typed may mean: out of the index of names, those that share the rarest hints first.

Each hint that was typed weighs the less the more have it, and none brings more than MANY; so a search costs the same however
many there are. How well they fit is told afterwards (`subjects.names.match`).
"""

import polars as pl

from chengxin.site.access.asked import Asked
from chengxin.site.access.subjects import ALIVE
from chengxin.site.store.bulk import Schema, few_where, on_postgres
from chengxin.subjects.names.typed import Typed

MOST = 100  # candidates that are compared letter by letter
MANY, FEW = 1_000, 200  # rows that one hint may bring, and the beginning of one
_SHARE = 0.25  # of the likeliest one's weight; who has less is compared only if none of the others fits
_SCHEMA: Schema = {"subject": pl.String, "weight": pl.Float64}
_LAST = "~"  # comes after every character of a sound or a code
_EQUAL = f"""SELECT {{n}} AS asked, g.subject FROM store_namegram g WHERE g.gram = %s
ORDER BY g.gram, g.subject LIMIT {MANY}"""  # noqa: S608 - a number of ours
_BEGINNING = f"""SELECT {{n}} AS asked, g.subject FROM store_namegram g WHERE g.gram >= %s AND g.gram < %s
ORDER BY g.gram, g.subject LIMIT {FEW}"""  # noqa: S608
_NUMBER = f"""SELECT {{n}} AS asked, i.subject FROM store_identifier i WHERE {{begins}} AND i.kind <> 'person'
AND {ALIVE.format("i")} ORDER BY i.value{{using}} LIMIT {FEW}"""  # noqa: S608
_BEST = f"""WITH hits (asked, subject) AS ({{hits}}),
weights (asked, weight) AS (SELECT asked, LN(CAST({2 * MANY} AS double precision) / COUNT(*)) FROM hits GROUP BY asked)
SELECT h.subject, SUM(w.weight) FROM hits h JOIN weights w ON w.asked = h.asked
GROUP BY h.subject ORDER BY 2 DESC, 1 LIMIT {MOST}"""  # noqa: S608


def candidates(asked: Asked, what: Typed) -> tuple[list[str], list[str]]:
    """Ids of subjects: the likely ones, and those that share much less with what was typed; at most MOST of both."""
    looked_up = [*_by_number(asked, what.number), *_by_name(what)]
    if not looked_up:
        return [], []
    one = "SELECT * FROM ({sql}) AS a{n}"
    hits = " UNION ALL ".join(one.format(sql=sql.format(n=n), n=n) for n, (sql, _) in enumerate(looked_up))
    values = [value for _, given in looked_up for value in given]
    found = few_where(_BEST.format(hits=hits), _SCHEMA, values)
    likely = [row["subject"] for row in found if row["weight"] >= found[0]["weight"] * _SHARE]
    return likely, [row["subject"] for row in found[len(likely) :]]


def _by_name(what: Typed) -> list[tuple[str, list[str | int]]]:
    equal: list[tuple[str, list[str | int]]] = [(_EQUAL, [gram]) for gram in what.equal]
    return equal + [(_BEGINNING, [start, start + _LAST]) for start in what.beginning]


def _by_number(asked: Asked, number: str) -> list[tuple[str, list[str | int]]]:
    """Numbers that begin so, by SQL that either database answers from its index, in its order."""
    if not number:
        return []
    at = asked.at.committed
    if on_postgres():
        return [(_NUMBER.format(n="{n}", begins="i.value LIKE %s", using=" USING ~<~"), [f"{number}%", at, at])]
    begins = "i.value >= %s AND i.value < %s"
    return [(_NUMBER.format(n="{n}", begins=begins, using=""), [number, number + _LAST, at, at])]
