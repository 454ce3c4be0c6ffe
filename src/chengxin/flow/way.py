"""The way of a record, for whoever reads this project first.

    receive → validate → resolve → record        (then: share, check, report, and decide, back to record)

`travel` takes the files that departments sent, in the order they were received, through the stages. A row that can't go
on stops with its reason: a finding (validate), a place in the queue for a human (resolve). Nothing is lost on the way:
received = accepted + rejected + duplicate + held, and accepted = recorded + waiting.
"""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from chengxin.flow.judge import Outcome, Sender, Setting, Tell, judge
from chengxin.intake.receive import start_ahead
from chengxin.registers.record import as_records, current, no_records
from chengxin.standards.model import Resource
from chengxin.subjects.resolve import no_subjects, resolve
from chengxin.validation.registration import Registration, registration_from
from chengxin.values.errors import Refused


@dataclass(frozen=True)
class Sent:
    """One file as it was sent: what it is said to hold, by whom, and the day it came."""

    path: Path
    resource: str
    sender: Sender | None
    received_on: date


@dataclass
class Registers:
    """What the way has built so far. `records` holds all versions; `current(records)` is the state."""

    subjects: pl.DataFrame = dataclasses.field(default_factory=no_subjects)
    records: pl.DataFrame = dataclasses.field(default_factory=no_records)
    waiting: dict[str, int] = dataclasses.field(default_factory=dict)  # reason → rows that wait for a human

    def registration(self) -> Registration:
        """What validation may know of the registers."""
        return registration_from(self.subjects)

    def state(self) -> pl.DataFrame:
        """The current version of every record."""
        return current(self.records)


@dataclass(frozen=True)
class Passage:
    """One file's passage: its outcome, or why the file as a whole was refused."""

    sent: Sent
    outcome: Outcome | None
    refused: Refused | None


def travel(
    sent: Iterable[Sent],
    setting: Setting,
    folder: Path,
    seen: Callable[[Passage], None] | None = None,
    tell: Tell | None = None,
) -> Registers:
    """Take files the whole way. `folder` receives accepted rows and findings per file; `seen` is called after each."""
    registers = Registers()
    in_order = _in_order(sent, setting)
    for number, one in enumerate(in_order):
        start_ahead(len(in_order) - number)
        order = dataclasses.replace(setting.order, resource=one.resource, day=one.received_on)
        known = registers.registration() if registers.subjects.height else setting.registration
        here = dataclasses.replace(setting, order=order, sender=one.sender, registration=known)
        try:
            outcome = judge(one.path, here, folder / f"{number:04}", tell)
        except Refused as refusal:
            if seen:
                seen(Passage(one, None, refusal))
            continue
        _record(registers, outcome, setting.catalogue.resource(one.resource), setting, one, number)
        if seen:
            seen(Passage(one, outcome, None))
    return registers


def _in_order(sent: Iterable[Sent], setting: Setting) -> list[Sent]:
    """Registrations first, since the others are checked against them; then by the day of receipt."""
    nature = {r.name: r.nature for r in setting.catalogue.resources.values()}
    return sorted(sent, key=lambda s: (nature.get(s.resource) != "registration", s.received_on, s.path.name))


def _record(
    registers: Registers, outcome: Outcome, resource: Resource, setting: Setting, one: Sent, number: int
) -> None:
    rows = outcome.accepted_rows().collect()
    if rows.is_empty():
        return
    resolved = resolve(rows, resource, registers.subjects)
    registers.subjects = resolved.subjects
    for reason, count in resolved.waiting.get_column("reason").value_counts().iter_rows():
        registers.waiting[reason] = registers.waiting.get(reason, 0) + count
    added = as_records(resolved.rows, resource, setting.catalogue, one.received_on, number)
    registers.records = pl.concat([registers.records, added])
