"""Headings: by code, title, alias or slip, on one line or two, below titles, in any order; what is unknown is told."""

import time
from pathlib import Path

from tests.intake.made import HEADINGS, ROWS, as_csv, as_xlsx, made_identity, refusal, take, text_of, write


def how(path: Path, **given: object) -> dict[str, str]:
    return {h.text: h.how for h in take(path, **given).parts[0].headings}


def test_code_title_alias_and_slip_are_known(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "cf_xdr_mc, 违法事实 *,文号,处罚决定日起,心情\n甲公司,事实,1号,2025-03-07,好\n")
    assert list(how(path).values()) == ["code", "title", "alias", "misspelling", "unknown"]


def test_order_of_columns_does_not_count(tmp_path: Path) -> None:
    backwards = [list(reversed(r)) for r in [HEADINGS, *ROWS]]
    assert take(write(tmp_path, "t.csv", text_of(backwards))).table() == ROWS


def test_unknown_columns_are_told_and_not_kept(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号,心情\n甲公司,1号,好\n"))
    assert taken.frame.columns == ["row", "CF_XDR_MC", "CF_WSH"]
    (note,) = [n for n in taken.notes if n.code == "columns-not-kept"]
    assert "心情" in note.said.zh


def test_a_column_nobody_may_collect_is_told_apart(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号,血型\n甲公司,1号,AB\n"))
    assert "forbidden-column" in taken.codes
    assert "columns-not-kept" not in taken.codes


def test_a_remembered_heading_is_known(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "行政相对人名称,文号,罚了多少\n甲公司,1号,2\n")
    assert how(path, mapping={"罚了多少": "CF_NR_FK"})["罚了多少"] == "mapped"


def test_yuan_in_a_heading_is_told_and_ten_thousand_yuan_is_not(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号,罚款金额（元）,没收金额(万元)\n甲公司,1号,5000,1\n"))
    assert [h.unit for h in taken.parts[0].headings] == [None, None, "yuan", None]
    assert taken.frame["CF_NR_FK"].to_list() == ["5000"]


def test_a_hint_in_brackets_does_not_hide_a_heading_but_another_name_in_brackets_does(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "行政相对人名称（全称）,文号,处罚机关（代码）\n甲公司,1号,x\n")
    assert list(how(path).values()) == ["title", "alias", "unknown"]


def test_of_two_columns_for_one_field_the_filled_one_is_kept_and_both_are_named(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号,企业名称\n,1号,甲公司\n"))
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司"]
    (note,) = [n for n in taken.notes if n.code == "column-twice"]
    assert "行政相对人名称" in note.said.zh
    assert "企业名称" in note.said.zh


def test_required_fields_without_a_column_are_missing(tmp_path: Path) -> None:
    missing = take(as_csv(tmp_path, ROWS)).parts[0].missing
    assert "CF_CFLB" in missing
    assert "CF_WSH" not in missing
    assert "CF_SJLYDM" not in missing, "what may be filled from the sender is not missing"


def test_headings_in_two_lines_with_groups_are_joined(tmp_path: Path) -> None:
    rows = [
        ["处罚信息公示表", None, None, None],
        ["行政相对人", None, "行政处罚决定书文号", "处罚机关"],
        ["名称", "类别", None, "统一社会信用代码"],
    ]
    path = as_xlsx(tmp_path, [*rows[1:], ["甲公司", "法人", "1号", "11370215MXFAK0X65D"]], headings=rows[0])
    taken = take(path)
    assert [h.field for h in taken.parts[0].headings] == ["CF_XDR_MC", "CF_XDR_LB", "CF_WSH", "CF_CFJGDM"]
    assert taken.frame["row"].to_list() == [4]
    assert "title-rows" in taken.codes


def test_a_line_of_codes_below_the_titles_is_no_data(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号\nCF_XDR_MC,CF_WSH\n甲公司,1号\n"))
    assert taken.frame["row"].to_list() == [3]


def test_no_headings_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, "t.csv", "甲,乙\n1,2\n"))
    assert refused.code == "no-headings"
    assert "行政处罚决定书文号" in refused.said.zh


def test_one_word_that_is_also_a_heading_makes_no_table(tmp_path: Path) -> None:
    note = write(tmp_path, "t.csv", "说明\r\n以下各表由系统导出\r\n")
    assert refusal(note).code == "no-headings"
    assert take(write(tmp_path, "t.csv", "行政相对人名称\r\n甲公司\r\n")).frame.height == 1


def test_headings_only_is_refused(tmp_path: Path) -> None:
    assert refusal(as_csv(tmp_path, [])).code == "no-rows"
    assert refusal(as_xlsx(tmp_path, [])).code == "no-rows"


def test_what_stands_where_headings_should_never_shows_long_numbers(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "行政相对人名称,文号,990000198001010011\n甲公司,1号,x\n"))
    assert not any("99000019800101" in n.said.zh for n in taken.notes)


def test_an_identity_number_in_a_heading_is_hidden(tmp_path: Path) -> None:
    number = made_identity()
    path = as_xlsx(tmp_path, [[*r, "x"] for r in ROWS], headings=[*HEADINGS, f"备注列{number}"])
    assert all(number not in h.text for p in take(path).parts for h in p.headings)


def test_marks_around_a_heading_do_not_count_and_a_cell_of_megabytes_costs_nothing(tmp_path: Path) -> None:
    heads = [
        "★行政相对人名称",
        "统一社会信用代码☆",
        "“行政处罚决定书文号”",
        "罚款金额(万元)▲",
        "※处罚决定日期",
        "违法事实#",
    ]
    assert take(as_xlsx(tmp_path, ROWS, headings=heads)).table() == ROWS
    path = write(tmp_path, "t.csv", text_of([HEADINGS, *ROWS]) + "x" * 2_000_000 + "\r\n")
    start = time.process_time()
    assert take(path).marks == [(5, None, "row_too_long")]
    assert time.process_time() - start < 2
