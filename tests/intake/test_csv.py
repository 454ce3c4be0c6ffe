"""Text tables: encodings, delimiters, quotes, line ends, and lines that nobody can read."""

import csv
import time
from pathlib import Path

import pytest

from chengxin.intake import csv_file
from chengxin.intake.headings import Known
from chengxin.intake.received import Bounds
from chengxin.standards.load import load_catalogue
from tests.intake.made import DAY, FIELDS, HEADINGS, ROWS, as_csv, refusal, take, text_of, write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_usual_encoding_and_delimiter_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    taken = take(as_csv(tmp_path, ROWS, encoding=encoding, delimiter=delimiter))
    assert taken.table() == ROWS
    assert taken.parts[0].delimiter == delimiter
    assert taken.frame["row"].to_list() == [2, 3, 4]
    assert not taken.marks


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-32"])
def test_wide_text_without_a_mark_is_read(encoding: str, tmp_path: Path) -> None:
    assert take(as_csv(tmp_path, ROWS, encoding=encoding)).table() == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_line_end_is_read(tmp_path: Path, end: str, quoting: int) -> None:
    assert take(as_csv(tmp_path, ROWS, end=end, quoting=quoting)).table() == ROWS


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEADINGS, *ROWS]).rstrip())
    assert take(path).table() == ROWS


def test_a_line_sep_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", "sep=;\r\n" + text_of([HEADINGS, *ROWS], delimiter=";")))
    assert taken.table() == ROWS
    assert taken.frame["row"].to_list() == [2, 3, 4]


TRADITIONAL = ["行政相對人名稱", "統一社會信用代碼", "行政處罰決定書文號", "罰款金額(萬元)", "處罰決定日期", "違法事實"]


@pytest.mark.parametrize("headings", [FIELDS, TRADITIONAL])
def test_traditional_text_in_big5_is_told(tmp_path: Path, headings: list[str]) -> None:
    rows = [
        ["XX示例貿易有限公司測試", "91370215MXFAK00148", "號1", "1", "2025-03-07", "違反規定之行為，經查屬實並記錄在案"]
    ] * 5
    taken = take(write(tmp_path, "t.csv", text_of([headings, *rows]), "big5"))
    assert set(FIELDS) <= set(taken.frame.columns)
    assert "big5" in taken.codes
    assert taken.frame["CF_XDR_MC"][0] == rows[0][0]


def test_title_rows_blank_lines_and_line_breaks_in_cells_keep_row_numbers(tmp_path: Path) -> None:
    text = "处罚信息表,,\n\n" + text_of([HEADINGS], end="\n") + '"甲\n公司",,1号\n\n,,,,,\n乙公司,,2号\n'
    taken = take(write(tmp_path, "t.csv", text))
    assert taken.parts[0].heading_row == 3
    assert taken.frame["row"].to_list() == [4, 7]
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲\n公司", "乙公司"]


def test_an_empty_quoted_cell_is_empty(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + '甲公司,"",1号\n')
    assert take(path).frame["CF_XDR_SHXYM"].to_list() == [None]


def test_a_text_written_as_a_formula_is_that_text(tmp_path: Path) -> None:
    lines = [",".join(HEADINGS), *(",".join(f'="{c}"' if c else "" for c in r) for r in ROWS)]
    assert take(write(tmp_path, "t.csv", "\r\n".join(lines))).table() == ROWS
    quoted = [HEADINGS, *([f'="{c}"' if c else "" for c in r] for r in ROWS)]
    assert take(write(tmp_path, "t.csv", text_of(quoted))).table() == ROWS


def test_a_quote_inside_a_cell_is_a_quote(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + '甲"乙"公司,,1号\n"丙""丁",,2号\n')
    assert take(path).frame["CF_XDR_MC"].to_list() == ['甲"乙"公司', '丙"丁']


