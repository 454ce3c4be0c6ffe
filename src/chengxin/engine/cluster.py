"""Hand a function on frames to Spark, unchanged: rows in Arrow batches, or all rows of a subject together.

Spark is an extra (`pip install chengxin[cluster]`) and needs Java. What it needs differently stands here and nowhere
else: Arrow strings are `string`, not `large_string`, and workers run the environment's own Python.
"""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

Frames = Callable[[pl.DataFrame], pl.DataFrame]


def _plain(table: pa.Table) -> pa.Table:
    """Arrow types that Spark reads: string instead of large_string or string_view."""
    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_large_string(kind) or str(kind) == "string_view":
            kind = pa.string()
        elif pa.types.is_unsigned_integer(kind):
            kind = pa.int64()
        fields.append(pa.field(field.name, kind))
    return table.cast(pa.schema(fields))


def _schema_of(function: Frames, like: pl.DataFrame) -> Any:
    return from_arrow_schema(_plain(function(like.clear()).to_arrow()).schema)


def map_rows(frame: DataFrame, function: Frames, like: pl.DataFrame) -> DataFrame:
    """Row work: `function` on every Arrow batch. `like` is an empty Polars frame with the input's columns."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            given = pl.DataFrame(pl.from_arrow(batch)).cast(dict(like.schema))
            yield from _plain(function(given).to_arrow()).to_batches()

    return frame.mapInArrow(run, _schema_of(function, like))


def map_subjects(frame: DataFrame, by: str, function: Frames, like: pl.DataFrame) -> DataFrame:
    """The rest: `function` on all rows that share the value of column `by`."""

    def run(table: pa.Table) -> pa.Table:
        given = pl.DataFrame(pl.from_arrow(table)).cast(dict(like.schema))
        return _plain(function(given).to_arrow())

    return frame.groupBy(by).applyInArrow(run, _schema_of(function, like))
