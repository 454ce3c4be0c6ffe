"""Lint: refuse a catalogue that is not law. Each refusal is one small function; all complaints come in one pass."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

from chengxin.standards.lint import (
    case_numbers,
    cases,
    clauses,
    content,
    exchange,
    fields,
    layers,
    purposes,
    redress,
    reports,
    rules,
    tables,
)
from chengxin.standards.lint.book import Book, Complaint, open_book

__all__ = ["CHECKS", "Book", "Complaint", "lint"]

CHECKS: list[Callable[[Book], Iterator[Complaint]]] = [
    *clauses.CHECKS,
    *layers.CHECKS,
    *content.CHECKS,
    *fields.CHECKS,
    *rules.CHECKS,
    *tables.CHECKS,
    *exchange.CHECKS,
    *case_numbers.CHECKS,
    *redress.CHECKS,
    *purposes.CHECKS,
    *reports.CHECKS,
    *cases.CHECKS,
]


def lint(root: Path, day: date, rule_kinds: Collection[str]) -> list[Complaint]:
    """Everything wrong in the catalogue folder `root` as of `day`; an empty list means it may be used.

    `rule_kinds` are the kinds of rule that the validation knows. A file that can't be read or has the wrong shape gives
    its own complaints and is left out of the later checks; the rest goes on. Those come first: others may follow from them.
    """
    book, causes = open_book(root, day, frozenset(rule_kinds))
    others = {complaint for check in CHECKS for complaint in check(book)} - set(causes)
    return [*_in_order(causes), *_in_order(others)]


def _in_order(complaints: Iterable[Complaint]) -> list[Complaint]:
    return sorted(set(complaints), key=lambda c: (c.file, c.place, c.code, c.said.zh))
