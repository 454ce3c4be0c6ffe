"""A catalogue taken apart into things with attributes, so that two catalogues can be compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from chengxin.standards.explain import written_rules
from chengxin.standards.load import Catalogue
from chengxin.standards.model import CodeList, CodeValue, Field, Law, Resource, Rule
from chengxin.values.errors import Said


@dataclass(frozen=True)
class Key:
    """The kind of a thing and its name; a field, a rule or a code value has its resource or list as parent."""

    kind: str
    name: str
    parent: "Key | None" = None

    @property
    def place(self) -> str:
        """How the thing is found in the catalogue."""
        own = self.name if self.kind in ("resource", "field", "rule", "value") else f"{self.kind}.{self.name}"
        return f"{self.parent.place}.{own}" if self.parent and self.kind != "rule" else own


@dataclass(frozen=True)
class Thing:
    """What is compared. `version` and `resource` are those of the resource it belongs to."""

    key: Key
    title: str
    attributes: Mapping[str, Any]
    since: date | None = None
    resource: str | None = None
    version: date | None = None


def things(catalogue: Catalogue, only_in_force: bool = False) -> dict[Key, Thing]:
    """Every thing of a catalogue by its key. Rules derived from fields are left out: their fields speak for them.

    `only_in_force` leaves out rules that do not apply on the day of the catalogue.
    """
    found = [*_laws(catalogue), *_codes(catalogue), *_tables(catalogue)]
    found.extend(_purposes(catalogue, catalogue.day if only_in_force else None))
    for resource in catalogue.resources.values():
        found.extend(_resource(resource, catalogue.day if only_in_force else None))
    return {thing.key: thing for thing in found}


def _own(value: Any, without: tuple[str, ...]) -> dict[str, Any]:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in without}


def _plain(value: Any) -> Any:
    return f"{value.zh} / {value.en}" if isinstance(value, Said) else value


def _resource(resource: Resource, day: date | None) -> Iterator[Thing]:
    key, name, version = Key("resource", resource.name), resource.name, resource.version
    own = _own(resource, ("name", "version", "fields", "rules", "retention", "since", "until"))
    own |= {
        "hard_end_years": resource.retention.get("hard_end_years"),
        "retention_from": resource.retention.get("from"),
    }
    yield Thing(key, resource.title.zh, own, resource.since, name, version)
    for field in resource.fields:
        yield Thing(Key("field", field.name, key), field.title, _field(field), None, name, version)
    for rule in written_rules(resource):
        if day is None or rule.in_force(day):
            yield Thing(Key("rule", rule.id, key), rule.kind, _rule(rule), rule.since, name, version)


def _field(field: Field) -> dict[str, Any]:
    constraints = _own(field.constraints, ())
    return _own(field, ("name", "constraints")) | constraints


def _rule(rule: Rule) -> dict[str, Any]:
    return _own(rule, ("id", "params", "since")) | {str(k): v for k, v in rule.params.items()}


def _codes(catalogue: Catalogue) -> Iterator[Thing]:
    for codes in catalogue.code_lists.values():
        key = Key("codes", codes.name)
        yield Thing(key, codes.title.zh, _own(codes, _without(CodeList, "name", "values")))
        for value in codes.values:
            own = _own(value, _without(CodeValue, "label", "since"))
            yield Thing(Key("value", value.label, key), value.label, own, value.since)


def _without(kind: type, *names: str) -> tuple[str, ...]:
    known = {f.name for f in fields(kind)}
    return tuple(n for n in names if n in known)


def _laws(catalogue: Catalogue) -> Iterator[Thing]:
    for law in catalogue.laws.values():
        own = _own(law, _without(Law, "id", "articles"))
        own["articles"] = {number: _plain(article.zh) for number, article in law.articles.items()}
        yield Thing(Key("law", law.id), law.title.zh, own)


def _entry(kind: str, name: str, data: Any, without: tuple[str, ...] = ()) -> Thing:
    own = dict(data) if isinstance(data, Mapping) else {"class": data}
    title = own.get("title")
    label = title["zh"] if isinstance(title, Mapping) else str(own.get("label", name))
    return Thing(Key(kind, name), label, {k: v for k, v in own.items() if k not in without})


def _tables(catalogue: Catalogue) -> Iterator[Thing]:
    tables = catalogue.tables
    severity = tables.get("severity") or {}
    for name, entry in (severity.get("classes") or {}).items():
        yield _entry("severity", name, entry)
    for kind in ("hard_end", "before"):
        if kind in severity:
            yield _entry(kind, kind, severity[kind])
    for entry in severity.get("never_adverse") or ():
        yield _entry("never_adverse", f"{entry.get('role') or entry.get('field')}={entry.get('equals')}", entry)
    yield from _lists(tables)
    forbidden = tables.get("forbidden") or {}
    for name, entry in (forbidden.get("categories") or {}).items():
        yield _entry("forbidden", name, entry)
    if "behaviours" in forbidden:
        yield _entry("behaviours", "behaviours", forbidden["behaviours"])
    disclosure = tables.get("disclosure") or {}
    for name, entry in (disclosure.get("classes") or {}).items():
        yield _entry("disclosure", name, entry)
    for name, widest in (disclosure.get("widest_for") or {}).items():
        yield _entry("widest", name, widest)


def _purposes(catalogue: Catalogue, day: date | None) -> Iterator[Thing]:
    for purpose in catalogue.purposes.values():
        if day is None or purpose.in_force(day):
            own = _own(purpose, ("name", "since"))
            yield Thing(Key("purpose", purpose.name), purpose.title.zh, own, purpose.since)


def _lists(tables: Mapping[str, Any]) -> Iterator[Thing]:
    for name, entry in ((tables.get("lists") or {}).get("lists") or {}).items():
        grounds = [g["zh"] for g in entry.get("grounds") or ()]
        months = {f"{k}_months": (entry.get(k) or {}).get("months") for k in ("term", "early_exit")}
        yield _entry("list", name, dict(entry) | months | {"grounds": grounds}, ("term", "early_exit"))
    for name, entry in ((tables.get("measures") or {}).get("measures") or {}).items():
        yield _entry("measure", name, entry)
