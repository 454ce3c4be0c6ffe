"""Articles at the office's desk: written, reviewed and published by the right people, and every version is seen."""

from typing import Any

from tests.site.conftest import Cast, Stranger
from tests.site.work import text

DESK = "/xinyongban/wenzhang/"
ONE, STEP = f"{DESK}notices/open-day/", f"{DESK}notices/open-day/ban/"
TYPED = {
    "section": "notices",
    "slug": "open-day",
    "title_zh": "开放日",
    "text_zh": "## 时间\n\n3 月 15 日。<b>",
    "title_en": "",
    "text_en": "",
}


def say(browser: Any, address: str, **fields: str) -> str:
    return text(browser.post(address, fields, follow=True))


def test_one_writes_another_reviews_and_the_writer_publishes(stranger: Stranger, cast: Cast) -> None:
    writer, colleague = cast("office"), cast("colleague")
    assert "还没有文章" in text(writer.get(DESK))
    page = say(writer, f"{DESK}xin/", **TYPED)
    assert (
        "草稿，等保密审查" in page and "撰写人不作保密审查" in page and "<h2>时间</h2>" in page and "&lt;b&gt;" in page
    )
    assert "请另一人" in say(writer, STEP, step="review", version="1")
    assert "已审查，等发布" in say(colleague, STEP, step="review", version="1")
    stranger.get("/notices/open-day/", 404)
    assert "已发布" in say(writer, STEP, step="publish", version="1")
    assert "开放日" in stranger.get("/notices/open-day/")
    assert "开放日" in text(writer.get(DESK))


def test_a_new_version_begins_with_the_last_one_and_waits_beside_it(stranger: Stranger, cast: Cast) -> None:
    writer, colleague = cast("office"), cast("colleague")
    say(writer, f"{DESK}xin/", **TYPED)
    say(colleague, STEP, step="review", version="1")
    say(writer, STEP, step="publish", version="1")
    form = text(writer.get(f"{DESK}xin/?section=notices&slug=open-day"))
    assert 'value="开放日"' in form and "3 月 15 日" in form
    page = say(colleague, f"{DESK}xin/", **TYPED | {"title_zh": "开放日改期"})
    assert "第 2 版" in page and "看公开页面（第 1 版）" in page
    assert "开放日改期" not in stranger.get("/notices/open-day/")
    assert "请写明理由" in say(colleague, STEP, step="withdraw")
    assert "已撤下" in say(colleague, STEP, step="withdraw", reason="日期有误")
    stranger.get("/notices/open-day/", 404)
    assert "日期有误" in text(writer.get(ONE))


def test_what_is_refused_stays_in_the_form(stranger: Stranger, cast: Cast) -> None:
    answer = cast("office").post(f"{DESK}xin/", TYPED | {"slug": "Open Day"})
    assert answer.status_code == 422
    assert "小写字母" in text(answer) and "3 月 15 日" in text(answer) and 'value="Open Day"' in text(answer)
    assert "没有文章" in say(cast("office"), STEP, step="publish", version="9" * 30)
    assert "请选择" in say(cast("office"), STEP)
