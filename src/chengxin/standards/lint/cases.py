"""Beside each resource stand its cases: a good row, and rows with the findings they must give."""

from collections.abc import Iterator, Mapping
from typing import Any

from chengxin.standards.derive import with_derived_rules
from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain
from chengxin.standards.model import Resource


def _files(book: Book) -> Iterator[tuple[str, str, Resource]]:
    for file, resource in book.resources.items():
        yield file, file.removesuffix(".yaml") + ".cases.yaml", resource


def every_resource_has_cases(book: Book) -> Iterator[Complaint]:
    """A resource without cases is a promise nobody checks."""
    for file, cases, _ in _files(book):
        if cases not in book.raw and not (book.root / cases).exists():
            yield complain(file, "", "no-cases", f"缺少 {cases}", f"{cases} is missing")


def _entries(data: Any) -> list[Mapping[str, Any]]:
    entries = data.get("cases") if isinstance(data, Mapping) else None
    return [e for e in entries if isinstance(e, Mapping)] if isinstance(entries, list) else []


def cases_speak_of_the_resource(book: Book) -> Iterator[Complaint]:
    """Cases name fields and rules that are there: `with` is laid over the base row, `hits` must speak."""
    for _, file, resource in _files(book):
        data = book.raw.get(file)
        if not isinstance(data, Mapping) or file in book.misshaped:
            continue
        rules = {r.id for r in with_derived_rules(resource).rules}
        base = data.get("base") if isinstance(data.get("base"), Mapping) else {}
        yield from _fields(file, "base", base, resource)
        for entry in _entries(data):
            place = str(entry.get("name", "?"))
            yield from _fields(file, place, entry.get("with") or {}, resource)
            yield from _fields(file, place, [entry["column"]] if entry.get("column") else [], resource)
            for rule in [*(entry.get("hits") or ()), *(entry.get("misses") or ())]:
                if rule not in rules:
                    yield complain(file, place, "case-unknown-rule", f"没有规则 {rule}", f"no rule {rule}")


def _fields(file: str, place: str, names: Any, resource: Resource) -> Iterator[Complaint]:
    for name in names or ():
        if name not in resource.by_name:
            yield complain(file, place, "case-unknown-field", f"没有数据项 {name}", f"no field {name}")


def every_written_rule_is_hit(book: Book) -> Iterator[Complaint]:
    """Each rule of the file has a case that it must find."""
    for file, cases, resource in _files(book):
        if cases in book.raw and cases not in book.misshaped:
            hit = {rule for entry in _entries(book.raw[cases]) for rule in entry.get("hits") or ()}
            for rule in resource.rules:
                if rule.id not in hit:
                    yield complain(
                        file, rule.id, "rule-without-hit", f"{cases} 中没有命中它的样例", f"no case in {cases} hits it"
                    )


CHECKS = [every_resource_has_cases, cases_speak_of_the_resource, every_written_rule_is_hit]
