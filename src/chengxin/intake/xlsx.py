"""Workbooks (.xlsx, .xlsm): guarded first, then read by calamine, with the facts it does not tell from the XML."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from chengxin.intake import grid, guard
from chengxin.intake.sheet_facts import careful_facts
from chengxin.intake.sheet_xml import SheetFacts
from chengxin.intake.table import HEAD_ROWS, Block, Facts, HeadRow, Layout, Merge
from chengxin.intake.task import Task

# Calamine keeps a whole sheet as one rectangle, 32 bytes a cell.
_CELL_BYTES = 32
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class SheetEntry:
    """One sheet of the workbook: its name, whether it is shown, the member that holds it, and how days are counted."""

    name: str
    visible: bool
    member: str
    from_1904: bool = False


def xlsx_tables(path: Path, task: Task) -> Iterator["XlsxTable"]:
    """The visible sheets of the workbook that may hold data, each with what must be told about it."""
    with guard.opened(path, task) as archive:
        members = guard.safe_members(archive, task)
        entries = _entries(archive, task)
        facts = {e.member: SheetFacts() for e in entries}

        def look(member: zipfile.ZipInfo) -> Callable[[bytes], None] | None:
            found = facts.get(member.filename)
            return found.feed if found else None

        guard.inflate(archive, members, task, look)
        facts |= {e.member: careful_facts(archive, e.member) for e in entries if not facts[e.member].plain}
        names = {m.filename for m in members}
    notes = _workbook_notes(names, entries, task)
    workbook = _open(path, task)
    for entry in chosen([e for e in entries if e.visible], task):
        known = facts[entry.member]
        _bounded(entry, known, task)
        try:
            sheet = workbook.get_sheet_by_name(entry.name)
        except CalamineError as error:
            raise task.refuse("unreadable", name=task.path.name, reason=type(error).__name__) from error
        yield XlsxTable(entry, sheet, known, notes, task)
        notes = []


def chosen(entries: list[SheetEntry], task: Task) -> list[SheetEntry]:
    """Without the sheets of our own template that hold no data, unless there are no others."""
    others = [e for e in entries if e.name.strip() not in task.words.not_data_sheets]
    return others or entries


def _open(path: Path, task: Task) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except PasswordError as error:
        raise task.refuse("has-password", name=task.path.name) from error
    except CalamineError as error:
        raise task.refuse("unreadable", name=task.path.name, reason=type(error).__name__) from error


def _entries(archive: zipfile.ZipFile, task: Task) -> list[SheetEntry]:
    """The worksheets by the workbook's own list."""
    try:
        base = _target_of(archive, task) or "xl/workbook.xml"
        folder, _, file = base.rpartition("/")
        relations = _relations(archive, f"{folder}/_rels/{file}.rels", folder, task)
        book = _xml(archive, base, task)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise task.refuse("broken-zip", name=task.path.name) from error
    entries, sheets = [], 0
    from_1904 = any(p.get("date1904") in ("1", "true", "on") for p in book.iter("{*}workbookPr"))
    for sheet in book.iter("{*}sheet"):
        sheets += 1
        target = relations.get(str(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)), "")
        if target and "chartsheet" not in target:
            shown = sheet.get("state", "visible") == "visible"
            entries.append(SheetEntry(str(sheet.get("name")), shown, target, from_1904))
    if not entries:
        raise task.refuse("no-worksheet" if sheets else "broken-zip", name=task.path.name)
    if not any(e.visible for e in entries):
        raise task.refuse("all-sheets-hidden", name=task.path.name, sheets="、".join(e.name for e in entries[:20]))
    return entries


def _xml(archive: zipfile.ZipFile, name: str, task: Task) -> Any:
    content = archive.read(name)
    guard.plain_xml(content, task, first=True)
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _relations(archive: zipfile.ZipFile, name: str, folder: str, task: Task) -> dict[str, str]:
    found = {}
    for relation in _xml(archive, name, task).iter("{*}Relationship"):
        target = str(relation.get("Target"))
        full = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        found[str(relation.get("Id"))] = re.sub(r"[^/]+/\.\./", "", full)
    return found


def _target_of(archive: zipfile.ZipFile, task: Task) -> str | None:
    """The member that is the workbook itself, as the package says."""
    if "_rels/.rels" not in archive.namelist():
        return None
    for relation in _xml(archive, "_rels/.rels", task).iter("{*}Relationship"):
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return None


def _workbook_notes(names: set[str], entries: list[SheetEntry], task: Task) -> list[tuple[str, dict[str, object]]]:
    notes: list[tuple[str, dict[str, object]]] = []
    if any(n.endswith("vbaProject.bin") for n in names):
        notes.append(("macros", {}))
    if any("externalLinks/" in n for n in names):
        notes.append(("external-links", {}))
    hidden = [e.name for e in entries if not e.visible and e.name.strip() not in task.words.not_data_sheets]
    if hidden:
        notes.append(("hidden-sheets", {"sheets": "、".join(hidden[:20])}))
    return notes


def _bounded(entry: SheetEntry, facts: SheetFacts, task: Task) -> None:
    """Refuses a sheet whose cells are spread so far that reading it would fill the memory."""
    rows, columns = facts.last_row, facts.last_column + 1
    if columns > task.bounds.columns:
        raise task.refuse("too-many-columns", table=entry.name, count=columns, bound=task.bounds.columns)
    if rows > task.bounds.rows:
        raise task.refuse("too-many-rows", table=entry.name, bound=f"{task.bounds.rows:,}")
    if rows * columns * _CELL_BYTES > task.bounds.memory:
        raise task.refuse("sheet-spread", table=entry.name, rows=f"{rows:,}", columns=columns)


class XlsxTable:
    """One sheet of a workbook."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(
        self,
        entry: SheetEntry,
        sheet: CalamineSheet,
        facts: SheetFacts,
        notes: list[tuple[str, dict[str, object]]],
        task: Task,
    ) -> None:
        self.name, self._from_1904 = entry.name, entry.from_1904
        self._sheet, self._xml, self._task = sheet, facts, task
        self.done = 0
        self._height = max(1, sheet.total_height)
        merges = tuple(
            Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        )
        self.facts = Facts(frozenset(facts.hidden_rows), merges, [*notes, *self._notes()])

    def _notes(self) -> Iterator[tuple[str, dict[str, object]]]:
        if self._xml.hidden_columns:
            yield "hidden-columns", {}
        if self._xml.formulas:
            yield "formulas", {}

    def _rows(self) -> Iterator[list[Any]]:
        """All rows from row 1 and column A on; the reader leaves out empty columns at the left, but no rows."""
        left = self._sheet.start[1] if self._sheet.start else 0
        rows = self._sheet.iter_rows()
        return (["", *[""] * (left - 1), *row] for row in rows) if left else iter(rows)

    def head(self) -> list[HeadRow]:
        """The first rows."""
        rows = [r for r, _ in zip(self._rows(), range(HEAD_ROWS), strict=False)]
        limit = self._task.bounds.columns + 1
        return [HeadRow(i + 1, [grid.cell_text(c) for c in r[:limit]]) for i, r in enumerate(rows)]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """All rows."""
        errors = [(row, column, "cell_error", text) for row, column, text in self._xml.errors]
        formulas = [(row, column, "formula_without_value", None) for row, column in self._xml.without_value]
        marks = [m for m in (*errors, *formulas) if m[1] < layout.width]
        size = self._task.path.stat().st_size
        for block in grid.blocks(self._rows(), 1, layout, marks, self.facts.merges, self._from_1904):
            if block.frame.height:
                self.done = int(size * block.frame["row"][-1] / self._height)
            yield block
