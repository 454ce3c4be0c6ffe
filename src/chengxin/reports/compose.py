"""Compose: rows that the gate has let out, in; one report out. No store, no clock, no chance: the same in gives the same out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from chengxin.reports.report import (
    FORMAT,
    Chapter,
    Count,
    Cover,
    Dispute,
    Issue,
    Item,
    Kind,
    Report,
    Section,
    Source,
    Subject,
    Value,
)
from chengxin.reports.said import DRAFT, SAID_ALREADY, list_title, value_of
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.standards.reports import Domain, Form, Forms, report_forms
from chengxin.standards.words import short_clause
from chengxin.values.errors import Refused, Said

_EARLIEST = date(1949, 10, 1)
_OUTSIDE = Said("未归入以上领域", "Outside these domains")


class Row(Protocol):
    """What the gate let out of one record: columns of the record, fields of its content."""

    @property
    def resource(self) -> Resource:
        """Of which kind it is."""

    @property
    def columns(self) -> dict[str, Any]:
        """What is known of it beside its content."""

    @property
    def content(self) -> dict[str, Any]:
        """The fields that may be seen."""

    @property
    def received(self) -> date:
        """When it was received."""


class Placed(NamedTuple):
    """What of a record decides whether an order takes it in. `last_day`: of its being in force, that day included."""

    resource: str
    decided_on: date | None
    last_day: date | None
    body: str


@dataclass(frozen=True)
class Order:
    """What was ordered: form, purpose and, where the form asks, a period (both inclusive) and domains."""

    form: str
    purpose: str
    since: date | None = None
    until: date | None = None
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the store knows beside the rows: who it is, which bodies sent what, disputes by id of the version."""

    subject: Subject
    sources: tuple[Source, ...]
    included: int
    committed: int
    log_size: int
    withheld: int = 0
    disputes: Mapping[str, Dispute] = field(default_factory=dict)


def checked(order: Order, catalogue: Catalogue, kind: str) -> Form:
    """The form that is ordered, once everything about the order is right. Raises Refused before anything is looked up."""
    forms, day = report_forms(catalogue), catalogue.day
    form = forms.issued(order.form, day)
    if kind not in form.subjects:
        raise Refused("no-form", Said("这种格式不用于这类主体。", "This form is not for this kind of subject."))
    if order.purpose not in forms.uses:
        names = "、".join(f"{name}（{said.zh}）" for name, said in forms.uses.items())
        zh = f"请选择用途：{names}。"
        raise Refused("no-use", Said(zh, f"Choose what it is for: {', '.join(forms.uses)}."))
    if form.uses and order.purpose not in form.uses:
        names = "、".join(forms.uses[name].zh for name in form.uses)
        zh = f"这种报告的用途只能是：{names}。"
        raise Refused("no-use", Said(zh, f"This report is for: {', '.join(form.uses)}."))
    unknown = [d for d in order.domains if d not in forms.domains]
    if unknown:
        raise Refused("no-domain", Said(f"没有领域 {unknown[0]}。", f"There is no domain {unknown[0]}."))
    if not form.by_domain and order.domains:
        raise Refused("no-domain", Said("这种格式不分领域。", "This form has no domains to choose."))
    _period(order, form, day)
    return form


def _period(order: Order, form: Form, day: date) -> None:
    if form.years is None:
        if order.since or order.until:
            raise Refused("period", Said("这种格式不选期间。", "This form has no period to choose."))
        return
    since, until = order.since, order.until
    if since is None or until is None or not _EARLIEST <= since <= until <= day:
        zh = f"请选择起止日期：起不早于 {_EARLIEST}、不晚于止，止不晚于今天。"
        en = f"Choose a period: from {_EARLIEST} at the earliest, its first day not after its last, that not after today."
        raise Refused("period", Said(zh, en))
    if (until.year - form.years, until.month, until.day) > (since.year, since.month, since.day):
        zh, en = f"期间最长 {form.years} 年。", f"A period is {form.years} years at most."
        raise Refused("period", Said(zh, en))


