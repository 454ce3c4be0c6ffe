"""A subject's records by chapter: the categories of the catalogue, each resource with its rows or an honest "none"."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengxin.site.access.asked import Asked
from chengxin.site.access.counts import Sent
from chengxin.site.access.reading import Seen
from chengxin.site.public.figures import sent
from chengxin.site.public.shown import Shown
from chengxin.standards.model import Resource
from chengxin.standards.readers import Kind
from chengxin.values.errors import Said


@dataclass(frozen=True)
class Section:
    """One resource of a subject. `sent`: when it was last sent at all; None: nobody has sent it yet."""

    resource: Resource
    records: list[Shown]
    sent: Sent | None


@dataclass(frozen=True)
class Chapter:
    """One category of the catalogue."""

    number: str
    title: Said
    sections: list[Section]

    @property
    def records(self) -> int:
        """How many records stand in it."""
        return sum(len(s.records) for s in self.sections)

    @property
    def filled(self) -> list[Section]:
        """Sections with records."""
        return [s for s in self.sections if s.records]

    @property
    def empty(self) -> list[Section]:
        """Sections of which something was sent, but nothing about this subject."""
        return [s for s in self.sections if not s.records and s.sent]

    @property
    def unsent(self) -> list[Section]:
        """Sections that no body has sent yet."""
        return [s for s in self.sections if not s.records and not s.sent]


def chapters(seen: list[Seen], kind: Kind, asked: Asked) -> list[Chapter]:
    """All chapters that this kind of subject can have in public."""
    found = sent(asked.at)
    by_resource: dict[str, list[Shown]] = {}
    for one in seen:
        by_resource.setdefault(one.resource.name, []).append(Shown(one, asked.catalogue))
    sections = [
        Section(resource, by_resource.get(name, []), found.get(name))
        for name, resource in asked.catalogue.resources.items()
        if (name, kind) in asked.answers()
    ]
    return list(_by_category(sections, asked))


def _by_category(sections: list[Section], asked: Asked) -> Iterator[Chapter]:
    for number, entry in asked.catalogue.tables["categories"]["categories"].items():
        own = [s for s in sections if s.resource.category == number]
        if own:
            yield Chapter(number, Said(entry["title"]["zh"], entry["title"]["en"]), own)
