"""Every clause leads to an article that is in force on its day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.lint.shape import kind_of


@dataclass(frozen=True)
class Span:
    """From when to when an entry of the catalogue holds, as far as it says so. `version` is not a claim of law."""

    since: date | None = None
    until: date | None = None
    version: date | None = None

    def day(self, today: date) -> date:
        """The day on which its clause must be in force: today, its last day if it ended, its first if it is to come."""
        if self.until is not None and self.until < today:
            return self.until
        begins = max((d for d in (self.since, self.version) if d is not None), default=None)
        return begins if begins is not None and begins > today else today

    def narrowed(self, data: Mapping[Any, Any]) -> "Span":
        """The span of an entry that stands inside this one."""
        before = data.get("decided_before")
        until = before - timedelta(days=1) if type(before) is date else data.get("until")
        return Span(
            since=data["since"] if type(data.get("since")) is date else self.since,
            until=until if type(until) is date else self.until,
            version=data["version"] if type(data.get("version")) is date else self.version,
        )


def references(data: Any, place: str, span: Span) -> Iterator[tuple[str, str, Span]]:
    """Every `clause`, `…_clause` and `basis` below `data`: its place, the reference, and when the entry holds."""
    if isinstance(data, list):
        for position, value in enumerate(data):
            name = value.get("name") or value.get("id") if isinstance(value, Mapping) else None
            yield from references(value, f"{place}.{name or position}".lstrip("."), span)
    if not isinstance(data, Mapping):
        return
    inner = span.narrowed(data)
    for key, value in data.items():
        where = f"{place}.{key}".lstrip(".")
        if key == "clause" or str(key).endswith("_clause"):
            if value is not None:
                yield where, str(value), inner
        elif key in ("basis", "clauses") and isinstance(value, list):
            yield from ((where, str(v), inner) for v in value)
        else:
            yield from references(value, where, inner)


def _last_day(book: Book, file: str) -> date | None:
    """The day before the next version of the same resource begins."""
    resource = book.resources.get(file)
    if resource is None:
        return None
    later = [r.version for r in book.resources.values() if r.name == resource.name and r.version > resource.version]
    return min(later) - timedelta(days=1) if later else None


def clauses_in_force(book: Book) -> Iterator[Complaint]:
    """Unknown laws and articles, repealed ones, ones not yet effective, and entries older than their law."""
    for file, data in book.raw.items():
        if kind_of(file) in ("law", "messages", "cases"):
            continue
        for place, reference, span in references(data, "", Span(until=_last_day(book, file))):
            yield from _one(book, file, place, reference, span)


def _one(book: Book, file: str, place: str, reference: str, span: Span) -> Iterator[Complaint]:
    law_id, _, article = reference.partition(":")
    law, day = book.laws.get(law_id), span.day(book.day)
    if law is None:
        yield complain(file, place, "unknown-law", f"laws/ 中没有文件 {law_id}", f"no instrument {law_id} in laws/")
        return
    if article not in law.articles:
        has = listed(law.articles)
        yield complain(
            file, place, "unknown-article", f"{law_id} 没有登记条款 {article or '（空）'}；有：{has}",
            f"{law_id} has no article {article or '(empty)'}; has: {has}",
        )  # fmt: skip
    if law.repealed is not None and law.repealed <= day:
        instead = f"，由 {law.replaced_by} 代替" if law.replaced_by else ""
        yield complain(
            file, place, "law-repealed", f"{reference} 在 {day} 已失效（{law.repealed} 起废止{instead}）",
            f"{reference} is not in force on {day} (repealed {law.repealed}; now {law.replaced_by or 'nothing'})",
        )  # fmt: skip
    elif law.effective > day:
        yield complain(
            file, place, "law-not-yet", f"{reference} 在 {day} 尚未施行（{law.effective} 起施行）",
            f"{reference} is not in force on {day} (effective {law.effective})",
        )  # fmt: skip
    elif span.since is not None and span.since < law.effective:
        yield complain(
            file, place, "since-before-law", f"自 {span.since} 起算，早于 {law_id} 施行之日 {law.effective}",
            f"begins on {span.since}, before {law_id} took effect on {law.effective}",
        )  # fmt: skip


def laws_agree(book: Book) -> Iterator[Complaint]:
    """A law is listed once, ends after it begins, and its successor is known."""
    seen: dict[str, str] = {}
    for file, data in book.raw.items():
        if kind_of(file) != "law" or not isinstance(data, list):
            continue
        for law_id in [str(e.get("id")) for e in data if isinstance(e, Mapping)]:
            if law_id in seen:
                yield complain(file, law_id, "law-twice", f"{seen[law_id]} 中已有", f"already in {seen[law_id]}")
            seen[law_id] = file
    for law in book.laws.values():
        file = seen[law.id]
        if law.replaced_by is not None and law.replaced_by not in seen:
            yield complain(
                file, law.id, "unknown-law", f"没有文件 {law.replaced_by}", f"no instrument {law.replaced_by}"
            )
        if law.repealed is not None and law.repealed <= law.effective:
            yield complain(file, law.id, "law-dates", "废止早于施行", "repealed before it took effect")


def entries_end_after_they_begin(book: Book) -> Iterator[Complaint]:
    """`until` is not before `since`."""
    for file, resource in book.resources.items():
        spans = [(resource.name, resource.since, resource.until)]
        spans += [(r.id, r.since, r.until) for r in resource.rules]
        for place, since, until in spans:
            if since is not None and until is not None and until < since:
                yield complain(
                    file,
                    place,
                    "until-before-since",
                    f"until {until} 早于 since {since}",
                    f"until {until} lies before since {since}",
                )


CHECKS = [clauses_in_force, laws_agree, entries_end_after_they_begin]
