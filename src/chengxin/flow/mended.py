"""A clerk's file written anew: some cells mended on a page, or only the rows that were refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import polars as pl
import xlsxwriter

from chengxin.flow.judge import Setting
from chengxin.intake.again import OF_CELL, OF_ROW, REASON, RESULT, UNREAD, Said, words_for
from chengxin.intake.receive import receive, receive_grid
from chengxin.intake.received import Chunk, Part
from chengxin.validation.validate import unread_rows
from chengxin.values.errors import Refused
from chengxin.values.errors import Said as Words

Edits = Mapping[str, Mapping[int, Mapping[str, str]]]  # part → row → field → what shall stand there
Only = Mapping[str, frozenset[int]]
_LONGEST = 32_767  # characters that a cell holds


def write_mended(file: Path, out: Path, setting: Setting, edits: Edits, only: Only | None = None) -> None:
    """Write the rows of `file` to the workbook `out`, with `edits` in place; of the data rows `only` those, if given.

    Rows keep their numbers, unless `only` some are kept. Judged again, the result is the file that is sent. Raises Refused.
    """
    read = _read(file, setting)
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    with book, receive_grid(file, setting.order, setting.catalogue) as grid:
        text = book.add_format({"num_format": "@"})
        for number, (name, chunks) in enumerate(groupby(grid.chunks(), key=lambda c: c.part)):
            part = next(p for p in grid.parts if p.name == name)
            sheet = book.add_worksheet(_sheet_name(name, number))
            _Table(
                part,
                edits.get(name, {}),
                None if only is None else only.get(name, frozenset()),
                read.get(name, _Read()),
                setting,
            ).write(sheet, list(chunks), text)


@dataclass
class _Read:
    """What reading a part told: the number of the first data row, above which stand headings and notes; the rows that no
    reader could make anything of; and what only a reader knows of rows and cells."""

    first: int = 1
    unread: set[int] = field(default_factory=set)
    known: dict[int, list[Said]] = field(default_factory=dict)


def _read(file: Path, setting: Setting) -> dict[str, _Read]:
    parts: dict[str, _Read] = {}
    with receive(file, setting.order, setting.catalogue) as received:
        for chunk in received.chunks():
            if chunk.part not in parts and chunk.frame.height:
                parts[chunk.part] = _Read(int(chunk.frame["row"].min()))  # type: ignore[arg-type]
            part = parts.setdefault(chunk.part, _Read())
            lost = unread_rows(chunk.frame, chunk.marks)
            if lost is not None:
                part.unread.update(chunk.frame["row"].filter(lost))
            for row, name, mark in chunk.marks.select("row", "field", "mark").iter_rows():
                if mark in OF_ROW or mark in OF_CELL:
                    part.known.setdefault(row, []).append((mark, name))
    return parts


class _Table:
    """One sheet of the file that is written."""

    def __init__(
        self,
        part: Part,
        edits: Mapping[int, Mapping[str, str]],
        only: frozenset[int] | None,
        read: _Read,
        setting: Setting,
    ) -> None:
        self.part, self.edits, self.only, self.read = part, edits, only, read
        self.skipped = setting.order.hidden == "skip"
        self.shift = 0 if part.heading_row else 1  # names of a file without rows of headings stand in row 0
        self.columns = {h.field: h.position for h in part.headings if h.field}

    def write(self, sheet: xlsxwriter.worksheet.Worksheet, chunks: list[Chunk], text: object) -> None:
        """Write the rows; those that stay hidden by the clerk's word are left out."""
        place = 0
        for chunk in chunks:
            hidden = set(chunk.marks["row"]) if self.skipped else set()
            for number, *cells in chunk.frame.iter_rows():
                if number in hidden or not self._wanted(number):
                    continue
                place = place + 1 if self.only is not None else number + self.shift
                for column, value in enumerate(self._mended(number, cells)):
                    if value not in (None, ""):
                        sheet.write_string(place - 1, column, str(value)[:_LONGEST], text)

    def _wanted(self, number: int) -> bool:
        return self.only is None or number < self.read.first or number in self.only

    def _mended(self, number: int, cells: list[str | None]) -> list[str | None]:
        for name, value in self.edits.get(number, {}).items():
            if name not in self.columns:
                raise Refused("no-column", Words(f"表中没有“{name}”这一栏。", f"The sheet has no column {name}."))
            cells[self.columns[name]] = value
        own = cells[2:] if self._handed_back else cells
        if number in self.read.unread and not any(own):  # an empty row would be passed over
            own = [UNREAD, *own[1:]]
        return [*self._ours(number, own), *own] if self.read.known else own

    def _ours(self, number: int, own: list[str | None]) -> list[str | None]:
        """Two columns as in a sheet that is handed back, with the words by which faults that nobody mended are known again."""
        if number == self.part.heading_row:
            return [RESULT, REASON]
        changed = self.edits.get(number, {})
        said = [
            (mark, name)
            for mark, name in self.read.known.get(number, ())
            if (name not in changed if name else not changed)
        ]
        ours = 2 if self._handed_back else 0
        columns = {name: place - ours for name, place in self.columns.items()}
        return [None, words_for(said, own[: len(self.part.headings) - ours], columns)]

    @property
    def _handed_back(self) -> bool:
        """True if the two columns at the left are ours, of a sheet that was handed back before."""
        return tuple(h.text for h in sorted(self.part.headings, key=lambda h: h.position)[:2]) == (RESULT, REASON)


def _sheet_name(part: str, number: int) -> str:
    """A name that a workbook takes."""
    name = "".join(c for c in part.rpartition("/")[2] if c not in "[]:*?/\\'")[:25]
    return f"{name}_{number + 1}" if number and name else name or (f"数据{number + 1}" if number else "数据")


def faulty_rows(file: Path, setting: Setting, wanted: pl.DataFrame, most: int) -> list[dict[str, object]]:
    """The wanted rows (part, row) as intake reads them, at most so many: what a page may show, no number of a person.

    A part each: name, its fields in the sheet's order, rows as [number, [texts]].
    """
    found: list[dict[str, object]] = []
    left = most
    with receive(file, setting.order, setting.catalogue) as received:
        for chunk in received.chunks():
            rows = wanted.filter(pl.col("part") == chunk.part)["row"]
            here = chunk.frame.filter(pl.col("row").is_in(rows.implode())).head(left)
            if here.is_empty():
                continue
            part = next(p for p in received.parts if p.name == chunk.part)
            fields = _shown_fields(part, here, setting)
            left -= here.height
            lines = [[n, list(cells)] for n, *cells in here.select("row", *fields).iter_rows()]
            if found and found[-1]["name"] == chunk.part:
                found[-1]["rows"] += lines  # type: ignore[operator]
            else:
                found.append({"name": chunk.part, "fields": fields, "rows": lines})
    return found


def _shown_fields(part: Part, frame: pl.DataFrame, setting: Setting) -> list[str]:
    known = setting.catalogue.resource(setting.order.resource).by_name
    fields = [h.field for h in part.headings if h.field and h.field in frame.columns]
    return [f for f in fields if known[f].kind != "identity" and not known[f].private]
