"""Read one file, here and now: kind, tables, headings, chunks. `receive` does the same in a capped child process."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chengxin.intake import headings
from chengxin.intake.archive import members
from chengxin.intake.chunks import CODE_KINDS, Shape
from chengxin.intake.columns import Columns, choose
from chengxin.intake.identity import IdentityFields
from chengxin.intake.kind import kind_of, told_by_name
from chengxin.intake.received import Event, Note, Order, Part, Progress
from chengxin.intake.rows import RowRules
from chengxin.intake.table import Layout, Table
from chengxin.intake.tables import tables_of
from chengxin.intake.task import Task, task_from


def read_here(path: Path, order: Order) -> Iterator[Event]:
    """Parts, notes, progress and chunks of a file, read in this process: for tests, engines and benchmarks.

    Raises Refused if the file can't be used, at once or on the way.
    """
    yield from events(task_from(path, order))


def events(task: Task) -> Iterator[Event]:
    """The same for a task."""
    kind = kind_of(task.path, task)
    _bounded(task, kind)
    if not told_by_name(task.path, kind):
        yield task.note("wrong-extension", name=task.path.name, kind=kind)
    reader = _Reader(task)
    if kind == "zip":
        for member in members(task):
            yield from reader.file(member.path, member.kind, member.name)
    else:
        yield from reader.file(task.path, kind, "")
    yield from reader.end()


def _bounded(task: Task, kind: str) -> None:
    size = task.path.stat().st_size
    bound = task.bounds.streamed_upload if kind in ("csv", "jsonl", "parquet") else task.bounds.upload
    if size > bound:
        raise task.refuse("too-big", name=task.path.name, size=_megabytes(size), bound=_megabytes(bound))


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MB"


@dataclass
class _Reader:
    task: Task
    known: headings.Known = field(init=False)
    parts: int = 0
    rows: int = 0
    left_out: int = 0
    expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = headings.Known(self.task.resource, self.task.order.mapping)

    def file(self, path: Path, kind: str, name: str) -> Iterator[Event]:
        """All tables of one file; `name` is the member's name inside a zip."""
        passed_over: list[Note] = []
        for table in tables_of(path, kind, name, self.task, self.known):
            part = "/".join(filter(None, (name, table.name)))
            rows = table.head()
            found = headings.find(self.known, [r.cells for r in rows])
            yield from self._told(table, part)
            if found is None:
                if any(r.cells for r in rows):
                    passed_over.append(self.task.note("part-passed-over", "warn", part, part=part or path.name))
                continue
            columns = choose(found, rows, self.task, part)
            yield columns.part(part, rows, table.encoding, table.delimiter, self.task.resource)
            yield from columns.notes
            self.parts += 1
            yield from self._rows(table, part, columns, rows[found.last_row].number + 1)
        yield from passed_over

    def _told(self, table: Table, part: str) -> Iterator[Note]:
        severe = {"hidden-rows-asked": "ask", "big5": "warn", "nul-bytes": "warn", "encoding-mixed": "warn"}
        for code, given in table.facts.notes:
            severity = severe.get(code, "note")
            yield self.task.note(code, severity, part, **given)  # type: ignore[arg-type]

    def _rows(self, table: Table, part: str, columns: Columns, first_row: int) -> Iterator[Event]:
        resource, order = self.task.resource, self.task.order
        codes = frozenset(
            h.position for h in columns.kept if h.field and resource.by_name[h.field].kind in CODE_KINDS
        )
        layout = Layout(first_row, columns.width, codes)
        rules = RowRules.of(self.task.words, columns.kept, order.hidden, table.facts)
        identities = IdentityFields.of(resource, self.task.papers, order.token_key, order.day)
        shape = Shape(self.task, part, columns.kept, rules, identities)
        total = self.task.path.stat().st_size
        for chunk in shape.chunks(table, layout):
            self.rows += chunk.frame.height
            self.left_out += chunk.marks.height
            yield chunk
            yield Progress(min(table.done, total), total, self.rows)

    def end(self) -> Iterator[Event]:
        """What can only be said at the end."""
        resource = self.task.resource
        if not self.parts:
            expected = [f.title for f in resource.fields if not f.extension]
            raise self.task.refuse("no-headings", resource=resource.title.zh, resource_en=resource.title.en, expected="、".join(expected))
        if not self.rows and not self.left_out:
            raise self.task.refuse("no-rows", name=self.task.path.name)
        total = self.task.path.stat().st_size
        yield Progress(total, total, self.rows)
