"""Read one file, here and now: kind, tables, headings, chunks. `receive` does the same in a capped child process."""

import errno
import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from chengxin.intake import headings
from chengxin.intake.again import BEYOND, Again
from chengxin.intake.archive import members, named
from chengxin.intake.chunks import CODE_KINDS, Shape
from chengxin.intake.columns import Columns, choose, listed
from chengxin.intake.hiding import hide_in
from chengxin.intake.identity import IdentityFields
from chengxin.intake.kind import kind_of, told_by_name
from chengxin.intake.received import Chunk, Event, Note, Order, Progress
from chengxin.intake.rows import RowRules
from chengxin.intake.table import Block, HeadRow, Layout, Table, column_names, empty_frame, no_field_marks
from chengxin.intake.tables import STREAMED, tables_of
from chengxin.intake.task import Task, task_from
from chengxin.standards.load import Catalogue
from chengxin.values.errors import Refused

_HIDDEN = {"ask": "hidden-rows-asked", "skip": "hidden-rows-skipped", "read": "hidden-rows-read"}
# Columns beside the last that a stray cell may stand in and still be handed back.
SPARE_COLUMNS = 8
_WARN = frozenset({"big5", "nul-bytes"})


def read_here(path: Path, order: Order, catalogue: Catalogue | None = None) -> Iterator[Event]:
    """Parts, notes, progress and chunks of a file, read in this process: for tests, engines and benchmarks.

    Raises Refused if the file can't be used, at once or on the way.
    """
    yield from events(task_from(path, order, catalogue))


def events(task: Task) -> Iterator[Event]:
    """The same for a task. Whatever a file does to a reader, what leaves here is a Refused with a sentence."""
    try:
        yield from _events(task)
    except Refused:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of a reader in another language is no Exception
        if os.environ.get("CHENGXIN_DEBUG"):
            traceback.print_exc()
        if for_want_of_memory(error):
            raise task.refuse("too-much", name=task.path.name) from error
        raise task.refuse("unreadable", name=task.path.name, reason=type(error).__name__) from error


def for_want_of_memory(error: BaseException) -> bool:
    """True if that is why something fell. Memory runs out in several ways, one of them as a thread that can't be started."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError | RecursionError) or "start new thread" in str(error)


def _events(task: Task) -> Iterator[Event]:
    kind = kind_of(task.path, task)
    _bounded(task, kind)
    if not told_by_name(task.path, kind):
        yield task.note("wrong-extension", name=task.path.name, kind=kind)
    reader = _Reader(task)
    if kind != "zip":
        yield from reader.file(task, kind, "")
    else:
        count = 0
        for member in members(task):
            reader.behind = member.done
            try:
                yield from reader.file(member.task, member.kind, member.name)
            except Refused as refused:
                raise named(refused, member.name) from refused
            count += 1
        if not count:
            raise task.refuse("zip-empty", name=task.path.name)
    yield from reader.end()


def _bounded(task: Task, kind: str) -> None:
    size = task.path.stat().st_size
    bound = task.bounds.streamed_upload if kind in STREAMED else task.bounds.upload
    if size > bound:
        raise task.refuse("too-big", name=task.path.name, size=_megabytes(size), bound=_megabytes(bound))


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MB"


@dataclass
class _Reader:
    """Reads the tables of one file or of the members of one zip, and remembers what there was."""

    task: Task
    known: headings.Known = field(init=False)
    parts: int = 0
    rows: int = 0
    left_out: int = 0
    behind: int = 0
    names: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)  # sheets that nobody sees, and that were not read

    def __post_init__(self) -> None:
        self.known = headings.Known(self.task.resource, self.task.order.mapping)

    def file(self, task: Task, kind: str, name: str) -> Iterator[Event]:
        """All tables of one file; `name` is the member's name inside a zip."""
        passed_over: list[Note] = []
        for table in tables_of(kind, task, self.known):
            part = self._named(name, table.name)
            rows = table.head()
            found = headings.find(self.known, [r.cells for r in rows])
            yield from self._told(table, part)
            if found is None:
                if any(any(r.cells) for r in rows):
                    passed_over.append(task.note("part-passed-over", "warn", part, table=part or task.path.name))
                continue
            columns = choose(found, rows, task, part)
            yield columns.part(part, rows, table.encoding, table.delimiter, task.resource)
            yield from columns.notes
            self.parts += 1
            first_row = rows[found.last_row].number + 1
            yield from self._told_of_rows(table, part, first_row, columns)
            if task.grid:
                yield from _grid(table, part, rows, columns, task)
                continue
            yield from self._rows(task, table, kind, columns, Place(part, first_row))
        yield from passed_over

    def _named(self, *names: str) -> str:
        """The name of a part as it is told from here on: identity numbers in it are hidden, and it is like no other."""
        hidden = hide_in("/".join(filter(None, names)), "text", self.task.order.day)
        name, count = hidden, 1
        while name in self.names:
            count += 1
            name = f"{hidden}_{count}"
        self.names.add(name)
        return name

    def _told(self, table: Table, part: str) -> Iterator[Note]:
        for code, given in table.facts.notes:
            if code == "hidden-sheets":
                self.hidden.append(str(given["sheets"]))
            yield self.task.note(code, "warn" if code in _WARN else "note", part, None, **given)

    def _told_of_rows(self, table: Table, part: str, first_row: int, columns: Columns) -> Iterator[Note]:
        hidden = sorted(r for r in table.facts.hidden_rows if r >= first_row)
        if hidden:
            asked = self.task.order.hidden == "ask"
            code = _HIDDEN[self.task.order.hidden]
            given = {"rows": listed(hidden), "count": len(hidden)}
            yield self.task.note(code, "ask" if asked else "note", part, hidden[0], **given)
        merged = [m for m in table.facts.merges if m.bottom > m.top >= first_row and m.left < columns.width]
        if merged:
            count = sum(m.bottom - m.top + 1 for m in merged)
            yield self.task.note("merged-filled", "note", part, merged[0].top, count=count)

    def _rows(self, task: Task, table: Table, kind: str, columns: Columns, place: "Place") -> Iterator[Event]:
        resource, order = task.resource, task.order
        codes = frozenset(h.position for h in columns.kept if h.field and resource.by_name[h.field].kind in CODE_KINDS)
        layout = Layout(place.first_row, columns.width, codes, columns.dates(resource))
        rules = RowRules.of(task.words, columns.all, order.hidden, table.facts)
        identities = IdentityFields.of(resource, task.papers, order.token_key, order.day)
        shape = Shape(task, place.part, columns.kept, rules, identities, Again.of(columns.all))
        bound = task.bounds.streamed_rows if kind in STREAMED else task.bounds.rows
        before, total = self.rows, self.task.path.stat().st_size
        for chunk in shape.chunks(table, layout):
            self.rows += chunk.frame.height
            self.left_out += chunk.marks.height
            if bound is not None and self.rows - before > bound:
                raise task.refuse("too-many-rows", table=place.part or task.path.name, bound=f"{bound:,}")
            yield chunk
            done = self.behind if task.path != self.task.path else table.done
            yield Progress(min(done, total), total, self.rows)

    def end(self) -> Iterator[Event]:
        """What can only be said at the end."""
        resource = self.task.resource
        if not self.parts:
            expected = [f.title for f in resource.fields if not f.extension]
            said = {"resource": resource.title.zh, "resource_en": resource.title.en, "expected": "、".join(expected)}
            if self.hidden:
                raise self.task.refuse("no-headings-but-hidden", **said, sheets="、".join(self.hidden))
            raise self.task.refuse("no-headings", **said)
        if not self.rows and not self.left_out and not self.task.grid:
            raise self.task.refuse("no-rows", name=self.task.path.name)
        total = self.task.path.stat().st_size
        yield Progress(total, total, self.rows)


