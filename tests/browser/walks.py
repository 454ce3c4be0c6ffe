"""Ways through the site, state by state: each page once as it is at work, once where there is nothing, once where it refuses."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.own import account, passkey, second_factor
from tests.browser.stage import OFFICE_TOO
from tests.browser.walker import Walker
from tests.site.test_crawl import NOBODYS
from tests.site.work import as_csv
from tests.store.cast import NUMBER, code_of, fined, firm

Way = Callable[[Walker], None]
FORM = "/bumen/baosong/penalty/luru/"


def public(walker: Walker) -> None:
    """What a stranger reads."""
    walker.open("home", "/")
    walker.open("search", "/search/")
    walker.open("search-hits", "/search/?q=商贸第2号")
    walker.open("search-near", "/search/?q=青岛示列第2号商贸")
    walker.open("search-nothing", "/search/?q=无此单位")
    walker.open("search-common", "/search/?q=青岛有限公司")
    walker.open("search-person", f"/search/?q={NUMBER}")
    walker.open("subject", f"/subjects/{code_of(1)}/")
    walker.press("record", walker.page.locator("a[href^='/records/']", has_text="示例字").first)
    for name in ("permits", "penalties", "serious", "abnormal", "honours"):
        walker.open(f"list-{name}", f"/lists/{name}/")
    walker.open("list-filtered", "/lists/penalties/?year=1999")
    for path in ("dashboard", "open-data", "catalogue", "catalogue/laws", "catalogue/lists", "measures", "standards"):
        walker.open(path.replace("/", "-"), f"/{path}/")
    walker.open("resource", "/catalogue/resources/penalty/")
    walker.open("code-list", "/catalogue/codes/penalty_kind/")
    walker.open("law", "/catalogue/laws/sd-credit-2020/")
    for path in ("notices", "education", "guides", "log", "about", "help", "persons", "accessibility", "privacy"):
        walker.open(path, f"/{path}/")
    walker.open("verify", "/verify/")
    walker.open("api", "/api/")
    walker.open("sign-in", "/accounts/login/")
    if walker.page.goto("/notices/") and walker.page.locator("main a.main").count():
        walker.press("article", walker.page.locator("main a.main").first)


def public_empty(walker: Walker) -> None:
    """What a stranger reads where nothing was sent yet."""
    for name, path in (
        *(("home", "/"), ("search", "/search/?q=商贸"), ("dashboard", "/dashboard/"), ("open-data", "/open-data/")),
        *((f"list-{n}", f"/lists/{n}/") for n in ("permits", "penalties", "serious", "abnormal", "honours")),
        *((n, f"/{n}/") for n in ("notices", "education", "guides", "log", "catalogue", "measures", "standards")),
        ("sign-in", "/accounts/login/"),
    ):
        walker.open(f"empty-{name}", path)
    walker.open("empty-subject", f"/subjects/{code_of(1)}/", 404)


def public_wrong(walker: Walker) -> None:
    """What a stranger reads where something is wrong, and every choice of how pages look."""
    walker.open("not-found", "/nowhere/", 404)
    walker.open("unknown-subject", f"/subjects/{code_of(99)}/", 404)
    walker.open("bad-question", "/lists/serious/?year=20x6", 400)
    walker.open("verify-unknown", f"/verify/{NOBODYS}/", 404)
    walker.open("verify-mistyped", "/verify/?number=1234", 400)
    walker.open("disabled-account", "/accounts/disabled/")
    walker.open("sign-in", "/accounts/login/")
    walker.page.get_by_label("登录名").fill("nobody")
    walker.page.get_by_label("密码").fill("not-the-password")
    walker.press("sign-in-refused", walker.page.get_by_role("button", name="登录"))
    for choice, path in (
        *(("english", "/?lang=en"), ("english-list", "/lists/penalties/"), ("english-404", "/nowhere/?lang=en")),
        *(("large", "/?lang=zh&type=large"), ("contrast", "/dashboard/?contrast=high"), ("plain", "/?type=normal")),
    ):
        walker.open(choice, path, 404 if "404" in choice else 200)


def department(walker: Walker) -> None:
    """A clerk's day: what is owed, a file with faults mended, a form, a zero report, corrections."""
    page = walker.page
    walker.open("department-day", "/bumen/")
    walker.open("department-send", "/bumen/baosong/")
    walker.open("department-item", "/bumen/baosong/penalty/")
    page.locator("summary", has_text="没有要报送的").click()
    walker.look(walker, "department-item-zero")
    walker.open("department-form", FORM)
    page.locator("#CF_WSH").fill("示例字〔2026〕7号")
    walker.press("department-form-wrong", page.get_by_role("button", name="检查并继续"))
    page.goto(FORM)
    for name, text in fined(5, "示例字〔2026〕77号").items():
        _fill(walker, name, str(text))
    walker.press("department-answers", page.get_by_role("button", name="检查并继续"))
    page.goto(FORM)
    page.get_by_role("button", name="清空重填").click()
    walker.open("department-dispute", "/bumen/baosong/penalty/guize/?rule=penalty.CF_NR_FK.money")
    walker.open("department-problems", "/bumen/wenti/")
    walker.press("department-problem", page.locator("main table a[href^='/bumen/wenti/']").first)
    walker.open("department-records", "/bumen/xinxi/")
    walker.open("department-records-none", "/bumen/xinxi/?document=无此文号")
    walker.open("department-records-found", "/bumen/xinxi/?resource=penalty")
    walker.press("department-record", page.locator("main table a", has_text="示例字〔2026〕3号").first)
    walker.follow("department-correct", "更正")
    page.locator("#CF_NR_FK").fill("很多")
    walker.press("department-correct-wrong", page.get_by_role("button", name="检查并继续"))
    page.goto(walker.opened["department-record"])
    walker.follow("department-withdraw", "撤销")
    walker.press("department-withdraw-wrong", page.get_by_role("button", name="提交撤销"))
    walker.open("department-objections", "/bumen/yiyi/")
    walker.press("department-objection", page.locator("main table a").first)
    walker.open("department-figures", "/bumen/zhibiao/")
    for measure in ("timeliness", "compliance", "completeness"):
        walker.open(f"department-behind-{measure}", f"/bumen/zhibiao/{measure}/penalty/")
    walker.open("forbidden", "/xinyongban/jinri/", 403)
    walker.open("department-not-found", f"/bumen/pici/{'0' * 32}/", 404)


