"""The dashboard: sentences and tables that say the same as the pages, files of each tile, a chart that only draws the table."""

import csv
import hashlib
import html
import io
import re
from pathlib import Path

import openpyxl

from tests.site.conftest import DAY, Stranger, code_of, fined, firm, on, registered

STATIC = Path(__file__).parents[2] / "src" / "chengxin" / "site" / "static"
ECHARTS = "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5"
TILES = ("registers", "shown", "months", "prompt", "coverage")


def told(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(n) for n in (1, 2)])
    late = {"CF_JDRQ": "2026/02/02", "CF_GSJZQ": "2026/05/02", "CF_YXQ": "2027/02/02"}
    rows = [fined(1, "示例字〔2026〕1号"), fined(2, "示例字〔2026〕2号"), fined(1, "示例字〔2026〕3号", **late)]
    stranger.desk.send("penalty", [*rows, fined(2, "示例字〔2026〕4号", X_SX_DJ="轻微")])


def test_each_tile_is_a_sentence_with_its_table_formula_and_day(stranger: Stranger) -> None:
    told(stranger)
    page = stranger.get("/dashboard/")
    for sentence in (
        "登记在册的法人和其他组织共 2 个",
        "正在公示 5 条，最多的一类是行政处罚（3 条）",
        "近12个月作出、现在仍公示的决定 3 条",
        "近12个月按时率 66.7%",
    ):
        assert sentence in page, sentence
    assert re.findall(r'<section class="tile" id="(\w+)"', page) == list(TILES)
    assert page.count("<details open>") == page.count("算法：") == len(TILES)
    assert page.count(f"截至 {DAY}。") >= len(TILES)


def test_a_tile_as_a_file_says_what_the_page_says(stranger: Stranger) -> None:
    told(stranger)
    page = html.unescape(stranger.get("/dashboard/"))
    for name in TILES:
        section = page.partition(f'id="{name}"')[2].partition("</section>")[0]
        rows = list(csv.reader(io.StringIO(stranger.get(f"/dashboard/{name}.csv").removeprefix("\ufeff"))))
        data = stranger.client.get(f"/dashboard/{name}.json").json()
        sheet = openpyxl.load_workbook(io.BytesIO(stranger.client.get(f"/dashboard/{name}.xlsx").content))
        assert data["title"] in section and data["as_of"] == DAY.isoformat()
        assert [c.value for c in sheet["说明 About"]["A"]][:2] == [data["title"], data["formula"]]
        numbers = re.findall(r'<data value="([\d.]+)">', section)
        assert numbers == [c for row in rows[1:] for c in row[1:] if re.fullmatch(r"[\d.]+", c)]
        assert [list(map(str, r.values())) for r in data["rows"]] == [[c or "None" for c in row] for row in rows[1:]]
        assert sheet.active is not None and sheet.active.max_row == len(rows)
    stranger.get("/dashboard/nothing.csv", 404)


def test_what_was_told_late_or_corrected_counts_as_the_formula_says(stranger: Stranger) -> None:
    from chengxin.site.public.figures import figures

    told(stranger)
    assert figures().prompt == {"penalty": {"2026-03": (2, 2), "2026-02": (0, 1)}}
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号", CF_NR="罚款2万元", CF_NR_FK="2")])
    assert figures().prompt == {"penalty": {"2026-03": (1, 1), "2026-02": (0, 1)}}


def test_home_and_the_dashboard_count_the_same_resources_as_sent(stranger: Stranger) -> None:
    told(stranger)
    from chengxin.site.public.figures import figures
    from chengxin.site.store.models import Submission

    Submission.objects.filter(resource="penalty").update(resource="profession")  # of persons alone
    assert set(figures().sent) == {"registration", "profession"}
    assert re.search(r"已有单位报送的信息类</dt><dd>1<", stranger.get("/"))
    assert "类信息中，1 类已有单位报送" in stranger.get("/dashboard/")


def test_the_dashboard_shows_nothing_that_has_ended(stranger: Stranger, monkeypatch: object) -> None:
    told(stranger)
    on(monkeypatch, "2026-05-03")  # type: ignore[arg-type]
    assert "最多的一类是行政处罚（2 条）" in stranger.get("/dashboard/")
    on(monkeypatch, "2026-06-06")  # type: ignore[arg-type]
    page = stranger.get("/dashboard/")
    assert "正在公示 2 条" in page and "最多的一类是行政处罚" not in page and "现在仍公示的决定 0 条" in page


def test_the_last_twelve_months_are_those_of_the_calendar(stranger: Stranger) -> None:
    from datetime import date

    from chengxin.site.public.tiles import last_months

    assert last_months(date(2026, 1, 31))[::11] == ["2025-02", "2026-01"]
    assert last_months(date(2026, 12, 1))[::11] == ["2026-01", "2026-12"]


def test_the_charts_come_from_files_of_this_site_and_no_other_page_loads_them(stranger: Stranger) -> None:
    told(stranger)
    page = stranger.get("/dashboard/")
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", page)
    assert [text for _, text in scripts] == ["", ""]
    assert all("/static/" in where and "defer" in where for where, _ in scripts)
    assert "<script" not in stranger.get("/") + stranger.page(1) + stranger.get("/lists/penalties/")
    assert hashlib.sha256((STATIC / "echarts.common.min.js").read_bytes()).hexdigest() == ECHARTS


def test_a_subject_as_json_is_what_its_page_shows(stranger: Stranger) -> None:
    told(stranger)
    data = stranger.client.get(f"/subjects/{code_of(1)}.json").json()
    page = html.unescape(stranger.page(1))
    records = [r for c in data["chapters"] for s in c["resources"] for r in s["records"]]
    assert {r["address"] for r in records} == set(stranger.records(page))
    assert (data["name"], data["code"], data["records_shown"]) == (firm(1), code_of(1), 3)
    assert f"正在公示 {data['records_shown']} 条" in page
    sent = {s["resource"]: s["last_received"] for c in data["chapters"] for s in c["resources"]}
    assert (sent["penalty"], sent["permit"]) == (DAY.isoformat(), None)
    assert f"/subjects/{code_of(1)}.json" in page
    stranger.get(f"/subjects/{code_of(9)}.json", 404)
    again = stranger.client.get(f"/subjects/{code_of(1).lower()}.json")
    assert again.headers["Location"] == f"/subjects/{code_of(1)}.json"
