"""What a finding tells: one thing wrong is told once, by the clause that it rests on, and nothing contradicts it."""

from collections.abc import Callable

import polars as pl
import pytest

from chengxin.validation.scene import Scene
from chengxin.values.series import FEW
from tests.conftest import cases_of, judged

BASE = cases_of("penalty")["base"]
CODE = "91370215MXFAK00148"


def told(scene_for: Callable[..., Scene], changes: dict[str, str], times: int = 1) -> pl.DataFrame:
    """What is said of the first of some rows that are alike, without what is filled in."""
    found = judged([BASE | changes] * times, scene_for("penalty")).findings
    return found.filter((pl.col("row") == 2) & ~pl.col("rule").str.contains("told_filled"))


@pytest.mark.parametrize("times", [1, FEW])
def test_what_may_not_be_collected_is_told_by_the_clause_of_its_category(
    scene_for: Callable[..., Scene], times: int
) -> None:
    of_a_child = told(scene_for, {"CF_NR": "罚款0.5万元。其子未满十四周岁，其子就读于某小学"}, times)
    both = told(scene_for, {"CF_NR": "罚款0.5万元。当事人系佛教徒，其未成年子女姓名略"}, times)
    assert of_a_child["clause"].to_list() == ["《个人信息保护法》第31条"]
    assert both["clause"].to_list() == ["《山东省社会信用条例》第42条；《个人信息保护法》第31条"]


def test_a_mark_of_secrecy_is_told_by_the_law_on_secrets(scene_for: Callable[..., Scene]) -> None:
    found = told(scene_for, {"CF_NR": "罚款0.5万元。机密★"})
    assert [c for c in found["clause"].to_list() if "保守国家秘密" in c]


@pytest.mark.parametrize("typed", [CODE.replace("0014", "00l4"), CODE.replace("0014", "oo14"), CODE.replace("1", "I")])
def test_a_code_with_a_letter_for_a_digit_is_refused_once_and_the_digit_suggested(
    scene_for: Callable[..., Scene], typed: str
) -> None:
    found = told(scene_for, {"CF_XDR_SHXYM": typed})
    assert found.select("severity", "suggestion").rows() == [("reject", CODE)]


def test_yuan_in_a_column_of_ten_thousands_is_refused_and_not_told_as_taken_too(
    scene_for: Callable[..., Scene],
) -> None:
    found = told(scene_for, {"CF_NR_FK": "5000", "CF_NR": "罚款5000元"})
    assert found.select("severity", "suggestion").rows() == [("reject", "0.5")]


def test_of_a_private_field_is_told_that_it_was_mended_and_no_more(scene_for: Callable[..., Scene]) -> None:
    found = told(scene_for, {"CF_XDR_ZJLX": "身 份 证"})
    said = found.filter(pl.col("rule").str.ends_with("told_code_value"))["message_zh"].to_list()
    assert said == ["“自然人证件类型”的写法已规范，内容不显示。"]


def test_a_spoilt_value_is_told_as_spoilt_and_not_as_unknown_too(scene_for: Callable[..., Scene]) -> None:
    found = told(scene_for, {"CF_CFLB": "罚\ufffd"})
    assert [r.rsplit(".", 1)[1] for r in found.filter(pl.col("field") == "CF_CFLB")["rule"]] == ["garbled"]
