"""Drafts of the catalogue: what is not of high confidence, and the catalogue in which some of it was confirmed (design 1.6)."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chengxin.values.errors import Said

if TYPE_CHECKING:
    from chengxin.standards.load import Catalogue

Name = tuple[str, str]  # kind of thing, its name
KINDS = {
    "list": Said("名单", "list"),
    "measure": Said("措施", "measure"),
    "purpose": Said("查询用途", "purpose"),
    "resource": Said("信息类", "resource"),
    "rule": Said("规则", "rule"),
}
_TABLES = {"list": ("lists", "lists"), "measure": ("measures", "measures"), "purpose": ("purposes", "purposes")}


@dataclass(frozen=True)
class Confirmed:
    """A confirmation of a site: it holds from `since` on, never before, until the day before `until`."""

    kind: str
    name: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """True if it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Draft:
    """One thing that binds nobody until it is confirmed. `facts`: what the catalogue says of it, as text by key."""

    kind: str
    name: str
    title: Said
    clauses: tuple[str, ...]
    source: str
    confidence: str
    facts: tuple[tuple[str, str], ...]


_nothing: Callable[[], Iterable[Confirmed]] = tuple
_source = [_nothing]


def confirmations_from(source: Callable[[], Iterable[Confirmed]]) -> None:
    """Where this site's confirmations stand: asked at each load of the shipped catalogue, so it must be quick."""
    _source[0] = source


def names_on(day: date) -> frozenset[Name]:
    """What is confirmed here on a day."""
    return frozenset((c.kind, c.name) for c in _source[0]() if c.holds(day))


def drafts(catalogue: "Catalogue") -> list[Draft]:
    """All drafts of a catalogue, by kind and name."""
    found = [*_of_tables(catalogue)]
    for resource in catalogue.resources.values():
        if resource.draft:
            facts = (
                ("version", str(resource.version)),
                ("disclosure", resource.disclosure),
                ("polarity", resource.polarity),
            )
            found.append(
                Draft(
                    "resource",
                    resource.name,
                    resource.title,
                    (resource.clause,),
                    resource.source,
                    resource.confidence,
                    facts,
                )
            )
        for rule in resource.rules:
            if rule.confidence != "high":
                says = (("kind", rule.kind), ("field", rule.field or ""), ("severity", rule.severity))
                title = Said(f"{resource.title.zh}：{rule.id}", f"{resource.title.en}: {rule.id}")
                found.append(Draft("rule", rule.id, title, (rule.clause,), resource.source, rule.confidence, says))
    return sorted(found, key=lambda d: (list(KINDS).index(d.kind), d.name))


def _of_tables(catalogue: "Catalogue") -> Iterator[Draft]:
    for kind, (table, key) in _TABLES.items():
        for name, entry in ((catalogue.tables.get(table) or {}).get(key) or {}).items():
            if entry["confidence"] != "high":
                said = entry.get("title") or entry.get("what") or {"zh": name, "en": name}
                clauses = tuple(entry.get("basis") or [entry["clause"]])
                facts = tuple((k, _text(v)) for k, v in entry.items() if k not in ("title", "source", "confidence"))
                yield Draft(
                    kind, name, Said(said["zh"], said["en"]), clauses, str(entry["source"]), entry["confidence"], facts
                )


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["zh"]) if "zh" in value else "；".join(f"{k}：{_text(v)}" for k, v in value.items())
    return "、".join(map(_text, value)) if isinstance(value, list) else str(value)


@lru_cache(maxsize=64)
def with_confirmed(catalogue: "Catalogue", names: frozenset[Name]) -> "Catalogue":
    """The catalogue in which these things are of high confidence; a name that is not there changes nothing."""
    tables = dict(catalogue.tables)
    for kind, (table, key) in _TABLES.items():
        held = tables.get(table)
        if held and any(k == kind for k, _ in names):
            entries = {n: e | {"confidence": "high"} if (kind, n) in names else e for n, e in held[key].items()}
            tables[table] = held | {key: entries}
    resources = {n: _resource(r, names) for n, r in catalogue.resources.items()}
    return dataclasses.replace(catalogue, tables=tables, resources=resources)


def _resource(resource: Any, names: frozenset[Name]) -> Any:
    rules = tuple(
        dataclasses.replace(r, confidence="high") if ("rule", r.id) in names and r.confidence != "high" else r
        for r in resource.rules
    )
    if rules != resource.rules:
        resource = dataclasses.replace(resource, rules=rules)
    return dataclasses.replace(resource, confidence="high") if ("resource", resource.name) in names else resource
