"""A sheet that was handed back comes again: what only the first reader knew is known again, until the clerk mends it.

A row with an unclosed quote, a formula without a result or a broken JSON record looks like any other once it stands in a
workbook. So the column of reasons says beside it what was found and of which content: `〔…：quote_unclosed 3f2a9c1d〕`. As
long as the row (or the cell) still has that content it is found again. The word of it goes with the row when rows are sorted,
and goes when the clerk empties the reason.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from chengxin.intake.received import Heading
from chengxin.intake.table import Block, marks_frame
from chengxin.values.text import INVISIBLE_CLASS

RESULT, REASON = "结果", "原因"
# Stands where a row was that could not be read: an empty row would be passed over when the sheet is sent again.
UNREAD = "〔本行未能读取〕"
# Stands in the last column where more stood further right than is handed back.
BEYOND = "〔右侧还有内容〕"
# Marks of a row and of a cell that only a reader can make. Others are seen again in the workbook itself.
OF_ROW = frozenset({"row_too_long", "quote_unclosed", "bytes_undecodable", "not_an_object", "name_twice"})
OF_CELL = frozenset({"cell_error", "formula_without_value", "cell_too_long", "digits_lost"})
LONGEST = 32_000  # characters of a cell that are handed back
_NOTHING_LEFT = frozenset({"row_too_long", "cell_error", "formula_without_value", "cell_too_long"})
_DETAILED = frozenset({"cell_error", "digits_lost"})
_WORDS = "改动后此标记自动失效"
_FOUND = re.compile(rf"〔{_WORDS}：([^〕]*)〕")
_ONE = re.compile(r"^([a-z_]+)(?:@(\w+))? ([0-9a-f]{8})$")
_UNSTEADY = re.compile(rf"\s+|_x[0-9A-F]{{4}}_|{INVISIBLE_CLASS}")  # what may change on the way through a workbook
Said = tuple[str, str | None]  # mark, field (None: of the row)


def digest(cells: Iterable[object]) -> str:
    """What tells whether cells were changed."""
    texts = [_UNSTEADY.sub("", str(c)[:LONGEST]) if c is not None else "" for c in cells]
    while texts and not texts[-1]:
        texts.pop()
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()[:8]


def words_for(said: Iterable[Said], cells: Sequence[object], columns: Mapping[str, int]) -> str:
    """The words that make a later reader know `said` of this row again; '' if nothing need be said. `cells`: as handed back,
    `columns`: field → place among them."""
    known = []
    for mark, field in dict.fromkeys(said):
        if mark in OF_ROW and field is None:
            known.append(f"{mark} {digest(cells)}")
        elif mark in OF_CELL and field is not None and field in columns:
            place = columns[field]
            known.append(f"{mark}@{field} {digest(cells[place : place + 1])}")
    return f"〔{_WORDS}：{'、'.join(known)}〕" if known else ""


@dataclass(frozen=True)
class Again:
    """Where in a table the reasons stand, and which columns are the clerk's own."""

    reasons: str
    own: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, headings: Sequence[Heading]) -> "Again | None":
        """None for a table that was never handed back."""
        ours = {h.text: str(h.position) for h in headings if h.field is None and h.text in (RESULT, REASON)}
        own = tuple(str(h.position) for h in headings if str(h.position) not in ours.values())
        if REASON not in ours or not own:
            return None
        return cls(ours[REASON], own, {h.field: h.position for h in headings if h.field})

    def marked(self, block: Block) -> Block:
        """The block with the marks that its rows were handed back with and have not lost; what could not be read is empty."""
        told = pl.col(self.reasons).str.contains(_WORDS, literal=True) | (pl.col(self.own[0]) == UNREAD)
        rows = block.frame.filter(told)
        marks: list[tuple[int, int | None, str, str | None]] = []
        emptied: dict[str, set[int]] = {name: set() for name in self.own}
        for line in rows.iter_rows(named=True):
            found = self._said(line)
            marks += [(line["row"], place, mark, detail) for mark, place, detail in found]
            for name in self._emptied(line, found):
                emptied[name].add(line["row"])
        gone = [
            pl.when(~pl.col("row").is_in(list(numbers))).then(pl.col(name)).alias(name)
            for name, numbers in emptied.items()
            if numbers
        ]
        if not marks and not gone:
            return block
        return Block(block.frame.with_columns(gone), pl.concat([block.marks, marks_frame(marks)]), block.look)

    def _said(self, line: dict[str, str | None]) -> list[tuple[str, int | None, str | None]]:
        """The marks that still hold of a row: mark, position, detail."""
        found = _FOUND.search(line[self.reasons] or "")
        holding: list[tuple[str, int | None, str | None]] = []
        for one in found[1].split("、") if found else ():
            match = _ONE.match(one)
            if match is None:
                continue
            mark, field, seen = match.groups()
            if mark in OF_ROW and field is None and digest(line[c] for c in self.own) == seen:
                holding.append((mark, None, None))
            elif mark in OF_CELL and field in self.places:
                cell = line[str(self.places[field])]
                if digest([cell]) == seen:
                    holding.append((mark, self.places[field], cell if mark in _DETAILED else None))
        return holding

    def _emptied(self, line: dict[str, str | None], found: list[tuple[str, int | None, str | None]]) -> set[str]:
        """The columns of a row that hold no content: what was not read at first is not read now."""
        names = {str(place) for mark, place, _ in found if mark in _NOTHING_LEFT and place is not None}
        if any(mark in _NOTHING_LEFT and place is None for mark, place, _ in found):
            return set(self.own)
        others = any((line[c] or "").strip() for c in self.own[1:])
        if line[self.own[0]] == UNREAD and (others or any(place is None for _, place, _ in found)):
            names.add(self.own[0])  # the row was filled in, or is known to be unreadable
        return names
