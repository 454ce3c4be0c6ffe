"""Compose: ten chapters, honest about what is empty, what nobody sent and what is not covered; nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.reports.compose import Order
from chengxin.reports.report import Dispute, as_json, from_json
from chengxin.values.errors import Refused, Said
from tests.reports.cast import COUNCIL, DAY, MARKET, TAX, documents, fine, made, row, special


def test_a_standard_report_has_ten_chapters_and_counts_what_stands_in_them() -> None:
    report = made([fine(1), fine(2), row("permit", 3), row("honour", 4)])
    assert "".join(c.seq for c in report.chapters) == "一二三四五六七八九十"
    assert {c.title.zh: c.number for c in report.counts} == {
        "行政管理": 3, "诚实守信": 1, "严重失信": 0, "经营异常": 0, "信用承诺": 0, "信用评价": 0, "司法判决": 0, "其他": 0,
    }  # fmt: skip
    assert report.items == 4


def test_what_is_empty_what_nobody_sent_and_what_the_catalogue_lacks_are_three_things() -> None:
    report = made([fine(1)])
    assert {k.name for k in report.empty} == {"registration", "permit"}
    assert {k.name for k in report.unsent} >= {"honour", "serious_list", "commitment"}
    assert {k.name for k in report.absent} == {"compliance", "intellectual_property", "voluntary"}
    assert "不表示没有发生" in report.texts["none"].zh


def test_every_item_says_who_when_by_which_clause_and_until_when() -> None:
    (item,) = (i for c in made([fine(1)]).chapters for s in c.sections for i in s.items)
    assert (item.source, item.authority, item.clause) == (
        MARKET,
        MARKET,
        Said("发改办财金〔2018〕424号", "发改办财金〔2018〕424号"),
    )
    assert (item.decided_on, item.last_day) == (date(2026, 5, 6), date(2027, 5, 6))
    assert ("罚款金额（万元）", "0.5") in {(v.title.zh, v.said.zh) for v in item.values}


def test_minor_unconfirmed_and_draft_records_are_in_no_report() -> None:
    shown = made([fine(1), fine(2, published=False), fine(3, draft=True)])
    assert documents(shown) == ["示例字〔2026〕1号"]


def test_an_open_objection_stands_beside_its_item_with_the_subjects_words() -> None:
    report = made([fine(1)], disputes={f"{1:032x}": Dispute(date(2026, 11, 20), "金额有误")})
    (item,) = (i for c in report.chapters for s in c.sections for i in s.items)
    assert item.dispute == Dispute(date(2026, 11, 20), "金额有误")


def test_a_special_report_shows_the_chosen_domains_and_what_belongs_to_none() -> None:
    rows = [fine(1, MARKET), fine(2, TAX), fine(3, COUNCIL)]
    assert documents(made(rows, special("tax"))) == ["示例字〔2026〕3号", "示例字〔2026〕2号"]
    assert len(documents(made(rows, special()))) == 3


def test_a_special_report_shows_the_chosen_period_both_days_included() -> None:
    rows = [fine(n, on=day) for n, day in enumerate((date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), DAY))]
    told = made(rows, special(since=date(2026, 1, 1), until=date(2026, 6, 30)))
    assert documents(told) == ["示例字〔2026〕2号", "示例字〔2026〕1号"]


def test_a_list_entry_that_was_in_force_in_the_period_is_shown_whenever_it_was_decided() -> None:
    listed = [
        row("serious_list", 1, on=date(2024, 3, 1), last_day=date(2027, 3, 1)),
        row("serious_list", 2, on=date(2024, 3, 1), last_day=date(2025, 12, 31)),
        row("serious_list", 3, on=date(2026, 7, 1), last_day=None),
        row("judgment_debtor", 4, on=date(2020, 1, 1), last_day=None),
    ]
    told = made([*listed, fine(5, on=date(2025, 12, 31))], special(since=date(2026, 1, 1), until=date(2026, 6, 30)))
    assert documents(told) == ["示例字〔2026〕1号", "示例字〔2026〕4号"]
    assert "失信惩戒对象" in [label.zh for label in told.labels]
    assert {c.title.zh: c.number for c in told.counts} == {"行政处罚": 0, "严重失信": 2}


def test_kinds_that_the_catalogue_lacks_have_no_number() -> None:
    told = made([], special())
    assert {k.name for k in told.absent} == {"coercive_measure", "criminal_judgment"}
    assert not {c.title.zh for c in told.counts} & {"行政强制", "刑事裁判"}


def test_no_record_is_said_only_of_what_bodies_of_the_chosen_domains_had_begun_to_send() -> None:
    uncovered = made([fine(1, TAX)], special("fire"))
    assert ([k.name for k in uncovered.empty], [k.name for k in uncovered.bare]) == (["registration"], ["fire"])
    assert "penalty" in {k.name for k in uncovered.unsent}
    assert "penalty" in {k.name for k in made([], special("tax", "fire")).empty}
    early = made([], special(since=date(2022, 1, 1), until=date(2023, 12, 31)))
    assert (early.empty, early.before) == ((), None)
    assert "penalty" in {k.name for k in early.unsent}
    across = made([], special("tax", since=date(2022, 1, 1), until=DAY))
    assert across.before == date(2025, 1, 2)
    assert any("2025-01-02" in note.zh for note in across.notes)


def test_a_special_report_says_which_bodies_cover_a_domain_since_when_and_which_domain_nobody_covers() -> None:
    covers = {c.domain: c.sources for c in made([], special("tax", "fire")).covers}
    assert [(s.body, s.since) for s in covers["tax"]] == [(TAX, date(2025, 1, 2))]
    assert covers["fire"] == ()
    assert {k.name for k in made([], special()).absent} == {"coercive_measure", "criminal_judgment"}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order("score", "tender"), "no-form"),
        (Order("standard", "curiosity"), "no-use"),
        (Order("standard", "tender", date(2026, 1, 1), DAY), "period"),
        (Order("standard", "tender", domains=("tax",)), "no-domain"),
        (Order("special", "tender"), "period"),
        (special("weather"), "no-domain"),
        (special(since=date(2021, 11, 22)), "period"),
        (special(since=date(1, 1, 1), until=date(3, 1, 1)), "period"),
        (special(since=DAY, until=date(2026, 11, 22)), "period"),
        (special(until=date(2026, 11, 24)), "period"),
    ],
)
def test_an_order_that_can_not_be_is_refused_with_a_reason(order: Order, code: str) -> None:
    with pytest.raises(Refused, match=code):
        made([], order)


def test_exactly_five_years_may_be_chosen() -> None:
    assert made([], special(since=date(2021, 11, 23))).since == date(2021, 11, 23)


def test_nobody_gets_a_report_about_a_person() -> None:

    import msgspec

    from tests.reports.cast import FIRM

    with pytest.raises(Refused, match="no-form"):
        made([], subject=msgspec.structs.replace(FIRM, kind="person"))


ROWS = st.lists(
    st.builds(
        lambda n, body, day, shown, draft: fine(n, body, day, published=shown, draft=draft),
        st.integers(0, 999),
        st.sampled_from([MARKET, TAX, COUNCIL]),
        st.dates(date(2019, 1, 1), DAY),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
    unique_by=lambda out: str(out.columns["id"]),
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_the_json_says_it_all(rows: list[object], chance: object) -> None:
    told = as_json(made(list(rows), special("tax")))  # type: ignore[arg-type]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    assert as_json(made(list(rows), special("tax"))) == told  # type: ignore[arg-type]
    assert as_json(from_json(told)) == told


@given(ROWS)
def test_the_numbers_of_the_first_page_are_those_of_the_chapters(rows: list[object]) -> None:
    report = made(rows)  # type: ignore[arg-type]
    assert sum(c.number for c in report.counts) == len(documents(report)) == report.items
