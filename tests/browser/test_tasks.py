"""What people come for, from beginning to end in a real browser: with a keyboard alone, without scripts, on a phone."""

import csv
import io
import json
import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.browser import keyboard
from tests.browser.chromium import PHONE, WIDE, code_now, sign_in, somebody, told_password
from tests.browser.sites import Served
from tests.browser.walks import sent_file
from tests.site.work import as_csv
from tests.store.cast import OWNER, code_of, fined, firm


class Sits(Protocol):
    def __call__(self, login: str = "", size: tuple[int, int] = WIDE, script: bool = True) -> Page: ...


@pytest.fixture
def sits(chromium: Browser, full: Served) -> Iterator[Sits]:
    """Somebody at a browser of the site at work, each with a browser of their own."""
    with ExitStack() as stack:

        def sit(login: str = "", size: tuple[int, int] = WIDE, script: bool = True) -> Page:
            return stack.enter_context(somebody(chromium, full, login, size, script))

        yield sit


def fits(page: Page) -> None:
    """Nothing has to be pushed sideways, once the page that was asked for is there."""
    page.locator("footer").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def press(page: Page, name: str, **more: Any) -> None:
    page.get_by_role("button", name=name, **more).first.click()


def reviewed(page: Page, document: str) -> None:
    """A colleague looks for what holds this document number, and signs."""
    page.goto("/bumen/shencha/")
    links = page.locator("main a[href^='/bumen/shencha/']")
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(str(address))
        if page.get_by_text(document).count():
            break
    page.get_by_label("三项都已看过").check()
    press(page, "签署并生效")
    expect(page.get_by_role("heading", name="回执")).to_contain_text("已生效")


def public(page: Page, number: int) -> Locator:
    """What the public reads about a firm."""
    page.goto(f"/subjects/{code_of(number)}/")
    return page.locator("main")


def test_a_stranger_finds_a_company_by_a_wrong_character_and_reads_when_its_record_ends(sits: Sits) -> None:
    page = sits(size=PHONE, script=False)
    page.goto("/")
    fits(page)
    page.get_by_label("查一个单位").fill(firm(1).replace("示例", "示列"))
    press(page, "查询")
    fits(page)
    page.get_by_role("link", name=firm(1), exact=True).click()
    expect(page.locator("h1")).to_have_text(firm(1))
    fits(page)
    page.get_by_role("link", name="示例字〔2026〕1号").click()
    fits(page)
    facts = page.locator("main dl.facts").first
    expect(facts).to_contain_text("2026-06-05")
    expect(facts.locator("dt", has_text="归集和公示依据").locator("+ dd")).not_to_be_empty()


def test_a_stranger_takes_a_list_as_csv_by_the_keyboard(sits: Sits) -> None:
    page = sits()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    keyboard.enter(page, page.get_by_role("navigation").get_by_role("link", name="处罚公示"))
    keyboard.choose(page, page.get_by_label("决定机关"), OWNER[1])
    keyboard.enter(page, page.get_by_role("button", name="筛选"))
    keyboard.tab_to(page, page.get_by_role("link", name="CSV"))
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    rows = list(csv.reader(io.StringIO(taken.value.path().read_text("utf-8-sig"))))
    assert len(rows) > 3 and any("示例字〔2026〕2号" in row for row in rows)


def test_a_file_with_faults_is_mended_in_place_and_published_after_a_colleagues_review(sits: Sits) -> None:
    clerk, colleague, anybody = sits("luru"), sits("shencha"), sits(size=PHONE)
    rows = [fined(8, "示例字〔2026〕801号", CF_JDRQ="2026年13月"), fined(8, "示例字〔2026〕802号")]
    sent_file(clerk, "处罚.csv", as_csv(rows))
    expect(clerk.get_by_role("button", name="确认报送可接收的 1 行")).to_be_visible()
    clerk.get_by_role("link", name="在网页上改").click()
    clerk.get_by_label("处罚决定日期").first.fill("2026-03-05")
    press(clerk, "保存并重新检查")
    press(clerk, "确认报送 2 行")
    expect(clerk.get_by_role("heading", name="回执")).to_contain_text("待保密审查")
    expect(public(anybody, 8)).not_to_contain_text("801号")
    reviewed(colleague, "示例字〔2026〕801号")
    expect(public(anybody, 8)).to_contain_text("示例字〔2026〕801号")
    expect(public(anybody, 8)).to_contain_text("示例字〔2026〕802号")
    fits(anybody)


def test_one_record_is_filled_in_and_its_faults_found_by_the_keyboard(sits: Sits) -> None:
    page = sits("luru")
    page.goto("/bumen/")
    keyboard.enter(page, page.get_by_role("navigation").get_by_role("link", name="报送"))
    keyboard.enter(page, page.get_by_role("link", name="行政处罚", exact=True))
    keyboard.enter(page, page.get_by_role("link", name="网页填报一条"))
    filled_in(page, fined(9, "示例字〔2026〕901号", CF_JDRQ="2026年13月"))
    keyboard.enter(page, page.get_by_role("button", name="检查并继续"))
    expect(page.get_by_role("alert")).to_contain_text("还有 1 处要改")
    keyboard.tab_to(page, page.get_by_role("alert").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.locator("#CF_JDRQ")).to_be_focused()
    keyboard.write(page, page.locator("#CF_JDRQ"), "2026-03-05")
    keyboard.enter(page, page.get_by_role("button", name="检查并继续"))
    expect(page.get_by_role("heading", name="请再核对一遍")).to_be_visible()
    keyboard.tab_to(page, page.get_by_role("button", name="确认报送"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="回执")).to_contain_text("待保密审查")


