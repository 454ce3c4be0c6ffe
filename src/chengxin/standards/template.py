"""The workbook a clerk fills in, made from the live standard (.xlsx without macros; works in WPS and old Excel).

Sheets: 填报说明, 数据, 码表 (hidden), 示例. Code, number and document columns are text beforehand, because an all-digit
code typed into a number cell loses its digits beyond the fifteenth for good. Hints stand in cell notes and input
messages, never in a second row, which would become data.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlsxwriter.utility
from xlsxwriter.exceptions import XlsxWriterException

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field, Resource
from chengxin.standards.words import TEXT_KINDS, base_row, example_of, format_of, key_words, needed, values_on
from chengxin.values.errors import Refused, Said

ROWS = 5_000  # rows with checks and drop-downs; more may be filled in
ABOUT, DATA, CODES, EXAMPLE = "填报说明", "数据", "码表", "示例"
FLAGS = ("是", "否")
# Kind of field → the check that a spreadsheet can make by itself.
_CHECKS: dict[str, dict[str, Any]] = {
    "date": {"validate": "date", "criteria": "between", "minimum": date(1949, 10, 1), "maximum": date(2099, 12, 31)},
    "money": {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "stop"},
    "year": {"validate": "integer", "criteria": "between", "minimum": 1949, "maximum": 2099},
    "uscc": {"validate": "length", "criteria": "==", "value": 18},
}
_INPUT_LIMIT, _TITLE_LIMIT = 255, 32  # of Excel, for the message beside a cell


def template_name(resource: Resource, catalogue: Catalogue) -> str:
    """The file's usual name: item + version + date."""
    title = resource.title.zh.replace("/", "-")
    return f"{title}_{resource.version:%Y%m%d}_{catalogue.day:%Y%m%d}.xlsx"


def template(resource: Resource, catalogue: Catalogue, out: Path) -> Path:
    """Write the template to `out` (a .xlsx file, or a folder for its usual name); gives the path written.

    Raises Refused if the file can't be written there; then nothing is left behind and an old file stays as it was.
    """
    path = out / template_name(resource, catalogue) if out.is_dir() else out
    if path.suffix.lower() != ".xlsx":
        raise Refused(
            "not-xlsx",
            Said(f"模板只能写成 .xlsx 文件，不是“{path.name}”。", f"A template is an .xlsx file, not '{path.name}'."),
        )
    fresh = path.with_name(f".{path.stem}.new.xlsx")
    try:
        _Template(resource, catalogue, fresh).write()
        fresh.replace(path)
    except (OSError, XlsxWriterException) as error:
        fresh.unlink(missing_ok=True) if os.access(fresh.parent, os.W_OK) else None
        raise Refused(
            "not-writable",
            Said(
                f"写不到“{path}”。请确认文件夹存在、可写，且文件没有在 Excel 中打开。",
                f"Can't write '{path}'. Does the folder exist, may it be written to, is the file open in Excel?",
            ),
        ) from error
    return path


def heading(field: Field) -> str:
    """The column heading: the law's words, with a star where the field is always required."""
    return field.title + ("*" if field.constraints.required else "")


