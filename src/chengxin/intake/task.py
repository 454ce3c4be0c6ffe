"""What the reader needs to know, gathered before it starts: the child process never looks into the catalogue itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from chengxin.intake.hiding import hide_in
from chengxin.intake.received import Bounds, Note, Order, Through
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.model import Resource
from chengxin.values.errors import Refused, Said


@dataclass(frozen=True)
class Words:
    """Words of sheets that are not data (`cn/sheet_words.yaml`), headings nobody may collect (`cn/forbidden.yaml`)."""

    totals: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    column_notes: tuple[str, ...] = ()
    not_data_sheets: tuple[str, ...] = ()
    not_data_columns: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> "Words":
        """From the single tables of the catalogue; an absent table gives no words."""
        sheet: Mapping[str, list[str]] = tables.get("sheet_words") or {}
        forbidden = (tables.get("forbidden") or {}).get("headings") or ()
        keys = ("totals", "labels", "remarks", "alone", "column_notes", "not_data_sheets", "not_data_columns")
        lists = {k: tuple(map(str, sheet.get(k) or ())) for k in keys}
        return cls(**lists, forbidden=tuple(map(str, forbidden)))


@dataclass(frozen=True)
class Task:
    """One file to read, with everything of the catalogue that reading needs. Can be pickled."""

    path: Path
    order: Order
    resource: Resource
    messages: Mapping[str, Said]
    words: Words = Words()
    papers: Mapping[str, str] = field(default_factory=dict)
    workspace: Path | None = None  # where members of an archive are unpacked
    handover: Path | None = None  # where frames are laid for the parent, in memory if the machine has such a folder
    through: Through | None = None  # work on the rows that is done where they are read
    grid: bool = False  # the clerk's own cells, all of them, to hand the file back

    @cached_property
    def bounds(self) -> Bounds:
        """The bounds of the order."""
        return self.order.bounds

    def say(self, code: str, **parts: object) -> Said:
        """The sentence for `code`, filled. Names of files and sheets are people's words: identity numbers in them are hidden."""
        told = {k: hide_in(v, "text", self.order.day) if isinstance(v, str) else v for k, v in parts.items()}
        return self.messages[code].filled(**told)

    def refuse(self, code: str, **parts: object) -> Refused:
        """The refusal of the whole file for the reason `code`; to be raised."""
        return Refused(code, self.say(code, **parts))

    def note(
        self,
        code: str,
        severity: Literal["note", "warn", "ask"] = "note",
        part: str = "",
        row: int | None = None,
        **parts: object,
    ) -> Note:
        """A note about the file as a whole."""
        return Note(code, self.say(code, **parts), severity, part, row)


def task_from(path: Path, order: Order, catalogue: Catalogue | None = None) -> Task:
    """The task of reading `path` for `order`; refuses an unknown resource with the known ones listed."""
    known = catalogue or load_catalogue(order.day, order.catalogue_root)
    papers = known.code_lists.get("identity_paper")
    return Task(
        path=path,
        order=order,
        resource=known.resource(order.resource),
        messages=known.messages,
        words=Words.from_tables(known.tables),
        papers=papers.spellings if papers else {},
    )
