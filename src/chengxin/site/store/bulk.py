"""Frames in and out of the database, set by set: COPY on PostgreSQL, steps of rows on SQLite.

Binary columns hold bytes, uuids are 32 hexadecimal digits, days are days. Nothing here commits.
"""

import contextlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import polars as pl
import psycopg
from django.db import connection, transaction
from django.db.models import Model
from typing_extensions import Buffer

Schema = Mapping[str, pl.DataType | type[pl.DataType]]
STEP = 200_000  # rows that SQLite writes before it lets others write
_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
PLAIN_KEY = "^[0-9A-Za-z_-]+$"
_ESCAPES = {
    "\\\\": "\0",
    "\\b": "\b",
    "\\f": "\f",
    "\\n": "\n",
    "\\r": "\r",
    "\\t": "\t",
    "\\v": "\v",
}  # of COPY's text form, in this order
_PIECE = 50_000  # rows handed to COPY at a time


def on_postgres() -> bool:
    """True if the site's database is PostgreSQL."""
    return connection.vendor == "postgresql"


def pieces(frame: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The frame in pieces of at most `rows`."""
    return (frame.slice(start, rows) for start in range(0, frame.height, rows))


def put_rows(table: type[Model] | str, frame: pl.DataFrame) -> None:
    """Add the rows of `frame`, whose columns are columns of the table."""
    name = table if isinstance(table, str) else table._meta.db_table
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    if on_postgres():
        with connection.cursor() as cursor, cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
            for piece in pieces(frame, _PIECE):
                copy.write(_as_csv(piece))
        return
    marks = ", ".join(["%s"] * frame.width)
    plain = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(plain.iter_rows()))  # noqa: S608 - names of ours


def _as_csv(frame: pl.DataFrame) -> bytes:
    binary = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    hexed = [pl.concat_str(pl.lit("\\x"), pl.col(name).bin.encode("hex")).alias(name) for name in binary]
    stream = io.BytesIO()
    frame.with_columns(hexed).write_csv(stream, include_header=False)
    return stream.getvalue()


def rows_where(sql: str, schema: Schema, values: Sequence[str | int] = ()) -> pl.DataFrame:
    """The answer to a query as a frame of `schema`, which names its columns in order."""
    if on_postgres():
        return _copied(sql, schema, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    columns = list(zip(*found, strict=True)) if found else [()] * len(schema)
    return pl.DataFrame([_series(n, c, t) for (n, t), c in zip(schema.items(), columns, strict=True)])


def one_ahead(after: Callable[[pl.DataFrame | None], pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Parts of an answer until one is empty, each asked for with the part before it.

    On PostgreSQL the next part is fetched, on a connection of its own, while the caller works at this one.
    """
    if not on_postgres():
        part = after(None)
        while not part.is_empty():
            yield part
            part = after(part)
        return
    with ThreadPoolExecutor(1) as ahead:
        try:
            coming = ahead.submit(after, None)
            while not (part := coming.result()).is_empty():
                coming = ahead.submit(after, part)
                yield part
        finally:
            ahead.submit(_close_here)


def _close_here() -> None:
    connection.close()  # looked up in the thread that calls: each has its own


def few_where(sql: str, schema: Schema, values: Sequence[str | int] = ()) -> list[dict[str, Any]]:
    """`rows_where` for the few rows of a page, as plain values: a frame costs more than they do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        makers = [_PLAIN_VALUES.get(dtype, _as_is) for dtype in schema.values()]
        return [
            {name: make(value) for name, make, value in zip(schema, makers, row, strict=True)}
            for row in cursor.fetchall()
        ]


def one_trip(sql: str, schema: Schema, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """`few_where` for a statement that is asked over and over in the same words: PostgreSQL prepares it once."""
    if not on_postgres():
        return few_where(sql, schema, values)
    makers = [_PLAIN_VALUES.get(dtype, _as_is) for dtype in schema.values()]
    with _prepared(sql, values) as cursor:
        return [
            {name: make(value) for name, make, value in zip(schema, makers, row, strict=True)}
            for row in cursor.fetchall()
        ]


def moment(at: datetime) -> Any:
    """A moment as the database keeps it, for statements that Django does not make."""
    return connection.ops.adapt_datetimefield_value(at)


def write_together(*inserts: tuple[str, Sequence[Any]]) -> None:
    """Several INSERTs (SQL, values) that stand or fall together, durable when this returns unless a transaction is open."""
    if not on_postgres():
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in inserts:
                cursor.execute(sql, values)
        return
    *first, (last, _) = inserts
    parts = ", ".join(f"w{place} AS ({sql})" for place, (sql, _) in enumerate(first))
    with _prepared(f"WITH {parts} {last}" if first else last, [v for _, values in inserts for v in values]):
        return


@contextlib.contextmanager
def _prepared(sql: str, values: Sequence[Any]) -> Iterator[psycopg.RawCursor[Any]]:
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(_numbered(sql), values, binary=True)
        yield cursor


@lru_cache(maxsize=512)
def _numbered(sql: str) -> bytes:
    """A statement with $1, $2 … for each `%s`: what the driver would do anew each time for a long one."""
    first, *rest = sql.split("%s")
    return (first + "".join(f"${place}{part}" for place, part in enumerate(rest, 1))).encode()


def _as_is(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value


_PLAIN_VALUES: dict[Any, Callable[[Any], Any]] = {
    pl.Date: lambda v: date.fromisoformat(v) if isinstance(v, str) else v,
    pl.Boolean: lambda v: None if v is None else bool(v),
    pl.Binary: lambda v: None if v is None else bytes(v),
}


def _copied(sql: str, schema: Schema, values: Sequence[str | int]) -> pl.DataFrame:
    """A query's answer in COPY's text form, which reads many times faster than row by row.

    No cell of it is quoted: a text is as long as it is and is found by its tab. A line of nothing would be passed over, so
    there is a cell more where there is but one.
    """
    asked = sql if len(schema) > 1 else f"SELECT q.*, 1 FROM ({sql}) q"  # noqa: S608 - what is wrapped is ours
    with connection.cursor() as cursor, cursor.copy(f"COPY ({asked}) TO STDOUT", list(values)) as copy:
        data = b"".join(copy)
    if not data:
        return pl.DataFrame(schema=schema)
    text = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        schema=dict.fromkeys((*schema, *(("_more",) if len(schema) == 1 else ())), pl.String),
        separator="\t",
        quote_char=None,
        null_values="\\N",
        empty_string_is_null=False,
    )
    # Looked at once for all columns: which hold an escape, and which begin with a uuid. Long texts are not gone through.
    escaped = text.select(pl.all().str.contains("\\", literal=True).any()).row(0, named=True)
    first = text.select(pl.all().drop_nulls().first()).row(0, named=True)
    return text.select(
        _typed(name, dtype, bool(escaped[name]), bool(re.fullmatch(_UUID, first[name] or "")))
        for name, dtype in schema.items()
    )


def _typed(name: str, dtype: pl.DataType | type[pl.DataType], escaped: bool, uuid: bool) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:
        plain = _unescaped(column) if escaped else column
        digits = plain.str.replace_all("-", "", literal=True)
        return pl.when(plain.str.contains(_UUID)).then(digits).otherwise(plain).alias(name) if uuid else plain
    if dtype == pl.Binary:
        return column.str.slice(3).str.decode("hex")  # \\x…
    if dtype == pl.Boolean:
        return column == "t"
    return column.str.to_date("%Y-%m-%d") if dtype == pl.Date else column.cast(dtype)


def _unescaped(column: pl.Expr) -> pl.Expr:
    """Texts as they were before COPY escaped them. None holds the zero character, which stands for a backslash meanwhile."""
    for escaped, meant in _ESCAPES.items():
        column = column.str.replace_all(escaped, meant, literal=True)
    return column.str.replace_all("\0", "\\", literal=True)


def _series(name: str, values: Sequence[object], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """What a driver gives, as one column: uuids as digits, days as days, SQLite's numbers as truths."""
    if dtype == pl.String:
        values = [v.hex if isinstance(v, UUID) else v for v in values]
    elif dtype == pl.Binary:
        values = [None if v is None else bytes(cast(Buffer, v)) for v in values]
    elif dtype == pl.Boolean:
        values = [None if v is None else bool(v) for v in values]
    elif dtype == pl.Date and values and any(isinstance(v, str) for v in values):
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
    return pl.Series(name, values, dtype=dtype)


def tell_planner() -> None:
    """Let the database count anew what is looked up, so that it plans for what is there now."""
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(
                "ANALYZE store_record (key, until), store_identifier (value, until), store_subjectfact (subject, until), "
                "store_subject (id), store_event (about), store_namegram (gram)"
            )
        else:
            cursor.execute("ANALYZE")


def chosen(keys: pl.Series, kind: str) -> str:
    """A table expression with the distinct `keys` as its column `key`, to be joined with under an alias.

    `kind`: uuid or text. On PostgreSQL a list in the statement, which its planner can count; on SQLite a temporary table,
    emptied by the next call. Raises ValueError for a key that is no code, token or id.
    """
    wanted = keys.drop_nulls().unique()
    if on_postgres():
        if not wanted.str.contains(PLAIN_KEY).all():
            raise ValueError("only codes, tokens and ids can be looked up")
        return f"(SELECT unnest('{{{','.join(wanted.to_list())}}}'::{kind}[]) AS key)"
    name = f"chosen_{kind}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} (key text PRIMARY KEY)")
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of ours
    put_rows(name, wanted.to_frame("key"))
    with connection.cursor() as cursor:
        # Not counted it is thought to be large, and the planner goes through the other side.
        cursor.execute(f"ANALYZE temp.{name}")
    return name