class _Template:
    def __init__(self, resource: Resource, catalogue: Catalogue, path: Path) -> None:
        self.resource, self.catalogue = resource, catalogue
        self.base = base_row(resource, catalogue)
        self.book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        add = self.book.add_format
        self.head = add({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E8EEF7"})
        self.must = add({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#FFF2CC"})
        self.title = add({"bold": True, "font_size": 16})
        self.wrap = add({"text_wrap": True, "valign": "top"})
        self.text, self.date = add({"num_format": "@"}), add({"num_format": "yyyy-mm-dd"})
        self.money = add({"num_format": "#,##0.00####"})

    def write(self) -> None:
        """All sheets, in the order the clerk sees them."""
        about, data = self.book.add_worksheet(ABOUT), self.book.add_worksheet(DATA)
        codes, example = self.book.add_worksheet(CODES), self.book.add_worksheet(EXAMPLE)
        self._about(about)
        self._data(data, self._codes(codes))
        codes.hide()
        self._example(example)
        data.activate()
        self._marks()
        self.book.close()

    def _marks(self) -> None:
        resource, made = self.resource, self.catalogue.day
        self.book.set_properties(
            {
                "title": f"{resource.title.zh}填报模板 {resource.version} {made}",
                "created": datetime(made.year, made.month, made.day),  # noqa: DTZ001 - a day, and always the same bytes
            }
        )
        self.book.set_custom_property("chengxin-template", f"{resource.name} {resource.version} {made}", "text")

    def _about(self, sheet: Any) -> None:
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 4, 34)
        sheet.write_string(0, 0, f"{self.resource.title.zh} 填报说明 · {self.resource.title.en}", self.title)
        row = 1
        for line in self._advice():
            sheet.write_string(row, 0, line)
            row += 1
        for column, text in enumerate(("栏目", "何时填", "写法", "例", "代码")):
            sheet.write_string(row + 1, column, text, self.head)
        for position, field in enumerate(self.resource.fields, row + 2):
            cells = (
                heading(field),
                needed(field, self.resource, self.catalogue).zh,
                format_of(field, self.catalogue).zh,
                example_of(field, self.catalogue, self.base),
                field.name,
            )
            for column, text in enumerate(cells):
                sheet.write_string(position, column, text, self.wrap)

    def _advice(self) -> Iterator[str]:
        resource, clause = self.resource, self.catalogue.clause(self.resource.clause)
        yield f"版本 {resource.version}，{self.catalogue.day} 生成。依据：{clause.zh}"
        if resource.draft:
            yield "本类为草案：可试填、试校验，不约束任何人。"
        yield "在“数据”表从第 2 行起填，一行一条；带 * 的栏必填。批注里有每一栏的写法。"
        yield "代码、编号、文号各栏已设为文本，请粘贴为“值”或“只保留文本”，不要改成数字。"
        yield f"前 {ROWS:,} 行有下拉和检查，可以继续往下填。列的次序可变，不用的非必填列可以删。"
        yield f"{key_words(resource).zh}相同即为同一条。没有可报的请办理零报送，不要交空表。"
        yield "Fill in the sheet 数据 from row 2, one record a row; columns with * are required; see the notes."

    def _codes(self, sheet: Any) -> dict[str, str]:
        """Write the code lists, one a column; gives the range of each by its name (`@flag` for yes and no)."""
        names = dict.fromkeys(f.codes for f in self.resource.fields if f.codes)
        lists = {n: [v.label for v in values_on(n, self.catalogue)] for n in names}
        titles = {n: self.catalogue.code_list(n).title.zh for n in names}
        if any(f.kind == "flag" for f in self.resource.fields):
            lists["@flag"], titles["@flag"] = list(FLAGS), "是或否"
        ranges = {}
        for column, (name, labels) in enumerate(lists.items()):
            sheet.write_string(0, column, titles[name], self.head)
            for row, label in enumerate(labels, 1):
                sheet.write_string(row, column, label)
            letter = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
            ranges[name] = f"={CODES}!{letter}$2:{letter}${len(labels) + 1}"
        return ranges

    def _data(self, sheet: Any, ranges: dict[str, str]) -> None:
        sheet.freeze_panes(1, 0)
        sheet.set_selection(1, 0, 1, 0)
        sheet.set_row(0, 45)
        for column, field in enumerate(self.resource.fields):
            required = field.constraints.required
            sheet.set_column(column, column, _width(field), self._format(field))
            sheet.write_string(0, column, heading(field), self.must if required else self.head)
            sheet.write_comment(0, column, self._note(field), {"x_scale": 2, "y_scale": 1.5})
            sheet.data_validation(1, column, ROWS, column, self._check(field, ranges) | self._messages(field))

    def _format(self, field: Field) -> Any:
        if field.kind in TEXT_KINDS:
            return self.text
        return {"date": self.date, "money": self.money}.get(field.kind)

    def _note(self, field: Field) -> str:
        """必填 stands first, in words, for whoever does not see the star or the colour."""
        need = needed(field, self.resource, self.catalogue)
        form = format_of(field, self.catalogue)
        example = example_of(field, self.catalogue, self.base)
        lines = [need.zh, form.zh, *([f"例：{example}"] if example else []), field.description, f"{need.en}; {form.en}"]
        return "\n".join(line for line in lines if line)

    def _messages(self, field: Field) -> dict[str, str]:
        hint = f"{needed(field, self.resource, self.catalogue).zh}。{format_of(field, self.catalogue).zh}"
        return {
            "input_title": field.title[:_TITLE_LIMIT],
            "input_message": hint[:_INPUT_LIMIT],
            "error_title": field.title[:_TITLE_LIMIT],
            "error_message": f"请核对：{format_of(field, self.catalogue).zh}"[:_INPUT_LIMIT],
        }

    def _check(self, field: Field, ranges: dict[str, str]) -> dict[str, Any]:
        """The check of a cell. Only a closed choice stops; the rest warns, since 长期 or an old code may be right."""
        limit = field.constraints.maxLength
        if field.kind == "flag" or field.codes:
            several = field.separator or (field.codes and self.catalogue.code_list(field.codes).open_tail)
            source = ranges["@flag" if field.kind == "flag" else str(field.codes)]
            return {"validate": "list", "source": source, "error_type": "information" if several else "stop"}
        if field.kind in _CHECKS:
            return {"error_type": "warning"} | _CHECKS[field.kind]
        if limit:
            return {"validate": "length", "criteria": "<=", "value": limit, "error_type": "warning"}
        return {"validate": "any"}

    def _example(self, sheet: Any) -> None:
        """The good row of the cases; values of private fields are shown only as far as the cases made them up."""
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(self.resource.fields):
            sheet.set_column(column, column, _width(field), self.text)
            sheet.write_string(0, column, heading(field), self.must if field.constraints.required else self.head)
            value = self.base.get(field.name)
            if value not in (None, ""):
                sheet.write_string(1, column, str(value), self.text)


def _width(field: Field) -> int:
    return {"text": 40, "name": 28, "uscc": 22, "document": 26, "date": 13, "money": 14, "flag": 12}.get(field.kind, 18)
