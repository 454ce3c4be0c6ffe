"""The office's board: who is silent, what is held, what waits."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.site.conftest import DAY, OTHER, OWNER, Cast, Stranger, fined, on, registered
from tests.site.work import shown, text

BOARD = "/xinyongban/jinri/"


def held_feed(stranger: Stranger) -> Any:
    """A feed far smaller than its five before."""
    rows = [registered(n) for n in range(1, 22)]
    for k in range(5):
        stranger.desk.send("registration", [r | {"登记机关": f"{OWNER[1]}{k}"} for r in rows], reviewed=False)
    sent = stranger.desk.send("registration", rows[:2], reviewed=False)
    assert sent.state == "held"
    return sent


def test_a_supplier_that_goes_silent_is_told_in_words_and_by_a_shape(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    page = shown(text(cast("office").get(BOARD)))
    assert "■ 沉默：已过期未报 0" in page and f"□ 从未报送 {OTHER[1]}" in page
    on(monkeypatch, DAY + timedelta(days=30))
    page = shown(text(cast("office").get(BOARD)))
    assert f"■ 沉默：已过期未报 {OWNER[1]}" in page


def test_a_file_of_which_no_row_can_be_taken_stops_no_clock(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    later = DAY + timedelta(days=30)
    on(monkeypatch, later)
    before = shown(text(cast("clerk").get("/bumen/baosong/penalty/")))
    assert "已过" in before
    sent = stranger.desk.send("penalty", [fined(1, "示例字〔2026〕2号", CF_JDRQ="x")], on=later, reviewed=False)
    assert sent.counts["accepted"] == 0
    page = shown(text(cast("clerk").get("/bumen/baosong/penalty/")))
    assert re.findall("已过 [0-9]+ 个工作日", page) == re.findall("已过 [0-9]+ 个工作日", before) != []
    assert f"■ 沉默：已过期未报 {OWNER[1]}" in shown(text(cast("office").get(BOARD)))
    cast("clerk").post("/bumen/baosong/penalty/lingbaogao/", {"since": later, "until": later, "sign": "yes"})
    assert "零报告已签" in text(cast("clerk").get("/bumen/baosong/penalty/"))


def test_what_is_usual_is_the_median_of_the_feeds_before() -> None:
    from chengxin.site.access.intake import Feed

    days = [DAY + timedelta(days=d) for d in (0, 7, 14, 60)]
    feed = Feed("", "", "penalty", days, [10, 30, 20, 1])
    assert (feed.usual_gap, feed.usual_rows, feed.last) == (7, 20, days[-1])
    assert Feed("", "", "penalty", days[:2], [1, 2]).usual_gap is None


def test_a_held_feed_is_released_or_sent_back_with_a_reason_alone(stranger: Stranger, cast: Cast) -> None:
    sent = held_feed(stranger)
    page = text(cast("office").get(BOARD))
    assert "不足近五批中位数" in page
    address = f"/xinyongban/zancun/{sent.id.hex}/"
    cast("office").post(address, {"do": "release", "reason": " "})
    sent.refresh_from_db()
    assert sent.state == "held"
    cast("office").post(address, {"do": "release", "reason": "已电话核实"})
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("received", "office：已电话核实")
    assert "没有暂存" in text(cast("office").post(address, {"do": "back", "reason": "再退"}, follow=True))


def test_a_held_feed_that_was_sent_back_takes_no_effect(stranger: Stranger, cast: Cast) -> None:
    sent = held_feed(stranger)
    cast("office").post(f"/xinyongban/zancun/{sent.id.hex}/", {"do": "back", "reason": "请报全"})
    sent.refresh_from_db()
    assert (sent.state, sent.reviewed_by, sent.answers) == ("returned", "office", False)
    assert "请报全" in text(cast("clerk").get(f"/bumen/pici/{sent.id.hex}/"))


def test_the_board_tells_what_waits_and_where_the_log_stands(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])  # its code is in no register yet
    page = shown(text(cast("office").get(BOARD)))
    assert "代码不在登记信息中 1 2026-03-10" in page
    assert "未入日志的变更集 ● 没有" in page