def filled_in(page: Page, row: dict[str, Any]) -> None:
    """Fill the form in by the keyboard, from its first field to its last."""
    opened = False
    for name in page.locator("main form [id^=CF_], main form [id^=X_]").evaluate_all("all => all.map(one => one.id)"):
        field = page.locator(f"#{name}")
        if name not in row or field.is_disabled():
            continue
        if not field.is_visible() and not opened:
            keyboard.tick(page, page.locator("summary", has_text="其他可填的"))
            opened = True
        if field.evaluate("one => one.tagName") == "SELECT":
            keyboard.choose(page, field, str(row[name]))
        elif field.input_value() != str(row[name]):
            keyboard.write(page, field, str(row[name]))


def test_nothing_to_report_is_signed_on_a_phone_without_scripts(sits: Sits) -> None:
    page = sits("luru", PHONE, script=False)
    page.goto("/bumen/baosong/")
    fits(page)
    page.get_by_role("link", name="异常", exact=False).first.click()
    page.locator("summary", has_text="没有要报送的").click()
    press(page, "签零报告")
    expect(page.locator("main")).to_contain_text("请勾选确认")
    page.locator("summary", has_text="没有要报送的").click()
    page.get_by_label("我确认本单位在此期间").check()
    fits(page)
    press(page, "签零报告")
    expect(page.get_by_role("status")).to_contain_text("零报告已签")


def test_an_officer_checks_a_company_before_a_decision_and_prints_the_receipt(sits: Sits) -> None:
    page = sits("hecha", script=False)
    page.goto("/bumen/hecha/")
    page.get_by_label("统一社会信用代码或全称").fill(firm(2))
    page.get_by_label("在哪项工作中查询").select_option(index=1)
    page.get_by_label("案件编号").fill("示例招标〔2026〕7号")
    press(page, "核查")
    answer = page.locator("section.answer")
    expect(answer).to_contain_text("示例字〔2026〕2号")
    expect(answer).to_contain_text("2026-06-05")
    receipt = answer.locator("a[href^='/bumen/hecha/'] code").inner_text()
    printed = text_of(page.pdf(format="A4"))
    for told in (receipt, "示例字〔2026〕2号", "示例招标〔2026〕7号", "打印于"):
        assert told in printed, told
    assert "在哪项工作中查询" not in printed and "退出" not in printed  # no form, no menu
    answer.get_by_role("link", name=receipt).click()
    expect(page.locator("main")).to_contain_text("示例招标〔2026〕7号")
    expect(page.locator("main")).not_to_contain_text(firm(2))


