"""Checks: what is in force about one subject today, answered with a receipt. The one way for the API, the desk and commands.

The Look and the receipt are written in one durable step before the answer leaves, so there is no answer without them.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.utils import timezone

from chengxin.intake.hiding import hide_in
from chengxin.intake.identity import normalised, token
from chengxin.sharing.outlets import outlet_named
from chengxin.sharing.questions import Ground
from chengxin.site.access.asked import Asked, Who, place_in_log
from chengxin.site.access.checking import Burdens, Named, burdening, refused
from chengxin.site.access.find import is_a_persons, may_name_a_person
from chengxin.site.access.looks import look_rows
from chengxin.site.access.reading import Seen
from chengxin.site.folder import Site
from chengxin.site.store.bulk import moment, write_together
from chengxin.site.store.models import Check, ConfirmedCode, Identifier
from chengxin.standards.case_numbers import why_no_case
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.readers import Kind, Need
from chengxin.subjects.names.typed import CODE
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc
from chengxin.values.ids import new_id
from chengxin.values.text import nfkc

PERSONS_A_DAY = 300  # about how many times one officer or key may ask about people in a day (trust 3.9)
_NUMBER = re.compile(r"[0-9A-Z]{6,32}")
_NO_SUBJECT = Said(
    "登记信息中没有这个代码的主体，请核对代码；这不说明它没有失信信息。",
    "No subject has this code. Please compare it; this does not say that nothing is in force.",
)
_NOT_A_CODE = Said(
    "请填统一社会信用代码；自然人请填公民身份号码，并写明案件编号。",
    "Give a unified social credit code; of a person the identity number, with a case number.",
)
_MISTYPED = Said(
    "代码有错字（末位校验码与前 17 位对不上），没有查询。请核对后再查。",
    "The code is mistyped: its last character does not agree with the others. Nothing was looked up; please compare it.",
)
_MISTYPED_NUMBER = Said(
    "号码有错字（末位校验码与前 17 位对不上），没有查询。请核对公民身份号码或统一社会信用代码后再查。",
    "The number is mistyped: its last character does not agree with the others. Nothing was looked up; please compare the "
    "identity number or credit code.",
)


@dataclass(frozen=True)
class Asking:
    """What is asked: at which outlet, by whom of which body, about the number that was typed, for what, in which work."""

    outlet: str
    who: Who
    typed: str
    purpose: str
    matter: str
    day: date | None = None  # another day than today, for demonstrations


class Subject(msgspec.Struct, frozen=True):
    """Whom the answer is about, under the code and name of today."""

    code: str
    name: str


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One list entry or adverse record in force: what, by whom, on which clause, until when."""

    id: str
    resource: str
    title: Said
    clause: str
    decided_on: date | None = None
    last_day: date | None = None  # that day included; none: no end is set
    received_on: date | None = None
    document: str | None = None
    list: str | None = None
    list_title: Said | None = None
    severity: str | None = None
    authority: str | None = None
    authority_code: str | None = None
    source: str | None = None
    sender: str | None = None
    content: dict[str, Any] = {}
    disputed_since: date | None = None  # somebody objects to it
    statement: str = ""  # of the subject, where the content may be seen


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a check. Of people `subject` is never said, and nobody there reads like nothing in force."""

    receipt: str
    at: datetime
    as_of: date
    purpose: str
    matter: str
    said: Said
    entries: tuple[Entry, ...]
    digest: str
    change_set: int
    log_size: int
    rules: str
    case_no: str = ""
    subject: Subject | None = None
    same: tuple[Subject, ...] = ()
    withheld: int = 0


def check(site: Site, asking: Asking) -> Answer:
    """Answer and write the receipt. Raises Refused before anything is looked up, or for an organisation that is not there."""
    number, person = _number(asking.typed)
    asked, size = _asked(asking, person)
    mark = token(site.keys.token, number)
    if person:
        _not_too_many(asking.who.name, asked.at.day)
    kind = Kind.PERSON if person else Kind.ORGANISATION
    denied = refused(asked, kind)
    if denied and not person:
        raise Refused(denied.reason.value, denied.said)
    found = burdening(asked, mark if person else number, person)
    if not person:
        _may_be_told(asked, found)
    elif denied:  # looked up all the same, so that a no takes as long as nobody there
        found = Burdens((), (), 0)
    entries = tuple(_entry(seen, asked.catalogue) for seen in found.records)
    return _written(asking, asked, size, found, entries, mark, person)


def digest_of(entries: Sequence[Entry]) -> str:
    """SHA-256 over the JSON of the entries, names in order."""
    return hashlib.sha256(msgspec.json.encode(entries, order="deterministic")).hexdigest()


def _number(typed: str) -> tuple[str, bool]:
    """The number as it is looked up, and whether it is a person's. Raises Refused, also for one that can't be right: of it
    “nobody there” would read as clean."""
    plain = re.sub(r"[\s-]", "", nfkc(typed)).upper()
    if is_uscc(plain) or not is_a_persons(plain):
        if not _NUMBER.fullmatch(plain):
            raise Refused("subject", _NOT_A_CODE)
        if len(plain) == CODE and not is_uscc(plain) and not _issued(plain):
            raise Refused("check-character", _MISTYPED_NUMBER if may_name_a_person(plain) else _MISTYPED)
        return plain, False
    return normalised(plain), True


def _issued(code: str) -> bool:
    """Whether an unsound code is somebody's all the same: confirmed by an officer, or told where its form only warns."""
    known = Identifier.objects.filter(value=code, until=None).exclude(kind="person")
    return ConfirmedCode.objects.filter(code=code).exists() or known.exists()


