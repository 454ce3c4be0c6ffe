"""The file handed back: the clerk's own sheet with what was found in it, to be mended and sent again (ux 3.2).

Rows, order and columns stay; two columns stand at the left (结果, 原因), faulty cells are tinted and carry a note, a
second sheet lists the reasons. Text stays text, whatever it begins with. Written in constant memory.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chengxin.intake.again import LONGEST, REASON, RESULT, UNREAD, words_for

REASONS_SHEET = "原因汇总"
WORDS = {
    "accepted": "可接收",
    "reject": "需修改",
    "warn": "可接收，有提示",
    "duplicate": "重复",
    "held": "待定",
    "not_data": "不是记录",
}
Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """One table of the clerk's file: its name, heading row, rows (number the clerk sees, cells), field → column, and how many
    columns stand under headings.

    `hidden`: rows that stay hidden, known at the latest when they come; `skipped`: the clerk said not to read those.
    """

    name: str
    heading_row: int
    rows: Iterable[tuple[int, list[Cell]]]
    columns: Mapping[str, int]
    width: int
    hidden: AbstractSet[int] = frozenset()
    skipped: bool = False


@dataclass(frozen=True)
class _Styles:
    head: Format
    date: Format
    text: Format
    tint: dict[str, Format]
    tint_date: dict[str, Format]


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    colours = {"reject": "#F8D7DA", "warn": "#FFF3CD"}
    return _Styles(
        head=book.add_format({"bold": True, "bg_color": "#E9ECEF", "text_wrap": True}),
        date=book.add_format({"num_format": "yyyy-mm-dd"}),
        text=book.add_format({"num_format": "@"}),
        tint={k: book.add_format({"bg_color": c, "num_format": "@"}) for k, c in colours.items()},
        tint_date={k: book.add_format({"bg_color": c, "num_format": "yyyy-mm-dd"}) for k, c in colours.items()},
    )


def annotate(out: Path, sheets: Iterable[Sheet], findings: pl.DataFrame) -> None:
    """Write the annotated workbook. `findings`: the table of findings.SCHEMA, parts named as the sheets are."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(out), options) as book:
        styles = _styles(book)
        book.set_custom_property("chengxin", "annotated")
        used: set[str] = set()
        for sheet in sheets:
            own = findings.filter(pl.col("part") == sheet.name)
            _write_sheet(book.add_worksheet(_sheet_name(sheet.name, used)), sheet, own, styles)
        _write_reasons(book.add_worksheet(REASONS_SHEET), findings, styles)


def _sheet_name(name: str, used: set[str]) -> str:
    plain = "".join("_" if c in "[]:*?/\\'" or not c.isprintable() else c for c in name) or "数据"
    candidate, number = plain[-31:], 1
    while candidate.lower() in used or candidate == REASONS_SHEET:
        number += 1
        candidate = f"{plain[-27:]}_{number}"
    used.add(candidate.lower())
    return candidate


def _by_row(findings: pl.DataFrame) -> dict[int, list[dict[str, str]]]:
    wanted = findings.filter(pl.col("row").is_not_null()).sort("row", "severity", maintain_order=True)
    rows: dict[int, list[dict[str, str]]] = {}
    for entry in wanted.select("row", "column", "field", "rule", "severity", "message_zh", "suggestion").iter_rows(
        named=True
    ):
        rows.setdefault(entry["row"], []).append(entry)
    return rows


def _write_sheet(page: Worksheet, sheet: Sheet, findings: pl.DataFrame, styles: _Styles) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 60)
    page.set_column(2, 60, 18)
    # Files without rows (JSON Lines, Parquet) number records from 1; their names take the first line of the sheet.
    shift = -1 if sheet.heading_row else 0
    page.freeze_panes(sheet.heading_row + shift + 1, 2)
    found = _by_row(findings)
    whole = any(e["severity"] == "reject" for e in found.get(sheet.heading_row, []))
    for number, cells in sheet.rows:
        entries = found.get(number, [])
        if number == sheet.heading_row:
            _write_head(page, number + shift, cells, entries, styles)
        elif number < sheet.heading_row:
            _write_cells(page, number + shift, cells, {}, styles)
        else:
            _write_row(page, number + shift, cells, entries, sheet, styles, whole)


def _write_head(page: Worksheet, line: int, cells: list[Cell], entries: list[dict[str, str]], styles: _Styles) -> None:
    page.write_string(line, 0, RESULT, styles.head)
    page.write_string(line, 1, REASON, styles.head)
    for column, cell in enumerate(cells):
        if cell not in (None, ""):
            page.write_string(line, column + 2, str(cell), styles.head)
    if entries:  # what is wrong with the whole table
        page.write_comment(line, 1, _note(entries), {"x_scale": 3, "y_scale": 2})


