"""Folding: what does not tell names or headings apart, and what does."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.values.text import (
    INVISIBLE,
    INVISIBLE_CLASS,
    fitting_name,
    fold_heading,
    fold_name,
    folded_names,
    shorten,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("即墨示例远帆（山东）贸易有限公司", "即墨示例远帆(山东)贸易有限公司"),
        ("即墨示例远帆〔山东〕贸易有限公司", "即墨示例远帆【山东】贸易有限公司"),
        ("ＡＢＣ１２３公司", "abc123公司"),
        (" 即墨 示例\u3000公司 ", "即墨示例公司"),
        ("测试·甲", "测试•甲"),
        ("测试・甲", "测试‧甲"),
        ("测试·甲", "测试甲"),
        ("示例\u200b公司\ufeff", "示例公司"),
    ],
)
def test_names_that_only_look_different_fold_to_the_same(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("即墨示例公司", "即墨示范公司"),
        ("示例（山东）公司", "示例山东公司"),
        ("示例第一公司", "示例第1公司"),
        ("示例公司", "示例有限公司"),
    ],
)
def test_names_of_different_firms_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize(
    ("as_written", "plain"),
    [
        ("*行政相对人名称", "行政相对人名称"),
        ("行政相对人名称（必填）", "行政相对人名称"),
        ("行政相对人代码_1（统一社会信用代码）", "行政相对人代码1(统一社会信用代码)"),
        ("处罚决定\n日期", "处罚决定日期"),
        ("罚款金额（万元）：", "罚款金额(万元)"),
        ("ｃｆ＿ｎｒ", "CF_NR"),
    ],
)
def test_headings_fold_width_case_stars_brackets_and_line_breaks(as_written: str, plain: str) -> None:
    assert fold_heading(as_written) == fold_heading(plain)


def test_headings_of_different_columns_stay_apart() -> None:
    assert fold_heading("罚款金额（万元）") != fold_heading("罚款金额（元）")
    assert fold_heading("行政相对人代码_1") != fold_heading("行政相对人代码_2")


@given(st.text("示例甲乙公司ＡａB1１()（）〔〕[] 　·•・.*_-—:：\u200b\n必填", max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_heading(fold_heading(text)) == fold_heading(text)


@given(st.text(max_size=40))
def test_no_text_can_not_be_folded(text: str) -> None:
    assert not re.search(r"[\s·•]", fold_name(text))
    assert not re.search(r"[\s*_：]", fold_heading(text))


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["示例（甲）", "示例(甲)"])), max_size=20))
def test_a_column_of_names_folds_as_single_names_do(names: list[str | None]) -> None:
    column = folded_names(pl.Series(names, dtype=pl.String))
    assert column.to_list() == [None if n is None else fold_name(n) for n in names]


def test_invisible_characters_are_the_same_for_both_engines() -> None:
    ranges = (range(0x3000), range(0xFE00, 0x10000), range(0xE0000, 0xE0200))
    everything = pl.Series([chr(c) for some in ranges for c in some])
    by_polars = everything.filter(everything.str.contains(INVISIBLE_CLASS)).to_list()
    by_python = [c for c in everything if re.search(INVISIBLE_CLASS, c)]
    assert by_polars == by_python
    assert set(by_python) == set(INVISIBLE)


def test_shortened_text_keeps_its_limit() -> None:
    assert shorten("长" * 50) == "长" * 39 + "…"
    assert shorten("短") == "短"


@given(st.text(st.characters(exclude_characters="/")))
def test_a_name_of_a_file_fits_on_a_disk_and_keeps_its_ending(name: str) -> None:
    fitted = fitting_name(f"{name}.csv")
    assert len(f"{fitted}.批注.xlsx".encode()) <= 255
    assert fitted.endswith(".csv") and "\0" not in fitted
    assert fitting_name("\0") == fitting_name("") == "file"
