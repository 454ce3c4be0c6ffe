"""The way of a record, for whoever reads this project first.

    receive → validate → resolve → record        (then: share, check, report, and decide, back to record)

A site goes the same way with a store between the steps: `site/actions/submissions.py` judges one file, waits for the second
person, and hands the rows through `flow/record.py` to the registers. What follows needs no database.

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
from chengxin.standards.load import Catalogue
from chengxin.subjects.resolve import no_subjects, resolve
from chengxin.validation.registration import Registration, registration_from
from chengxin.values.errors import Refused


@dataclass(frozen=True)
class Sent:
    """One file as it was sent: what it is said to hold, by whom, and the day it came.

    `mode`: `increment`, or `full` for a whole list. `order`: its place in the order of its source, if the folder tells.
    """

    path: Path
    resource: str
    sender: Sender | None
    received_on: date
    mode: str = "increment"
    order: int | None = None


@dataclass(frozen=True)
class _Arrival:
    """What orders a file's rows: its resource, the day it came, its number among all."""

    resource: str
    received_on: date
    number: int


@dataclass
class Registers:
    """What the way has built so far. `records` holds all versions; `current(records)` is the state."""

    subjects: pl.DataFrame = dataclasses.field(default_factory=no_subjects)
    records: pl.DataFrame = dataclasses.field(default_factory=no_records)
    waiting: dict[str, int] = dataclasses.field(default_factory=dict)  # reason → rows that wait for a human

    def registration(self) -> Registration:
        """What validation may know of the registers."""
        return registration_from(self.subjects)

    def state(self, known: date | None = None) -> pl.DataFrame:
        """The current version of every record, as known on a day."""
        return current(self.records, known)


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
    waiting: list[tuple[_Arrival, pl.DataFrame]] = []
    ordered = in_order(sent, setting.catalogue)
    for number, one in enumerate(ordered):
        start_ahead(len(ordered) - number)
        order = dataclasses.replace(setting.order, resource=one.resource, day=one.received_on)
        known = registers.registration() if registers.subjects.height else setting.registration
        here = dataclasses.replace(setting, order=order, sender=one.sender, registration=known)
        try:
            outcome = judge(one.path, here, folder / f"{number:04}", tell)
        except Refused as refusal:
            if seen:
                seen(Passage(one, None, refusal))
            continue
        rows = outcome.accepted_rows().collect()
        if rows.height:
            arrival = _Arrival(setting.catalogue.resource(one.resource).name, one.received_on, number)
            waiting.append((arrival, _record(registers, rows, arrival, setting.catalogue)))
        if seen:
            seen(Passage(one, outcome, None))
    _settle(registers, waiting, setting.catalogue)
    return registers


def in_order(sent: Iterable[Sent], catalogue: Catalogue) -> list[Sent]:
    """A history as it is listed; other files with registrations first, since the rest is checked against them, then by day."""
    sent = list(sent)
    if sent and all(one.order is not None for one in sent):
        return sent
    nature = {r.name: r.nature for r in catalogue.resources.values()}
    return sorted(sent, key=lambda s: (nature.get(s.resource) != "registration", s.received_on, s.path.name))


def _record(registers: Registers, rows: pl.DataFrame, arrival: _Arrival, catalogue: Catalogue) -> pl.DataFrame:
    """Resolve and record accepted rows of one file; gives the rows that wait, with their reason."""
    resource = catalogue.resource(arrival.resource)
    resolved = resolve(rows, resource, registers.subjects, catalogue)
    registers.subjects = resolved.subjects
    added = as_records(resolved.rows, resource, catalogue, arrival.received_on, arrival.number)
    registers.records = pl.concat([registers.records, added])
    return resolved.waiting


def _settle(registers: Registers, waiting: list[tuple[_Arrival, pl.DataFrame]], catalogue: Catalogue) -> None:
    """Rows that waited for their subject are looked at again once all are known: the order of arrival must not matter."""
    for arrival, rows in waiting:
        still = _record(registers, rows.drop("reason"), arrival, catalogue)
        for reason, count in still.get_column("reason").value_counts().iter_rows():
            registers.waiting[reason] = registers.waiting.get(reason, 0) + count
