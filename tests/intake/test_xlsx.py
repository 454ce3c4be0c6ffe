"""Workbooks: numbers, dates, errors, formulas, merges, hidden things, spread cells."""

import time
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from xlsxwriter.worksheet import Worksheet

from chengxin.intake.grid import number_text
from tests.intake.made import HEADINGS, ROWS, as_xlsx, changed_member, refusal, take

SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (0.5, "0.5"),
        (914403001922038300.0, "914403001922038300"),
        (0.1, "0.1"),
        (-2.0, "-2"),
        (1e-7, "0.0000001"),
        (1e15, "1000000000000000"),
    ],
)
def test_numbers_are_written_without_exponent_or_needless_zeros(number: float, text: str) -> None:
    assert number_text(number) == text


def test_types_of_cells_become_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["甲公司", 914403001922038300, 20250001, 0.5])
        page.write_datetime(1, 4, datetime.fromisoformat("2025-03-07"), day)
        page.write_boolean(1, 5, True)
        page.write_row(2, 0, ["乙公司", None, "x", 1])
        page.write_datetime(2, 4, datetime.fromisoformat("2025-03-07T08:30"), day)
    taken = take(tmp_path / "t.xlsx")
    assert taken.table() == [
        ["甲公司", "914403001922038300", "20250001", "0.5", "2025-03-07", "true"],
        ["乙公司", None, "x", "1", "2025-03-07 08:30:00", None],
    ]
    assert taken.marks == [(2, "CF_WSH", "number_cell"), (2, "CF_XDR_SHXYM", "digits_lost")]