def compose(rows: Sequence[Row], order: Order, known: Known, catalogue: Catalogue, issue: Issue) -> Report:
    """The report. Raises Refused like `checked`; nothing is shown that is not in `rows`."""
    form = checked(order, catalogue, known.subject.kind)
    forms = report_forms(catalogue)
    items = [_item(row, known, catalogue, forms) for row in rows if _wanted(row, form)]
    chapters = tuple(_chapters(items, order, form, forms, catalogue))
    shown = {item.resource for chapter in chapters for section in chapter.sections for item in section.items}
    sent = {source.resource for source in known.sources if _counts_for(source, order, form, forms)}
    covers = tuple(_covers(known, order, form, forms))
    kinds = [Kind(n, catalogue.resources[n].title) for n in form.resources if _possible(n, known, catalogue)]
    return Report(
        format=FORMAT,
        issue=issue,
        form=form.name,
        form_title=form.title,
        clause=form.clause,
        law=short_clause(form.clause, catalogue),
        rules=catalogue.digest,
        subject=known.subject,
        purpose=order.purpose,
        purpose_title=forms.uses[order.purpose],
        day=catalogue.day,
        included=known.included,
        committed=known.committed,
        log_size=known.log_size,
        since=order.since,
        until=order.until,
        domains=tuple(Kind(name, forms.domains[name].title) for name in forms.domains if name in order.domains),
        labels=tuple(_labels(items, chapters, forms)),
        counts=tuple(_counts(chapters, form)),
        chapters=chapters,
        empty=tuple(k for k in kinds if k.name not in shown and k.name in sent),
        unsent=tuple(k for k in kinds if k.name not in shown and k.name not in sent),
        absent=tuple(Kind(a, forms.absent[a]) for chapter in form.chapters for a in chapter.absent),
        covers=covers,
        bare=tuple(Kind(c.domain, c.title) for c in covers if c.domain and c.domain in order.domains and not c.sources),
        before=_before(known, order, form, forms),
        withheld=known.withheld,
        texts={name: forms.texts[name] for name in form.says},
    )


def _wanted(row: Row, form: Form) -> bool:
    """True for what the form shows of what the gate let out: all that is held, or nothing minor, unconfirmed or draft."""
    shown = form.rows == "held" or (bool(row.columns["published"]) and not row.columns["draft"])
    return shown and row.resource.name in form.resources


def _possible(name: str, known: Known, catalogue: Catalogue) -> bool:
    resource = catalogue.resources.get(name)
    return resource is not None and known.subject.kind in resource.subjects


def _item(row: Row, known: Known, catalogue: Catalogue, forms: Forms) -> Item:
    c, resource = row.columns, row.resource
    body = str(c["authority"] or c["source"] or "")
    registered = resource.nature == "registration"  # it says how a firm may earn its living, which is no heading
    summary = str(row.content.get(resource.role("content") or "", "") or "")
    return Item(
        id=str(c["id"]),
        version=int(c["version"]),
        resource=resource.name,
        title=resource.title,
        heading=str(c.get("document") or ("" if registered else summary) or resource.title.zh),
        document=c.get("document"),
        source=str(c["source"] or c["authority"] or ""),
        authority=body,
        decided_on=c["decided_on"],
        received_on=row.received,
        last_day=c["last_day"],
        clause=_clause(c["clause"], resource, catalogue),
        state=str(c["state"]),
        list=list_title(c["list"], catalogue),
        severity=c["severity"],
        domains=tuple(d.name for d in forms.domains.values() if d.holds(body)),
        values=tuple(_values(row, catalogue)),
        dispute=known.disputes.get(str(c["id"])),
    )


def _clause(told: str | None, resource: Resource, catalogue: Catalogue) -> Said:
    """The clause that the record names, in words; briefly where it is its resource's own."""
    own = catalogue.clause(resource.clause)
    return short_clause(resource.clause, catalogue) if told in (None, "", own.zh) else Said(str(told), str(told))


def _values(row: Row, catalogue: Catalogue) -> Iterator[Value]:
    said = {row.resource.role(r) for r in SAID_ALREADY}
    for one in row.resource.fields:
        value = row.content.get(one.name)
        if one.name not in said and value not in (None, ""):
            told = value_of(one, value, catalogue)
            both = told if isinstance(told, Said) else Said(_text(told), _text(told))
            yield Value(Said(one.title, one.title_en), both)
    if row.columns["draft"]:
        yield Value(*DRAFT)


