"""Text tables: comma, tab or semicolon. Regular blocks go to Polars whole; an irregular one goes record by record."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from chengxin.intake import headings
from chengxin.intake.csv_careful import CarefulReader, Record
from chengxin.intake.csv_text import BLOCK, SAMPLE, Utf8Stream, detect, sample_of
from chengxin.intake.received import Bounds, Traits
from chengxin.intake.table import (
    HEAD_ROWS,
    Block,
    Facts,
    HeadRow,
    Layout,
    column_names,
    empty_frame,
    marks_frame,
    unseen,
)
from chengxin.intake.traits import count_byte, traits_of

DELIMITERS = (",", "\t", ";", "|")
CAREFUL_ROWS = 16_384
_HEAD = 128 << 10  # bytes; in most files the first records fit in
_LF, _CR, _QUOTE = 10, 13, 34
_CELL = rb'"(?:[^"]|"")*+"'


@dataclass(frozen=True)
class Counting:
    """Where reading stands: how many columns, what is wanted, how many records are behind, and the careful reader."""

    width: int
    layout: Layout
    number: int
    reader: CarefulReader


class TextTable:
    """A text file as a table. Rows are counted as a spreadsheet program shows them when it opens the file."""

    name = ""

    def __init__(self, path: Path, known: headings.Known, bounds: Bounds, block: int = BLOCK) -> None:
        self._path, self._bounds, self._block = path, bounds, block
        self.facts = Facts()
        sample = sample_of(path, path.stat().st_size)
        self._encoding = detect(sample)
        self._first = next(iter(Utf8Stream(path, self._encoding, SAMPLE)), b"")
        self._cr_only = b"\r" in self._first and b"\n" not in self._first
        self._skip, declared = self._separator_line()
        self._delimiter = declared or self._best_delimiter(known)
        self.delimiter: str | None = self._delimiter
        self.encoding: str | None = self._encoding.shown
        self._head = self._first_records(self._delimiter)
        self._behind_spaces = self._spaced(self._delimiter)
        self._first = b""  # it is read again with the rest
        self.done = 0
        if self._encoding.name == "big5hkscs":
            self.facts.notes.append(("big5", {}))
        if b"\0" in sample and not self._encoding.name.startswith(("utf-16", "utf-32")):
            self.facts.notes.append(("nul-bytes", {}))

    def head(self) -> list[HeadRow]:
        """The first records."""
        return [HeadRow(i + 1, [c or None for c in cells]) for i, cells in enumerate(self._head)]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """The records as blocks of about 16 MB of text."""
        width = min(max([layout.width, *map(len, self._head)]), self._bounds.columns + 1)
        reader = CarefulReader(self._delimiter, self._bounds.row, self._behind_spaces)
        number, rest, too_long = 0, b"", False
        for data, final in self._pieces():
            end = len(data) if final else data.rfind(b"\n") + 1
            start = data.find(b"\n") + 1 if too_long else 0
            too_long = too_long and not start and not final
            if too_long or not (end or rest or data):
                continue
            whole = b"".join((rest, memoryview(data)[start:end])) if rest or start or end < len(data) else data
            tail = data[end:]
            if not end and not final:
                rest, too_long = self._unfinished(rest + tail)
                if too_long:
                    number += 1
                    yield _block([Record([], ["row_too_long"])], number, width, layout)
                continue
            used = 0
            for block, rows, end_of in self._read(whole, final, Counting(width, layout, number, reader)):
                number, used = number + rows, end_of
                yield block
            rest = whole[used:] + tail if used < len(whole) else tail

    def _unfinished(self, rest: bytes) -> tuple[bytes, bool]:
        """A line whose end has not come: kept, or given up once it is longer than any row may be."""
        return (b"", True) if len(rest) > self._bounds.row else (rest, False)

    def _read(self, data: bytes, final: bool, state: "Counting") -> Iterator[tuple[Block, int, int]]:
        """The blocks in `data`: block, its number of records, bytes used so far."""
        if final and not data.endswith(b"\n"):
            data += b"\n"
        as_text = b'"' in data and b'"=""' in data  # a cell like "=""0012""" that only the careful reader understands
        fast = None if as_text else read_regular(data, self._delimiter, state.width)
        if fast is not None and (fast[1] == len(data) or not final):
            frame, used = fast
            numbered = frame.with_row_index("row", state.number + 1)
            text = data if used == len(data) else data[:used]
            look = partial(traits_of, text, self._delimiter, frame.height)
            yield _checked(numbered, state.layout, state.width, look), frame.height, used
            return
        yield from _carefully(data, final, state)

    def _pieces(self) -> Iterator[tuple[bytes, bool]]:
        """Pieces of UTF-8 text without the `sep=` line; the last comes with True."""
        stream = Utf8Stream(self._path, self._encoding, self._block)
        skip, last = self._skip, b""
        for piece in stream:
            data = piece.replace(b"\r", b"\n") if self._cr_only else piece
            cut, skip = data[skip:], max(0, skip - len(data))
            if last:
                yield last, False
            last, self.done = cut, stream.done
        yield last, True

    def _beginning(self) -> bytes:
        return self._first.replace(b"\r", b"\n") if self._cr_only else self._first

    def _separator_line(self) -> tuple[int, str | None]:
        """How many bytes a first line `sep=;` takes, and what it declares; the line itself is no row to the clerk."""
        line, end, _ = self._beginning()[:64].partition(b"\n")
        text = line.rstrip(b"\r").strip(b'"')
        if end and text.lower().startswith(b"sep=") and len(text) == 5:
            return len(line) + 1, text[4:].decode("ascii", "replace")
        return 0, None

    def _first_records(self, delimiter: str) -> list[list[str]]:
        """The first records; of the first bytes alone where these hold enough of them."""
        data, limit = self._beginning()[self._skip :], self._bounds.columns + 1
        for some in (data[:_HEAD], data):
            final = len(some) == len(data) and self._path.stat().st_size <= SAMPLE
            found = CarefulReader(delimiter, self._bounds.row, self._spaced(delimiter)).records(some, final)
            records = [record.cells[:limit] for (record, _), _ in zip(found, range(HEAD_ROWS), strict=False)]
            if len(records) == HEAD_ROWS or len(some) == len(data):
                break
        return records

    def _spaced(self, delimiter: str) -> bool:
        """Whether quotes stand behind spaces: so do all in the first line that has any."""
        quoted = next((line for line in self._beginning()[:_HEAD].splitlines() if b'"' in line), b"")
        between = rb" *" + re.escape(delimiter).encode() + rb" +"
        return re.fullmatch(_CELL + rb"(?:" + between + _CELL + rb")+ *", quoted) is not None

    def _best_delimiter(self, known: headings.Known) -> str:
        """The delimiter under which most headings are known; if none is, the one that makes most cells."""

        def score(delimiter: str) -> tuple[int, int]:
            rows = self._first_records(delimiter)
            found = headings.find(known, rows)
            named = {h.field for h in found.headings if h.field} if found else set()
            return len(named), max((len(r) for r in rows), default=0)

        return max(DELIMITERS, key=score)


