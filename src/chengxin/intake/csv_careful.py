"""Records of a text table one by one, as a spreadsheet program takes them: the slow path, for what is irregular.

A quote counts only at the start of a cell. A record that a quote would stretch past the bound for a row, or past the end of
the file, or that goes on after the closing quote several lines later, was never meant so: its first line is taken literally,
marked, and reading goes on with the next line.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_GIVEN_UP = 50
_LOST = re.compile("[\udc80-\udcff]+")

csv.field_size_limit(1 << 31)


@dataclass
class Record:
    """One record: its cells, and what is wrong with its lines."""

    cells: list[str]
    marks: list[str] = field(default_factory=list)


@dataclass
class CarefulReader:
    """Reads records from successive pieces of UTF-8 text. `given_up` counts unclosed quotes over the whole file."""

    delimiter: str
    row_bound: int
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
        line = lines[index]
        if '"' not in line:
            if not final and index == len(lines) - 1 and not line.endswith(("\n", "\r")):
                return None, 0
            return _plain(line, self.delimiter), 1
        if self.given_up >= MAX_GIVEN_UP:
            return self._quoted_line(line), 1
        used, size = 0, 0

        def feed() -> Iterator[str]:
            nonlocal used, size
            while index + used < len(lines):
                next_line = lines[index + used]
                used += 1
                size += len(next_line)
                if used > 1 and size > self.row_bound:
                    return
                yield next_line

        try:
            cells = next(csv.reader(feed(), delimiter=self.delimiter, strict=True), [])
        except csv.Error as error:
            ended = "end of data" in str(error)
            if ended and not final and index + used >= len(lines) and size <= self.row_bound:
                return None, 0
            if used == 1 and not ended:
                return self._quoted_line(line), 1
            self.given_up += 1
            return _plain(line, self.delimiter, ["quote_unclosed"]), 1
        if not final and index + used >= len(lines) and not lines[-1].endswith(("\n", "\r")):
            return None, 0
        return _checked(Record(cells)), used

    def _quoted_line(self, line: str) -> Record:
        """One line on its own: text after a closing quote is joined to the cell, as spreadsheet programs do."""
        try:
            rows = list(csv.reader([line], delimiter=self.delimiter))
        except csv.Error:
            return _plain(line, self.delimiter, ["quote_unclosed"])
        if line.rstrip("\r\n") and rows and any("\n" in c or "\r" in c for c in rows[0][-1:]):
            return _plain(line, self.delimiter, ["quote_unclosed"])
        return _checked(Record(rows[0] if rows else []))


def _plain(line: str, delimiter: str, marks: list[str] | None = None) -> Record:
    return _checked(Record(line.rstrip("\r\n").split(delimiter), marks or []))


def _checked(record: Record) -> Record:
    """With bytes that could not be decoded shown as U+FFFD and marked."""
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
