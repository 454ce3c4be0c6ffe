"""Rows of cells of a workbook as blocks: columns are turned to text in bulk, by the types that occur in them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np
import polars as pl

from chengxin.intake.table import Block, Layout, Merge, column_names, marks_frame

SLICE = 8_192
MOST_DIGITS = 15
# Days from the first day of the one date system of workbooks to that of the other, and what numbers may be days.
FROM_1904 = 1462
_DAYS = (20_000 - FROM_1904, 73_050 - FROM_1904)
CellMark = tuple[int, int | None, str, str | None]


def number_text(number: float) -> str:
    """A number as a person writes it: no exponent, no needless zeros; the digits a spreadsheet would show."""
    if math.isnan(number) or math.isinf(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_text(value: Any) -> str | None:
    """One cell as text; an empty one is None."""
    if value is None or value == "":
        return None
    writer = _WRITERS.get(type(value), str)
    return writer(value)


def _moment_text(moment: datetime) -> str:
    day = moment.date().isoformat()
    return day if moment.time() == time() else f"{day} {moment.time().isoformat(timespec='seconds')}"


def _span_text(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: number_text,
    datetime: _moment_text,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _span_text,
}


def blocks(
    rows: Iterable[Sequence[Any]],
    first_number: int,
    layout: Layout,
    marks: Sequence[CellMark] = (),
    merges: Sequence[Merge] = (),
    from_1904: bool = False,
) -> Iterator[Block]:
    """Blocks of `rows`, the first of which the clerk sees as row `first_number`. `marks`: facts known beforehand.

    `from_1904`: the days of the workbook are counted from then, those too that stand there as plain numbers.
    """
    number = first_number
    fill = FillDown(merges, layout.first_row)
    pending = sorted((m for m in marks if m[0] >= layout.first_row), key=lambda m: m[0])
    iterator = iter(rows)
    while batch := list(islice(iterator, SLICE)):
        start = number
        number += len(batch)
        if number <= layout.first_row:
            continue
        if start < layout.first_row:
            batch, start = batch[layout.first_row - start :], layout.first_row
        batch = fill.apply(batch, start)
        if from_1904:
            batch = [_with_days(row, layout.date_positions) for row in batch]
        here = [m for m in pending if m[0] < number]
        pending = pending[len(here) :]
        yield _block(batch, start, layout, here)
    if pending:
        yield _block([], number, layout, pending)


def _with_days(row: Sequence[Any], positions: frozenset[int]) -> list[Any]:
    """The row with plain numbers of days counted as everybody else counts them."""
    low, high = _DAYS
    return [
        cell + FROM_1904 if i in positions and type(cell) in (int, float) and low <= cell <= high else cell
        for i, cell in enumerate(row)
    ]


def _block(batch: list[Sequence[Any]], start: int, layout: Layout, marks: list[CellMark]) -> Block:
    width = layout.width
    longest = max(map(len, batch), default=0)
    found = list(marks)
    if longest > width:
        wide = (i for i, r in enumerate(batch) if any(cell_text(c) and str(c).strip() for c in r[width:]))
        found += [(start + i, None, "row_too_wide", None) for i in wide]
    if batch and min(map(len, batch)) < width:
        batch = [[*r, *[None] * (width - len(r))] for r in batch]
    columns: list[tuple[Any, ...]] = list(zip(*batch, strict=False))[:width] if batch else [()] * width
    series = []
    for position, (name, column) in enumerate(zip(column_names(width), columns, strict=True)):
        kinds = set(map(type, column))
        series.append(column_text(name, column, kinds))
        if position in layout.code_positions and kinds & {float, int}:
            found += _number_marks(column, position, start)
    frame = pl.DataFrame(series, nan_to_null=False) if series else pl.DataFrame()
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all())) if frame.width else frame
    rows = pl.Series("row", np.arange(start, start + len(batch), dtype=np.uint32))
    return Block(frame.insert_column(0, rows), marks_frame(found))


def column_text(name: str, column: Sequence[Any], kinds: set[type]) -> pl.Series:
    """A column of cells as text; empty cells may still be ""."""
    if kinds <= {str, type(None)}:
        return pl.Series(name, column, dtype=pl.String)
    if bool in kinds:
        return pl.Series(name, [cell_text(v) for v in column], dtype=pl.String)
    distinct = {v: cell_text(v) for v in set(column)}
    return pl.Series(name, [distinct[v] for v in column], dtype=pl.String)


def _number_marks(column: Sequence[Any], position: int, start: int) -> Iterator[CellMark]:
    for i, value in enumerate(column):
        if type(value) in (float, int):
            text = cell_text(value) or ""
            lost = sum(map(str.isdigit, text)) > MOST_DIGITS and (type(value) is float or abs(value) > 2**53)
            yield start + i, position, "digits_lost" if lost else "number_cell", text


class FillDown:
    """Writes the value of a cell that was merged over several rows into all of them."""

    def __init__(self, merges: Sequence[Merge], first_row: int) -> None:
        self._merges = sorted((m for m in merges if m.bottom > m.top >= first_row), key=lambda m: m.top)
        self._open: list[tuple[Merge, Any]] = []

    def apply(self, batch: list[Sequence[Any]], start: int) -> list[Sequence[Any]]:
        """The rows from row number `start` on, filled."""
        if not self._merges and not self._open:
            return batch
        end, out = start + len(batch), [list(r) for r in batch]
        while self._merges and self._merges[0].top < end:
            merge = self._merges.pop(0)
            row = out[merge.top - start] if merge.top >= start else []
            self._open.append((merge, row[merge.left] if merge.left < len(row) else None))
        for merge, value in self._open:
            for number in range(max(merge.top + 1, start), min(merge.bottom + 1, end)):
                row = out[number - start]
                row.extend([None] * (merge.left + 1 - len(row)))
                row[merge.left] = value
        self._open = [(m, v) for m, v in self._open if m.bottom >= end]
        return list(out)
