"""How numbers of cases are written: general, or of one body, by the catalogue alone."""

import dataclasses

import pytest

from chengxin.standards.case_numbers import case_forms, why_no_case
from chengxin.standards.load import load_catalogue
from tests.conftest import DAY

BODY = "11370215MXFAK0X145"
KNOWN = load_catalogue(DAY)


@pytest.mark.parametrize(
    "number",
    [
        *(form.example for form in case_forms(KNOWN, BODY)),
        *("示例监案〔2026〕15号", "示例监案[2026]15号", "示例监处罚〔2025〕第A-15号", "示例监案〔2026〕15号之二"),
        *("（2026）示0215民初123号", "(2025)示02执1号", "SLXK-2026-000123", "示例窗口-20260315-7", "XK20260001"),
    ],
)
def test_a_number_as_it_stands_on_a_file_is_taken(number: str) -> None:
    assert why_no_case(KNOWN, BODY, number) is None


@pytest.mark.parametrize(
    "number",
    [
        "1",
        "案",
        "急",
        "无",
        "13800000000",
        "查一下",
        "a" * 61,
        "示例监案〔1826〕15号",
        "示例监案〔2026〕号",
        "x-y",
        "<b>1</b>",
        "A 1",
    ],
)
def test_what_is_typed_just_so_is_refused_with_examples_and_not_repeated(number: str) -> None:
    said = why_no_case(KNOWN, BODY, number)
    assert said and "示例监案〔2026〕15号" in said.zh and said.en
    assert len(number) < 3 or number not in said.zh


def test_a_body_may_have_ways_of_its_own() -> None:
    table = KNOWN.tables["case_numbers"] | {"of_bodies": {BODY: ["court"]}}
    own = dataclasses.replace(KNOWN, tables={**KNOWN.tables, "case_numbers": table})
    assert why_no_case(own, BODY, "（2026）示0215民初123号") is None
    assert why_no_case(own, BODY, "示例监案〔2026〕15号") is not None
    assert why_no_case(own, "11370215MXFAK0X220", "示例监案〔2026〕15号") is None
