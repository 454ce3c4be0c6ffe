"""Explain: every resource has a page a clerk can read, in both languages."""

import re

import pytest

from chengxin.standards.explain import explain
from chengxin.standards.load import load_catalogue
from tests.standards.conftest import DAY

CATALOGUE = load_catalogue(DAY)


@pytest.mark.parametrize("name", CATALOGUE.resources)
def test_the_page_names_every_field_and_every_written_rule_and_leaves_no_placeholder(name: str) -> None:
    resource = CATALOGUE.resource(name)
    for language in ("zh", "en"):
        page = explain(resource, CATALOGUE, language)  # type: ignore[arg-type]
        for field in resource.fields:
            assert f"| {field.name} |" in page
        assert not re.search(r"\{\w+\}", page)
    assert CATALOGUE.clause(resource.clause).zh in explain(resource, CATALOGUE)


def test_the_page_of_penalties_says_when_a_fine_needs_an_amount_how_fast_and_how_long() -> None:
    page = explain(CATALOGUE.resource("penalty"), CATALOGUE)
    assert "“处罚类别”含“罚款”时必填" in page
    assert "自“处罚决定日期”起 7 个工作日内" in page
    assert "- 一般：自决定日期起公示，最短 3 个月后可申请修复，最长 1 年" in page
    assert "- 最长 5 年：自“违法行为终止日期”起算" in page
    assert "2026-04-01 起 | penalty.publicity-within-class" in page


def test_a_draft_says_that_it_binds_nobody() -> None:
    assert "草案" in explain(CATALOGUE.resource("profession"), CATALOGUE).split("## ")[0]
    assert "草案" not in explain(CATALOGUE.resource("penalty"), CATALOGUE).split("## ")[0]


def test_the_example_of_a_private_field_is_not_shown() -> None:
    assert "990215199001010012" not in explain(CATALOGUE.resource("profession"), CATALOGUE)
