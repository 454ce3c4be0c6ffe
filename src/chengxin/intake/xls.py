"""Old workbooks (.xls, BIFF) by xlrd, which knows hidden rows, merged cells, errors and both date systems."""

import io
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import xlrd

from chengxin.intake import grid
from chengxin.intake.table import HEAD_ROWS, Block, Facts, HeadRow, Layout, Merge
from chengxin.intake.task import Task

_ERROR, _DATE, _BOOLEAN = 5, 3, 4
_UNICODE_SINCE = 80
_CHINESE = frozenset({936, 950, 54936, 65001})  # code pages that are taken at their word


def xls_tables(path: Path, task: Task) -> Iterator["XlsTable"]:
    """The visible sheets of an old workbook that may hold data."""
    book = _open(path, task)
    sheets = [(i, name) for i, name in enumerate(book.sheet_names())]
    loaded = [(name, book.sheet_by_index(i)) for i, name in sheets]
    visible = [(n, s) for n, s in loaded if s.visibility == 0]
    hidden = [n for n, s in loaded if s.visibility != 0 and n.strip() not in task.words.not_data_sheets]
    notes: list[tuple[str, dict[str, object]]] = (
        [("hidden-sheets", {"sheets": "、".join(hidden[:20])})] if hidden else []
    )
    if not visible:
        raise task.refuse("all-sheets-hidden", name=task.path.name, sheets="、".join(hidden[:20]))
    data = [(n, s) for n, s in visible if n.strip() not in task.words.not_data_sheets] or visible
    for name, sheet in data:
        yield XlsTable(name, sheet, book.datemode, notes, task)
        notes = []


def _open(path: Path, task: Task) -> Any:
    content = path.read_bytes()
    try:
        book = _opened(content, None)
        if book.biff_version < _UNICODE_SINCE and book.codepage not in _CHINESE:
            return _opened(content, "gb18030")
    except (UnicodeDecodeError, LookupError):
        return _opened(content, "gb18030")
    except xlrd.XLRDError as error:
        code = "has-password" if "encrypt" in str(error).lower() else "unreadable"
        raise task.refuse(code, name=task.path.name, reason=type(error).__name__) from error
    return book


def _opened(content: bytes, encoding: str | None) -> Any:
    """The workbook. Before Excel 97 text was in the code page of the machine, which export programs often name wrongly, or not
    at all: then it is read as what is written here."""
    how = {"file_contents": content, "logfile": io.StringIO(), "encoding_override": encoding}
    try:
        return xlrd.open_workbook(**how, formatting_info=True)
    except NotImplementedError:
        return xlrd.open_workbook(**how)


def _is_unseen(info: Any) -> bool:
    """True if the row is hidden, or has no height."""
    return bool(info.hidden or (info.height == 0 and not info.has_default_height))


class XlsTable:
    """One sheet of an old workbook."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(
        self, name: str, sheet: Any, datemode: int, notes: list[tuple[str, dict[str, object]]], task: Task
    ) -> None:
        self.name, self._sheet, self._datemode, self._task = name, sheet, datemode, task
        self.done = 0
        hidden = frozenset(r + 1 for r, info in sheet.rowinfo_map.items() if _is_unseen(info) and r < sheet.nrows)
        merges = tuple(Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells)
        told = [*notes]
        if any(info.hidden for info in sheet.colinfo_map.values()):
            told.append(("hidden-columns", {}))
        self.facts = Facts(hidden, merges, told)

    def _row(self, number: int) -> list[Any]:
        sheet = self._sheet
        return [self._value(t, v) for t, v in zip(sheet.row_types(number), sheet.row_values(number), strict=True)]

    def _value(self, kind: int, value: Any) -> Any:
        if kind == _DATE:
            try:
                moment = xlrd.xldate_as_datetime(value, self._datemode)
            except (ValueError, OverflowError, xlrd.XLDateError):
                return value
            return moment.time() if 0 < value < 1 and moment.time() != time() else moment
        if kind == _BOOLEAN:
            return bool(value)
        return None if kind == _ERROR else value

    def head(self) -> list[HeadRow]:
        """The first rows."""
        count = min(HEAD_ROWS, self._sheet.nrows)
        return [HeadRow(i + 1, [grid.cell_text(c) for c in self._row(i)]) for i in range(count)]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """All rows."""
        rows, size = self._sheet.nrows, self._task.path.stat().st_size
        values = (self._row(i) for i in range(rows))
        marks, from_1904 = list(self._errors(layout)), bool(self._datemode)
        for block in grid.blocks(values, 1, layout, marks, self.facts.merges, from_1904):
            if block.frame.height:
                self.done = int(size * block.frame["row"][-1] / rows)
            yield block

    def _errors(self, layout: Layout) -> Iterator[grid.CellMark]:
        for number in range(self._sheet.nrows):
            types = self._sheet.row_types(number)
            if _ERROR in types:
                for position, kind in enumerate(types[: layout.width]):
                    if kind == _ERROR:
                        code = self._sheet.cell_value(number, position)
                        yield number + 1, position, "cell_error", xlrd.error_text_from_code.get(code, "#ERR")
