"""The detectors on free text, measured on labelled examples: what they find, what they miss, what they cry wolf at.

The bounds are what was measured, less a small margin, so that a change of words that makes them worse is seen.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from chengxin.validation.content import content_looks, forbidden_titles
from chengxin.validation.scene import Scene
from chengxin.validation.validate import validate_rows
from tests.validation.mending import CATALOGUE
from tests.validation.rows import Made, base_of, handed_over

LABELLED = pl.read_csv(Path(__file__).with_name("forbidden_labelled.csv"), schema_overrides={"expect": pl.Boolean})


def measured() -> pl.DataFrame:
    """The labelled texts with `found`: whether any detector of forbidden or secret content answers."""
    looks = content_looks(CATALOGUE)
    text = LABELLED["text"]
    hits = [looks[kind](text).alias(kind) for kind in ("forbidden_content", "forbidden_of_person", "secret_marking")]
    return LABELLED.with_columns(*hits).with_columns(pl.any_horizontal(h.name for h in hits).alias("found"))


def rates(table: pl.DataFrame) -> tuple[float, float]:
    """(recall, false alarms) of a table with `expect` and `found`."""
    wanted, harmless = table.filter("expect"), table.filter(~pl.col("expect"))
    recall = wanted["found"].sum() / wanted.height if wanted.height else 1.0
    return recall, harmless["found"].sum() / harmless.height if harmless.height else 0.0


def test_most_forbidden_content_is_found_and_harmless_content_raises_no_alarm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = measured().filter(pl.col("category") != "behaviour")  # those are refused as columns and resources
    recall, alarms = rates(table)
    missed = table.filter(pl.col("expect") & ~pl.col("found"))["text"]
    with capsys.disabled():  # the figures are to be read, not only held
        sys.stdout.write(
            f"\nfree text: recall {recall:.3f}, false alarms {alarms:.4f}, {table.height} labelled texts\n"
        )
        sys.stdout.writelines(f"  missed: {text}\n" for text in missed)
    assert table.filter("expect").height >= 150
    assert table.filter(~pl.col("expect")).height >= 400
    assert recall >= 0.87
    assert alarms <= 0.005


@pytest.mark.parametrize("category", sorted(set(LABELLED.filter("expect")["category"]) - {"behaviour"}))
def test_no_category_is_forgotten(category: str) -> None:
    recall, _ = rates(measured().filter(pl.col("category") == category))
    assert recall >= 0.75


def test_marks_of_secrecy_are_all_found() -> None:
    assert rates(measured().filter(pl.col("category") == "secret"))[0] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        *("电话13800001111", "+86 138-0000-1111", "138 0000 1111。", "(86)13800001111", "0532-88888888"),
        *("１３８００００１１１１", "138－0000－1111", "138.0000.1111", "008613800001111", "（0532）88888888"),
        *(
            "０５３２－８８８８８８８８",
            "0532 8888 8888",
            "电话：88888888",
            "联系电话号码为8888-8888，",
            "座机 8888888",
        ),
    ],
)
def test_telephones_are_found(text: str) -> None:
    assert content_looks(CATALOGUE)["telephone_inside"](pl.Series([text])).all()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "138****1111",
            "编号2138000011112",
            "12345",
            "13800001111A",
            "91370215138000011112",
            "１３８００００１１１１２",
        ),
        *("电话12345", "拨打12315电话", "0215-2026-0312号", "88888888元", "电话号码888888888"),
    ],
)
def test_other_numbers_are_no_telephones(text: str) -> None:
    assert not content_looks(CATALOGUE)["telephone_inside"](pl.Series([text])).any()


@pytest.mark.parametrize(("party", "hit"), [("自然人", True), ("法人及非法人组织", False)])
def test_income_is_forbidden_of_persons_only(party: str, hit: bool, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for("penalty")
    cells = base_of("penalty") | {"CF_XDR_LB": party, "CF_SY": "当事人月收入三千元"}
    found = validate_rows(*handed_over([Made(cells)], scene.resource), scene).findings
    assert ("penalty.CF_SY.forbidden_content" in found["rule"].to_list()) is hit


def test_the_sentence_names_the_category_and_never_the_words() -> None:
    frame = pl.DataFrame({"text": ["当事人系佛教徒，患有糖尿病"]})
    told = forbidden_titles(pl.col("text"), pl.lit(False), CATALOGUE, "a rule")
    assert frame.select(*(e.alias(str(i)) for i, e in enumerate(told))).row(0) == (
        "宗教信仰、疾病和病史",
        "Religion, Illness and medical history",
        "《山东省社会信用条例》第42条",
    )


def test_of_an_organisation_no_category_of_persons_is_named() -> None:
    frame = pl.DataFrame({"text": ["当事人系佛教徒，月收入约三千元"], "person": [True]})
    for person, titles in ((pl.col("person"), "宗教信仰、收入"), (~pl.col("person"), "宗教信仰")):
        assert frame.select(forbidden_titles(pl.col("text"), person, CATALOGUE, "a rule")[0]).item() == titles


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("当事人感染艾滋病", True),
        ("当事人系艾滋病毒感染者", True),
        ("未采取措施预防感染艾滋病", False),
        ("未告知感染艾滋病的风险", False),
    ],
)
def test_an_infection_is_forbidden_and_its_prevention_is_not(text: str, hit: bool) -> None:
    assert content_looks(CATALOGUE)["forbidden_content"](pl.Series([text])).to_list() == [hit]
