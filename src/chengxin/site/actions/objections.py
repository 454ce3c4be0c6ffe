"""Objections: raised by the subject about a record of its own, sent to its source, decided by the office, each step in the log.

From the change set of the first step on the act is marked at every outlet; what is upheld is corrected or withdrawn by its
source at its own desk, and loses the mark with that.
"""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from django.db import IntegrityError
from django.utils import timezone

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Occasion, Step
from chengxin.intake.hiding import hide_in
from chengxin.redress.objection import Clock, Move, Party, State, clock, moved
from chengxin.redress.statement import statement_of
from chengxin.sharing.pairs import Duty
from chengxin.site.access.reading import Seen
from chengxin.site.actions.two_people import must_be_two
from chengxin.site.folder import Site
from chengxin.site.store.models import Objection, Record, Subject, Submission
from chengxin.site.store.persons import data_key
from chengxin.site.store.registers import SiteStore, sealed_text
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind
from chengxin.standards.redress import objection_terms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

MOST_OPEN = 200  # of one subject at a time, so that nobody floods the office
ITEM = "objection"  # what the log shows of these events
_LONGEST = 1_000


def raise_one(site: Site, seen: Seen, by: str, ground: str, statement: str, shown: bool) -> Objection:
    """Object to a record that the subject has just seen as its own. Raises Refused; the mark is there once this ends."""
    day = legal_today()
    catalogue = load_catalogue(day)
    if ground not in objection_terms(catalogue).grounds:
        raise Refused("ground", Said("请选择异议理由。", "Choose a ground."))
    said = statement_of(statement, catalogue)
    row = Record.objects.get(id=seen.id)
    if Objection.objects.filter(subject=row.subject, until=None, upheld_in=None).count() >= MOST_OPEN:
        zh = f"正在处理的异议已有 {MOST_OPEN} 件，请等办结后再提。"
        raise Refused("too-many", Said(zh, f"{MOST_OPEN} objections are open already; wait for their answers."))
    made = Objection(
        id=uuid.UUID(new_id()), key=row.key, record=row.id, subject=row.subject, resource=row.resource, sender=row.sender,
        ground=ground, shown=shown and seen.kind is not Kind.PERSON, raised_by=by, raised_on=day, raised_at=timezone.now(),
        state=State.OPEN.value,
    )  # fmt: skip
    made.statement = _kept(site, made, "statement", said)

    def opened(number: int) -> None:
        made.since = number
        made.save(force_insert=True)

    try:
        _logged(site, made, Tag.OBJECTION_OPENED, by, {}, opened)
    except IntegrityError as error:
        zh = "这条信息已有处理中的异议。"
        raise Refused("open", Said(zh, "There is an open objection to this record already.")) from error
    return made


def send(site: Site, objection: Objection, by: str) -> None:
    """Send it to the body that sent the record: its longer term runs. Raises Refused."""
    _hears(objection, by)
    _move(site, objection, Move.SEND, Party.OFFICE, by, sent_by=by, sent_at=timezone.now())


def answer(site: Site, objection: Objection, by: str, text: str) -> None:
    """The source's answer, for the office that decides. Raises Refused."""
    said = _kept(site, objection, "answer", _text(text, "请写明核查结果。", "Say what came of it."))
    at = timezone.now()
    _move(site, objection, Move.ANSWER, Party.SOURCE, by, answer=said, answered_by=by, answered_at=at)


def decide(site: Site, objection: Objection, by: str, upheld: bool, reason: str) -> None:
    """Uphold or reject it, with a reason. Raises Refused, also for who sent or reviewed the record."""
    said = _kept(site, objection, "reason", _text(reason, "请写明理由。", "Give a reason."))
    _hears(objection, by)
    move = Move.UPHOLD if upheld else Move.REJECT
    _move(site, objection, move, Party.OFFICE, by, decided_by=by, decided_at=timezone.now(), reason=said)


