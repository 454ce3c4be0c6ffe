"""Every rule of every resource has a hit and a miss: the base row of its cases is the miss, each case a hit."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from chengxin.intake.received import MARKS_SCHEMA
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Field, Rule
from chengxin.validation.keys import repeated
from chengxin.validation.kinds import BY_KEY
from chengxin.validation.scene import Scene
from chengxin.validation.validate import effective_severity, repeat_findings, whole_findings
from chengxin.values.text import IDENTITY_MASK
from tests.conftest import cases_of, frame_of, judged

RESOURCES = sorted(load_catalogue(date(2026, 3, 10)).resources)
CASES = [(name, case) for name in RESOURCES for case in cases_of(name)["cases"]]


def rules_found(rows: list[dict[str, Any]], scene: Scene, marks: pl.DataFrame | None = None) -> pl.DataFrame:
    found = judged(rows, scene, marks)
    repeats = repeat_findings(repeated(found.keys), scene)
    return pl.concat([found.findings, repeats, whole_findings(scene, 1)])


@pytest.mark.parametrize("name", RESOURCES)
def test_the_base_row_of_every_resource_passes_without_a_word(name: str, scene_for: Callable[..., Scene]) -> None:
    found = rules_found([cases_of(name)["base"]], scene_for(name))
    assert found.filter(~pl.col("rule").str.contains("told_filled"))["message_zh"].to_list() == []


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}: {c['name']}" for n, c in CASES])
def test_each_case_meets_the_rules_it_names(name: str, case: dict[str, Any], scene_for: Callable[..., Scene]) -> None:
    changes = {k: case[k] for k in ("day", "sender", "may_report", "registration", "confirmed_codes") if k in case}
    found = rules_found([cases_of(name)["base"] | case["with"]], scene_for(name, **changes))
    assert set(case["hits"]) <= set(found["rule"])
    if "column" in case:
        assert case["column"] in found.filter(pl.col("rule").is_in(case["hits"]))["field"].to_list()


@pytest.mark.parametrize("name", RESOURCES)
def test_every_written_rule_has_a_case(name: str) -> None:
    hit = {rule for case in cases_of(name)["cases"] for rule in case["hits"]}
    derived = {
        f"{name}.{r.field}.{r.kind}" if r.field else f"{name}.{r.kind}"
        for r in load_catalogue(date(2026, 3, 10)).resource(name).rules
    }
    written = {r.id for r in load_catalogue(date(2026, 3, 10)).resource(name).rules} - derived
    assert written - hit == set()


# What a rule that follows from a field's kind must find: a text that is wrong in just that way.
WRONG_TEXT: dict[str, str | None] = {
    "required": None,
    "uscc": "91370215MXFAK00149",
    "uscc_inner": "91370215MXFAK0015",
    "uscc_kind": "9A370215MXFAK0014",
    "organisation_code": "123456789",
    "registration_number": "370282000000001",
    "date_unreadable": "2025-02-30",
    "date_ambiguous": "03/04/2025",
    "date_range": "1900-01-01",
    "money_unreadable": "半万",
    "money_range": "-1",
    "money_scale": "0.12345678",
    "code_list": "没有这一项",
    "flag_unreadable": "也许",
    "year_unreadable": "去年",
    "told_date": "2025年3月7日",
    "told_money": "1,000.5",
    "private_use": "字\ue001样",
    "garbled": "字\ufffd样",
    "identity_inside": f"其人{IDENTITY_MASK}",
    "forbidden_content": "当事人患有精神分裂症",
    "secret_marking": "机密★一年",
    "telephone_inside": "联系电话13800001111",
}
MARKED = ("digits_lost", "number_cell", "cell_error", "formula_without_value", "cell_too_long")


def wrong_text(rule: Rule, field: Field, good: str | None, scene: Scene) -> str | None:
    from chengxin.values.identifiers import uscc_check_character

    if rule.kind == "max_length":
        return "长" * (rule.params["limit"] + 1)
    if rule.kind in ("told_spaces", "told_code_form"):
        return f" {good or 'A1'} " if rule.kind == "told_spaces" else f" {(good or '91370215MXFAK00148').lower()}"
    if rule.kind == "told_invisible":
        return f"{good or 'A1'}\u200b"
    if rule.kind == "told_code_value":
        codes = scene.catalogue.code_list(field.codes or "")
        exact = [spelling for value in codes.values for spelling in (value.code, value.label)]
        return next((s for s in codes.spellings if s not in exact), "")
    text = WRONG_TEXT[rule.kind]
    return text + uscc_check_character(text) if rule.kind in ("uscc_inner", "uscc_kind") and text else text


def derived_rules() -> list[tuple[str, Rule]]:
    known = load_catalogue(date(2026, 3, 10)).resources
    return [
        (n, r) for n in RESOURCES for r in known[n].rules
        if r.field and r.id == f"{n}.{r.field}.{r.kind}" and r.kind not in ("told_filled",)
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "rule"), derived_rules(), ids=[r.id for _, r in derived_rules()])
def test_each_rule_that_follows_from_a_field_is_met_by_its_fault(
    name: str, rule: Rule, scene_for: Callable[..., Scene]
) -> None:
    scene = scene_for(name)
    base = cases_of(name)["base"]
    field = scene.resource.by_name[rule.field or ""]
    good = base.get(field.name)
    good = None if good is None else str(good)
    marks, row, frame_change = None, dict(base), {}
    if rule.kind in MARKED:
        marks = pl.DataFrame([(2, field.name, rule.kind, "9.13702E+17")], schema=MARKS_SCHEMA, orient="row")
    elif rule.kind.startswith("identity_") and rule.kind != "identity_inside":
        frame_change = {f"{field.name}?": rule.kind.removeprefix("identity_")}
    elif rule.kind == "required_for":
        kinds = {"organisation": "法人及非法人组织", "sole_trader": "个体工商户", "person": "自然人"}
        row |= {scene.resource.roles["subject_kind"]: kinds[rule.params["subjects"][0]], field.name: None}
    else:
        wrong = wrong_text(rule, field, good, scene)
        if wrong == "":
            pytest.skip("the list has no other spelling")
        row[field.name] = wrong
        if rule.kind == "required" and field.fill:
            scene = scene_for(name, sender={"code": None, "name": None})
            if field.fill == "subject_kind":
                row[scene.resource.roles["subject_code"]] = None
    frame = frame_of([row], scene.resource).with_columns([pl.lit(v).alias(k) for k, v in frame_change.items()])
    from chengxin.validation.validate import validate_rows
    from tests.conftest import no_marks

    found = validate_rows(frame, no_marks() if marks is None else marks, scene).findings
    hit = found.filter(pl.col("rule") == rule.id)
    assert hit.height == 1, found["rule"].to_list()
    assert hit["severity"][0] == effective_severity(rule)
    assert hit["message_zh"][0] and hit["message_en"][0] and hit["clause"][0]
    assert "{" not in hit["message_zh"][0] + hit["message_en"][0]


def test_the_same_row_twice_counts_once_and_another_content_gives_both_back(scene_for: Callable[..., Scene]) -> None:
    scene = scene_for("penalty")
    base = cases_of("penalty")["base"]
    same = rules_found([base, base], scene)
    assert same.select("row", "rule").rows() == [(3, "penalty.same_row_twice")]
    other = rules_found([base, base | {"BZ": "另一内容"}], scene)
    assert set(other.filter(pl.col("rule") == "penalty.same_key_twice")["row"]) == {2, 3}
    assert BY_KEY == ("same_row_twice", "same_key_twice")


def test_a_row_that_stands_in_another_sheet_is_told_by_its_sheet(scene_for: Callable[..., Scene]) -> None:
    scene = scene_for("penalty")
    repeats = pl.DataFrame(
        {"part": [1, 1], "row": [4, 5], "kind": ["same_row_twice"] * 2, "other": [2, 4], "other_part": [0, 1]}
    )
    told = repeat_findings(repeats, scene, ["市南", "市北"])
    assert told["message_zh"].to_list() == ["与“市南”第 2 行完全相同，只计一次。", "与第 4 行完全相同，只计一次。"]
    assert told["message_en"].to_list() == [
        "The same as row 2 of “市南”; counted once.",
        "The same as row 4; counted once.",
    ]