def upload(walker: Walker) -> None:
    """Files on their way: faults, mending, headings, rows that are hidden, what is no table."""
    page = walker.page
    wrong = [
        fined(4, "示例字〔2026〕61号", CF_JDRQ="2026年13月"),
        fined(5, "示例字〔2026〕62号", CF_XDR_SHXYM=code_of(5)[:-1] + "*"),
        fined(6, "示例字〔2026〕63号", CF_XDR_SHXYM=code_of(6)[:-1] + "*", CF_NR_FK="壹万"),
        fined(7, "示例字〔2026〕64号"),
    ]
    sent_file(page, "处罚3月.csv", as_csv(wrong))
    walker.wait_for("job-faults", "确认报送可接收的")
    walker.follow("job-mend", "在网页上改")
    page.locator("input[name='0-2-CF_JDRQ']").fill("2026年14月")
    page.get_by_role("button", name="保存并重新检查").click()
    page.get_by_text("确认报送可接收的").first.wait_for()
    walker.follow("job-mend-again", "在网页上改")
    strange = {("处罚日子" if k == "CF_JDRQ" else k): v for k, v in fined(7, "示例字〔2026〕65号").items()}
    sent_file(page, "旧表.csv", as_csv([strange]))
    walker.wait_for("job-headings", "没有可以接收的行")
    walker.follow("headings", "告诉我们它们是什么")
    sent_file(page, "hidden.xlsx", hidden_rows())
    walker.wait_for("job-hidden", "读取隐藏的行")
    sent_file(page, "a.csv", b"%PDF-1.7 nothing")
    walker.wait_for("job-refused", "重新上传")
    sent_file(page, "处罚4月.csv", as_csv([fined(7, "示例字〔2026〕66号")]))
    page.get_by_text("确认报送 1 行").wait_for()
    page.get_by_role("button", name="确认报送 1 行").click()
    page.wait_for_url(re.compile("/bumen/pici/"))
    walker.open("receipt", page.url)


