"""Page, paper, data attached and API say the same about any report: heavy ones, rare characters, both languages, people too."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chengxin.reports.compose import Order
from chengxin.reports.paper import paper
from chengxin.reports.report import Dispute, Report, Subject
from tests.reports.cast import DAY, FIRM, MARKET, TAX, Out, fine, made, row, special
from tests.reports.equal import agree
from tests.site.conftest import Cast, Desk, Stranger, code_of, fined, registered
from tests.site.test_own_report import held
from tests.site.test_own_report import ordered as own_ordered
from tests.site.test_subject_reports import main_of, ordered, text

__all__ = ["held"]
RARE = "示例𠮷㐂龘䶮堃喆頔①Ⅳ〇～·—（）“”"
texts = st.text(st.sampled_from(RARE + "甲乙丙丁字号第年月日123Ab-"), min_size=1, max_size=60).map(lambda t: f"示例{t}")
days = st.dates(date(2020, 1, 1), DAY)


@st.composite
def rows(draw: Any) -> list[Out]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        body = draw(st.sampled_from([MARKET, TAX, "示例委员会"]))
        which = draw(st.sampled_from(["penalty", "permit", "honour", "serious_list", "abnormal"]))
        on, ends = draw(days), draw(st.one_of(st.none(), days))
        if which == "penalty":
            one = fine(number, body, on, last_day=ends, document=draw(st.one_of(st.none(), texts)))
            one.content["CF_SY"] = draw(texts)
        else:
            one = row(which, number, body, on, last_day=ends, document=draw(texts))
        found.append(one)
    return found


def pages_of(report: Report) -> dict[str, str]:
    from django.template.loader import render_to_string
    from django.utils import translation

    from chengxin.site.words import EN, ZH

    pages = {}
    for language, name in (("zh", ZH), ("en", EN)):
        with translation.override(name):
            pages[language] = render_to_string("reports/report.html", {"told": report})
    return pages


def check(report: Report) -> int:
    compared = 0
    for language in ("zh", "en"):
        one = msgspec.structs.replace(report, issue=msgspec.structs.replace(report.issue, language=language))
        compared += agree(one, paper(one), pages_of(one))
    return compared


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows(), texts, st.booleans(), st.sets(st.integers(0, 11)))
def test_any_report_says_the_same_as_page_paper_and_data(
    desk: Desk, found: list[Out], name: str, whole: bool, disputed: set[int]
) -> None:
    firm = msgspec.structs.replace(FIRM, name=name, former_names=(f"{name}旧",), same_codes=(code_of(2),))
    disputes = {f"{n:032x}": Dispute(DAY - timedelta(days=n), f"{name}不服") for n in disputed}
    order = Order("standard", "tender") if whole else special("tax", "market")
    check(made(found, order, subject=firm, disputes=disputes, withheld=len(disputed)))


def test_a_heavy_subject_says_the_same_over_all_its_pages(desk: Desk) -> None:
    report = made([fine(n, (MARKET, TAX)[n % 2], DAY - timedelta(days=n % 700)) for n in range(600)])
    assert report.items == 600
    assert check(report) > 2 * 600 * 8


def test_a_persons_report_says_the_same(desk: Desk) -> None:
    person = Subject("", f"测试{RARE[:4]}", "person")
    items = [fine(n, published=n % 2 == 0) for n in range(30)] + [row("profession", 99, draft=True)]
    report = made(items, Order("own", "own"), subject=person)
    assert report.items == 31 and not report.counts and not report.labels
    check(report)


def test_what_a_site_hands_out_is_that_one_value(stranger: Stranger, held: Any, cast: Cast) -> None:
    from chengxin.reports.report import from_json
    from chengxin.reports.seal import digest_of

    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, f"示例𠮷字{n}号", CF_SY="𠮷" * (n % 5)) for n in range(220)])
    places = [("company", ordered(cast)), ("company", ordered(cast, language="en")), ("citizen", own_ordered(cast))]
    for login, place in places:
        browser = cast(login)
        data, file = (browser.get(place + end).content for end in ("baogao.json", "baogao.pdf"))
        report = from_json(data)
        pages = {lang: main_of(text(browser.get(f"{place}?lang={lang}"))) for lang in ("zh", "en")}
        browser.get(f"{place}?lang=zh")
        section = {k: page[page.index('<section class="answer"') :] for k, page in pages.items()}
        assert agree(report, file, section) > 20
        api = json.loads(stranger.get(f"/api/v1/reports/{report.issue.number}"))
        assert (api["content"], api["file"]) == (digest_of(data), digest_of(file))
        assert (api["form"], api["as_of"]) == (report.form, report.day.isoformat())


def test_a_leaf_that_one_of_them_leaves_out_is_found(desk: Desk) -> None:
    report = made([fine(1)])
    file, pages = paper(report), pages_of(report)
    less = {k: v.replace("0.5", "") for k, v in pages.items()}
    with pytest.raises(AssertionError):
        agree(report, file, less)
    other = made([fine(1), fine(2)])
    with pytest.raises(AssertionError):
        agree(other, file, pages_of(other))
    more = {k: v + "<p>2031-01-01</p>" for k, v in pages.items()}
    with pytest.raises(AssertionError):
        agree(report, file, more)
