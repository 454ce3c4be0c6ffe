"""Write the files as departments do. Cells arrive in one plain spelling (ISO dates, 万元) and leave in the form's."""

import html
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from chengxin.standards.model import Field
from chengxin.world.forms import Form

_ISO = "%Y-%m-%d"
_EXCEL_EPOCH = date(1899, 12, 30)
_NOTES = ["填表人：测试甲", "注：本表数据为测试数据，金额单位为万元。"]


@dataclass(frozen=True)
class Sheet:
    """What one file says: title, form, fields with their headings, and rows of text cells named by field code.

    `odd` has, for single cells (row, field code), how a spreadsheet keeps them: "number" or "error"; `hidden` the rows
    that the clerk has hidden (both counted from 0).
    """

    title: str
    form: Form
    fields: list[Field]
    headings: list[str]
    cells: pl.DataFrame
    odd: dict[tuple[int, str], str]
    hidden: frozenset[int]
    day: date


def write(sheet: Sheet, path: Path) -> list[tuple[str | None, int]]:
    """Write one file. Gives its parts: (member of the zip or None, number of rows)."""
    container = sheet.form.container
    if container == "csv":
        path.write_bytes(_csv(sheet, sheet.cells))
    elif container == "zip":
        return _write_zip(sheet, path)
    elif container == "html":
        path.write_bytes(_html(sheet).encode("gb18030"))
    elif container == "xlsx":
        _write_xlsx(sheet, path)
    elif container == "jsonl":
        _typed(sheet).write_ndjson(path)
    else:
        _typed(sheet).rename(dict(zip(sheet.cells.columns, sheet.headings, strict=True))).write_parquet(path)
    return [(None, sheet.cells.height)]


def _dated(sheet: Sheet, cells: pl.DataFrame) -> pl.DataFrame:
    """Dates in the spelling of the form; what is no date stays as the clerk wrote it."""
    return cells.with_columns(
        pl.coalesce(pl.col(f.name).str.to_date(_ISO, strict=False).dt.strftime(sheet.form.dates), pl.col(f.name)).alias(
            f.name
        )
        for f in sheet.fields
        if f.kind == "date" and sheet.form.dates != _ISO
    )


def _csv(sheet: Sheet, cells: pl.DataFrame) -> bytes:
    form = sheet.form
    text = _dated(sheet, cells).rename(dict(zip(cells.columns, sheet.headings, strict=True)))
    body = text.write_csv(separator=form.separator, line_terminator="\r\n")
    empty = form.separator * (cells.width - 1)
    above = [f"{sheet.title}{empty}"] * form.above
    below = [f"{line}{empty}" for line in (f"合计{cells.height}条", *_NOTES)] if form.below else []
    whole = "".join(f"{line}\r\n" for line in above) + body + "".join(f"{line}\r\n" for line in below)
    # Rows that GBK can't spell never get here with that encoding; GB18030 spells GBK's characters with the same bytes.
    return whole.encode(form.encoding)


def _write_zip(sheet: Sheet, path: Path) -> list[tuple[str | None, int]]:
    half = (sheet.cells.height + 1) // 2
    parts = [sheet.cells[:half], sheet.cells[half:]]
    members = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, cells in enumerate(parts, 1):
            member = f"{sheet.title}-{number}.csv"
            # A fixed time, so that the same seed gives the same bytes.
            info = zipfile.ZipInfo(member, (sheet.day.year, sheet.day.month, sheet.day.day, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _csv(sheet, cells))
            members.append((member, cells.height))
    return [(member, rows) for member, rows in members]


def _html(sheet: Sheet) -> str:
    def row(cells: list[str], tag: str) -> str:
        style = "" if tag == "th" else ' style="mso-number-format:\\@"'
        return "<tr>" + "".join(f"<{tag}{style}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>\n"

    rows = _dated(sheet, sheet.cells).fill_null("").rows()
    head = '<html><head><meta charset="gbk"></head><body>\n<table border="1">\n'
    return head + row(sheet.headings, "th") + "".join(row(list(r), "td") for r in rows) + "</table></body></html>\n"


def _typed(sheet: Sheet) -> pl.DataFrame:
    """Money as numbers where every cell is one; everything else as text."""
    cells = _dated(sheet, sheet.cells)
    for field in sheet.fields:
        if field.kind == "money":
            number = cells[field.name].cast(pl.Float64, strict=False)
            if number.null_count() == cells[field.name].null_count():
                cells = cells.with_columns(number)
    return cells


def _write_xlsx(sheet: Sheet, path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False})
    # The day of sending, not of making: the same seed gives the same bytes.
    book.set_properties({"title": sheet.title, "created": datetime(sheet.day.year, sheet.day.month, sheet.day.day)})  # noqa: DTZ001
    bold = book.add_format({"bold": True, "align": "center", "border": 1})
    dated = book.add_format({"num_format": "yyyy/mm/dd"})
    if sheet.form.second_sheet:
        notes = book.add_worksheet("填报说明")
        notes.write_column(0, 0, ["填报说明", "一、请在“数据”表中填写。", "二、金额单位为万元。", "三、测试数据。"])
    page = book.add_worksheet("数据")
    _write_head(page, sheet, bold)
    for number, field in enumerate(sheet.fields):
        _write_column(page, sheet, number, field, dated)
    top = sheet.form.first_row - 1
    for row in sheet.hidden:
        page.set_row(top + row, None, None, {"hidden": True})
    if sheet.form.below:
        page.write_column(top + sheet.cells.height, 0, [f"合计{sheet.cells.height}条", *_NOTES])
    book.close()


def _write_head(page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, bold: object) -> None:
    form, last = sheet.form, len(sheet.headings) - 1
    lines = [sheet.title, "填报单位：测试数据", "填报说明：金额单位为万元"][: form.above]
    for row, line in enumerate(lines):
        page.merge_range(row, 0, row, last, line, bold)
    if form.groups:
        split = max(2, min(4, last - 1))
        page.merge_range(form.above, 0, form.above, split - 1, "相对人信息", bold)
        page.merge_range(form.above, split, form.above, last, "文书与内容", bold)
    page.write_row(form.first_row - 2, 0, sheet.headings, bold)


def _write_column(
    page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, number: int, field: Field, dated: object
) -> None:
    """One column downwards: real dates and numbers where they are such, text elsewhere."""
    top, text = sheet.form.first_row - 1, sheet.cells[field.name]
    days = text.str.to_date(_ISO, strict=False) if field.kind == "date" else None
    as_number = field.kind == "money" or (sheet.form.numbers and field.kind == "number")
    values = text.cast(pl.Float64, strict=False).to_list() if as_number else [None] * len(text)
    for row, (cell, value) in enumerate(zip(text.to_list(), values, strict=True)):
        odd = sheet.odd.get((row, field.name)) if sheet.odd else None
        day = days[row] if days is not None else None
        if odd == "error":
            page.write_formula(top + row, number, "=NA()", None, "#N/A")
        elif odd == "number":
            page.write_number(top + row, number, float(cell))
        elif day is not None:
            page.write_number(top + row, number, (day - _EXCEL_EPOCH).days, dated)
        elif value is not None:
            page.write_number(top + row, number, value)
        elif cell is not None:
            page.write_string(top + row, number, cell)
