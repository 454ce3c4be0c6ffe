"""A subject's reports: looked at, ordered, had again; nobody else's. And what the office sees of them."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import msgspec
import pypdf
import pytest

from chengxin.site import folder
from tests.site.conftest import DAY, Cast, Stranger, code_of, fined, firm, on, registered
from tests.site.test_reports import filled, issued

__all__ = ["filled"]
ORDER = {"form": "standard", "purpose": "tender"}


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def ordered(cast: Cast, **order: str) -> str:
    answer = cast("company").post("/wode/baogao/chuju/", ORDER | order)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_what_is_looked_at_first_is_not_issued(filled: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Report

    page = text(cast("company").get("/wode/baogao/", ORDER | {"look": "1"}))
    assert "这是预览" in page and "一号" in page and "三号" not in page
    assert Report.objects.count() == 0


def test_what_is_ordered_can_be_had_as_page_data_and_sealed_paper_that_agree(filled: Any, cast: Cast) -> None:
    place = ordered(cast)
    page = text(cast("company").get(place))
    data = json.loads(text(cast("company").get(place + "baogao.json")))
    file = cast("company").get(place + "baogao.pdf")
    pdf = pypdf.PdfReader(io.BytesIO(file.content))
    assert json.loads(bytes(pdf.attachments["report.json"][0])) == data
    paper = "".join("".join(p.extract_text().split()) for p in pdf.pages)
    shown = "".join(re.sub(r"<[^>]*>", "", main_of(page)).split())
    for chapter in data["chapters"]:
        for section in chapter["sections"]:
            for item in section["items"]:
                for said in (
                    item["heading"],
                    item["source"],
                    item["clause"]["zh"],
                    *(v["said"]["zh"] for v in item["values"]),
                ):
                    assert "".join(said.split()) in shown and "".join(said.split()) in paper, said
    for count in data["counts"]:
        assert f"{count['title']['zh']}{count['number']}" in paper
        assert f"{count['title']['zh']}{count['number']}" in shown
    assert code_of(1) in file.headers["Content-Disposition"]


def test_a_report_is_its_own_subjects_alone(filled: Any, cast: Cast) -> None:
    other = issued(filled, code_of(2))
    for end in ("", "baogao.pdf", "baogao.json"):
        assert cast("company").get(f"/wode/baogao/{other.row.id.hex}/{end}").status_code == 404
    assert other.row.number not in text(cast("company").get("/wode/baogao/"))


def test_whatever_the_request_says_the_report_is_about_who_is_signed_in(filled: Any, cast: Cast) -> None:
    page = text(cast("company").get(ordered(cast, code=code_of(2), subject=code_of(2))))
    assert firm(1) in page and firm(2) not in main_of(page)


def test_an_order_that_can_not_be_is_refused_with_a_reason_and_nothing_is_issued(filled: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Report

    for wrong, why in (
        ({"purpose": ""}, "请选择用途"),
        ({"form": "score"}, "没有可出具的报告格式"),
        ({"form": "special"}, "请选择起止日期"),
        ({"form": "special", "since": "2026-02-31", "until": str(DAY)}, "写成 2026-03-01"),
        ({"form": "special", "since": "2019-01-01", "until": str(DAY)}, "最长 5 年"),
    ):
        assert why in text(cast("company").get("/wode/baogao/", ORDER | wrong | {"look": "1"}), 400)
        answer = cast("company").post("/wode/baogao/chuju/", ORDER | wrong, follow=True)
        assert why in text(answer)
    assert Report.objects.count() == 0


def test_the_subject_is_told_of_its_own_look_for_a_report(filled: Any, cast: Cast) -> None:
    ordered(cast)
    assert "我的信用报告" in text(cast("company").get("/wode/chaxun/"))


def test_the_english_edition_can_be_ordered(filled: Any, cast: Cast) -> None:
    file = cast("company").get(ordered(cast, language="en") + "baogao.pdf").content
    paper = "".join(pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text().split())
    assert "factualrecord" in paper and "如实记录" in paper


def test_before_it_is_registered_there_is_no_report(cast: Cast) -> None:
    assert "还没有" in text(cast("company").get("/wode/baogao/"))
    answer = cast("company").post("/wode/baogao/chuju/", ORDER, follow=True)
    assert answer.status_code == 200


def test_the_office_sees_how_many_for_what_and_which_one_it_is_about_to_withdraw(filled: Any, cast: Cast) -> None:
    place = ordered(cast)
    ordered(cast, form="special", since="2026-01-01", until=str(DAY), domain="tax", purpose="financing")
    page = main_of(text(cast("office").get("/xinyongban/baogao/")))
    assert "招标投标" in page and "融资授信" in page and "税务" in page
    assert "一号" not in page and firm(1) not in page
    number = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}", text(cast("company").get(place)))[0]
    page = text(cast("office").get("/xinyongban/baogao/chexiao/", {"number": number}))
    assert number in page and code_of(1) in page and "招标投标" in page and "一号" not in page


def test_a_seal_is_withdrawn_by_two_people_for_a_reason_that_says_something(filled: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Proposal, Report

    place, page = ordered(cast), "/xinyongban/baogao/chexiao/"
    number = Report.objects.get().number
    reason = "出具有误，主体代码写错了一位"
    for too_little in ("", "错", "错错错错错错错错错错错"):
        answer = cast("office").post(page, {"number": number, "reason": too_little}, follow=True)
        assert "请写明撤销的理由，至少 10 个字" in text(answer)
    assert Proposal.objects.count() == 0
    assert "等第二人复核" in text(cast("office").post(page, {"number": number, "reason": reason}, follow=True))
    assert Report.objects.get().withdrawn_at is None  # nothing is done yet
    assert number in text(cast("colleague").get("/xinyongban/baogao/"))
    second = f"/xinyongban/fuhe/{Proposal.objects.get().id.hex}/"
    assert "提出撤销报告的人不能复核" in text(cast("office").post(second, {"do": "yes"}, follow=True))
    assert Report.objects.get().withdrawn_at is None
    assert "不能恢复" in text(cast("colleague").post(second, {"do": "yes"}, follow=True))
    assert Report.objects.get().withdrawn_by == "office；colleague"
    assert reason in text(cast("company").get(place))
    cast("office").post(page, {"number": number, "reason": reason})
    assert Proposal.objects.count() == 1  # what is withdrawn is withdrawn


def test_counts_are_of_the_days_that_were_chosen_and_lead_to_their_reports(filled: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Report

    ordered(cast)
    ordered(cast, form="special", since="2026-01-01", until=str(DAY), domain="tax", purpose="financing")
    ordered(cast, form="special", since="2026-01-01", until=str(DAY), domain="water", purpose="financing")
    of = {row.purpose + "".join(row.domains): row.number for row in Report.objects.all()}

    def shown(**asked: str) -> set[str]:
        page = main_of(text(cast("office").get("/xinyongban/baogao/", asked)))
        return {name for name, number in of.items() if number in page}

    assert shown() == set(of) == shown(since=str(DAY), until=str(DAY))
    assert shown(until="2026-03-09") == shown(since="2026-03-11") == set()
    assert shown(purpose="tender") == {"tender"} and shown(domain="tax") == {"financingtax"}
    assert shown(domain="all") == shown(domain='x" OR 1=1') == set()
    page = text(cast("office").get("/xinyongban/baogao/", {"since": str(DAY)}))
    assert f"?since={DAY}&amp;purpose=financing#rows" in page
    assert "日期写成" in text(cast("office").get("/xinyongban/baogao/", {"since": "2026-02-31"}, follow=True))


def test_past_reports_are_named_by_what_they_are_and_older_ones_stand_on_further_pages(
    filled: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Report
    from chengxin.site.subject import reports

    ordered(cast, form="special", since="2026-01-01", until="2026-02-01", domain="tax", purpose="financing")
    ordered(cast)
    first, last = Report.objects.order_by("change_set").values_list("number", flat=True)
    page = main_of(text(cast("company").get("/wode/baogao/")))
    listed = page[page.index("已出具") :]
    for told in ("2026-01-01 至 2026-02-01 · 税务", "专项信用报告", "公共信用信息报告", first, last):
        assert told in listed
    monkeypatch.setattr(reports, "MOST", 1)
    pages = [text(cast("company").get("/wode/baogao/", {"page": n})) for n in ("1", "2", "99", "x")]
    assert [(first in page, last in page) for page in pages] == [
        (False, True), (True, False), (True, False), (False, True),
    ]  # fmt: skip
    assert "?page=2" in pages[0]


def test_one_account_orders_so_many_a_day_and_is_told_kindly(
    filled: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Report
    from chengxin.site.subject import reports

    monkeypatch.setattr(reports, "MOST_A_DAY", 2)
    ordered(cast)
    ordered(cast)
    assert "明天可以继续" in text(cast("company").post("/wode/baogao/chuju/", ORDER, follow=True))
    assert Report.objects.count() == 2
    on(monkeypatch, DAY + timedelta(days=1))
    ordered(cast)
    assert Report.objects.count() == 3


def test_the_address_that_is_sealed_is_the_sites_own_whatever_host_the_request_names(filled: Any, cast: Cast) -> None:
    from chengxin.site.actions.reports import told_of
    from chengxin.site.folder import NAME, site_here
    from chengxin.site.store.models import Report

    def address(**about: Any) -> str:
        file = filled.folder / NAME
        file.write_bytes(msgspec.json.encode(msgspec.structs.replace(filled.about, **about)))
        folder._known.cache_clear()
        cast("company").post("/wode/baogao/chuju/", ORDER, HTTP_HOST="localhost:9999")
        row = Report.objects.order_by("-change_set").first()
        return str(told_of(site_here(), row).issue.address).rpartition("verify/")[0]

    assert address() == "http://localhost:9999/"  # nothing is configured
    assert address(hosts=("credit.example",)) == "https://credit.example/"
    assert address(hosts=("credit.example",), address="https://other.example:8443/") == "https://other.example:8443/"


def test_a_report_of_a_sole_trader_is_the_traders_own(stranger: Stranger, cast: Cast) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account

    trader = code_of(7, kind="92")
    stranger.desk.send("registration", [registered(7, 统一社会信用代码=trader, 主体类别="个体工商户", 经营者="测试丙")])
    stranger.desk.send("penalty", [fined(7, "七号", CF_XDR_SHXYM=trader, CF_XDR_LB="个体工商户")])
    add_account(New("trader", "测试摊主", [Role.SUBJECT], None, trader, demo=True), "made-up-for-tests-7", COMMAND_LINE)
    answer = cast("trader").post("/wode/baogao/chuju/", ORDER)
    assert "七号" in text(cast("trader").get(answer.headers["Location"]))
    assert cast("company").get(answer.headers["Location"]).status_code == 404
