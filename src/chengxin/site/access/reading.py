"""Records: of one subject, one by its id, a list by its newest. Every row is chosen by the gate, opened and cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
import polars as pl

from chengxin.flow.store import SEALED
from chengxin.sharing.questions import Allowed
from chengxin.site.access.asked import Asked, marks
from chengxin.site.access.disputes import Disputed, disputes, told
from chengxin.site.access.looks import write_look
from chengxin.site.access.subjects import ALIVE
from chengxin.site.folder import site_here
from chengxin.site.store.bulk import Schema, few_where, one_trip
from chengxin.site.store.persons import unsealed
from chengxin.site.store.proof import LEAF, LEAF_FROM, LEAF_SQL, LOGGED, LOGGED_FROM, LOGGED_SQL, Row, opened
from chengxin.site.store.registers import WHOLE
from chengxin.standards.model import Resource
from chengxin.standards.readers import Kind, View
from chengxin.validation.keys import SUBJECT

_OPENED = (View.OWN, View.SELF)
_NAMED: Schema = {"until": pl.Int32, "kind": pl.String, "code": pl.String, "name": pl.String}
_SCHEMA: Schema = {**WHOLE, **LOGGED, **_NAMED}
_SELECTED = f"""SELECT {", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL}, r.until, s.kind, f.code, f.name{{more}}
FROM store_record r JOIN store_subject s ON s.id = r.subject {LOGGED_FROM} {{joined}}
LEFT JOIN store_subjectfact f ON f.subject = r.subject AND {ALIVE.format("f")}
WHERE """  # noqa: S608 - names of ours
_SELECT = _SELECTED.format(more="", joined="")
_WITH_LEAF = _SELECTED.format(more=f", {LEAF_SQL}", joined=LEAF_FROM)
_NOT_ENDED = "COALESCE(r.last_day, '9999-12-31') >= %s"
_ABOUT = "r.subject IN (SELECT i.subject FROM store_identifier i WHERE i.kind <> 'person' AND i.value = %s AND i.until IS NULL)"
_OF_KEY = (
    "(r.subject, r.key) = (SELECT o.subject, o.key FROM store_record o WHERE o.id = %s)"  # by the index of subjects
)
_BROUGHT = """SELECT r.id, c.submission_id, c.kind FROM store_record r JOIN store_changeset c ON c.number = r.said_in
WHERE r.id IN ({marks})"""
_CURRENT = "SELECT c.id FROM store_record o JOIN store_record c ON c.key = o.key AND c.until IS NULL WHERE o.id = %s"


@dataclass(frozen=True)
class Seen:
    """What a reader may see of one record: columns of the record, fields of its content, when it was received."""

    resource: Resource
    kind: Kind
    columns: dict[str, Any]
    content: dict[str, Any]
    received: date
    code: str | None
    name: str | None
    dispute: Disputed | None = None

    @property
    def id(self) -> str:
        """The id of this version."""
        return str(self.columns["id"])


@dataclass(frozen=True)
class Filter:
    """What of a list is wanted: resources, days of decision (both inclusive), the body's code, the list's name."""

    resources: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    authority: str | None = None
    of_list: str | None = None
    shown_on: date | None = None  # the same as the gate's window says, in words that the index of lists holds
    code: str | None = None  # a present, former or older number of whom it is about, exactly
    document: str | None = None  # the very number of its document
    missing: bool = False  # those alone that a whole list left out, at an outlet of histories


After = tuple[date, str]


@dataclass(frozen=True)
class Part:
    """A part of a list, newest first. `after`: where the next part begins, None at the end."""

    rows: list[Seen]
    after: After | None
    withheld: int


def of_subjects(asked: Asked, group: list[str]) -> tuple[list[Seen], int]:
    """All records of one subject (with those that are the same), newest first; and how many do not fit the log."""
    seen, withheld = and_withheld(asked, group)
    return seen, len(withheld)


def and_withheld(asked: Asked, group: list[str]) -> tuple[list[Seen], list[tuple[str, str]]]:
    """`of_subjects`, with the ids of what does not fit the log, and why."""
    write_look(asked, group)
    where = asked.where()
    order = " ORDER BY r.decided_on DESC, r.id DESC"
    rows = _at_once(asked, f"r.subject IN ({marks(group)}) AND {where.sql}{order}", [*group, *where.values])
    sound, withheld = opened(rows)
    return cut_all(asked, once(asked, sound)), withheld


def of_one_kind(asked: Asked, resource: str, subjects: list[str]) -> dict[str, Seen]:
    """The newest record of one resource that each of these subjects has."""
    if not subjects:
        return {}
    write_look(asked, subjects)
    where = asked.where(lambda name, kind: name == resource)
    listed = f"r.subject IN ({marks(subjects)}) AND {where.sql} ORDER BY r.decided_on, r.id"
    seen, _ = _opened(asked, _at_once(asked, listed, [*subjects, *where.values]))
    return {str(one.columns["subject"]): one for one in seen}


def by_id(asked: Asked, identity: str) -> Seen | None:
    """The record that a version's id leads to: this version, or what is current in its stead. None if it may not be seen."""
    for found in (identity, *_stead(identity)):
        where = asked.where()
        rows = _at_once(asked, f"r.id = %s AND {where.sql}", [found, *where.values])
        if rows:
            write_look(asked, [str(rows[0]["subject"])])
            seen, _ = _opened(asked, rows)
            return seen[0] if seen else None
    return None


def about_whom(asked: Asked, identity: str) -> Asked:
    """The request, about the one subject of this version; whether it may be seen the gate says afterwards."""
    for row in few_where("SELECT r.subject FROM store_record r WHERE r.id = %s", {"subject": pl.String}, [identity]):
        return replace(asked, at=replace(asked.at, subject=row["subject"]))
    return asked


def versions(asked: Asked, identity: str) -> list[Seen]:
    """All versions of the record that a version's id leads to, the newest first: the shell, at an outlet of histories."""
    where = asked.where()
    rows = _asked_for(asked, f"{_OF_KEY} AND {where.sql} ORDER BY r.version DESC", [identity, *where.values])
    if rows:
        write_look(asked, [str(rows[0]["subject"])])
    return _opened(asked, rows)[0]


def brought_by(seen: Sequence[Seen]) -> dict[str, tuple[str | None, str]]:
    """For each version that was seen: the submission that brought it, and the kind of its change set."""
    if not seen:
        return {}
    schema = {"id": pl.String, "submission": pl.String, "kind": pl.String}
    rows = few_where(_BROUGHT.format(marks=marks(seen)), schema, [s.id for s in seen])
    return {row["id"]: (row["submission"], row["kind"]) for row in rows}


def listed(asked: Asked, wanted: Filter, size: int, after: After | None = None) -> Part:
    """The next `size` records of a list, by day of decision and id, newest first. What has no day is in no list."""
    write_look(asked, [])
    where = asked.where(lambda resource, kind: resource in wanted.resources)
    sql, values = f"{where.sql} AND r.decided_on IS NOT NULL", list(where.values)
    for term, value in _terms(wanted, after):
        sql, values = f"{sql} AND {term}", [*values, *value]
    rows = _asked_for(asked, f"{sql} ORDER BY r.decided_on DESC, r.id DESC LIMIT %s", [*values, size + 1])
    last = rows[size - 1] if len(rows) > size else None
    seen, withheld = _opened(asked, rows[:size])
    return Part(seen, (last["decided_on"], last["id"]) if last else None, withheld)


def _terms(wanted: Filter, after: After | None) -> list[tuple[str, list[str]]]:
    terms: list[tuple[str, list[str]]] = []
    if wanted.shown_on:
        terms.append((_NOT_ENDED, [wanted.shown_on.isoformat()]))
    if wanted.since:
        terms.append(("r.decided_on >= %s", [wanted.since.isoformat()]))
    if wanted.until:
        terms.append(("r.decided_on <= %s", [wanted.until.isoformat()]))
    if wanted.authority:
        terms.append(("r.authority_code = %s", [wanted.authority]))
    if wanted.of_list:
        terms.append(("r.list = %s", [wanted.of_list]))
    if wanted.code:
        terms.append((_ABOUT, [wanted.code]))
    if wanted.document:
        terms.append(("r.document = %s", [wanted.document]))
    if wanted.missing:
        terms.append(("r.state = 'missing' AND r.until IS NULL", []))
    if after:
        terms.append(("(r.decided_on, r.id) < (%s, %s)", [after[0].isoformat(), after[1]]))
    return terms


def _asked_for(asked: Asked, where: str, values: list[Any]) -> list[Row]:
    at = asked.at.committed
    return few_where(_SELECT + where, _SCHEMA, [at, at, *values])


def _at_once(asked: Asked, where: str, values: list[Any]) -> list[Row]:
    """`_asked_for` where few rows are meant and the same is asked over and over: with their leaves, in one statement."""
    at = asked.at.committed
    return one_trip(_WITH_LEAF + where, {**_SCHEMA, **LEAF}, [at, at, *values])


def _stead(identity: str) -> list[str]:
    return [row["id"] for row in few_where(_CURRENT, {"id": pl.String}, [identity]) if row["id"] != identity]


def _opened(asked: Asked, rows: list[Row]) -> tuple[list[Seen], int]:
    sound, withheld = opened(rows)
    return cut_all(asked, sound), len(withheld)


def cut_all(asked: Asked, rows: Sequence[Row]) -> list[Seen]:
    """Rows as they may be seen, each with the mark if somebody objects to it."""
    marked = disputes(asked.at, rows)
    return [cut(asked, row, marked.get(str(row["id"]))) for row in rows]


def cut(asked: Asked, row: Row, disputed: Disputed | None = None) -> Seen:
    """No more than the gate's answer for this resource and kind of subject, less what the secrecy review keeps back.

    A person's content is opened with that person's key where the gate allows fields of it to whom it is about or who said it;
    to others (a check) its shell is enough. Erased, it stays shut.
    """
    kind = Kind(row["kind"])
    answer = asked.answers()[row["resource"], kind]
    fields = shown_fields(asked, answer, row["withheld"] or "")
    content = msgspec.json.decode(_clear(row, asked.outlet.view)) if fields else {}
    shown = {name: value for name, value in content.items() if name in fields}
    named = "subject" in answer.columns
    return Seen(
        asked.catalogue.resources[row["resource"]],
        kind,
        {name: row[name] for name in answer.columns},
        shown,
        row["known_on"],
        row["code"] if named else None,
        row["name"] if named else None,
        told(disputed, asked.outlet.view, bool(answer.fields)),
    )


def _clear(row: Row, view: View) -> str:
    text = str(row["content"])
    if not text.startswith(SEALED):
        return text
    return (unsealed(site_here().keys, row["subject"], row["id"], text) if view in _OPENED else None) or "{}"


def shown_fields(asked: Asked, answer: Allowed, withheld: str) -> frozenset[str]:
    """The fields of a content that may be shown, less what the secrecy review keeps back from others than the sender."""
    if not withheld or asked.outlet.view is View.OWN:
        return answer.fields
    return answer.fields - set(withheld.split(","))


def once(asked: Asked, rows: list[Row]) -> list[Row]:
    """One act that stood under the codes of two subjects is one act: the later word of it."""
    if len({row["subject"] for row in rows}) < 2:
        return rows
    acts: dict[object, Row] = {}
    for row in sorted(rows, key=lambda r: int(r["source_order"])):
        sealed = row["content"].startswith(SEALED)
        content = {} if sealed else msgspec.json.decode(row["content"])
        acts[_act(asked.catalogue.resources[row["resource"]], row["id"], row, content)] = row
    kept = {row["id"] for row in acts.values()}
    return [row for row in rows if row["id"] in kept]


def once_each(rows: list[Seen]) -> list[Seen]:
    """The same of rows that were read for one subject after another, as they may be seen."""
    if len({row.columns["subject"] for row in rows}) < 2:
        return rows
    ordered = sorted(rows, key=lambda one: int(one.columns["since"]))
    return list({_act(row.resource, row.id, row.columns, row.content): row for row in ordered}.values())


def _act(resource: Resource, identity: str, columns: Mapping[str, Any], content: Mapping[str, Any]) -> object:
    """What tells acts of any subject apart: the natural key but for the subject. Without a document each is one by itself."""
    if not columns.get("document"):
        return identity
    told = {SUBJECT, resource.role("document"), resource.role("authority_code")}
    rest = [str(content.get(name) or "") for name in resource.natural_key if name not in told]
    return (resource.name, columns["document"], columns["authority_code"], columns["decided_on"], *rest)
