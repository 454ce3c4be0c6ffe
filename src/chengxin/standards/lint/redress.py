"""The terms of an objection: days that are numbers, clauses that stand, grounds with a title."""

from collections.abc import Iterator, Mapping

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain

FILE = "cn/redress.yaml"


def objections_can_be(book: Book) -> Iterator[Complaint]:
    """What the clock and the mark of an objection need is there and of its kind."""
    data = book.raw.get(FILE)
    if data is None:
        return
    told = data.get("objection") if isinstance(data, Mapping) else None
    told = told if isinstance(told, Mapping) else {}
    for name in ("own_days", "other_days", "statement"):
        if type(told.get(name)) is not int or told[name] < 1:
            yield _wrong(name, "应为正整数", "should be a whole number above 0")
    own, other = told.get("own_days"), told.get("other_days")
    if isinstance(own, int) and isinstance(other, int) and own > other:
        yield _wrong("other_days", "不应短于 own_days", "should not be shorter than own_days")
    grounds = told.get("grounds")
    if not isinstance(grounds, Mapping) or not grounds:
        yield _wrong("grounds", "至少有一种理由", "needs one ground at least")
    marking = told.get("marking")
    for place, entry in (("clause", told), ("marking.clause", marking if isinstance(marking, Mapping) else {})):
        reference = str(entry.get("clause") or "")
        if book.clause(reference) is None:
            yield _wrong(place, f"没有条款 {reference}", f"there is no clause {reference}")


def _wrong(place: str, zh: str, en: str) -> Complaint:
    return complain(FILE, f"objection.{place}", "objection-terms", zh, en)


CHECKS = [objections_can_be]
