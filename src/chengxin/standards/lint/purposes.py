"""Purposes stay under their floor (standards/readers.py), rest on law as sure as they claim, and end after they begin."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.model import Confidence
from chengxin.standards.readers import FLOORS, Kind, Need, Reader, View

FILE = "cn/purposes.yaml"


def _entries(book: Book) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, entry in book.entries("purposes", "purposes").items():
        if isinstance(entry, Mapping):
            yield f"purposes.{name}", entry


def _words(entry: Mapping[str, Any]) -> Iterator[tuple[object, Sequence[str]]]:
    """Each word of a purpose with the closed list that it must be in."""
    needs = entry["needs"] if isinstance(entry["needs"], Mapping) else {entry["needs"]: None}
    yield entry["view"], list(View)
    yield entry["confidence"], list(get_args(Confidence))
    yield from ((reader, list(Reader)) for reader in entry["readers"] or ())
    for kind, need in needs.items():
        yield kind, list(Kind)
        yield need, list(Need)


def words_are_known(book: Book) -> Iterator[Complaint]:
    """View, readers, kinds of subject and needs are words of the closed lists."""
    for place, entry in _entries(book):
        for word, words in _words(entry):
            if word not in words:
                known = listed(words)
                yield complain(FILE, place, "unknown-class", f"没有 {word}；有：{known}", f"no {word}; known: {known}")


def _known(entry: Mapping[str, Any]) -> bool:
    return all(word in words for word, words in _words(entry))


def purposes_stay_under_their_floor(book: Book) -> Iterator[Complaint]:
    """No reader, no kind of subject and no lesser need than the view allows (persons: never public, never in bulk)."""
    for place, entry in _entries(book):
        if not _known(entry):
            continue
        floor = FLOORS[View(entry["view"])]
        for reader in set(entry["readers"]) - floor.readers:
            yield complain(
                FILE, place, "purpose-too-wide", f"{entry['view']} 不向 {reader} 开放", f"{entry['view']} is not for {reader}"
            )  # fmt: skip
        for kind, need in entry["needs"].items():
            least = floor.needs.get(Kind(kind))
            if least is None or least not in (Need.NONE, need):
                yield complain(
                    FILE, place, "purpose-too-wide", f"{entry['view']} 对 {kind} 至少须有 {least or '（不开放）'}，不能是 {need}",
                    f"{entry['view']} of {kind} takes at least {least or '(never)'}, not {need}",
                )  # fmt: skip


def purposes_are_no_surer_than_their_law(book: Book) -> Iterator[Complaint]:
    """A purpose of high confidence rests on an instrument of high confidence; else it is a draft and nobody may use it."""
    for place, entry in _entries(book):
        clause = book.clause(str(entry["clause"]))
        if clause is not None and entry["confidence"] == "high" and clause.law.confidence != "high":
            yield complain(
                FILE, place, "surer-than-law", f"{clause.law.id} 的置信度是 {clause.law.confidence}，用途不能写 high",
                f"{clause.law.id} is of {clause.law.confidence} confidence, so the purpose can't be high",
            )  # fmt: skip


def purposes_end_after_they_begin(book: Book) -> Iterator[Complaint]:
    """`until` is not before `since`."""
    for place, entry in _entries(book):
        since, until = entry.get("since"), entry.get("until")
        if since is not None and until is not None and until < since:
            yield complain(
                FILE, place, "until-before-since", f"until {until} 早于 since {since}",
                f"until {until} lies before since {since}",
            )  # fmt: skip


def matters_of_purposes_are_known(book: Book) -> Iterator[Complaint]:
    """Each matter that a purpose names is in the list of matters."""
    known = book.entries("matters", "matters")
    for place, entry in _entries(book):
        for matter in set(entry.get("used_in") or ()) - set(known):
            known_ones = listed(known)
            yield complain(
                FILE, place, "unknown-class", f"没有事项 {matter}；有：{known_ones}", f"no matter {matter}; known: {known_ones}"
            )  # fmt: skip


CHECKS = [
    matters_of_purposes_are_known,
    words_are_known,
    purposes_stay_under_their_floor,
    purposes_are_no_surer_than_their_law,
    purposes_end_after_they_begin,
]