@pytest.mark.parametrize("between", [", ", " , ", ",   "])
def test_quotes_behind_spaces_are_quotes_where_all_headings_stand_in_them(tmp_path: Path, between: str) -> None:
    rows = [HEADINGS, ["甲,公司", None, '"1"号', None, None, None], *ROWS]
    lines = [between.join('"' + (c or "").replace('"', '""') + '"' for c in row) for row in rows]
    assert take(write(tmp_path, "t.csv", "\n".join(lines) + "\n")).table() == rows[1:]
    plain = text_of([HEADINGS], end="\n") + '甲公司, "某"厂,1号\n'
    assert take(write(tmp_path, "u.csv", plain)).frame["CF_XDR_SHXYM"].to_list() == [' "某"厂']


def test_an_unclosed_quote_costs_one_row_and_is_marked(tmp_path: Path) -> None:
    rows = "".join(f"公司{i},,{i}号\n" for i in range(200))
    path = write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + '"甲公司,,开口\n' + rows)
    taken = take(path)
    assert taken.frame.height == 201
    assert taken.marks == [(2, None, "quote_unclosed")]
    assert taken.frame["CF_WSH"][0] == "开口"


def test_a_quote_that_closes_lines_later_in_mid_cell_was_never_meant(tmp_path: Path) -> None:
    text = text_of([HEADINGS], end="\n") + '"甲公司,,1号\n"乙"公司,,2号\n丙公司,,3号\n'
    taken = take(write(tmp_path, "t.csv", text))
    assert taken.frame["CF_WSH"].to_list() == ["1号", "2号", "3号"]
    assert (2, None, "quote_unclosed") in taken.marks


def test_thousands_of_unclosed_quotes_take_bounded_time(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + 'x","\n' * 100_000)
    start = time.perf_counter()
    assert take(path).frame.height == 100_000
    assert time.perf_counter() - start < 30


def test_mixed_encodings_mark_only_the_lines_that_do_not_decode(tmp_path: Path) -> None:
    good = text_of([HEADINGS, *ROWS] + ROWS * 20, end="\n").encode()
    bad = "乙测试公司,,错1号\n".encode("gb18030")
    taken = take(write(tmp_path, "t.csv", good + bad + good.split(b"\n", 1)[1]))
    assert taken.marks == [(2 + 63, None, "bytes_undecodable")]
    assert taken.frame.height == 63 + 1 + 63


def test_a_file_cut_in_mid_character_marks_its_last_row(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", (text_of([HEADINGS, *ROWS], end="\n") + "末尾公司").encode()[:-1]))
    assert taken.marks == [(5, None, "bytes_undecodable")]


def test_nul_bytes_are_told_and_kept_for_validation(tmp_path: Path) -> None:
    taken = take(write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + "甲\0公司,,1号\n"))
    assert "nul-bytes" in taken.codes
    assert taken.frame["CF_XDR_MC"][0] == "甲\0公司"


def test_more_cells_than_headings_mark_the_row_but_empty_ones_do_not(tmp_path: Path) -> None:
    text = text_of([HEADINGS], end="\n") + "甲公司,,1号,,,,,\n乙公司,,2号,,,,,多\n丙公司,,3号\n"
    taken = take(write(tmp_path, "t.csv", text))
    assert taken.marks == [(3, None, "row_too_wide")]
    assert taken.frame.height == 3


def test_a_cell_over_the_bound_is_dropped_and_a_row_over_the_bound_too(tmp_path: Path) -> None:
    text = (
        text_of([HEADINGS], end="\n") + f"甲公司,,1号,,,{'长' * 20_000}\n乙公司,,2号,,,{'x' * 2_000_000}\n丙公司,,3号\n"
    )
    taken = take(write(tmp_path, "t.csv", text))
    assert taken.marks == [(2, "CF_SY", "cell_too_long"), (3, None, "row_too_long")]
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司", None, "丙公司"]


def test_a_line_longer_than_a_block_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "BLOCK", 1 << 16)
    monkeypatch.setattr(csv_file.TextTable.__init__, "__defaults__", (1 << 16,))
    text = text_of([HEADINGS], end="\n") + "x" * 2_000_000 + "\n丙公司,,3号\n"
    taken = take(write(tmp_path, "t.csv", text))
    assert taken.marks == [(2, None, "row_too_long")]
    assert taken.frame["row"].to_list() == [2, 3]
    assert taken.frame["CF_XDR_MC"].to_list() == [None, "丙公司"]


