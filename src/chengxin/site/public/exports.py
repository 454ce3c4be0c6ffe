"""A list as CSV, Excel or JSON: what the page shows, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.http import HttpResponse, JsonResponse

from chengxin.site.access.asked import Asked
from chengxin.site.public.shown import Shown
from chengxin.site.words import english

FORMS = ("csv", "xlsx", "json")
Cell = str | int | float | None
_ABOUT = "说明 About"
Heads = tuple[tuple[str, str], ...]
HEADS: Heads = (
    ("信息类", "Resource"), ("主体名称", "Subject"), ("统一社会信用代码", "Credit code"), ("文号", "Document"), ("内容", "Content"),
    ("名单", "List"), ("等级", "Class"), ("决定机关", "Decided by"), ("决定日期", "Decided on"), ("收到日期", "Received on"),
    ("最后一日", "Last day"), ("依据", "Clause"), ("来源单位", "Source"), ("异议", "Disputed"), ("地址", "Address"),
)  # fmt: skip
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so is run or turned into something else by a spreadsheet that opens CSV.
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
RUN = "^([" + "".join(rf"\x{{{ord(c):x}}}" for c in _RUN) + "])"  # the same, for whole columns of a frame


@dataclass(frozen=True)
class Sheet:
    """A list to be given away: `name` of the file, what its rows are, headings in both languages, rows, and the same as data."""

    name: str
    what: str
    heads: Heads
    rows: list[list[str]]
    data: list[dict[str, Any]]

    def titles(self) -> list[str]:
        """The headings in the language of the request."""
        return [en if english() else zh for zh, en in self.heads]


def answer(form: str, sheet: Sheet, asked: Asked, following: str | None) -> HttpResponse:
    """The file; `following`: the query part of the address of what comes after it."""
    response = {"csv": _csv, "xlsx": _xlsx, "json": _json}[form](sheet, asked, following)
    response["Content-Disposition"] = f'attachment; filename="chengxin-{sheet.name}-{asked.at.day}.{form}"'
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def inert(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(_RUN) else text


def cells(shown: Shown) -> list[str]:
    """A record as a row under HEADS."""
    said = (shown.title, shown.of_list, shown.severity)
    resource, of_list, severity = (("" if s is None else s.en if english() else s.zh) for s in said)
    seen, c = shown.seen, shown.seen.columns
    day = c["last_day"]
    return [
        resource, seen.name or "", seen.code or "", c["document"] or "", shown.summary, of_list, severity,
        shown.decided_by, str(c["decided_on"] or ""), str(seen.received), str(day or ""), c["clause"], shown.source,
        _disputed(shown), shown.address,
    ]  # fmt: skip


def _disputed(shown: Shown) -> str:
    """Since when somebody objects to it, and what the subject states."""
    mark = shown.seen.dispute
    if mark is None:
        return ""
    since = f"since {mark.since}" if english() else f"自 {mark.since} 起存在异议"
    return f"{since}：{mark.statement}" if mark.statement else since


def _csv(sheet: Sheet, asked: Asked, following: str | None) -> HttpResponse:
    return csv_file(sheet.titles(), sheet.rows)


def _xlsx(sheet: Sheet, asked: Asked, following: str | None) -> HttpResponse:
    return xlsx_file(str(asked.at.day), sheet.titles(), sheet.rows)


def _json(sheet: Sheet, asked: Asked, following: str | None) -> HttpResponse:
    data: dict[str, Any] = {"as_of": asked.at.day, "change_set": asked.at.included, "next": following}
    data[sheet.what] = sheet.data
    return json_file(data)


def csv_file(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> HttpResponse:
    """A table as CSV that a spreadsheet opens and does not run."""
    return HttpResponse(csv_text(heads, rows), content_type="text/csv; charset=utf-8")


def csv_text(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """The same as text."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(heads)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return "\ufeff" + stream.getvalue()


def xlsx_file(name: str, heads: list[str], rows: Iterable[Iterable[Cell]], notes: Iterable[str] = ()) -> HttpResponse:
    """A table as a workbook: texts are texts, numbers numbers; `notes` stand on a sheet of their own."""
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(heads) - 1, 22)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(heads):
            page.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    page.write_number(number, column, cell)
                elif cell is not None:
                    page.write_string(number, column, cell[:32_000])
        for number, note in enumerate(notes):
            about = book.get_worksheet_by_name(_ABOUT) or book.add_worksheet(_ABOUT)
            about.set_column(0, 0, 100)
            about.write_string(number, 0, note)
    return HttpResponse(stream.getvalue(), content_type=_EXCEL)


def json_file(data: dict[str, Any]) -> HttpResponse:
    """Plain data as JSON."""
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