def _text(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _chapters(items: Sequence[Item], order: Order, form: Form, forms: Forms, catalogue: Catalogue) -> Iterator[Chapter]:
    there = {item.resource for item in items}
    for chapter in form.chapters:
        own = [i for i in items if i.resource in chapter.resources and _asked_for(i, order, form, forms)]
        sections = tuple(
            Section(name, catalogue.resources[name].title, mine)
            for name in chapter.resources
            if (mine := tuple(_newest_first(i for i in own if i.resource == name)))
        )
        advice = (a for a in forms.advice if not a.resources or there & set(a.resources))
        told = tuple(Value(short_clause(a.clause, catalogue), a.text) for a in advice) if chapter.advice else ()
        yield Chapter(chapter.seq, chapter.title, sections, told)


def _newest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda i: (i.decided_on or date.min, i.id), reverse=True)


def _asked_for(item: Item, order: Order, form: Form, forms: Forms) -> bool:
    return in_scope(order, form, forms, Placed(item.resource, item.decided_on, item.last_day, item.authority))


def in_scope(order: Order, form: Form, forms: Forms, record: Placed) -> bool:
    """True for a record that the order takes in.

    What has no day is in every period, and so is who it is. What belongs to no domain is in all: it is never left out in silence.
    """
    chapter = next((c for c in form.chapters if record.resource in c.resources), None)
    if chapter is None:
        return False
    if form.years is not None and record.decided_on is not None and record.resource != "registration":
        end = (record.last_day or date.max) if chapter.in_force else record.decided_on
        if record.decided_on > (order.until or date.max) or end < (order.since or date.min):
            return False
    return not chapter.by_domain or _of_domains(record.body, order, forms)


def _of_domains(body: str, order: Order, forms: Forms) -> bool:
    """True for a body of the chosen domains, or of none at all."""
    own = {d.name for d in forms.domains.values() if d.holds(body)}
    return not order.domains or not own or bool(own & set(order.domains))


def _counts_for(source: Source, order: Order, form: Form, forms: Forms) -> bool:
    """True if "no record" may rest on this source: it is of the chosen domains and had begun to send within the period."""
    chapter = next((c for c in form.chapters if source.resource in c.resources), None)
    if chapter is None or source.since > (order.until or date.max):
        return False
    return not chapter.by_domain or _of_domains(source.body, order, forms)


def _before(known: Known, order: Order, form: Form, forms: Forms) -> date | None:
    """The day on which the last of the kinds that are covered was first sent, if the period begins before it."""
    first: dict[str, date] = {}
    for source in known.sources:
        if _counts_for(source, order, form, forms) and source.resource != "registration":
            first[source.resource] = min(source.since, first.get(source.resource, date.max))
    latest = max(first.values(), default=None)
    return latest if latest and order.since and order.since < latest else None


def _labels(items: Sequence[Item], chapters: Sequence[Chapter], forms: Forms) -> Iterator[Said]:
    shown = [i for chapter in chapters for section in chapter.sections for i in section.items]
    for label in forms.labels:
        if any(i.resource in label.resources or (i.resource in label.listed and i.list) for i in shown):
            yield label.title


def _counts(chapters: Sequence[Chapter], form: Form) -> Iterator[Count]:
    for chapter, told in zip(form.chapters, chapters, strict=True):
        if chapter.counted and chapter.resources:
            yield Count(chapter.counted, told.items)


def _covers(known: Known, order: Order, form: Form, forms: Forms) -> Iterator[Cover]:
    """By domain which bodies sent what, where the form has domains; else all in one."""
    sources = [s for s in known.sources if s.resource in form.resources]
    if not form.by_domain:
        yield Cover(None, Said("全部来源", "All sources"), tuple(sources))
        return
    by_domain = {name for chapter in form.chapters if chapter.by_domain for name in chapter.resources}
    asked = order.domains or tuple(forms.domains)
    told = [s for s in sources if s.resource in by_domain]
    for name, domain in forms.domains.items():
        if name in asked:
            yield Cover(name, domain.title, tuple(s for s in told if domain.holds(s.body)))
    others = tuple(s for s in told if not _any(forms.domains.values(), s.body))
    if others:
        yield Cover(None, _OUTSIDE, others)
    whole = tuple(s for s in sources if s.resource not in by_domain)
    yield Cover(None, Said("不分领域的信息", "Information that no domain divides"), whole)


def _any(domains: Iterable[Domain], body: str) -> bool:
    return any(domain.holds(body) for domain in domains)