def _asked(asking: Asking, person: bool) -> tuple[Asked, int]:
    """The request as the gate takes it, and the size of the log. What the form needs is asked for before any look-up."""
    at, size = place_in_log()
    at = replace(at, body=asking.who.body, day=asking.day or at.day)
    catalogue = load_catalogue(at.day)
    purpose, matter = catalogue.purposes.get(asking.purpose), catalogue.matters.get(asking.matter)
    if purpose is None:
        raise Refused("no_purpose", Said("目录中没有这一查询用途。", "The catalogue has no such purpose."))
    if matter is None or matter.name not in purpose.used_in or not matter.in_force(at.day):
        raise Refused("no_matter", Said("目录中没有这一事项，或它不用于这一用途。", "No such matter for this purpose."))
    case = asking.who.case.strip()
    if case and (why := _no_case(catalogue, asking.who.body, case)):
        raise Refused("case_no", why)
    if person and purpose.needs.get(Kind.PERSON) is Need.CASE and not case:
        raise Refused("needs_case", Said("查询自然人须写明案件编号。", "About a person give the number of the case."))
    ground = Ground.CASE_OPEN if case else Ground.NONE
    return Asked(outlet_named(asking.outlet), at, catalogue, purpose.name, ground, asking.who), size


def _no_case(catalogue: Catalogue, body: str, case: str) -> Said | None:
    """Why this is no number of a case: not written as one, or with somebody's number inside, which is kept nowhere."""
    if hide_in(case, "text", catalogue.day) != case:
        return Said(
            "案件编号里有身份证件号码，请改填案卷编号。", "There is an identity number in it: give the case's own."
        )
    return why_no_case(catalogue, body, case)


def _not_too_many(who: str, day: date) -> None:
    if Check.objects.filter(who=who, day=day, person=True).count() >= PERSONS_A_DAY:
        zh = f"每人每日查询自然人不超过 {PERSONS_A_DAY} 次。"
        raise Refused("too_many_persons", Said(zh, f"At most {PERSONS_A_DAY} checks of people a day."))


def _may_be_told(asked: Asked, found: Burdens) -> None:
    if not found.group:
        raise Refused("unknown-subject", _NO_SUBJECT)
    denied = next((d for d in (refused(asked, named.kind) for named in found.group) if d), None)
    if denied:
        raise Refused(denied.reason.value, denied.said)


def _written(
    asking: Asking, asked: Asked, size: int, found: Burdens, entries: tuple[Entry, ...], mark: str, person: bool
) -> Answer:
    """The answer, once its Looks and its receipt are on the disk."""
    now = timezone.now()
    receipt, digest = new_id(), digest_of(entries)
    ids = [named.id for named in found.group]
    request, looks = look_rows(asked, ids, now)
    values = (
        receipt, request, moment(now), asked.at.day.isoformat(), asked.outlet.name, asking.who.name, asking.who.body, asked.purpose,
        asking.matter, asking.who.case, mark, ids[0] if ids else None, person, asked.at.included, asked.at.committed,
        size, asked.catalogue.digest, msgspec.json.encode([e.id for e in entries]).decode(), found.withheld,
        digest,
    )  # fmt: skip
    write_together(*looks, (_INSERT, values))
    subject, *same = (None,) if person or not found.group else map(_named, found.group)
    return Answer(
        receipt, now, asked.at.day, asked.purpose, asking.matter, _said(len(entries), person, asked.at.day), entries, digest,
        asked.at.included, size, asked.catalogue.digest, asking.who.case, subject, tuple(s for s in same if s),
        found.withheld,
    )  # fmt: skip


_COLUMNS = (
    "id, request, at, day, outlet, who, body, purpose, matter, case_number, asked, subject, person, change_set, ended_in, "
    "log_size, catalogue, entries, withheld, digest"
)
_INSERT = f"INSERT INTO store_check ({_COLUMNS}) VALUES ({', '.join(['%s'] * 20)})"  # noqa: S608 - names of ours


def _named(named: Named) -> Subject:
    return Subject(named.code or "", named.name or "")


def _said(entries: int, person: bool, day: date) -> Said:
    if entries:
        return Said(f"截至 {day}，有效的名单列入和失信信息 {entries} 条。", f"As of {day}: {entries} in force.")
    if person:
        return Said("没有查到。", "Nothing found.")
    zh = f"截至 {day}，已报送的信息中没有有效的名单列入或失信信息。"
    return Said(zh, f"As of {day}: of what was sent, no list entry or adverse record is in force.")


def _entry(seen: Seen, catalogue: Catalogue) -> Entry:
    c = seen.columns
    title, of_list = _titles(catalogue, seen.resource.name, c["list"])
    return Entry(
        seen.id, seen.resource.name, title, c["clause"], c["decided_on"], c["last_day"], seen.received, c["document"], c["list"],
        of_list, c["severity"], c["authority"], c["authority_code"], c["source"], c["sender"], seen.content,
        seen.dispute.since if seen.dispute else None, seen.dispute.statement if seen.dispute else "",
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _titles(catalogue: Catalogue, resource: str, of_list: str | None) -> tuple[Said, Said | None]:
    """What a resource and a list are called."""
    title = catalogue.resources[resource].title
    entry = catalogue.tables["lists"]["lists"].get(of_list) if of_list else None
    return title, Said(entry["title"]["zh"], entry["title"]["en"]) if entry else None