def text_of(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_a_company_reads_its_file_and_who_looked_by_the_keyboard_on_a_phone(sits: Sits) -> None:
    officer, page = sits("hecha"), sits("qiye", PHONE)
    page.goto("/wode/")
    code = page.locator("main .code").first.inner_text()
    checked(officer, code)
    page.goto("/wode/")
    fits(page)
    keyboard.enter(page, page.get_by_role("main").get_by_role("link", name="谁查过我"))
    fits(page)
    expect(page.locator("main table")).to_contain_text(OWNER[1])


def checked(officer: Page, code: str) -> None:
    officer.goto("/bumen/hecha/")
    officer.get_by_label("统一社会信用代码或全称").fill(code)
    officer.get_by_label("在哪项工作中查询").select_option(index=1)
    press(officer, "核查")
    expect(officer.locator("section.answer")).to_contain_text(code)


def test_the_office_settles_whom_a_row_is_about_and_a_colleague_confirms(sits: Sits) -> None:
    office, colleague = sits("xinyongban", script=False), sits("xinyongban2", script=False)
    office.goto("/xinyongban/rending/")
    row = office.locator("main tr", has_text="行政处罚").filter(has_not_text="复核").first
    row.get_by_role("link").first.click()
    address = office.url
    candidate = office.locator(".sides section").first
    name = candidate.locator("h3").inner_text()
    candidate.get_by_label("理由").fill("名称、注册号一致")
    candidate.get_by_role("button", name="提出：是这个主体").click()
    expect(office.get_by_role("status")).to_contain_text("等第二人复核")
    office.goto(address)
    expect(office.locator("main .error")).to_be_visible()  # not by who proposed it
    colleague.goto(address)
    press(colleague, "同意，生效")
    expect(colleague.get_by_role("status")).to_contain_text("已复核，生效")
    expect(colleague.locator("main")).to_contain_text("同一主体")
    assert name.startswith("青岛示例")


def test_a_batch_is_recalled_by_two_and_gone_for_everybody_at_once(sits: Sits) -> None:
    clerk, reviewer, anybody = sits("luru"), sits("shencha"), sits()
    sent_file(clerk, "误报.csv", as_csv([fined(10, "示例字〔2026〕1001号")]))
    press(clerk, "确认报送 1 行")
    expect(clerk.get_by_role("heading", name="回执")).to_be_visible()
    reviewed(reviewer, "示例字〔2026〕1001号")
    expect(public(anybody, 10)).to_contain_text("1001号")
    office, colleague = sits("xinyongban"), sits("xinyongban2")
    office.goto("/xinyongban/pici/")
    office.locator("main table tbody tr").first.get_by_role("link").first.click()
    expect(office.locator("main")).to_contain_text("误报.csv")
    expect(office.locator("dl.figures div", has_text="移除的信息").locator("dd")).to_have_text("1")
    office.get_by_label("撤回的理由").fill("部门来函：报错了主体")
    press(office, "提出撤回")
    expect(public(anybody, 10)).to_contain_text("1001号")
    colleague.goto(office.url)
    press(colleague, "同意，生效")
    expect(colleague.get_by_role("status")).to_contain_text("已复核")
    expect(public(anybody, 10)).not_to_contain_text("1001号")


def test_a_draft_of_the_law_is_confirmed_by_two_after_a_dry_run(sits: Sits) -> None:
    office, colleague, page = sits("xinyongban", PHONE, script=False), sits("xinyongban2"), sits()
    office.goto("/xinyongban/caoan/")
    fits(office)
    office.get_by_role("link", name="失信被执行人名单").first.click()
    fits(office)
    expect(office.get_by_role("heading", name="确认会触及什么")).to_be_visible()
    office.get_by_label("文号").fill("即信用办〔2026〕3号")
    office.get_by_label("成文日期").fill("2026-03-09")
    office.get_by_label("理由").fill("已与上级核对原文")
    press(office, "提出确认")
    address = office.url
    colleague.goto(address)
    press(colleague, "同意，生效")
    expect(colleague.locator("main")).to_contain_text("即信用办〔2026〕3号")
    page.goto("/catalogue/lists/")
    expect(page.locator("tr, li", has_text="失信被执行人名单").first).not_to_contain_text("草案")


def test_an_auditor_reads_who_looked_and_has_the_log_checked(sits: Sits) -> None:
    officer, page = sits("hecha"), sits("shenji", PHONE)
    checked(officer, code_of(2))
    page.goto("/xinyongban/shenji/")
    fits(page)
    expect(page.locator("main")).to_contain_text("hecha")
    expect(page.locator("main")).not_to_contain_text(code_of(2))
    press(page, "现在核验整个日志")
    expect(page.get_by_role("status")).to_contain_text("一致")


def test_a_key_is_made_used_by_a_program_and_ended(sits: Sits, full: Served) -> None:
    page = sits("guanli", script=False)
    page.goto("/bumen/miyao/")
    page.get_by_label("名称", exact=False).fill("许可业务系统")
    page.get_by_label("行政许可", exact=True).check()
    for box in page.locator("input[name=purpose]").all():
        box.check()
    press(page, "新建")
    key = page.locator("main b.code").inner_text()
    ask = {"subject": code_of(1), "purpose": "administration", "matter": "permit"}
    status, told = asked(f"{full.address}/api/v1/checks", key, ask)
    assert status == 200 and "示例字〔2026〕1号" in json.dumps(told, ensure_ascii=False)
    page.locator("main tr", has_text="许可业务系统").get_by_role("button", name="撤销").click()
    status, told = asked(f"{full.address}/api/v1/checks", key, ask)
    assert (status, told["code"]) == (401, "wrong-key")


def asked(address: str, key: str, body: dict[str, str]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_an_account_gets_a_second_factor_and_signs_in_with_it(sits: Sits) -> None:
    page, again = sits(), sits(size=PHONE)
    page.goto("/accounts/login/")
    password = told_password(page, "luru2")
    sign_in(page, "luru2")
    page.goto("/accounts/second/")
    page.get_by_role("link", name="设置").click()
    page.get_by_label("密码").fill(password)
    press(page, "继续")
    page.get_by_label("六位数字").fill(code_now(page.locator("main .code").first.inner_text()))
    press(page, "确认")
    recovery = page.locator("main pre").inner_text().split()[0]
    sign_in(again, "luru2", password)
    expect(again.get_by_role("heading", name="填写验证码")).to_be_visible()
    fits(again)
    again.goto("/bumen/")
    expect(again.get_by_role("heading", name="今天")).to_have_count(0)  # a password alone opens nothing
    again.goto("/accounts/code/")
    again.get_by_label("六位数字").fill(recovery)
    press(again, "登录")
    expect(again.get_by_role("heading", name="今天")).to_be_visible()
    again.goto("/accounts/second/remove/")
    again.get_by_label("密码").fill(password)
    press(again, "继续")
    press(again, "移除")
    expect(again.get_by_role("link", name="设置")).to_be_visible()