def _write_row(
    page: Worksheet,
    line: int,
    cells: list[Cell],
    entries: list[dict[str, str]],
    sheet: Sheet,
    styles: _Styles,
    whole: bool,
) -> None:
    number = line + (1 if sheet.heading_row else 0)
    if number in sheet.hidden:
        page.set_row(line, None, None, {"hidden": True})
    unread = sheet.skipped and number in sheet.hidden
    filled = any(cell not in (None, "") for cell in cells)
    if not entries and not filled:
        return
    if not filled and any(e["severity"] == "reject" for e in entries):
        cells = [UNREAD, *cells[1:]]
    if entries or not unread:
        page.write_string(line, 0, WORDS[_verdict(entries, whole)])
        if entries:
            page.write_string(line, 1, _reason(entries, cells[: sheet.width], sheet.columns))
    tints: dict[int, list[dict[str, str]]] = {}
    for entry in entries:
        column = sheet.columns.get(entry["field"])
        if column is not None:
            tints.setdefault(column, []).append(entry)
    _write_cells(page, line, cells, tints, styles)


def _reason(entries: list[dict[str, str]], cells: list[Cell], columns: Mapping[str, int]) -> str:
    """All that was found in a row, and the words by which it is found again until it is mended."""
    said = ((e["rule"].rpartition(".")[2], e["field"]) for e in entries)
    again = words_for(said, cells, columns)
    return "；".join(e["message_zh"].rstrip("。") for e in entries)[: LONGEST - len(again)] + again


def _verdict(entries: list[dict[str, str]], whole: bool = False) -> str:
    """The outcome of a row, as it was counted; `whole`: the table has a fault that no row of it survives."""
    rules = {e["rule"].rpartition(".")[2] for e in entries}
    if "row_hidden" in rules:
        return "held"
    if "row_not_data" in rules:
        return "not_data"
    if whole or any(e["severity"] == "reject" for e in entries):
        return "reject"
    if "same_row_twice" in rules:
        return "duplicate"
    return "warn" if entries else "accepted"


def _note(entries: list[dict[str, str]]) -> str:
    lines = (e["message_zh"] + (f"\n建议：{e['suggestion']}" if e["suggestion"] else "") for e in entries)
    return "\n".join(lines)[:LONGEST]


def _write_cells(
    page: Worksheet, line: int, cells: list[Cell], tints: Mapping[int, list[dict[str, str]]], styles: _Styles
) -> None:
    for column in range(max(len(cells), max(tints, default=-1) + 1)):
        cell = cells[column] if column < len(cells) else None
        entries = tints.get(column)
        severity = None if not entries else "reject" if any(e["severity"] == "reject" for e in entries) else "warn"
        _write_cell(page, line, column + 2, cell, severity, styles)
        if entries:
            page.write_comment(line, column + 2, _note(entries), {"x_scale": 2, "y_scale": 1.5})


def _write_cell(page: Worksheet, line: int, column: int, cell: Cell, severity: str | None, styles: _Styles) -> None:
    style = styles.tint[severity] if severity else styles.text
    if isinstance(cell, bool):
        page.write_boolean(line, column, cell, style)
    elif isinstance(cell, date) and cell.year >= 1900:
        page.write_datetime(line, column, cell, styles.tint_date[severity] if severity else styles.date)
    elif isinstance(cell, int | float) and abs(cell) < 10**15:
        page.write_number(line, column, cell, style if severity else None)
    elif cell not in (None, ""):
        page.write_string(line, column, str(cell)[:LONGEST], style)
    elif severity:
        page.write_blank(line, column, None, style)


def _write_reasons(page: Worksheet, findings: pl.DataFrame, styles: _Styles) -> None:
    """One line for each reason: how often, where first, how to mend it, by which clause."""
    heads = ["规则", "程度", "栏", "次数", "首见行", "说明（举例）", "Explanation (example)", "建议", "依据"]
    for column, head in enumerate(heads):
        page.write_string(0, column, head, styles.head)
    page.set_column(0, 8, 18)
    page.set_column(5, 6, 60)
    counted = (
        findings.group_by("rule", "severity", "column", maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.col("row").min(),
            pl.col("message_zh", "message_en", "suggestion", "clause").first(),
        )
        .sort("severity", "n", descending=[False, True])
    )
    for line, entry in enumerate(counted.iter_rows(named=True), start=1):
        page.write_string(line, 0, entry["rule"])
        page.write_string(line, 1, "须改" if entry["severity"] == "reject" else "提示")
        page.write_string(line, 2, entry["column"] or "")
        page.write_number(line, 3, entry["n"])
        if entry["row"]:
            page.write_number(line, 4, entry["row"])
        else:  # of no one row
            page.write_string(line, 4, "整列" if entry["column"] else "整表")
        for column, key in enumerate(("message_zh", "message_en", "suggestion", "clause"), start=5):
            page.write_string(line, column, (entry[key] or "")[:LONGEST])
