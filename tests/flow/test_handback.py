"""The annotated workbook: the clerk's own sheet comes back, is mended, and is read again as it is."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome
from tests.flow.conftest import csv_of, penalty, rules_by_row, setting


def titled_workbook(rows: list[dict[str, str | None]], path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("处罚")
        sheet.merge_range(0, 0, 0, 5, "行政处罚公示表")
        sheet.write(1, 0, "填报单位：示例")
        for column, name in enumerate(rows[0]):
            sheet.write_string(2, column, name)
            for line, row in enumerate(rows, start=3):
                sheet.write_string(line, column, row[name] or "")
        sheet.write(3 + len(rows), 0, "合计")
    return path


FAULTY = [penalty(1), penalty(2, CF_JDRQ="2026-02-30"), penalty(3, CF_SY="=1+1 经查属实"), penalty(4, CF_NR_FK=None)]


@pytest.mark.parametrize("make", [csv_of, titled_workbook])
def test_row_numbers_order_and_columns_stay(
    make: Callable[..., Path], judged: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = make(FAULTY, tmp_path / ("p.csv" if make is csv_of else "p.xlsx"))
    outcome, back = judged(path), tmp_path / "back.xlsx"
    write_annotated(path, back, outcome, setting())
    sheet = openpyxl.load_workbook(back).worksheets[0]
    heading = outcome.parts[0].heading_row
    heads = [cell.value for cell in sheet[heading]]
    assert heads[:2] == ["结果", "原因"]
    assert [h for h in heads[2:] if h] == list(FAULTY[0])
    assert [sheet.cell(heading + n, 1).value for n in (1, 2)] == ["可接收", "需修改"]
    wrong = sheet.cell(heading + 2, heads.index("CF_JDRQ") + 1)
    assert wrong.value == "2026-02-30"
    assert wrong.comment is not None and wrong.fill.fgColor.rgb == "FFF8D7DA"
    assert "2026-02-30" in str(sheet.cell(heading + 2, 2).value)


def test_formula_like_text_stays_text(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = csv_of(FAULTY, tmp_path / "p.csv"), tmp_path / "back.xlsx"
    write_annotated(path, back, judged(path), setting())
    cells = [c for line in openpyxl.load_workbook(back).worksheets[0].iter_rows() for c in line]
    assert all(c.data_type != "f" for c in cells)
    assert any(str(c.value).startswith("=1+1") for c in cells)


def test_validating_the_annotated_workbook_finds_the_same(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = titled_workbook(FAULTY, tmp_path / "p.xlsx"), tmp_path / "back.xlsx"
    first = judged(path)
    write_annotated(path, back, first, setting())
    again = judged(back)
    assert rules_by_row(again) == rules_by_row(first)
    assert again.received == first.received
    assert not [n for n in again.notes if n.code == "unknown-columns"]


def test_hidden_rows_stay_hidden_and_are_asked_about_again(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = titled_workbook(FAULTY, tmp_path / "p.xlsx"), tmp_path / "back.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[5].hidden = True
    book.save(path)
    first = judged(path)
    write_annotated(path, back, first, setting())
    sheet = openpyxl.load_workbook(back).worksheets[0]
    assert sheet.row_dimensions[5].hidden and sheet.cell(5, 1).value == "待定"
    assert (judged(back).held, rules_by_row(judged(back))) == (1, rules_by_row(first))


def test_an_error_in_a_cell_is_handed_back_as_it_was(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = titled_workbook(FAULTY, tmp_path / "p.xlsx"), tmp_path / "back.xlsx"
    book = openpyxl.load_workbook(path)
    column = [c.value for c in book.worksheets[0][3]].index("CF_NR_FK") + 1
    book.worksheets[0].cell(4, column).value = "#DIV/0!"
    book.save(path)
    first = judged(path)
    write_annotated(path, back, first, setting())
    assert any("cell_error" in r for r in rules_by_row(first)[4])
    assert rules_by_row(judged(back)) == rules_by_row(first)


def test_parquet_and_unreadable_records_are_handed_back(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    back = tmp_path / "back.xlsx"
    pl.DataFrame(FAULTY).write_parquet(tmp_path / "p.parquet")
    write_annotated(tmp_path / "p.parquet", back, judged(tmp_path / "p.parquet"), setting())
    assert openpyxl.load_workbook(back).worksheets[0].cell(3, 1).value == "需修改"
    (tmp_path / "p.jsonl").write_text('{"CF_XDR_MC": "甲", "CF_WSH": "1"}\n{bad\n', encoding="utf-8")
    write_annotated(tmp_path / "p.jsonl", back, judged(tmp_path / "p.jsonl"), setting())
    assert openpyxl.load_workbook(back).worksheets[0].cell(3, 1).value == "需修改"


def test_a_record_that_could_not_be_read_is_not_lost_when_the_sheet_comes_back(
    judged: Callable[..., Outcome], tmp_path: Path
) -> None:
    good = json.dumps(penalty(1), ensure_ascii=False)
    sent, back = tmp_path / "p.jsonl", tmp_path / "back.xlsx"
    sent.write_text(f"{good}\n{good[:-1]}\n[1]\n", encoding="utf-8")
    first = judged(sent)
    assert rules_by_row(first) == {2: {"not_an_object"}, 3: {"not_an_object"}}
    write_annotated(sent, back, first, setting())
    again = judged(back)
    assert (again.received, again.accepted, again.rejected) == (3, 1, 2)


def test_a_mended_workbook_is_taken_whole(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = titled_workbook(FAULTY, tmp_path / "p.xlsx"), tmp_path / "back.xlsx"
    write_annotated(path, back, judged(path), setting())
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    sheet.cell(5, heads.index("CF_JDRQ") + 1).value = "2026-03-05"
    sheet.cell(7, heads.index("CF_NR_FK") + 1).value = 0.5
    book.save(back)
    assert judged(back).accepted == 4


def test_the_reasons_are_counted_on_a_sheet_of_their_own(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back = csv_of(FAULTY, tmp_path / "p.csv"), tmp_path / "back.xlsx"
    outcome = judged(path)
    write_annotated(path, back, outcome, setting())
    sheet = openpyxl.load_workbook(back)["原因汇总"]
    listed = {row[0].value: row[3].value for row in sheet.iter_rows(min_row=2)}
    counted = dict(outcome.findings().group_by("rule").agg(pl.len()).collect().iter_rows())
    assert listed == counted


def test_a_sheet_handed_back_twice_has_our_columns_once(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path, back, again = titled_workbook(FAULTY, tmp_path / "p.xlsx"), tmp_path / "back.xlsx", tmp_path / "again.xlsx"
    write_annotated(path, back, judged(path), setting())
    write_annotated(back, again, judged(back), setting())
    first, second = (openpyxl.load_workbook(p).worksheets[0] for p in (back, again))
    assert [[c.value for c in row] for row in second.iter_rows()] == [
        [c.value for c in row] for row in first.iter_rows()
    ]