def read_regular(data: bytes, delimiter: str, width: int) -> tuple[pl.DataFrame, int] | None:
    """The complete records of `data` by Polars and how many bytes they take; None if anything is irregular."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    quoted = b'"' in data
    end = quoted_end(data, delimiter) if quoted else (data.rfind(b"\n") + 1, -1)
    if end is None or end[0] == 0:
        return None
    used, expected = end
    text = data if used == len(data) else data[:used]
    if expected < 0:
        expected = count_byte(text, _LF)
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            schema=dict.fromkeys(column_names(width), pl.String),
            separator=delimiter,
            quote_char='"' if quoted else None,
            null_values="" if quoted else None,
            missing_columns="insert",
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return (frame, used) if frame.height == expected else None


def quoted_end(data: bytes, delimiter: str) -> tuple[int, int] | None:
    """Where the last complete record ends and how many there are, if all quotes open or close cells or are doubled."""
    text = np.frombuffer(data, dtype=np.uint8)
    quotes, lines = np.flatnonzero(text == _QUOTE), np.flatnonzero(text == _LF)
    outside = lines[np.searchsorted(quotes, lines) % 2 == 0]
    if not len(outside):
        return None
    end = int(outside[-1]) + 1
    quotes = quotes[: np.searchsorted(quotes, end)]
    opens, closes = quotes[0::2], quotes[1::2]
    before = text[opens[opens > 0] - 1]
    after = text[closes + 1]
    separator = ord(delimiter)
    if np.isin(before, (separator, _LF, _QUOTE)).all() and np.isin(after, (separator, _LF, _CR, _QUOTE)).all():
        return end, len(outside)
    return None


def _carefully(data: bytes, final: bool, state: Counting) -> Iterator[tuple[Block, int, int]]:
    batch: list[Record] = []
    used, number, width, layout = 0, state.number, state.width, state.layout
    for record, end in state.reader.records(data, final):
        record.cells = record.cells if len(record.cells) <= width else _narrowed(record, layout.width)
        batch.append(record)
        used = end
        if len(batch) == CAREFUL_ROWS:
            yield _block(batch, number + 1, width, layout), len(batch), used
            number, batch = number + len(batch), []
    if batch:
        yield _block(batch, number + 1, width, layout), len(batch), used


def _narrowed(record: Record, width: int) -> list[str]:
    if any(c.strip() for c in record.cells[width:]):
        record.marks.append("row_too_wide")
    return record.cells[:width]


def _block(records: list[Record], number: int, width: int, layout: Layout) -> Block:
    """A block of records, the first of which is row `number`."""
    marks = [(number + i, None, m, None) for i, r in enumerate(records) for m in r.marks]
    rows = [r.cells + [""] * (width - len(r.cells)) for r in records]
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    frame = pl.DataFrame(
        [pl.Series(n, c, dtype=pl.String) for n, c in zip(column_names(width), columns, strict=True)]
    ).with_columns(pl.all().replace("", None))
    block = _checked(frame.with_row_index("row", number), layout, width)
    return Block(block.frame, pl.concat([block.marks, _after(marks, layout)]))


def _after(marks: list[tuple[int, None, str, None]], layout: Layout) -> pl.DataFrame:
    return marks_frame([m for m in marks if m[0] >= layout.first_row])


def _checked(frame: pl.DataFrame, layout: Layout, width: int, look: Callable[[], Traits] = unseen) -> Block:
    """Rows from the first data row on; cells beyond the headings only make a mark."""
    frame = (
        frame.filter(pl.col("row") >= layout.first_row)
        if frame.height and frame["row"][0] < layout.first_row
        else frame
    )
    marks = marks_frame([])
    if width > layout.width and frame.height:
        extra = [
            pl.col(str(i)).is_not_null() & (pl.col(str(i)).str.strip_chars() != "") for i in range(layout.width, width)
        ]
        wide = frame.filter(pl.any_horizontal(extra))["row"]
        marks = marks_frame([(row, None, "row_too_wide", None) for row in wide])
    kept = frame.select("row", *column_names(layout.width)) if width > layout.width else frame
    return Block(kept if frame.width else empty_frame(layout.width), marks, look)
