"""Hand a function on frames to Spark, unchanged: rows in Arrow batches, or all rows of a subject together.

Spark is an extra (`pip install chengxin[cluster]`) and needs Java 17 or later. What it needs differently stands here
and nowhere else: Arrow strings are `string`, not `large_string`; Spark has no unsigned numbers, so 64-bit hashes travel as
the signed number of the same bits.
"""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

Frames = Callable[[pl.DataFrame], pl.DataFrame]


def _outward(frame: pl.DataFrame) -> pa.Table:
    """A frame as an Arrow table of types that Spark reads."""
    hashes = [name for name, kind in frame.schema.items() if kind == pl.UInt64]
    table = frame.with_columns(pl.col(hashes).reinterpret(signed=True)).to_arrow()
    return table.cast(pa.schema([pa.field(f.name, _spark_type(f.type)) for f in table.schema]))


def _spark_type(kind: Any) -> Any:
    if pa.types.is_large_string(kind) or str(kind) == "string_view":
        return pa.string()
    return pa.int64() if pa.types.is_unsigned_integer(kind) else kind


def _inward(table: pa.Table | pa.RecordBatch, like: pl.DataFrame) -> pl.DataFrame:
    """What Spark hands over as a frame with the columns and types of `like`."""
    frame = pl.DataFrame(pl.from_arrow(table))
    columns = [
        pl.col(name).reinterpret(signed=False) if kind == pl.UInt64 else pl.col(name).cast(kind)
        for name, kind in like.schema.items()
    ]
    return frame.select(columns)


def _schema_of(function: Frames, like: pl.DataFrame) -> Any:
    return from_arrow_schema(_outward(function(like.clear())).schema)


def spread(session: SparkSession, frame: pl.DataFrame) -> DataFrame:
    """A local frame as a Spark frame."""
    return session.createDataFrame(_outward(frame))


def gather(frame: DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """A Spark frame as a local one with the columns and types of `like`; the order of rows is any."""
    return _inward(frame.toArrow(), like)


def map_rows(frame: DataFrame, function: Frames, like: pl.DataFrame) -> DataFrame:
    """Row work: `function` on every Arrow batch. `like` is an empty Polars frame with the input's columns."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from _outward(function(_inward(batch, like))).to_batches()

    return frame.mapInArrow(run, _schema_of(function, like))


def map_subjects(frame: DataFrame, by: str, function: Frames, like: pl.DataFrame) -> DataFrame:
    """The rest: `function` on all rows that share the value of column `by` (rows without one share the null)."""

    def run(table: pa.Table) -> pa.Table:
        return _outward(function(_inward(table, like)))

    return frame.groupBy(by).applyInArrow(run, _schema_of(function, like))
