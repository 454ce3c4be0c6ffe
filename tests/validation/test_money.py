"""Amounts in 万元: separators, units, signs; never rounded, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.validation.money import read_amount
from tests.validation.mending import CATALOGUE, Seen, mended

FINE = CATALOGUE.resource("penalty").by_name["CF_NR_FK"]


def column_of(texts: list[str | None], unit: str | None = None) -> Seen:
    """A column of amounts; `unit`: what the heading says."""
    return mended(FINE, texts, unit)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(
            ("0.5", "0.5"),
            ("0", "0"),
            ("12", "12"),
            ("1,000.5", "1000.5"),
            ("1，000，000", "1000000"),
            ("1 000 000", "1000000"),
        ),
        *(
            ("0.5万元", "0.5"),
            ("0.5 万元", "0.5"),
            ("0.5万", "0.5"),
            ("5000元", "0.5"),
            ("5000.01元", "0.500001"),
            ("5,000元整", "0.5"),
        ),
        *(
            ("¥0.5", "0.5"),
            ("￥5000元", "0.5"),
            ("人民币5000元", "0.5"),
            ("５０００元", "0.5"),
            ("５", "5"),
            ("5000圆", "0.5"),
        ),
        *(
            ("1e2", "100"),
            ("1.5E-2", "0.015"),
            ("5e-06", "0.000005"),
            ("0.5000000000", "0.5"),
            ("'0.5", "0.5"),
            (" 0.5 ", "0.5"),
            ("-0", "0"),
        ),
    ],
)
def test_every_certain_spelling_is_read(text: str, amount: str) -> None:
    assert read_amount(text).value == Decimal(amount)
    assert column_of([text]).values.to_list() == [Decimal(amount)]


@pytest.mark.parametrize(
    "text",
    [
        "半万",
        "五千元",
        "约5000元",
        "0.5-1",
        "5 3",
        "1,5",
        "1,00",
        "12,34.5",
        "1.234,56",
        ".5",
        "5.",
        "--5",
        "0x10",
        "NaN",
        "inf",
        "٥",
        "5亿",
        "$5",
        "",
    ],
)
def test_what_is_no_single_amount_is_refused(text: str) -> None:
    assert read_amount(text).problem == "money_unreadable"


@pytest.mark.parametrize("text", ["-1", "-0.5", "-5000元", "100000000000", "1e99", "9" * 30])
def test_negative_and_impossible_amounts_are_out_of_range(text: str) -> None:
    assert read_amount(text).problem == "money_range"


@pytest.mark.parametrize("text", ["0.1234567", "0.001元", "1e-7", "0.50000000000000000001", "0.0000001万元"])
def test_less_than_a_fen_is_never_rounded_away(text: str) -> None:
    assert read_amount(text).problem == "money_scale"
    assert column_of([text]).values.to_list() == [None]


def test_a_heading_in_yuan_holds_for_bare_numbers_and_a_unit_in_the_cell_holds_before_it() -> None:
    column = column_of(["5000", "5000元", "0.5万元", "5,000", "0.5"], "yuan")
    assert column.values.to_list() == [Decimal(a) for a in ("0.5", "0.5", "0.5", "0.5", "0.00005")]
    assert column.met["told_money"][0].all()


def test_a_tenth_of_a_fen_under_a_heading_in_yuan_is_refused() -> None:
    assert [column_of(["0.001", "0.01"], "yuan").at(i) for i in range(2)] == [{"money_scale"}, {"told_money"}]


@given(st.decimals(0, 10**10, places=6))
def test_every_amount_survives_being_written_and_read(amount: Decimal) -> None:
    written = f"{amount:f}"
    assert read_amount(written).value == amount
    assert read_amount(f"{amount:,f}").value == amount
    assert column_of([written]).values.to_list() == [amount]
    assert column_of([written]).met == {}


@given(st.integers(0, 10**12))
def test_a_sum_in_fen_is_the_same_in_yuan_and_in_ten_thousand_yuan(fen: int) -> None:
    in_yuan, in_wan = Decimal(fen).scaleb(-2), Decimal(fen).scaleb(-6)
    assert read_amount(f"{in_yuan:f}元").value == read_amount(f"{in_wan:f}万元").value == in_wan


MONEY_LIKE = st.one_of(
    st.text("0123456789.,-eE元万圆整¥￥ 人民币５٥'", max_size=16),
    st.text(max_size=10),
    st.text("0123456789", min_size=1, max_size=60),
)


@given(MONEY_LIKE)
def test_any_text_is_either_an_amount_or_has_a_problem(text: str) -> None:
    amount = read_amount(text)
    assert (amount.value is None) == (amount.problem is not None)


def check_column(texts: list[str | None], unit: str | None) -> None:
    """A column says of each text what the single text says."""
    column = column_of(texts, unit)
    wanted = [None if t is None else read_amount(t, unit == "yuan") for t in column.text.to_list()]
    assert column.values.to_list() == [w.value if w else None for w in wanted]
    for problem in ("money_unreadable", "money_range", "money_scale"):
        mask = column.met[problem][0].to_list() if problem in column.met else [False] * len(texts)
        assert mask == [bool(w and w.problem == problem) for w in wanted]


@given(st.lists(st.one_of(st.none(), MONEY_LIKE), min_size=1, max_size=30), st.sampled_from([None, "yuan"]))
def test_a_column_reads_as_single_texts_do(texts: list[str | None], unit: str | None) -> None:
    check_column(texts, unit)


@pytest.mark.prove
@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(st.none(), MONEY_LIKE), min_size=1, max_size=60), st.sampled_from([None, "yuan"]))
def test_a_long_run_finds_no_column_that_reads_otherwise(texts: list[str | None], unit: str | None) -> None:
    check_column(texts, unit)