def take_back(site: Site, objection: Objection, by: str) -> None:
    """The subject takes it back. Raises Refused once it is decided."""
    _move(site, objection, Move.TAKE_BACK, Party.SUBJECT, by, decided_by=by, decided_at=timezone.now())


def clock_of(objection: Objection, today: date) -> Clock:
    """Its term, by the rules of the day on which it was received."""
    catalogue = load_catalogue(objection.raised_on)
    other = objection.sent_at is not None
    return clock(objection_terms(catalogue), catalogue.calendar, objection.raised_on, other, today)


def going() -> list[Objection]:
    """What somebody still has to decide, the oldest first."""
    states = [state.value for state in State if state.going]
    return list(Objection.objects.filter(state__in=states).order_by("raised_at"))


def to_correct() -> list[Objection]:
    """What was upheld and stands uncorrected, the oldest first."""
    upheld = Objection.objects.filter(state=State.UPHELD.value).order_by("decided_at")
    standing = Record.objects.filter(until=None, state="in_force", key__in=[o.key for o in upheld])
    since = {row.key: row.since for row in standing.only("key", "since")}
    return [o for o in upheld if o.key in since and since[o.key] <= (o.upheld_in or 0)]


def _hears(objection: Objection, by: str) -> None:
    """Whoever sent or reviewed the record does not hear the objection to it. Raises Refused (`same-person`)."""
    said_in = Record.objects.filter(id=objection.record).values_list("said_in", flat=True)
    for one in Submission.objects.filter(change_set__in=list(said_in)):
        must_be_two(Duty.SUBMIT, one.submitted_by, Duty.OBJECTION, by)
        must_be_two(Duty.REVIEW, one.reviewed_by, Duty.OBJECTION, by)


def _text(text: str, zh: str, en: str) -> str:
    plain = hide_in(text.strip(), "text", legal_today())
    if not plain or len(plain) > _LONGEST:
        raise Refused("reason", Said(f"{zh[:-1]}（{_LONGEST} 字以内）。", en))
    return plain


def _of_person(objection: Objection) -> bool:
    return Subject.objects.filter(id=objection.subject, kind=Kind.PERSON.value).exists()


def _kept(site: Site, objection: Objection, what: str, text: str) -> str:
    """What is said about a person, sealed under that person's key like all that is held of it; of others as it is."""
    if not _of_person(objection):
        return text
    key = data_key(site.keys, objection.subject.hex)
    if key is None:
        raise Refused("erased", Said("该主体的信息已销毁。", "What was held of this subject is destroyed."))
    return sealed_text(key, text, f"{objection.id.hex} {what}")


def _move(site: Site, objection: Objection, move: Move, party: Party, by: str, **told: Any) -> None:
    led = moved(State(objection.state), move, party)

    def carried_out(number: int) -> None:
        ends = {"until": number} if led in (State.REJECTED, State.TAKEN_BACK) else {}
        ends = {"upheld_in": number} if led is State.UPHELD else ends
        rows = Objection.objects.filter(id=objection.id, state=objection.state)
        if not rows.update(state=led.value, **told, **ends):
            raise Refused("no-move", Said("这件异议已有人办理。", "Somebody has moved this objection on."))

    _logged(site, objection, Tag.OBJECTION_MOVED, by, {"to": [led.value]}, carried_out)
    objection.refresh_from_db()


def _logged(
    site: Site, objection: Objection, tag: Tag, by: str, said: dict[str, list[str]], finish: Callable[[int], None]
) -> None:
    """One change set with one event, and what changes of the row with it."""
    day, identity = legal_today(), objection.id.hex
    told = pl.DataFrame({"about": [identity], "objection": [identity], "record": [objection.record.hex], **said})
    told = told.with_columns(
        pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(_of_person(objection)).alias("person")
    )
    events, leaves = events_of(tag, told, Common(ITEM, "", day))
    with SiteStore(site.folder, site.keys).begin(Occasion(ITEM, by, ITEM, "", day), at_once=True) as change:
        change.stage(Step({}, {}, events, leaves))
        change.finish = lambda: finish(change.number)
