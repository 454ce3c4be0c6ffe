"""A check: whom a number leads to and what burdens it today, in one statement, every record opened against the log.

Nothing here writes the Look: `actions.checks`, the only caller, writes it with the receipt before the answer leaves.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

from chengxin.lists.check import burdens
from chengxin.sharing.condition import At, Condition, chosen
from chengxin.sharing.outlets import Outlet, answer_at
from chengxin.sharing.questions import Denied, Ground, Reason
from chengxin.sharing.terms import AllOf, Where, as_sql
from chengxin.site.access.asked import NAMES, Asked, answers_at
from chengxin.site.access.reading import Seen, cut_all, once
from chengxin.site.access.subjects import ALIVE
from chengxin.site.store.bulk import Schema, one_trip
from chengxin.site.store.proof import LEAF, LEAF_FROM, LEAF_SQL, LOGGED, LOGGED_FROM, LOGGED_SQL, opened
from chengxin.site.store.registers import WHOLE
from chengxin.standards.load import Catalogue
from chengxin.standards.readers import Kind

_WHO: Schema = {"who": pl.String, "kind": pl.String, "code": pl.String, "name": pl.String, "into": pl.String}
_SCHEMA: Schema = {**_WHO, **WHOLE, **LOGGED, "until": pl.Int32, **LEAF}
_PERSON = f"SELECT i.subject FROM store_identifier i WHERE i.value = %s AND i.kind = 'person' AND {ALIVE.format('i')}"  # noqa: S608
# Those judged to be the same are all that merges join, in either direction.
_SQL = f"""WITH RECURSIVE led(id) AS (
SELECT i.subject FROM store_identifier i WHERE i.value = %s AND {{kind}} AND {ALIVE.format("i")}
UNION SELECT CASE WHEN m.subject = l.id THEN m.target ELSE m.subject END FROM led l
JOIN store_merge m ON (m.subject = l.id OR m.target = l.id) AND {ALIVE.format("m")})
SELECT l.id, s.kind, f.code, f.name, g.target,
{", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL}, r.until, {LEAF_SQL}
FROM led l JOIN store_subject s ON s.id = l.id
LEFT JOIN store_subjectfact f ON f.subject = l.id AND {ALIVE.format("f")}
LEFT JOIN store_merge g ON g.subject = l.id AND {ALIVE.format("g")}
LEFT JOIN (store_record r {LOGGED_FROM} {LEAF_FROM}) ON r.subject = l.id AND {{where}}
ORDER BY r.decided_on DESC, r.id DESC"""  # noqa: S608 - names of ours


@dataclass(frozen=True)
class Named:
    """One of those a number leads to; a person has neither code nor name here."""

    id: str
    kind: Kind
    code: str | None
    name: str | None


@dataclass(frozen=True)
class Burdens:
    """Whom the number leads to, first the one under whose name the others are shown; what burdens them, newest first."""

    group: tuple[Named, ...]
    records: tuple[Seen, ...]
    withheld: int  # records that do not fit the log


def refused(asked: Asked, kind: Kind) -> Denied | None:
    """Why the gate allows nothing of this kind of subject here; None if it allows anything."""
    if kind in asked.kinds():
        return None
    said = [
        answer_at(asked.outlet, asked.catalogue, resource, kind, asked.purpose, asked.ground)
        for resource in asked.catalogue.resources
    ]
    whys = [a for a in said if isinstance(a, Denied) and a.reason not in (Reason.RESOURCE, Reason.CLASS)]
    return whys[0] if whys else Denied(Reason.CLASS)


def burdening(asked: Asked, number: str, person: bool) -> Burdens:
    """What burdens the subject that a code, older number or, of a person, a token leads to. An empty group: nobody.

    A person is asked about singly: the gate's condition names that person and nobody else.
    """
    if person:
        now = (asked.at.committed, asked.at.committed)
        found = one_trip(_PERSON, {"id": pl.String}, (number, *now))
        asked = replace(asked, at=replace(asked.at, subject=found[0]["id"] if found else None))
    at = asked.at
    where = _where(asked.outlet, asked.catalogue, asked.purpose, asked.ground, at)
    kind = "i.kind = 'person'" if person else "i.kind <> 'person'"
    now = (at.committed, at.committed)
    values = (number, *now, at.included, at.committed, *now, at.included, at.committed, *where.values)
    rows = one_trip(_SQL.format(kind=kind, where=where.sql), _SCHEMA, values)
    group = {r["who"]: Named(r["who"], Kind(r["kind"]), r["code"], r["name"]) for r in rows}
    roots = [r["who"] for r in rows if r["into"] is None][:1]
    named = sorted(group.values(), key=lambda n: (n.id not in roots, n.id))
    sound, withheld = opened([r for r in rows if r["id"] is not None])
    seen = tuple(cut_all(asked, once(asked, sound)))
    return Burdens(tuple(named), seen, len(withheld))


@lru_cache(maxsize=256)
def _where(outlet: Outlet, catalogue: Catalogue, purpose: str, ground: Ground, at: At) -> Where:
    """What the gate allows of what burdens on the day: both are terms, and both must hold."""
    conditions = (a.condition for a in answers_at(outlet, catalogue, purpose, ground).values())
    allowed = chosen((c for c in conditions if isinstance(c, Condition)), at)
    return as_sql(AllOf((allowed, burdens(at.day))), NAMES)