def sent_file(page: Page, name: str, content: bytes) -> None:
    """Choose a file in the form and send it."""
    page.goto("/bumen/baosong/penalty/")
    page.get_by_label("文件", exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并检查").click()


def hidden_rows() -> bytes:
    """A workbook one row of which is hidden."""
    import io

    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    for row in (list(fined(1, "")), *(list(fined(7, f"示例字〔2026〕8{n}号").values()) for n in (1, 2))):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(stream)
    return stream.getvalue()


def _fill(walker: Walker, name: str, text: str) -> None:
    field = walker.page.locator(f"#{name}")
    if not field.count() or field.is_disabled():
        return
    if not field.is_visible():
        walker.page.locator("summary", has_text="其他可填的").click()
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(label=text)
    else:
        field.fill(text)


def reviewer(walker: Walker) -> None:
    """A colleague who reviews."""
    page = walker.page
    walker.open("reviews", "/bumen/shencha/")
    walker.press("review", page.locator("main tr", has_text="处罚").locator("a").first)
    page.locator("summary", has_text="不宜公开").click()
    walker.look(walker, "review-withhold")
    page.get_by_role("button", name="签署并生效").click()
    walker.open("review-unsigned", page.url)


def officer(walker: Walker) -> None:
    """A check before a decision."""
    page = walker.page
    walker.open("check", "/bumen/hecha/")
    page.get_by_label("统一社会信用代码或全称").fill(code_of(88))
    page.get_by_label("在哪项工作中查询").select_option(index=1)
    walker.press("check-unknown", page.get_by_role("button", name="核查"), 422)
    page.get_by_label("统一社会信用代码或全称").fill(firm(2))
    page.get_by_label("在哪项工作中查询").select_option(index=1)
    walker.press("check-answer", page.get_by_role("button", name="核查"))
    walker.press("check-receipt", page.locator("main dl a[href^='/bumen/hecha/']"))


def manager(walker: Walker) -> None:
    """The team and its keys."""
    page = walker.page
    walker.open("team", "/bumen/tuandui/")
    walker.press("team-member", page.locator("main table a").first)
    walker.open("team-keys", "/bumen/miyao/")
    page.get_by_label("名称", exact=False).fill("许可业务系统")
    page.get_by_label("行政处罚").check()
    page.locator("input[name=purpose]").first.check()
    walker.press("team-key-made", page.get_by_role("button", name="新建"))


def office(walker: Walker) -> None:
    """The credit office's day."""
    page = walker.page
    walker.open("office-day", "/xinyongban/jinri/")
    walker.open("office-day-all", "/xinyongban/jinri/?all=1")
    walker.open("office-queue", "/xinyongban/rending/")
    walker.press("office-row-proposed", page.locator("main tr", has_text="等第二人复核").locator("a").first)
    walker.open("office-queue-again", "/xinyongban/rending/")
    walker.press(
        "office-row", page.locator("main tr", has_text="行政处罚").filter(has_not_text="复核").locator("a").first
    )
    walker.open("office-suspects", "/xinyongban/rending/zhuti/")
    walker.open("office-quality", "/xinyongban/zhiliang/")
    walker.open("office-batches", "/xinyongban/pici/")
    walker.press("office-batch", page.locator("main table a").first)
    walker.open("office-drafts", "/xinyongban/caoan/")
    walker.open("office-draft", "/xinyongban/caoan/list/L01/")
    walker.open("office-draft-purpose", "/xinyongban/caoan/purpose/inspection/")
    walker.open("office-catalogue", "/xinyongban/mulu/")
    walker.open("office-catalogue-diff", "/xinyongban/mulu/?since=2024-01-01&until=2026-03-01")
    walker.open("office-catalogue-wrong", "/xinyongban/mulu/?since=x&until=y")
    walker.open("office-accounts", "/xinyongban/zhanghao/")
    page.get_by_label("登录名").fill("luru")
    page.get_by_label("姓名").fill("演示")
    walker.press("office-accounts-refused", page.get_by_role("button", name="新建"))
    walker.open("office-accounts-again", "/xinyongban/zhanghao/")
    walker.press("office-account", page.locator("main table a").first)
    walker.open("office-partners", "/xinyongban/hezuofang/")
    admission(walker)
    walker.open("office-reports", "/xinyongban/baogao/")
    reports_of_list(walker)
    walker.open("office-objections", "/xinyongban/yiyi/")
    walker.press("office-objection", page.locator("main table a").first)
    walker.press("office-objection-sent", page.get_by_role("button", name="转来源单位核查"))
    walker.open("office-objection-again", page.url)
    articles(walker)
    walker.open("office-keys", "/xinyongban/miyao/")
    walker.open("office-changes", "/xinyongban/biangeng/")


def admission(walker: Walker) -> None:
    """Partners: who was let in, one refused, one with its key that this second person confirms."""
    page = walker.page
    walker.open("office-admission", "/xinyongban/jieru/")
    page.get_by_label("统一社会信用代码").fill(f"{code_of(171)[:-1]}*")
    page.get_by_label("单位名称").fill("示例银行（测试）")
    page.get_by_label("合作方", exact=True).check()
    page.get_by_label("理由，如协议").fill("合作协议")
    walker.press("office-admission-refused", page.get_by_role("button", name="提出"))
    walker.press("office-partner", page.locator("main table a").first)
    walker.press("office-key-shown", page.get_by_role("button", name="同意，生效"))
    walker.follow("office-partner-again", "记下后返回")


def reports_of_list(walker: Walker) -> None:
    """A list is refused, pasted again, looked up, confirmed and issued."""
    page = walker.page
    walker.follow("office-report-batches", "成批出具")
    page.get_by_label("用途").select_option("funds")
    page.get_by_label("办理事项").fill("示例项目资格核查")
    look_up = page.get_by_role("button", name="核对粘贴的名单")
    walker.press("office-report-batches-refused", look_up, 422)
    page.get_by_label("粘贴名单").fill(f"{code_of(1)}\n没有这家示例公司\n{code_of(1)}")
    page.get_by_role("button", name="核对粘贴的名单").click()
    walker.wait_for("office-report-batch-found", "确认出具 1 份")
    page.get_by_role("button", name="确认出具 1 份").click()
    walker.wait_for("office-report-batch-issued", "下载 1 份报告")
    walker.open("office-reports-again", "/xinyongban/baogao/?purpose=funds")
    walker.press("office-report-withdraw", page.locator("main tbody th a").first)
    page.get_by_label("理由").fill("出具有误，主体代码写错了一位")
    walker.press("office-report-withdraw-proposed", page.get_by_role("button", name="提出撤销"))


def articles(walker: Walker) -> None:
    """A notice is written, refused first, and waits for its review."""
    page = walker.page
    walker.open("office-articles", "/xinyongban/wenzhang/")
    walker.follow("office-article-new", "写一篇")
    page.get_by_label("地址", exact=False).fill("opening-hours")
    page.locator("#title_zh").fill("办公时间")
    page.locator("#text_zh").fill(" ")
    walker.press("office-article-refused", page.get_by_role("button", name="存为草稿"), 422)
    page.locator("#text_zh").fill("工作日上午九点到下午五点。\n\n- 窗口一\n- 窗口二")
    walker.press("office-article", page.get_by_role("button", name="存为草稿"))


def auditor(walker: Walker) -> None:
    """Who looked, and whether the log holds."""
    walker.open("audit-looks", "/xinyongban/shenji/")
    walker.press("audit-log", walker.page.get_by_role("button").filter(has_text="日志").first)
    walker.open("audit-changes", "/xinyongban/biangeng/")


def guard(walker: Walker) -> None:
    """Who guards the platform, and who runs it, see how it is."""
    walker.open("office-running", "/xinyongban/yunxing/")


def company(walker: Walker) -> None:
    """A company's own file; it objects to a record of it."""
    walker.open("subject-home", "/wode/")
    objecting(walker)
    walker.open("subject-looks", "/wode/chaxun/")
    page = walker.page
    walker.open("subject-reports", "/wode/baogao/")
    page.get_by_label("用途").select_option(index=1)
    walker.press("subject-report-preview", page.get_by_role("button", name="预览"))
    page.get_by_role("button", name="出具报告").click()
    page.wait_for_url(re.compile("/wode/baogao/[0-9a-f]{32}/"))
    walker.open("subject-report", page.url)
    report = page.url.rstrip("/").rpartition("/")[2]
    walker.open("subject-reports-issued", "/wode/baogao/")
    walker.open("subject-shares", f"/wode/fenxiang/?report={report}")
    _shown_by_a_link(walker, "shared")


def _shown_by_a_link(walker: Walker, name: str) -> None:
    """A link to the report that is chosen, made and opened; and a wrong code."""
    page = walker.page
    page.get_by_label("最后一日").fill(page.get_by_label("最后一日").get_attribute("max") or "")
    walker.press(f"{name}-made", page.get_by_role("button", name="新建链接"))
    link, code = (page.locator(".notice dd.code").nth(at).inner_text() for at in (0, 1))
    address = "/" + link.partition("://")[2].partition("/")[2]
    walker.open(f"{name}-closed", address)
    page.get_by_label("验证码").fill("aaaaa-aaaaa")
    walker.press(f"{name}-wrong", page.get_by_role("button", name="打开"), 403)
    page.get_by_label("验证码").fill(code)
    walker.press(f"{name}-open", page.get_by_role("button", name="打开"))
    walker.open(f"{name}-links", "/wode/fenxiang/")


def citizen(walker: Walker) -> None:
    """A made-up person's own file and report."""
    page = walker.page
    walker.open("person-home", "/wode/")
    walker.open("person-reports", "/wode/baogao/")
    page.get_by_label("用途").select_option(index=1)
    walker.press("person-report-preview", page.get_by_role("button", name="预览"))
    page.get_by_role("button", name="出具报告").click()
    page.wait_for_url(re.compile("/wode/baogao/[0-9a-f]{32}/"))
    walker.open("person-report", page.url)
    walker.press("person-shares", page.get_by_role("link", name="用链接给别人看"))
    _shown_by_a_link(walker, "person-shared")


def objecting(walker: Walker) -> None:
    """From the record in the file to the case, refused first; then the case is in the list and the mark in the file."""
    page = walker.page
    walker.open("subject-objections-none", "/wode/yiyi/")
    page.goto("/wode/")
    walker.follow("subject-object", "提出异议")
    page.get_by_label("信息有错误").check()
    page.get_by_label("声明", exact=True).fill("金额有误，请拨13800000000")
    walker.press("subject-object-refused", page.get_by_role("button", name="提出异议"), 422)
    page.get_by_label("声明", exact=True).fill("金额有误，决定书写的是五千元。")
    page.get_by_label("声明与这条信息一并展示").check()
    walker.press("subject-objection", page.get_by_role("button", name="提出异议"))
    walker.open("subject-objections", "/wode/yiyi/")
    walker.open("subject-home-disputed", "/wode/")


def desks_empty(login: str) -> Way:
    """The pages of somebody's desk where nobody has sent anything."""
    own = {
        "luru": (
            *("/bumen/", "/bumen/baosong/", "/bumen/baosong/permit/", "/bumen/baosong/permit/luru/", "/bumen/wenti/"),
            *("/bumen/xinxi/", "/bumen/zhibiao/", "/bumen/zhibiao/timeliness/permit/"),
        ),
        "shencha": ("/bumen/", "/bumen/shencha/"),
        "hecha": ("/bumen/hecha/",),
        "guanli": ("/bumen/tuandui/", "/bumen/miyao/"),
        OFFICE_TOO: (
            *("/xinyongban/jinri/", "/xinyongban/rending/", "/xinyongban/rending/zhuti/", "/xinyongban/zhiliang/"),
            *("/xinyongban/pici/", "/xinyongban/caoan/", "/xinyongban/mulu/", "/xinyongban/miyao/"),
            *("/xinyongban/wenzhang/", "/xinyongban/hezuofang/", "/xinyongban/jieru/", "/xinyongban/baogao/"),
        ),
        "shenji": ("/xinyongban/shenji/", "/xinyongban/biangeng/"),
        "qiye": ("/wode/", "/wode/fenxiang/"),
    }

    def walk(walker: Walker) -> None:
        for path in own[login]:
            walker.open(f"empty-{login}{path.replace('/', '-').rstrip('-')}", path)

    return walk


FULL: dict[str, tuple[str, Way]] = {  # name of the way: who goes it
    "public": ("", public),
    "wrong": ("", public_wrong),
    "department": ("luru", department),
    "upload": ("luru", upload),
    "reviewer": ("shencha", reviewer),
    "officer": ("hecha", officer),
    "manager": ("guanli", manager),
    "office": (OFFICE_TOO, office),
    "auditor": ("shenji", auditor),
    "guard": ("anquan", guard),
    "company": ("qiye", company),
    "citizen": ("geren", citizen),
    "account": ("guanli", account),
    "second": ("", second_factor),
    "passkey": ("", passkey),
}
EMPTY: dict[str, tuple[str, Way]] = {
    "public": ("", public_empty),
    **{
        login: (login, desks_empty(login))
        for login in ("luru", "shencha", "hecha", "guanli", OFFICE_TOO, "shenji", "qiye")
    },
}
