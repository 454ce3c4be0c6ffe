"""The catalogue as it lies on disk: every file read, those of the right shape built, the rest complained of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from chengxin.standards import load, yaml_file
from chengxin.standards.lint import shape
from chengxin.standards.lint.complaint import Complaint, complain
from chengxin.standards.model import Clause, CodeList, Law, Resource
from chengxin.values.errors import Refused, Said

__all__ = ["Book", "Complaint", "open_book"]


@dataclass(frozen=True)
class Book:
    """`raw` has each readable file by its path below `root` (with `/`); built things stand under their file."""

    root: Path
    day: date
    rule_kinds: frozenset[str]
    raw: dict[str, Any]
    laws: dict[str, Law] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)  # file → one version of a resource of the nation
    code_lists: dict[str, CodeList] = field(default_factory=dict)  # file → code list
    misshaped: set[str] = field(default_factory=set)  # files that were complained of: later checks leave them out

    def table(self, name: str) -> Mapping[str, Any]:
        """The national table `cn/<name>.yaml`; empty if it is missing or broken."""
        return self.raw.get(f"cn/{name}.yaml") or {} if f"cn/{name}.yaml" not in self.misshaped else {}

    def entries(self, name: str, key: str) -> Mapping[Any, Any]:
        """The entries below one key of a national table."""
        data = self.table(name).get(key)
        return data if isinstance(data, Mapping) else {}

    @cached_property
    def messages(self) -> dict[str, Said]:
        """The sentences by their key."""
        found: dict[str, Said] = {}
        for file, data in self.raw.items():
            if file.startswith("messages/") and isinstance(data, Mapping):
                found |= {k: Said(str(v["zh"]), str(v["en"])) for k, v in data.items() if shape.is_said(v)}
        return found

    @cached_property
    def codes(self) -> dict[str, CodeList]:
        """The code lists by their name."""
        return {c.name: c for c in self.code_lists.values()}

    def clause(self, reference: str) -> Clause | None:
        """The clause for `law:article`, or None if there is no such law or article."""
        law_id, _, article = str(reference).partition(":")
        law = self.laws.get(law_id)
        return Clause(law, article) if law and article in law.articles else None

    def by_statute(self, reference: str | None) -> bool:
        """True if the reference leads to a law, an administrative regulation or a local regulation."""
        clause = self.clause(reference) if reference else None
        return clause is not None and clause.law.kind in ("law", "regulation", "local_regulation")


def open_book(root: Path, day: date, rule_kinds: frozenset[str]) -> tuple[Book, list[Complaint]]:
    """Read everything below `root`; gives the book and the complaints about reading and shape."""
    complaints: list[Complaint] = []
    raw: dict[str, Any] = {}
    for path in sorted(root.rglob("*.yaml")):
        file = path.relative_to(root).as_posix()
        try:
            raw[file] = yaml_file.read_yaml(path)
        except Refused as refusal:
            kinds = {yaml.YAMLError: "broken-yaml", ValueError: "not-a-date"}
            code = next((c for kind, c in kinds.items() if isinstance(refusal.__cause__, kind)), "key-twice")
            complaints.append(Complaint(file, "", code, refusal.said))
        except OSError as error:
            complaints.append(complain(file, "", "broken-yaml", f"读不出来（{error}）", f"can't be read ({error})"))
    book = Book(root, day, rule_kinds, raw)
    for file, data in raw.items():
        complaints.extend(_built(book, file, data))
    return book, complaints


def _built(book: Book, file: str, data: Any) -> Iterator[Complaint]:
    """Check the shape of one file and, if it is right, build what it describes into the book."""
    wrong = list(shape.of_file(file, data))
    yield from wrong
    if wrong:
        book.misshaped.add(file)
        return
    try:
        _build(book, file, data)
    except Refused as refusal:
        yield Complaint(file, "", "not-loadable", refusal.said)


def _build(book: Book, file: str, data: Any) -> None:
    build: Callable[[], None] | None = {
        "law": lambda: book.laws.update({e["id"]: load._law(e, file) for e in data or ()}),
        "codes": lambda: book.code_lists.update({file: load._code_list(data, file)}),
        "resource": lambda: book.resources.update({file: load.resource_from(data, file)}),
    }.get(shape.kind_of(file))
    if build:
        build()
