"""Parquet files by Polars, in slices; every type of column becomes text, what can't is marked."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from chengxin.intake.grid import number_text
from chengxin.intake.received import CHUNK_ROWS
from chengxin.intake.table import Block, Facts, HeadRow, Layout, column_names, no_marks
from chengxin.intake.task import Task

_NO_TEXT = (pl.List, pl.Array, pl.Struct, pl.Object, pl.Duration)
_MOST_EXACT = 2**53


class ParquetTable:
    """A Parquet file; the row number is the place of the record, from 1."""

    name = ""
    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, task: Task) -> None:
        self._task = task
        self.facts = Facts()
        self.done = 0
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            self._names = self._frame.collect_schema().names()
            self._height = int(self._frame.select(pl.len()).collect().item())
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise task.refuse("unreadable", name=task.path.name, reason=type(error).__name__) from error
        bound = task.bounds.streamed_rows
        if bound is not None and self._height > bound:  # thirty million equal rows take a few bytes each column
            raise task.refuse("too-many-rows", table=task.path.name, bound=f"{bound:,}")

    def head(self) -> list[HeadRow]:
        """The names of the columns, as a row above the first."""
        return [HeadRow(0, self._names)]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """The records."""
        names = self._names[: layout.width]
        number, size = 0, self._task.path.stat().st_size
        try:
            for batch in self._frame.select(names).collect_batches(chunk_size=CHUNK_ROWS, maintain_order=True):
                yield _block(batch, number, layout)
                number += batch.height
                self.done = int(size * number / max(1, self._height))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise self._task.refuse("unreadable", name=self._task.path.name, reason=type(error).__name__) from error


def _block(batch: pl.DataFrame, number: int, layout: Layout) -> Block:
    rows = pl.int_range(number + 1, number + batch.height + 1, dtype=pl.UInt32, eager=True).alias("row")
    texts, marks = [], [no_marks()]
    for position, (name, column) in enumerate(zip(column_names(layout.width), batch.get_columns(), strict=False)):
        text = as_text(column)
        texts.append(text.alias(name))
        marks.append(_marks(rows, column, text, position, layout))
    nothing = [pl.lit(None, pl.String).alias(n) for n in column_names(layout.width)[len(texts) :]]
    frame = pl.DataFrame([rows, *texts]).with_columns(nothing)
    empty = pl.when(pl.exclude("row") != "").then(pl.exclude("row"))
    return Block(frame.with_columns(empty), pl.concat(marks))


def as_text(column: pl.Series) -> pl.Series:
    """A column of any type as text; what has no text (lists, structures, undecodable bytes) becomes null."""
    kind = column.dtype
    if kind == pl.String:
        return column
    if kind.is_float() or kind.is_decimal():
        distinct = column.unique().drop_nulls()
        texts = [number_text(v) if isinstance(v, float) else _decimal_text(str(v)) for v in distinct]
        return column.replace_strict(distinct, pl.Series(texts, dtype=pl.String), default=None, return_dtype=pl.String)
    if isinstance(kind, pl.Datetime):
        local = column.dt.convert_time_zone("Asia/Shanghai") if kind.time_zone else column
        return local.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if kind == pl.Binary:
        return pl.Series(column.name, [_decoded(v) for v in column], dtype=pl.String)
    if kind not in _NO_TEXT:
        with contextlib.suppress(pl.exceptions.InvalidOperationError):  # types that there may be yet
            return column.cast(pl.String, strict=False)
    return pl.Series(column.name, [None] * len(column), dtype=pl.String)


def _decoded(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None


def _decimal_text(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _marks(rows: pl.Series, column: pl.Series, text: pl.Series, position: int, layout: Layout) -> pl.DataFrame:
    """Numbers in columns that hold codes, and values that have no text."""
    lost_value = column.is_not_null() & text.is_null()
    if lost_value.any():
        if column.dtype == pl.Binary:
            return _cells(rows.filter(lost_value), None, pl.lit("bytes_undecodable"), pl.lit(None, pl.String))
        return _cells(rows.filter(lost_value), position, pl.lit("cell_error"), pl.lit("[…]"))
    if position not in layout.code_positions or not column.dtype.is_numeric():
        return no_marks()
    filled = column.is_not_null()
    numbers, texts = column.filter(filled), text.filter(filled)
    lost = (
        (texts.str.count_matches("[0-9]") > 15)
        & (numbers.cast(pl.Float64).abs() > _MOST_EXACT)
        & column.dtype.is_float()
    )
    marks = pl.select(pl.when(lost).then(pl.lit("digits_lost")).otherwise(pl.lit("number_cell"))).to_series()
    return _cells(rows.filter(filled), position, marks, texts)


def _cells(
    rows: pl.Series, position: int | None, mark: pl.Expr | pl.Series, detail: pl.Expr | pl.Series
) -> pl.DataFrame:
    frame = pl.DataFrame({"row": rows})
    return frame.select(
        "row",
        pl.lit(position, pl.UInt32).alias("position"),
        (pl.lit(mark) if isinstance(mark, pl.Series) else mark).alias("mark"),
        (pl.lit(detail) if isinstance(detail, pl.Series) else detail).alias("detail"),
    )
