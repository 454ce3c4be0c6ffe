"""Mending: what is put right for certain and told, what is flagged, and that no text at all makes it fall over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.standards.model import Field
from chengxin.validation.mend import code_reader
from chengxin.values.text import IDENTITY_MASK
from tests.validation.mending import CATALOGUE, mended

PENALTY = CATALOGUE.resource("penalty").by_name
PERMIT = CATALOGUE.resource("permit").by_name
ONE_OF_EACH_KIND = list(
    {f.kind: f for r in CATALOGUE.resources.values() for f in r.fields if f.kind != "identity"}.values()
)


@pytest.mark.parametrize(
    "text",
    [
        "91370215mxfak00148",
        "９１３７０２１５ＭＸＦＡＫ００１４８",
        " 91370215MXFAK00148",
        "91370215 MXFAK0014 8",
        "91370215-MXFAK0014-8",
        "'91370215MXFAK00148",
    ],
)
def test_a_code_in_another_form_is_the_same_code_and_that_is_told(text: str) -> None:
    column = mended(PENALTY["CF_XDR_SHXYM"], [text])
    assert column.values.to_list() == ["91370215MXFAK00148"]
    assert column.at(0) == {"told_code_form"}


@pytest.mark.parametrize("text", ["", " ", "\u200b", "- -", "''", "　", "无", "/", "——", "null"])
def test_a_code_of_nothing_is_an_empty_cell(text: str) -> None:
    column = mended(PENALTY["CF_CFJGDM"], [text])
    assert (column.values.to_list(), column.text.to_list(), column.at(0)) == ([None], [None], set())


def test_words_for_nothing_are_content_where_a_text_is_asked_for() -> None:
    assert mended(PENALTY["CF_NR"], ["无"]).values.to_list() == ["无"]


def test_invisible_characters_and_outer_spaces_are_told_each_for_itself() -> None:
    column = mended(PENALTY["CF_WSH"], ["A\u200bB", " AB ", " A\u200bB", "AB", None])
    assert column.values.to_list() == ["AB", "AB", "AB", "AB", None]
    told = [column.at(i) for i in range(5)]
    assert told == [{"told_invisible"}, {"told_spaces"}, {"told_invisible", "told_spaces"}, set(), set()]


def test_spaces_inside_a_text_stay() -> None:
    assert mended(PENALTY["CF_SY"], ["一 二\n三"]).values.to_list() == ["一 二\n三"]


def test_private_use_and_broken_characters_are_flagged_and_kept() -> None:
    column = mended(PENALTY["CF_NR"], ["字\ue001", "字\ufffd", f"其人{IDENTITY_MASK}"])
    assert [column.at(i) for i in range(3)] == [{"private_use"}, {"garbled"}, {"identity_inside"}]


def test_content_hidden_by_invisible_characters_is_found() -> None:
    assert "secret_marking" in mended(PENALTY["CF_NR"], ["机\u200b密★一年"]).at(0)
    assert "telephone_inside" in mended(PENALTY["CF_NR"], ["电话138\u200b0000\u200b1111"]).at(0)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("罚款；没收违法所得", "罚款；没收违法所得"),
        ("罚款;没收违法所得", "罚款；没收违法所得"),
        ("罚款、没收违法所得", "罚款；没收违法所得"),
        ("没收违法所得、没收非法财物", "没收违法所得、没收非法财物"),
        ("罚款，罚款", "罚款"),
        ("罚金", "罚款"),
        ("其他-责令改正", "其他-责令改正"),
        ("罚款；责令改正", None),
    ],
)
def test_several_values_in_one_cell_are_read_with_any_separator(text: str, stored: str | None) -> None:
    column = mended(PENALTY["CF_CFLB"], [text])
    assert column.values.to_list() == [stored]
    assert column.at(0) == ({"code_list"} if stored is None else set() if stored == text else {"told_code_value"})


def test_a_list_that_stores_codes_takes_labels_and_a_list_that_stores_labels_takes_codes() -> None:
    assert mended(PERMIT["XK_ZT"], ["有效", "1", "注销"]).values.to_list() == ["1", "1", "2"]
    assert mended(PERMIT["XK_XKLB"], ["01", "1", "普通"]).values.to_list() == ["普通"] * 3


def test_a_value_in_traditional_script_is_the_value_of_the_list_and_that_is_told() -> None:
    column = mended(PENALTY["CF_XDR_LB"], ["法人及非法人組織", "個體工商戶"])
    assert column.values.to_list() == ["法人及非法人组织", "个体工商户"]
    assert column.at(0) == {"told_code_value"}


def test_yes_and_no_have_many_words_and_perhaps_is_neither() -> None:
    column = mended(PENALTY["X_FJ_GZ"], ["是", "TRUE", "1", "有", "否", "N", "未送达", "也许", None])
    assert column.values.to_list() == [True] * 4 + [False] * 3 + [None, None]
    assert column.met["flag_unreadable"][0].to_list() == [False] * 7 + [True, False]


NAUGHTY = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.text("\u200b\ufeff\u202e\x00\x1f\t\n\r \u3000\ue000\ufffd'\"=+-@,;{}[]\\/<>", max_size=12),
    st.text("罚款无是否年月日元万0123456789.,Ｘ９", max_size=12),
    st.sampled_from(
        [
            "=1+1",
            "{{7*7}}",
            "${x}",
            "%s%n",
            "'; --",
            "{title}",
            "{0}",
            "\\u0000",
            "𠮷" * 5,
            "e\u0301",
            "ß" * 18,
            "1e400",
            "9" * 5000,
        ]
    ),
)


@pytest.mark.parametrize("of", ONE_OF_EACH_KIND, ids=[f.kind for f in ONE_OF_EACH_KIND])
def test_no_text_makes_any_kind_of_field_fall_over(of: Field) -> None:
    @settings(max_examples=25)
    @given(st.lists(NAUGHTY, max_size=20))
    def falls_over_never(texts: list[str | None]) -> None:
        column = mended(of, texts)
        assert len(column.values) == len(column.text) == len(texts)
        assert all(not mask.has_nulls() and len(mask) == len(texts) for mask, _ in column.met.values())

    falls_over_never()


@pytest.mark.parametrize("of", ONE_OF_EACH_KIND, ids=[f.kind for f in ONE_OF_EACH_KIND])
def test_no_cell_looks_at_its_neighbours(of: Field) -> None:
    @settings(max_examples=15)
    @given(st.lists(NAUGHTY, min_size=1, max_size=8))
    def alone_as_in_company(texts: list[str | None]) -> None:
        together = mended(of, texts)
        for at, text in enumerate(texts):
            alone = mended(of, [text])
            assert alone.values[0] == together.values[at]
            assert alone.at(0) == together.at(at)

    alone_as_in_company()


@given(st.text("和及 罚款没收违法所得、；;，,|/\n+警告其他- ", max_size=20))
def test_what_a_code_list_read_once_it_reads_again_as_it_stands(text: str) -> None:
    of = PENALTY["CF_CFLB"]
    read = code_reader(CATALOGUE.code_list("penalty_kind"), of.separator)
    once = read(text)
    assert once is None or read(once) == once
