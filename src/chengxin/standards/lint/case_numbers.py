"""The ways of writing the number of a case: patterns that can be read and take their own example, names that are there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.values.identifiers import is_uscc

NAME = "case_numbers.yaml"
FILE = f"cn/{NAME}"


def case_numbers_can_be_read(book: Book) -> Iterator[Complaint]:
    """Each way has both titles, a pattern, an example that fits; those in use are there, bodies are named by their code."""
    data = book.raw.get(FILE)
    if data is None:
        return
    told = data if isinstance(data, Mapping) else {}
    forms = told.get("forms") if isinstance(told.get("forms"), Mapping) else {}
    if type(told.get("longest")) is not int or told["longest"] < 1:
        yield _wrong("longest", "应为正整数", "should be a whole number above 0")
    for name, form in (forms or {}).items():
        if not _sound(form):
            yield _wrong(
                f"forms.{name}",
                "须有中英文名称、能用的写法和合乎写法的例子",
                "needs titles, a pattern, an example that fits",
            )
    for file, place, names in _used(book):
        listed_names = {str(n) for n in names} if isinstance(names, list) else set()
        if not listed_names or listed_names - {str(n) for n in forms or {}}:
            yield _wrong(place, f"没有这样的写法：{listed(sorted(listed_names))}", "names no way of writing", file)
        body = place.partition(".")[2]
        if body and not is_uscc(body):
            yield _wrong(place, "不是机关的统一社会信用代码", "is no body's code", file)


def _used(book: Book) -> Iterator[tuple[str, str, Any]]:
    """File, place and names of the ways that are in use; a lower layer may say less."""
    for file, data in book.raw.items():
        if file.endswith(f"/{NAME}") and isinstance(data, Mapping):
            bodies = data.get("of_bodies")
            if file == FILE or "general" in data:
                yield file, "general", data.get("general")
            for body, names in (bodies if isinstance(bodies, Mapping) else {}).items():
                yield file, f"of_bodies.{body}", names


def _sound(form: Any) -> bool:
    try:
        titles = all(isinstance(form["title"][k], str) and form["title"][k] for k in ("zh", "en"))
        return titles and re.fullmatch(form["pattern"], form["example"]) is not None
    except (KeyError, TypeError, re.error):
        return False


def _wrong(place: str, zh: str, en: str, file: str = FILE) -> Complaint:
    return complain(file, place, "case-numbers", zh, en)


CHECKS = [case_numbers_can_be_read]