def _grid(table: Table, part: str, rows: list[HeadRow], columns: Columns, task: Task) -> Iterator[Event]:
    """The table as it is: every row from the first on, every column by its position."""
    most = task.bounds.columns
    width = min(max(len(columns.all), *(len(r.cells) for r in rows)) + SPARE_COLUMNS, most)
    if rows[0].number == 0:  # names above the first record: JSON Lines, Parquet
        names = dict(zip(column_names(width), [*rows[0].cells, *[None] * width], strict=False))
        yield Chunk(
            part,
            empty_frame(width).vstack(pl.DataFrame([{"row": 0} | names], empty_frame(width).schema)),
            no_field_marks(),
        )
    for block in table.blocks(Layout(rows[0].number or 1, width, date_positions=columns.dates(task.resource))):
        yield Chunk(part, _with_errors(block), _hidden_in(block.frame, table))


def _hidden_in(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Marks for the rows that are hidden, so that they are handed back hidden."""
    rows = frame.select("row").filter(pl.col("row").is_in(list(table.facts.hidden_rows)))
    return no_field_marks().vstack(
        rows.select("row", field=pl.lit(None, pl.String), mark=pl.lit("row_hidden"), detail=pl.lit(None, pl.String))
    )


def _with_errors(block: Block) -> pl.DataFrame:
    """The frame with what its sender saw and no cell holds: errors (#N/A), structures ({…}), and that more stands further
    right. Handed back as blanks they would be gone unnoticed."""
    frame, marks = block.frame, block.marks
    errors = marks.filter((pl.col("mark") == "cell_error") & pl.col("detail").is_not_null())
    wide = marks.filter(pl.col("mark") == "row_too_wide").select("row", position=frame.width - 2, detail=pl.lit(BEYOND))
    for (position,), group in pl.concat([errors.select(wide.columns), wide], how="vertical_relaxed").group_by(
        "position"
    ):
        seen = dict(group.select("row", "detail").iter_rows())
        cell = pl.col(str(position))
        text = pl.col("row").replace_strict(seen, default=cell, return_dtype=pl.String)
        frame = frame.with_columns(
            pl.when(cell.is_null() | (text != BEYOND)).then(text).otherwise(cell).alias(str(position))
        )
    return frame


@dataclass(frozen=True)
class Place:
    """Where the rows of a table are: its part, and the first row of data."""

    part: str
    first_row: int