def test_a_million_columns_are_refused_or_marked(tmp_path: Path) -> None:
    wide_row = write(tmp_path, "a.csv", text_of([HEADINGS], end="\n") + "x," * 100_000 + "\n甲公司\n")
    assert (2, None, "row_too_wide") in take(wide_row).marks
    wide_head = write(tmp_path, "b.csv", ",".join(HEADINGS) + ",x" * 1_000_000 + "\n甲公司\n")
    assert refusal(wide_head).code == "too-many-columns"


def test_scientific_notation_in_a_code_column_is_lost_digits(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEADINGS], end="\n") + "甲公司,9.13702E+17,1号\n")
    assert take(path).marks == [(2, "CF_XDR_SHXYM", "digits_lost")]


NAUGHTY = (
    text_of([HEADINGS], end="\n")
    + '甲公司,,1号\n"乙\n公司",,2号\n\n"丙""丁",,"3号"\n'
    + "开口,,4号\r\n戊公司,,5号,,,,,\n"
    + '己"公"司,,6号\n"庚,,7号\n辛公司,,8号\n壬公司,,9号,,,,,多\n'
).encode() + "癸公司,,10号\n".encode("gb18030")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 64, 129, 1000])
def test_any_block_size_gives_the_same_rows(tmp_path: Path, size: int) -> None:
    path = write(tmp_path, "t.csv", NAUGHTY)

    def rows(block: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        table = csv_file.TextTable(path, Known(load_catalogue(DAY).resource("penalty"), {}), Bounds(), block)
        layout = csv_file.Layout(2, len(HEADINGS))
        found = list(table.blocks(layout))
        frames = [r for b in found for r in b.frame.iter_rows() if any(r[1:])]
        return frames, sorted(r for b in found for r in b.marks.select("row", "mark").iter_rows())

    assert rows(size) == rows(1 << 20)


SPECTRUM = {
    'first,zip\nJohn,"Anytown, WW"\n': [["John", "Anytown, WW"]],
    'a,b\n1,""\n2,3': [["1", None], ["2", "3"]],
    'a,b\r\n1,""\r\n2,3': [["1", None], ["2", "3"]],
    'a,b\n1,"ha ""ha"" ha"\n3,4\n': [["1", 'ha "ha" ha'], ["3", "4"]],
    'a,b\n1,"{""type"": ""Point""}"\n': [["1", '{"type": "Point"}']],
    'a,b\n1,2\n"Once upon \na time",5\n7,8\n': [["1", "2"], ["Once upon \na time", "5"], ["7", "8"]],
    'a,b\r\n1,2\r\n"Once upon \r\na time",5\r\n': [["1", "2"], ["Once upon \r\na time", "5"]],
    'a,b\n1,"ha \n""ha"" \nha"\n3,4\n': [["1", 'ha \n"ha" \nha'], ["3", "4"]],
    "a,b\n1,2\n": [["1", "2"]],
    "a,b\n4,ʤ\n": [["4", "ʤ"]],
}


@pytest.mark.parametrize("text", SPECTRUM)
def test_the_dialect_basics_are_read_as_everyone_reads_them(tmp_path: Path, text: str) -> None:
    body = text.replace(text.partition("\n")[0].rstrip("\r"), "行政相对人名称,行政处罚决定书文号", 1)
    frame = take(write(tmp_path, "t.csv", body)).frame
    assert [list(r) for r in frame.select("CF_XDR_MC", "CF_WSH").iter_rows()] == SPECTRUM[text]


def test_the_mark_of_utf8_before_other_text_is_seen_through(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + as_csv(tmp_path, ROWS).read_text(encoding="utf-8").encode("gb18030")
    assert take(write(tmp_path, "t.csv", content)).table() == ROWS


def test_spreadsheet_errors_saved_as_text_are_marked(tmp_path: Path) -> None:
    taken = take(as_csv(tmp_path, [[*ROWS[0][:3], "#DIV/0!", *ROWS[0][4:]], ["#1 公司", *ROWS[1][1:]]]))
    assert taken.marks == [(2, "CF_NR_FK", "cell_error")]
    assert taken.frame["CF_NR_FK"][0] is None and taken.frame["CF_XDR_MC"][1] == "#1 公司"