def test_dates_of_the_1904_system_are_the_same_days(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx"), {"date_1904": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["甲公司", "", "1号"])
        page.write_datetime(1, 4, datetime.fromisoformat("2025-03-07"), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_row(2, 0, ["乙公司", "", "2号", 45000, 45723 - 1462])
    taken = take(tmp_path / "t.xlsx").frame
    assert taken["CF_JDRQ"].to_list() == ["2025-03-07", "45723"]  # a number that nobody formatted as a day
    assert taken["CF_NR_FK"].to_list() == [None, "45000"]


def test_errors_and_formulas_without_a_value_are_marked(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["甲公司", "", "1号"])
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 5, '="a"&"b"', None, "ab")
        page.write_row(2, 0, ["乙公司", "", "2号"])
        page.write_formula(2, 3, "=1+1", None, "XX")
    path = changed_member(tmp_path / "t.xlsx", SHEET, b"<v>XX</v>", b"")
    taken = take(path)
    assert taken.marks == [(2, "CF_NR_FK", "cell_error"), (3, "CF_NR_FK", "formula_without_value")]
    assert taken.chunks[0].marks["detail"][0] == "#DIV/0!"
    assert taken.frame["CF_SY"].to_list() == ["ab", None]
    assert "formulas" in taken.codes


def test_a_row_of_nothing_but_an_error_is_counted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_formula(1, 0, "=NA()", None, "#N/A")
    taken = take(tmp_path / "t.xlsx")
    assert taken.frame["row"].to_list() == [2]
    assert taken.marks == [(2, "CF_XDR_MC", "cell_error")]


def test_a_table_that_begins_in_the_middle_of_the_sheet_keeps_its_row_numbers_and_marks(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(3, 2, HEADINGS)
        page.write_row(6, 2, ["甲公司", 12345, "1号"])
        page.write_formula(6, 5, "=1/0", None, "#DIV/0!")
    taken = take(tmp_path / "t.xlsx")
    assert taken.parts[0].heading_row == 4
    assert taken.parts[0].headings[-1].position == 7
    assert taken.frame["row"].to_list() == [7]
    assert taken.marks == [(7, "CF_NR_FK", "cell_error"), (7, "CF_XDR_SHXYM", "number_cell")]


def test_a_value_merged_over_rows_belongs_to_each(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for row in (1, 2, 3):
            page.write(row, 2, f"{row}号")
        page.merge_range(1, 0, 3, 0, "甲公司")
    taken = take(tmp_path / "t.xlsx")
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司"] * 3
    assert "merged-filled" in taken.codes


def test_data_on_the_second_sheet_is_found_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        for name in ("封面", "数据", "旧数据", "填报说明"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["说明文字"] if name == "封面" else HEADINGS)
            page.write_row(1, 0, ["", ""] if name == "封面" else ["甲公司", "", name])
        book.get_worksheet_by_name("旧数据").hide()
    taken = take(tmp_path / "t.xlsx")
    assert [p.name for p in taken.parts] == ["数据"]
    assert {"hidden-sheets", "part-passed-over"} <= taken.codes


def test_rows_without_height_are_asked_about_like_hidden_ones(tmp_path: Path) -> None:
    path = changed_member(as_xlsx(tmp_path, ROWS), SHEET, b'<row r="3"', b'<row ht="0" customHeight="1" r="3"')
    assert take(path).marks == [(3, None, "row_hidden")]
    prefixed = changed_member(path, SHEET, b'<row ht="0" customHeight="1" r="3"', b'<row ht="0.0" x="1" r="3"')
    assert take(prefixed).marks == [(3, None, "row_hidden")]
    book = xlwt.Workbook()
    page = book.add_sheet("数据")
    for number, row in enumerate([HEADINGS, *ROWS]):
        for column, cell in enumerate(row):
            page.write(number, column, cell)
    page.row(2).height, page.row(2).height_mismatch = 0, True
    book.save(str(tmp_path / "t.xls"))
    assert take(tmp_path / "t.xls").marks == [(3, None, "row_hidden")]


def test_a_workbook_whose_data_nobody_sees_is_told_so(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        book.add_worksheet("封面").write(0, 0, "见附表")
        data = book.add_worksheet("明细")
        data.write_row(0, 0, HEADINGS)
        data.very_hidden()
    refused = refusal(tmp_path / "t.xlsx")
    assert refused.code == "no-headings-but-hidden"
    assert "明细" in refused.said.zh
    path = changed_member(as_xlsx(tmp_path, ROWS), "xl/workbook.xml", b"<sheet name", b'<sheet state="hidden" name')
    assert refusal(path).code == "all-sheets-hidden"


def test_a_workbook_of_charts_is_told_so(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=图!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
    assert refusal(tmp_path / "t.xlsx").code == "no-worksheet"


def test_fifty_thousand_styled_empty_rows_are_read_fast(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx"), {"constant_memory": True}) as book:
        page, style = book.add_worksheet(), book.add_format({"border": 1})
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["甲公司", "", "1号"])
        for row in range(2, 50_000):
            for column in range(len(HEADINGS)):
                page.write_blank(row, column, None, style)
    start = time.perf_counter()
    assert take(tmp_path / "t.xlsx").frame.height == 1
    assert time.perf_counter() - start < 10


def test_a_huge_declared_range_with_few_cells_is_read(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path, ROWS)
    assert take(changed_member(path, SHEET, b'ref="A1:F4"', b'ref="A1:XFD1048576"')).frame.height == 3


def test_cells_really_spread_to_the_far_corner_are_refused(tmp_path: Path) -> None:
    def far(row: int, column: int) -> Path:
        with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
            page: Worksheet = book.add_worksheet()
            page.write_row(0, 0, HEADINGS)
            page.write(row, column, "x")
        return tmp_path / "t.xlsx"

    assert refusal(far(1_048_575, 16_383)).code == "too-many-columns"
    assert refusal(far(1_048_575, 300)).code == "sheet-spread"
    assert take(far(100, 10)).marks == [(101, None, "row_too_wide")]


def test_a_cell_whose_column_no_sheet_has_is_refused(tmp_path: Path) -> None:
    path = changed_member(as_xlsx(tmp_path, ROWS), SHEET, b'r="A3"', b'r="ZZZZZ3"')
    assert refusal(path).code == "too-many-columns"


def test_other_spellings_of_the_xml_tell_the_same_facts(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, ["甲公司", "", "1号"])
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        page.write_row(2, 0, ["乙公司", "", "2号"])
        page.set_row(2, None, None, {"hidden": True})
    from zipfile import ZipFile

    xml = ZipFile(tmp_path / "t.xlsx").read(SHEET)
    other = xml
    for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
        other = other.replace(b"<" + tag + b" ", b"<x:" + tag + b" ").replace(b"<" + tag + b">", b"<x:" + tag + b">")
        other = other.replace(b"</" + tag + b">", b"</x:" + tag + b">")
    other = other.replace(b"xmlns=", b"xmlns:x=", 1)
    path = changed_member(tmp_path / "t.xlsx", SHEET, xml, other)
    assert take(path).marks == [(2, "CF_NR_FK", "cell_error"), (3, None, "row_hidden")]


def test_a_workbook_of_another_program_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADINGS)
    page.append(["甲公司", "", "1号", 0.5, date(2025, 3, 7), "=SUM(A1)"])
    page.row_dimensions[2].hidden = False
    book.save(tmp_path / "t.xlsx")
    taken = take(tmp_path / "t.xlsx")
    assert taken.frame["CF_JDRQ"].to_list() == ["2025-03-07"]
    assert taken.marks == [(2, "CF_SY", "formula_without_value")]


def test_macros_and_links_to_other_files_are_told_and_not_followed(tmp_path: Path) -> None:
    from zipfile import ZipFile

    path = as_xlsx(tmp_path, ROWS)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    taken = take(path)
    assert taken.table() == ROWS
    assert {"macros", "external-links"} <= taken.codes
