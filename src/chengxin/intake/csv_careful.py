"""Records of a text table one by one, as a spreadsheet program takes them: the slow path, for what is irregular.

A quote counts only at the start of a cell. A record that a quote would stretch past the bound for a row, or past the
end of the file, or that goes on after the closing quote several lines later, was never meant so: its first line is
taken literally, marked, and reading goes on with the next line.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_GIVEN_UP = 50
_AS_TEXT = re.compile(r'^="((?:[^"]|"")*)"\s*$')
_LOST = re.compile("[\udc80-\udcff]+")

csv.field_size_limit(1 << 31)


@dataclass
class Record:
    """One record: its cells, and what is wrong with its lines."""

    cells: list[str]
    marks: list[str] = field(default_factory=list)


@dataclass
class CarefulReader:
    """Reads records from successive pieces of UTF-8 text. `spaced`: a quote counts behind spaces too, as some programs write
    `"a", "b"`. `given_up` counts unclosed quotes over the whole file."""

    delimiter: str
    row_bound: int
    spaced: bool = False
    given_up: int = 0

    def records(self, data: bytes, final: bool) -> Iterator[tuple[Record, int]]:
        """Records of `data` and, with each, how many bytes of `data` are used up. An unfinished record at the end of
        a piece that is not final is left for the next piece."""
        text = data.decode("utf-8", "surrogateescape")
        lines = list(io.StringIO(text, newline=""))
        ends = _ends(lines)
        index = 0
        while index < len(lines):
            record, count = self._record(lines, index, final)
            if record is None:
                return
            index += count
            yield record, ends[index - 1]

    def _record(self, lines: list[str], index: int, final: bool) -> tuple[Record | None, int]:
        """The record that begins at a line, and how many lines it takes; None if the piece ends within it."""
        line = lines[index]
        cut_off = not final and not lines[-1].endswith(("\n", "\r"))
        if '"' not in line or self.given_up >= MAX_GIVEN_UP:
            if cut_off and index == len(lines) - 1:
                return None, 0
            return (_plain(line, self.delimiter) if '"' not in line else self._quoted_line(line)), 1
        piece = _Feed(lines, index, self.row_bound)
        try:
            cells = next(csv.reader(piece, delimiter=self.delimiter, skipinitialspace=self.spaced, strict=True), [])
        except csv.Error as error:
            return self._irregular(piece, "end of data" in str(error), final)
        if cut_off and piece.at_end:
            return None, 0
        return _checked(Record(cells)), piece.used

    def _irregular(self, piece: "_Feed", ended: bool, final: bool) -> tuple[Record | None, int]:
        """A record that breaks the rule for quotes, or whose end has not come yet."""
        if ended and not final and piece.at_end and piece.size <= self.row_bound:
            return None, 0
        if piece.used == 1 and not ended:
            return self._quoted_line(piece.first), 1
        self.given_up += 1
        return _plain(piece.first, self.delimiter, ["quote_unclosed"]), 1

    def _quoted_line(self, line: str) -> Record:
        """One line on its own: text after a closing quote is joined to the cell, as spreadsheet programs do."""
        try:
            rows = list(csv.reader([line], delimiter=self.delimiter, skipinitialspace=self.spaced))
        except csv.Error:
            return _plain(line, self.delimiter, ["quote_unclosed"])
        if line.rstrip("\r\n") and rows and any("\n" in c or "\r" in c for c in rows[0][-1:]):
            return _plain(line, self.delimiter, ["quote_unclosed"])
        cells = rows[0] if rows else []
        return _checked(Record([c.rstrip(" ") for c in cells] if self.spaced else cells))


class _Feed:
    """Lines for one record, until there are no more or it has grown past the bound for a row."""

    def __init__(self, lines: list[str], index: int, bound: int) -> None:
        self._lines, self._index, self._bound = lines, index, bound
        self.first = lines[index]
        self.used = self.size = 0

    @property
    def at_end(self) -> bool:
        """True if the last line has been used."""
        return self._index + self.used >= len(self._lines)

    def __iter__(self) -> Iterator[str]:
        """The lines in order."""
        while not self.at_end:
            line = self._lines[self._index + self.used]
            self.used += 1
            self.size += len(line)
            if self.used > 1 and self.size > self._bound:
                return
            yield line


def _plain(line: str, delimiter: str, marks: list[str] | None = None) -> Record:
    return _checked(Record(line.rstrip("\r\n").split(delimiter), marks or []))


def _checked(record: Record) -> Record:
    """As a spreadsheet shows it: ="0012" is the text 0012; bytes that could not be decoded are U+FFFD and marked."""
    if any(c.startswith('="') for c in record.cells):
        record.cells = [_AS_TEXT.sub(lambda m: m[1].replace('""', '"'), c) for c in record.cells]
    if any(_LOST.search(c) for c in record.cells):
        record.cells = [_LOST.sub("\ufffd", c) for c in record.cells]
        record.marks.append("bytes_undecodable")
    return record


def _ends(lines: list[str]) -> list[int]:
    ends, total = [], 0
    for line in lines:
        total += len(line) if line.isascii() else len(line.encode("utf-8", "surrogateescape"))
        ends.append(total)
    return ends
