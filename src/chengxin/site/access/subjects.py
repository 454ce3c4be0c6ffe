"""Subjects: whom a code leads to, who is judged to be the same, what they are called. Nobody of a kind that the gate refuses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import polars as pl

from chengxin.site.access.asked import Asked, marks
from chengxin.site.store.bulk import Schema, one_trip
from chengxin.site.store.standpoint import merged_with
from chengxin.standards.readers import Kind

_FACT: Schema = {"subject": pl.String, "code": pl.String, "name": pl.String, "fold": pl.String} | {
    "former_names": pl.String,
    "former_codes": pl.String,
    "status": pl.String,
    "status_on": pl.Date,
    "kind": pl.String,
    "register": pl.String,
}
_COLUMNS = (
    "f.subject, f.code, f.name, f.fold, CAST(f.former_names AS text), CAST(f.former_codes AS text), f.status, f.status_on, "
    "s.kind, s.register"
)
# A name is no burden: it counts from the commit.
ALIVE = "{0}.since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_FACTS = f"""SELECT {_COLUMNS} FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject
WHERE {ALIVE.format("f")}"""  # noqa: S608 - names of ours
_LED = f"""AND f.subject IN (SELECT i.subject FROM store_identifier i WHERE i.kind <> 'person' AND i.value = %s
AND {ALIVE.format("i")})"""  # noqa: S608


@dataclass(frozen=True)
class Subject:
    """What is known of an organisation or sole trader now; of a person that reads its own file, its name."""

    id: str
    code: str
    name: str
    fold: str
    kind: Kind
    register: str
    former_names: tuple[str, ...]
    former_codes: tuple[str, ...]
    status: str | None
    status_on: date | None


def facts(asked: Asked, more: str, values: Iterable[Any], kinds: Iterable[Kind] | None = None) -> list[Subject]:
    """Subjects by what follows after WHERE … (SQL on `f` and `s` with its values), of kinds that the outlet may see."""
    wanted = [k.value for k in (asked.kinds() if kinds is None else kinds) if k is not Kind.PERSON]
    if not wanted:
        return []
    at = asked.at.committed
    sql = f"{_FACTS} AND s.kind IN ({marks(wanted)}) {more}"
    return [_subject(row) for row in one_trip(sql, _FACT, [at, at, *wanted, *values])]


def _subject(row: dict[str, Any]) -> Subject:
    former = (
        tuple(n for n in msgspec.json.decode(row[name] or "[]") if n) for name in ("former_names", "former_codes")
    )
    names, codes = former
    return Subject(
        row["subject"], row["code"], row["name"], row["fold"], Kind(row["kind"]), row["register"], names, codes,
        row["status"], row["status_on"],
    )  # fmt: skip


def led_to(asked: Asked, code: str) -> list[Subject]:
    """The subject that a present, former or older number leads to (one or none)."""
    return facts(asked, _LED, [code, asked.at.committed, asked.at.committed])


def with_same(asked: Asked, subject: Subject) -> list[Subject]:
    """A subject with those judged to be the same, as far as the outlet shows their kinds; itself if it shows none."""
    group = merged_with(subject.id, asked.at.included, asked.at.committed)
    return [subject] if group == [subject.id] else _facts_of(asked, group) or [subject]


def same_as(asked: Asked, subject: str) -> list[Subject]:
    """A subject and those judged to be the same; first the one under whose name they are shown."""
    return _facts_of(asked, merged_with(subject, asked.at.included, asked.at.committed))


def _facts_of(asked: Asked, group: list[str]) -> list[Subject]:
    found = facts(asked, f"AND f.subject IN ({marks(group)})", group)
    return sorted(found, key=lambda s: group.index(s.id))
