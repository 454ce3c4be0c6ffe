"""What every reader gives: a table with a head to find the headings in, and blocks of rows as columns of text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from chengxin.intake.received import ANYTHING, MARKS_SCHEMA, Traits

CELL_MARKS = {"row": pl.UInt32, "position": pl.UInt32, "mark": pl.String, "detail": pl.String}
HEAD_ROWS = 40


@dataclass(frozen=True)
class HeadRow:
    """One of the first rows: the number the clerk sees, and its cells as text."""

    number: int
    cells: Sequence[str | None]


@dataclass(frozen=True)
class Layout:
    """What the reader must know once the headings are found: where data begin, how many columns, which hold codes or days."""

    first_row: int
    width: int
    code_positions: frozenset[int] = frozenset()
    date_positions: frozenset[int] = frozenset()


def unseen() -> Traits:
    """Nobody has looked."""
    return ANYTHING


@dataclass(frozen=True)
class Block:
    """Some rows. `frame`: `row` UInt32, String columns "0" … "width-1". `marks`: `CELL_MARKS`, position null = row.

    `look` tells what the rows may hold; it is called once, by whoever goes on with them.
    """

    frame: pl.DataFrame
    marks: pl.DataFrame
    look: Callable[[], Traits] = unseen


@dataclass(frozen=True)
class Merge:
    """A merged range: rows as the clerk sees them (from 1), columns from 0; all ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Facts:
    """What a reader knows about a table beside its cells."""

    hidden_rows: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)


class Table(Protocol):
    """One table of a file. `head` may be called before `blocks`; `done` is how many bytes of the file are behind us."""

    name: str
    encoding: str | None
    delimiter: str | None
    facts: Facts
    done: int

    def head(self) -> list[HeadRow]:
        """At most the first `HEAD_ROWS` rows."""

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """All rows from `layout.first_row` on, in order."""


def column_names(width: int) -> list[str]:
    """The names of the columns of a block."""
    return [str(i) for i in range(width)]


def empty_frame(width: int) -> pl.DataFrame:
    """A block's frame without rows."""
    return pl.DataFrame(schema={"row": pl.UInt32} | dict.fromkeys(column_names(width), pl.String))


def no_marks() -> pl.DataFrame:
    """A block's marks, none."""
    return pl.DataFrame(schema=CELL_MARKS)


def marks_frame(marks: Sequence[tuple[int, int | None, str, str | None]]) -> pl.DataFrame:
    """Marks (row, position, mark, detail) as a frame."""
    return pl.DataFrame(marks, schema=CELL_MARKS, orient="row") if marks else no_marks()


def no_field_marks() -> pl.DataFrame:
    """Marks by field, none."""
    return pl.DataFrame(schema=MARKS_SCHEMA)
