"""Old workbooks, web tables, JSON Lines, Parquet and zips: what is peculiar to each."""

import json
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from pathlib import Path

import polars as pl
import xlwt

from tests.intake.made import (
    HEADINGS,
    ROWS,
    as_csv,
    as_html,
    as_jsonl,
    as_parquet,
    as_xls,
    as_xlsx,
    as_zip,
    refusal,
    take,
    write,
)


def test_an_old_workbook_tells_hidden_rows_dates_errors_and_merges(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("数据")
    for column, heading in enumerate(HEADINGS):
        page.write(0, column, heading)
    page.write_merge(1, 2, 0, 0, "甲公司")
    page.write(1, 1, 914403001922038300)
    page.write(1, 2, "1号")
    page.write(1, 4, date(2025, 3, 7), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    page.row(2).set_cell_error(3, 0x2A)
    page.write(3, 0, "乙公司")
    page.row(3).hidden = True
    book.save(str(tmp_path / "t.xls"))
    taken = take(tmp_path / "t.xls")
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司", "甲公司"]
    assert taken.frame["CF_JDRQ"].to_list() == ["2025-03-07", None]
    assert set(taken.marks) == {
        (2, "CF_XDR_SHXYM", "digits_lost"),
        (3, "CF_NR_FK", "cell_error"),
        (4, None, "row_hidden"),
    }


def test_a_damaged_old_workbook_is_refused(tmp_path: Path) -> None:
    content = as_xls(tmp_path, ROWS).read_bytes()
    for cut in (600, 2000, len(content) // 2):
        assert refusal(write(tmp_path, "cut.xls", content[:cut])).code in ("unreadable", "is-binary")


def test_web_tables_respect_spans_and_count_rows_like_a_spreadsheet(tmp_path: Path) -> None:
    head = "".join(f"<th>{h}</th>" for h in HEADINGS)
    page = f"""<html><meta charset=utf-8><body><h1>处罚公示</h1><table><tr><td>页眉</td></tr></table>
    <table><tr><td colspan=6>表名</td></tr><tr>{head}</tr>
    <tr><td rowspan=2>甲公司<td>&nbsp;<td>1号<td>0.5<td>2025-03-07<td>一<br>二</tr><tr><td><td>2号</tr></table>"""
    taken = take(write(tmp_path, "t.html", page))
    assert taken.frame["row"].to_list() == [5, 6]
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司", "甲公司"]
    assert taken.frame["CF_WSH"].to_list() == ["1号", "2号"]
    assert taken.frame["CF_SY"].to_list() == ["一\n二", None]


def test_rows_that_a_web_table_does_not_show_are_asked_about(tmp_path: Path) -> None:
    page = as_html(tmp_path, ROWS, charset="utf-8").read_text("utf-8")
    first, second, third = (f"<tr><td>{row[0]}" for row in ROWS)
    page = page.replace(first, first.replace("<tr>", "<tr style='height:0;display:none'>"))
    page = page.replace(second, second.replace("<tr>", "<tr hidden>"))
    taken = take(write(tmp_path, "t.xls", page))
    assert taken.frame["CF_XDR_MC"].to_list() == [ROWS[2][0]]
    assert taken.marks == [(2, None, "row_hidden"), (3, None, "row_hidden")]
    assert third in page


def test_a_table_in_a_table_that_only_places_it_is_found(tmp_path: Path) -> None:
    page = as_html(tmp_path, ROWS, charset="utf-8").read_text("utf-8")
    inner = page[page.index("<table") : page.index("</body>")]
    layout = f"<table><tr><td>页眉</td></tr><tr><td>菜单</td><td><h1>处罚</h1>{inner}</td></tr></table>"
    taken = take(write(tmp_path, "t.html", f"<html><meta charset=utf-8><body>{layout}</body></html>"))
    assert taken.table() == ROWS
    assert taken.frame["row"].to_list() == [4, 5, 6]
    cells = page.replace("<td>" + ROWS[0][0], f"<td><table><tr><td>{ROWS[0][0]}</td></tr></table>")
    assert take(write(tmp_path, "t.html", cells)).table() == ROWS


def test_a_page_that_names_the_wrong_encoding_is_read_by_what_decodes(tmp_path: Path) -> None:
    page = as_html(tmp_path, ROWS, charset="utf-8").read_bytes().replace(b'charset="utf-8"', b'charset="gb2312"')
    assert take(write(tmp_path, "t.html", page)).table() == ROWS
    page = as_html(tmp_path, ROWS, charset="gbk").read_bytes().replace(b'charset="gbk"', b'charset="utf-8"')
    assert take(write(tmp_path, "t.html", page)).table() == ROWS


def test_absurd_spans_are_bounded(tmp_path: Path) -> None:
    page = "<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr>" + "<tr><td>y</td></tr>" * 50 + "</table>"
    start = time.perf_counter()
    assert refusal(write(tmp_path, "t.html", page)).code == "no-headings"
    assert time.perf_counter() - start < 5


def test_json_lines_mark_what_is_no_object(tmp_path: Path) -> None:
    lines = [
        '{"CF_XDR_MC": "甲公司", "CF_WSH": "1号", "CF_NR_FK": 0.5, "CF_XDR_SHXYM": 123}',
        "",
        "[1]",
        '{"CF_XDR_MC": NaN}',
        '{"CF_XDR_MC": "乙公司", "CF_WSH": "2号", "CF_SY": {"a": 1}, "CF_NR_FK": null}',
        "[" * 100_000,
        '{"CF_XDR_MC": "丁公司", "新键": true, "CF_SY": "8:30，\\"a\\": b"}',
        '{"CF_XDR_MC": "' + "x" * 300_000 + '"}',
    ]
    content = "\n".join(lines).encode() + b'\n{"CF_XDR_MC": "\xb2\xe2"}\n'
    taken = take(write(tmp_path, "t.jsonl", content))
    assert taken.frame["row"].to_list() == [1, 3, 4, 5, 6, 7, 8, 9]
    assert taken.marks == [
        (1, "CF_XDR_SHXYM", "number_cell"),
        (3, None, "not_an_object"),
        (4, None, "not_an_object"),
        (5, "CF_SY", "cell_error"),
        (6, None, "not_an_object"),
        (8, None, "row_too_long"),
        (9, None, "bytes_undecodable"),
    ]
    assert taken.frame["CF_XDR_MC"].to_list() == ["甲公司", None, None, "乙公司", None, "丁公司", None, None]
    assert taken.frame["CF_NR_FK"][0] == "0.5"
    assert "columns-not-kept" in taken.codes


def test_a_name_that_stands_twice_in_an_object_is_asked_back(tmp_path: Path) -> None:
    lines = [
        '{"CF_XDR_MC": "甲公司", "CF_WSH": "1号", "CF_SY": "8:30 至 9:00"}',
        '{"CF_XDR_MC": "甲公司", "CF_WSH": "1号", "CF_XDR_MC": "乙公司"}',
        '{"CF_XDR_MC" : "甲公司", "CF_WSH" :"1号", "\\u0043F_WSH" : "2号"}',
        '{"CF_XDR_MC": "甲公司", "CF_WSH": "1号", "CF_SY": {"CF_WSH": "2号"}}',
    ]
    taken = take(write(tmp_path, "t.jsonl", "\n".join(lines)))
    assert taken.marks == [(2, None, "name_twice"), (3, None, "name_twice"), (4, "CF_SY", "cell_error")]


def test_deeply_nested_objects_are_no_rows(tmp_path: Path) -> None:
    lines = ['{"CF_XDR_MC": "甲公司", "CF_WSH": "1号"}', '{"CF_SY": ' + '{"a":' * 40 + "1" + "}" * 41]
    assert take(write(tmp_path, "t.jsonl", "\n".join(lines))).marks == [(2, None, "not_an_object")]


def test_json_lines_that_end_with_cr_only_are_lines(tmp_path: Path) -> None:
    content = as_jsonl(tmp_path, ROWS).read_text("utf-8").replace("\n", "\r")
    taken = take(write(tmp_path, "t.jsonl", content))
    assert taken.table() == ROWS
    assert taken.frame["row"].to_list() == [1, 2, 3]


def test_a_json_array_of_objects_is_read_too(tmp_path: Path) -> None:
    objects = [dict(zip(HEADINGS, r, strict=True)) for r in ROWS]
    taken = take(write(tmp_path, "t.json", json.dumps(objects, ensure_ascii=False, indent=2)))
    assert taken.table() == ROWS
    assert taken.frame["row"].to_list() == [1, 2, 3]


def test_every_type_of_parquet_column_becomes_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "行政相对人名称": pl.Series(["甲公司", "乙公司"], dtype=pl.Categorical),
            "统一社会信用代码": [914403001922038300.0, None],
            "行政处罚决定书文号": [20250001, 20250002],
            "罚款金额(万元)": pl.Series(["0.500000", "1.000000"]).str.to_decimal(scale=6),
            "处罚决定日期": [date(2025, 3, 7), None],
            "处罚有效期": [datetime.fromisoformat("2025-03-07"), datetime.fromisoformat("2025-03-07T08:30")],
            "违法事实": [["a"], ["b", "c"]],
            "备注": [b"abc", b"\xff\xfe"],
            "处罚内容": [True, False],
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    taken = take(tmp_path / "t.parquet")
    row = taken.frame.row(0, named=True)
    assert row["CF_XDR_MC"] == "甲公司"
    assert row["CF_XDR_SHXYM"] == "914403001922038300"
    assert row["CF_WSH"] == "20250001"
    assert row["CF_NR_FK"] == "0.5"
    assert taken.frame["CF_NR_FK"][1] == "1"
    assert row["CF_JDRQ"] == "2025-03-07"
    assert taken.frame["CF_YXQ"].to_list() == ["2025-03-07", "2025-03-07 08:30:00"]
    assert row["CF_NR"] == "true"
    assert row["BZ"] == "abc"
    assert taken.marks == [
        (1, "CF_SY", "cell_error"),
        (1, "CF_WSH", "number_cell"),
        (1, "CF_XDR_SHXYM", "digits_lost"),
        (2, None, "bytes_undecodable"),
        (2, "CF_SY", "cell_error"),
        (2, "CF_WSH", "number_cell"),
    ]


def test_a_zip_gives_a_part_for_each_table(tmp_path: Path) -> None:
    makers = {"a.csv": as_csv, "b.xlsx": as_xlsx, "c.xls": as_html, "d.jsonl": as_jsonl, "e.parquet": as_parquet}
    files = {f"夹/{n}": make(tmp_path, ROWS, n).read_bytes() for n, make in makers.items()}
    taken = take(as_zip(tmp_path, files | {"__MACOSX/._a.csv": b"junk", "夹/.DS_Store": b"junk"}))
    assert [p.name for p in taken.parts] == ["夹/a.csv", "夹/b.xlsx/数据", "夹/c.xls", "夹/d.jsonl", "夹/e.parquet"]
    assert taken.table() == ROWS * 5
    assert taken.progress.done == taken.progress.total


def test_an_unreadable_member_refuses_the_zip_by_its_name(tmp_path: Path) -> None:
    refused = refusal(as_zip(tmp_path, {"a.csv": as_csv(tmp_path, ROWS).read_bytes(), "b.pdf": b"%PDF-1.7"}))
    assert refused.code == "is-pdf"
    assert "b.pdf" in refused.said.zh


def test_a_zip_without_files_is_told_so(tmp_path: Path) -> None:
    assert refusal(as_zip(tmp_path, {"folder/": b"", "__MACOSX/._a.csv": b"x"})).code == "zip-empty"


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner = as_zip(tmp_path, {"a.csv": as_csv(tmp_path, ROWS).read_bytes()}, "inner.zip").read_bytes()
    assert refusal(as_zip(tmp_path, {"inner.zip": inner})).code == "zip-in-zip"


def test_chinese_names_of_old_packers_are_shown_as_they_were(tmp_path: Path) -> None:
    content = as_csv(tmp_path, ROWS).read_bytes()
    raw = as_zip(tmp_path, {"abcd.csv": content}).read_bytes().replace(b"abcd.csv", "处罚".encode("gbk") + b".csv")
    assert take(write(tmp_path, "old.zip", raw)).parts[0].name == "处罚.csv"


def test_more_equal_rows_than_a_file_may_have_are_refused_unread(tmp_path: Path) -> None:
    rows = 30_000_000
    pl.DataFrame({h: pl.zeros(rows, dtype=pl.Int8, eager=True) for h in HEADINGS[:2]}).write_parquet(
        tmp_path / "bomb.parquet", row_group_size=rows
    )
    assert (tmp_path / "bomb.parquet").stat().st_size < 100_000
    start = time.perf_counter()
    assert refusal(tmp_path / "bomb.parquet").code == "too-many-rows"
    assert time.perf_counter() - start < 5


def test_stranger_types_of_parquet_columns_are_text_or_told(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "行政相对人名称": pl.Series(["甲", "乙"], dtype=pl.Enum(["甲", "乙"])),
            "行政处罚决定书文号": [{"a": 1}, None],
            "罚款金额(万元)": pl.Series(
                [Decimal("0.50"), Decimal("12345678901234567890.123456")], dtype=pl.Decimal(38, 6)
            ),
            "处罚决定日期": pl.Series(
                [datetime(2025, 3, 6, 16), datetime(9999, 12, 30)], dtype=pl.Datetime("us", "UTC")
            ),
            "违法事实": [clock(8), None],
            "处罚内容": [timedelta(days=1), None],
            "备注": pl.Series([None, None]),
            "处罚依据": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int8, 2)),
            "公示截止期": pl.Series([10**30, -1], dtype=pl.Int128),
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    taken = take(tmp_path / "t.parquet")
    assert [m for m in taken.marks if m[2] == "cell_error"] == [
        (1, "CF_NR", "cell_error"),
        (1, "CF_WSH", "cell_error"),
        (1, "CF_YJ", "cell_error"),
        (2, "CF_YJ", "cell_error"),
    ]
    first, second = taken.frame.to_dicts()
    assert (first["CF_NR_FK"], second["CF_NR_FK"]) == ("0.5", "12345678901234567890.123456")
    assert (first["CF_JDRQ"], first["CF_SY"], first["CF_GSJZQ"]) == ("2025-03-07", "08:00:00", str(10**30))


def test_records_that_an_export_wraps_or_parts_with_commas_are_read(tmp_path: Path) -> None:
    objects = [dict(zip(HEADINGS, r, strict=True)) for r in ROWS]
    wrapped = json.dumps({"RECORDS": objects}, ensure_ascii=False, indent=1)
    assert take(write(tmp_path, "t.json", wrapped)).table() == ROWS
    parted = ",\n".join(json.dumps(o, ensure_ascii=False) for o in objects)
    assert take(write(tmp_path, "t.jsonl", parted)).table() == ROWS
    lines = '{"CF_SY": [{"a": 1}], "CF_WSH": "1号"}\n{"CF_XDR_MC": "甲", "CF_WSH": "2号"}\n'
    assert take(write(tmp_path, "t.jsonl", lines)).marks == [(1, "CF_SY", "cell_error")]
    assert refusal(write(tmp_path, "t.json", '{"RECORDS": [{"a": 1}], "x": [{"b": 2}]}')).code == "no-headings"
