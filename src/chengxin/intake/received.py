"""What receiving a file gives: a receipt, the parts that were found, notes about the whole, and chunks of rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from chengxin.values.errors import Said

Kind = Literal["csv", "xlsx", "xls", "html", "jsonl", "parquet", "zip"]
How = Literal["code", "title", "alias", "misspelling", "mapped", "unknown"]
Hidden = Literal["ask", "read", "skip"]

MEGABYTE = 1 << 20

CHUNK_ROWS = 65_536
MARKS_SCHEMA = {"row": pl.UInt32, "field": pl.String, "mark": pl.String, "detail": pl.String}


@dataclass(frozen=True)
class Receipt:
    """What arrived: its name, size in bytes, SHA-256 (hex) and kind, the kind told from the content."""

    name: str
    size: int
    sha256: str
    kind: str


@dataclass(frozen=True)
class Heading:
    """One column of the clerk's sheet. `field` is None for a column we don't know; such a column is not kept."""

    position: int
    text: str
    field: str | None
    how: How
    unit: Literal["yuan"] | None = None


@dataclass(frozen=True)
class Part:
    """One table: a plain file (name ''), a sheet, or `member.xlsx/Sheet1` inside a zip. `missing`: required, absent."""

    name: str
    headings: tuple[Heading, ...]
    heading_row: int
    missing: tuple[str, ...]
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Note:
    """Something told about the file as a whole. `ask` needs an answer of the clerk before the file can be sent."""

    code: str
    said: Said
    severity: Literal["note", "warn", "ask"]
    part: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far reading has come: bytes of the file, of how many, rows handed over, and findings where they are counted."""

    done: int
    total: int
    rows: int = 0
    findings: int = 0


@dataclass(frozen=True)
class Traits:
    """What some rows may hold; what is false stands in no cell of them. Nobody having looked, anything may be there."""

    odd: bool = True  # invisible, private-use or replaced characters, a hidden identity number
    loose: bool = True  # spaces at an end of a cell
    numbers: bool = True  # fourteen digits in a row
    errors: bool = True  # a cell that begins with #


ANYTHING = Traits()


@dataclass(frozen=True)
class Chunk:
    """Some rows of one part: `frame` (row UInt32, one String column a field) and sparse `marks` (`MARKS_SCHEMA`)."""

    part: str
    frame: pl.DataFrame
    marks: pl.DataFrame
    traits: Traits = ANYTHING


@dataclass(frozen=True)
class Bounds:
    """How much of anything is read before it is refused (trust 6.4). Sizes in bytes, CPU in seconds."""

    upload: int = 50 * MEGABYTE
    unpacked: int = 500 * MEGABYTE
    ratio: int = 100
    members: int = 1_000
    depth: int = 1
    rows: int = 1_048_576
    streamed_rows: int | None = 1_048_576
    columns: int = 512
    cell: int = 32 * 1024
    row: int = 256 * 1024
    json_depth: int = 32
    memory: int = 1024 * MEGABYTE
    cpu: int = 120
    streamed_upload: int = 50 * MEGABYTE

    @classmethod
    def command_line(cls) -> "Bounds":
        """For the officer's own machine: text, JSON Lines and Parquet up to 20 GB, streamed.

        Memory is bounded as address space, of which allocators keep half as much again over hundreds of blocks.
        """
        return cls(streamed_upload=20 * 1024 * MEGABYTE, streamed_rows=None, memory=1536 * MEGABYTE)


@dataclass(frozen=True)
class Order:
    """What to read a file as. `mapping`: the clerk's heading → field code, remembered per authority."""

    resource: str
    day: date
    mapping: Mapping[str, str] = field(default_factory=dict)
    hidden: Hidden = "ask"
    token_key: bytes = b""
    bounds: Bounds = Bounds()
    catalogue_root: Path | None = None


@dataclass(frozen=True)
class Result:
    """What work on the rows came to, as JSON: the last event of a file that went through such work."""

    body: str


@dataclass(frozen=True)
class Question:
    """What work on the rows asks of whoever has the file read, by name; a frame answers it."""

    about: dict[str, list[str]]


Event = Part | Note | Progress | Chunk | Result
Ask = Callable[[Question], pl.DataFrame]


class Through(Protocol):
    """Work on the rows of a file, done where the file is read, in the capped process: it takes the chunks out of the events
    and ends with a `Result`. It can be pickled, and is our own code, so that its faults are faults and no refusals."""

    def __call__(self, events: Iterator[Event], ask: Ask) -> Iterator[Event]:
        """The events without chunks, in order, and the result. `ask`: of the process that has the file read."""


class Received(Protocol):
    """A file that is being received. `parts`, `notes` and `progress` grow while `chunks` is consumed."""

    @property
    def receipt(self) -> Receipt:
        """The receipt; waits until the digest is ready."""

    @property
    def parts(self) -> list[Part]:
        """The tables found so far; the first is there before the first chunk."""

    @property
    def notes(self) -> list[Note]:
        """What was told so far about the file as a whole."""

    @property
    def progress(self) -> Progress:
        """How far reading has come."""

    def chunks(self) -> Iterator[Chunk]:
        """The rows, each once; may be called once. Raises Refused if the rest can't be used."""

    def result(self, tell: Callable[[Progress], None] | None = None) -> str:
        """What the work came to that the file was sent through (JSON). Raises Refused if the file can't be used."""
