"""Rows that are no data, and hidden rows: asked about, neither read nor skipped in silence."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.intake.made import HEADINGS, ROWS, as_csv, take, text_of, write


def test_totals_remarks_and_signatures_are_no_data(tmp_path: Path) -> None:
    foot = [
        ["合 计：3 条", None, None, "1.5"],
        ["备注：金额以决定书为准"],
        ["填表人：某人", "联系电话：1"],
        ["小计", None, None, "1"],
    ]
    taken = take(as_csv(tmp_path, [*ROWS, *foot]))
    assert taken.table() == ROWS
    assert [m[0] for m in taken.marks] == [5, 6, 7, 8]
    assert {m[2] for m in taken.marks} == {"row_not_data"}
    assert not any("某人" in (d or "") for c in taken.chunks for d in c.marks["detail"])


def test_a_party_whose_name_begins_like_a_total_is_data(tmp_path: Path) -> None:
    rows = [
        ["合计科技有限公司", None, "1号"],
        ["总计", "91370215MXFAK00148", "即示罚字1号", "0.5", "2025-03-07", "事实"],
    ]
    assert take(as_csv(tmp_path, rows)).frame.height == 2


def test_rows_filled_only_in_columns_that_are_not_kept_are_told_and_are_no_records(tmp_path: Path) -> None:
    rows = [["1", *ROWS[0]], ["2", *[None] * len(HEADINGS)], ["以上共一条", *[None] * len(HEADINGS)]]
    taken = take(write(tmp_path, "t.csv", text_of([["序号", *HEADINGS], *rows])))
    assert taken.table() == [ROWS[0]]
    assert taken.marks == [(3, None, "row_not_data"), (4, None, "row_not_data")]
    error = [["1", *ROWS[0]], ["2", *[None] * (len(HEADINGS) - 1), "#N/A"]]
    assert take(write(tmp_path, "t.csv", text_of([["序号", *HEADINGS], *error]))).frame["row"].to_list() == [2, 3]


def test_headings_repeated_between_the_rows_are_no_data(tmp_path: Path) -> None:
    taken = take(as_csv(tmp_path, [ROWS[0], HEADINGS, ROWS[1]]))
    assert taken.frame["row"].to_list() == [2, 4]
    assert taken.marks == [(3, None, "row_not_data")]


def test_the_two_columns_we_added_when_handing_a_file_back_are_passed_over(tmp_path: Path) -> None:
    rows = [["结果", "原因", *HEADINGS], ["可接收", "", *ROWS[0]], ["不是记录", "合计行", "合计", None, None, "1"]]
    taken = take(write(tmp_path, "t.csv", text_of(rows)))
    assert taken.table() == ROWS[:1]
    assert taken.marks == [(3, None, "row_not_data")]
    assert "columns-not-kept" not in taken.codes


def hidden_book(folder: Path) -> Path:
    with xlsxwriter.Workbook(str(folder / "h.xlsx")) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *ROWS]):
            page.write_row(number, 0, ["" if c is None else c for c in row])
        page.set_row(2, None, None, {"hidden": True})
    return folder / "h.xlsx"


@pytest.mark.parametrize(("answer", "rows"), [("ask", [2, 4]), ("skip", [2, 4]), ("read", [2, 3, 4])])
def test_hidden_rows_follow_the_answer(tmp_path: Path, answer: str, rows: list[int]) -> None:
    taken = take(hidden_book(tmp_path), hidden=answer)
    assert taken.frame["row"].to_list() == rows
    assert taken.marks == ([(3, None, "row_hidden")] if answer == "ask" else [])
    (note,) = [n for n in taken.notes if n.code.startswith("hidden-rows")]
    assert "3" in note.said.zh
    assert (note.severity == "ask") == (answer == "ask")


@pytest.mark.parametrize(
    "foot",
    [
        "审核：测试乙",
        "统计人:测试丙",
        "2026年3月10日",
        "日期：2026-03-10",
        "2026.3.10",
        "\x1a",
        "\u200b\x00",
        "无",
        "（此页无正文）",
        "第1页 共1页",
        "经办人签字：  负责人签字：",
        "製表人：測試丁",
        "（以下無正文）",
        "備註：金額以決定書為準",
        "合計：3條",
    ],
)
def test_signatures_days_alone_and_end_marks_below_are_no_data(tmp_path: Path, foot: str) -> None:
    taken = take(as_csv(tmp_path, [*ROWS, [None, None, foot]]))
    assert taken.table() == ROWS


def test_a_row_of_days_or_with_a_day_first_is_data(tmp_path: Path) -> None:
    rows = [
        ["2026年3月10日", None, "1号"],
        [None, None, None, None, "2025-03-07", "2025-03-08"],
        ["\u200b", None, "2号"],
    ]
    assert take(as_csv(tmp_path, rows)).frame.height == 3


@pytest.mark.parametrize(
    "note",
    [
        ["1", "2", "3", "4", "5", "6"],
        ["甲", "乙", "1", "2", "3", "4"],
        ["（1）", "（2）", "（3）", None, None, None],
        ["必填", "选填", "必填", "选填", "必填", "必填"],
    ],
)
def test_a_row_that_numbers_the_columns_or_says_what_to_fill_is_no_data(tmp_path: Path, note: list[str | None]) -> None:
    taken = take(as_csv(tmp_path, [note, *ROWS]))
    assert taken.table() == ROWS
    assert taken.marks in ([(2, None, "row_not_data")], [])  # （1） reads like a second line of the headings


def test_rows_that_only_begin_like_numbers_of_columns_are_data(tmp_path: Path) -> None:
    rows = [
        ["1", "2", "号", None, None, None],
        ["甲", "乙", None, None, None, None],
        ["必填", None, "1号", "2", "3", "4"],
    ]
    assert take(as_csv(tmp_path, rows)).frame.height == 3
