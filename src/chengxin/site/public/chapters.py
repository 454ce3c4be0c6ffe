"""A subject's records by chapter: the categories of the catalogue, each resource with its rows or an honest "none"."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chengxin.site.access.asked import Asked
from chengxin.site.access.counts import Sent
from chengxin.site.access.reading import Seen
from chengxin.site.access.subjects import Subject
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


def subject_data(context: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """What the page of a subject shows, as plain data: of each resource its records, or when such were last received."""
    of: Subject = context["subject"]
    return {
        "as_of": asked.at.day.isoformat(),
        "change_set": asked.at.included,
        "code": of.code,
        "name": of.name,
        "kind": of.kind.value,
        "register": of.register,
        "status": of.status,
        "status_on": of.status_on,
        "former_names": of.former_names,
        "former_codes": of.former_codes,
        "same_subject": [{"code": other.code, "name": other.name} for other in context["others"]],
        "records_shown": context["records"],
        "records_withheld": context["withheld"],
        "chapters": [
            {
                "category": chapter.number,
                "title": chapter.title.zh,
                "resources": [
                    {
                        "resource": section.resource.name,
                        "title": section.resource.title.zh,
                        "last_received": section.sent.last if section.sent else None,
                        "records": [shown.as_data() for shown in section.records],
                    }
                    for section in chapter.sections
                ],
            }
            for chapter in context["chapters"]
        ],
    }
