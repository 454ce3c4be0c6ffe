"""What a report is: one value, of which the page, the JSON and the paper are three ways to show it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from chengxin.values.errors import Said

FORMAT = "chengxin/report/1"


class Subject(msgspec.Struct, frozen=True):
    """Whom it is about, as it is called on the day."""

    code: str
    name: str
    kind: str
    status: str | None = None
    status_on: date | None = None
    former_names: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    same_codes: tuple[str, ...] = ()  # of subjects judged to be the same


class Dispute(msgspec.Struct, frozen=True):
    """An objection that is open: since when, and what the subject states beside the item."""

    since: date
    statement: str = ""


class Value(msgspec.Struct, frozen=True):
    """One field of an item."""

    title: Said
    said: Said


class Item(msgspec.Struct, frozen=True):
    """One record: what every item carries, and what more may be seen of it."""

    id: str
    version: int
    resource: str
    title: Said
    heading: str
    document: str | None
    source: str
    authority: str
    decided_on: date | None
    received_on: date
    last_day: date | None  # that day included; none: no end is set
    clause: Said
    state: str
    list: Said | None
    severity: str | None
    domains: tuple[str, ...]
    values: tuple[Value, ...]
    dispute: Dispute | None = None


class Section(msgspec.Struct, frozen=True):
    """One kind of information in a chapter, newest first."""

    resource: str
    title: Said
    items: tuple[Item, ...]


class Chapter(msgspec.Struct, frozen=True):
    """One chapter. Kinds without an item are not repeated here: `Report.empty` names them."""

    seq: str
    title: Said
    sections: tuple[Section, ...]
    advice: tuple[Value, ...] = ()  # its clause in words, what may be done

    @property
    def items(self) -> int:
        """How many items stand in it."""
        return sum(len(section.items) for section in self.sections)


class Count(msgspec.Struct, frozen=True):
    """One number of the first page."""

    title: Said
    number: int


class Source(msgspec.Struct, frozen=True):
    """A body that has sent a kind of information: since which day, and when last."""

    body: str
    resource: str
    since: date
    last: date


class Cover(msgspec.Struct, frozen=True):
    """A domain, and what bodies of it have sent. No source: nothing of it is covered."""

    domain: str | None  # none: sources that stand outside the domains
    title: Said
    sources: tuple[Source, ...]


class Kind(msgspec.Struct, frozen=True):
    """A kind of information by its name and title."""

    name: str
    title: Said


class Issue(msgspec.Struct, frozen=True):
    """What is the issuer's: number, when, by whom, where it is verified."""

    number: str
    issued_at: datetime
    issuer: str
    address: str
    language: str = "zh"  # zh; en: Chinese with an English gloss
    seal: Said = Said("", "")  # whose certificate seals it


class Report(msgspec.Struct, frozen=True):
    """A whole report. `included` and `committed` are the place in the log up to which it tells."""

    format: str
    issue: Issue
    form: str
    form_title: Said
    clause: str
    law: Said  # the clause in words
    rules: str  # digest of the catalogue
    subject: Subject
    purpose: str
    purpose_title: Said
    day: date
    included: int
    committed: int
    log_size: int
    since: date | None  # the period that was chosen
    until: date | None
    domains: tuple[Kind, ...]
    labels: tuple[Said, ...]
    counts: tuple[Count, ...]
    chapters: tuple[Chapter, ...]
    empty: tuple[Kind, ...]  # kinds that were sent, with nothing about the subject
    unsent: tuple[Kind, ...]  # kinds that nobody has sent: of the chosen domains, within the period
    absent: tuple[Kind, ...]  # kinds that the catalogue does not have
    covers: tuple[Cover, ...]
    withheld: int  # records that do not fit the log, so that nothing of them is shown
    texts: dict[str, Said]
    bare: tuple[Kind, ...] = ()  # chosen domains of which nobody has sent anything
    before: date | None = None  # the period begins before this day, on which the last of the kinds was first sent

    @property
    def notes(self) -> list[Said]:
        """What the first page says of what stands in the report and what can't, sentence by sentence."""
        day, chosen = self.day, bool(self.domains or self.since)
        zh, en = ("所选范围内", " in what was chosen") if chosen else ("", "")
        told = [
            (self.empty, f"{zh}以下各类无记录，截至 {day}：", f"Kinds with no record{en}, as of {day}: "),
            (self.unsent, f"{zh}以下各类没有单位报送，本报告不包括：", f"Not covered, as nobody has sent them{en}: "),
            (self.bare, "以下领域没有单位报送，本报告不包括：", "Domains not covered, as nobody has sent anything: "),
            (self.absent, "以下各类目录中没有，本报告不包括：", "The catalogue has none of these kinds: "),
        ]
        notes = [Said(zh + _zh(kinds), en + _en(kinds)) for kinds, zh, en in told if kinds]
        if self.before:
            zh = f"所选期间早于有关信息最初报送的日期（最晚的一类自 {self.before} 起，见“来源和范围”）："
            en = f"The period begins before these kinds were first sent (the last on {self.before}, see sources and scope): "
            notes.append(
                Said(f"{zh}此前的情况只含后来补报的。", f"{en}of earlier days it holds only what was sent afterwards.")
            )
        if self.withheld:
            n = self.withheld
            en = f"{n} records do not fit the public log and are left out."
            notes.append(Said(f"另有 {n} 条与公开日志不符，未列出。", en))
        return [*notes, *self.texts.values()]

    @property
    def items(self) -> int:
        """How many items it holds."""
        return sum(chapter.items for chapter in self.chapters)

    @property
    def vacant(self) -> list[Chapter]:
        """Chapters in which nothing stands."""
        return [chapter for chapter in self.chapters if not (chapter.sections or chapter.advice)]

    @property
    def covered(self) -> list[tuple[Said, list[tuple[Source, Said]]]]:
        """What is covered: of each domain the sources, with the title of what each has sent."""
        titles = {s.resource: s.title for chapter in self.chapters for s in chapter.sections}
        titles |= {kind.name: kind.title for kind in (*self.empty, *self.unsent)}
        return [
            (cover.title, [(s, titles.get(s.resource, Said(s.resource, s.resource))) for s in cover.sources])
            for cover in self.covers
        ]


def _zh(kinds: Iterable[Kind]) -> str:
    return "、".join(kind.title.zh for kind in kinds)


def _en(kinds: Iterable[Kind]) -> str:
    return ", ".join(kind.title.en for kind in kinds)


def as_json(report: Report) -> bytes:
    """The report as it is attached, kept and bound by the log: one spelling, byte for byte."""
    return msgspec.json.encode(report, order="deterministic")


def from_json(data: bytes) -> Report:
    """The report of these bytes. Raises msgspec.DecodeError, or ValueError for another format."""
    report = msgspec.json.decode(data, type=Report)
    if report.format != FORMAT:
        raise ValueError(f"not a report of the format {FORMAT}")
    return report


def as_data(report: Report) -> dict[str, Any]:
    """The same as plain data, for an answer that adds to it."""
    return dict(msgspec.to_builtins(report))
