"""The engine and an oracle in plain Python find the same in every row."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.standards.load import load_catalogue
from chengxin.validation.scene import Scene
from chengxin.validation.validate import validate_rows
from tests.conftest import cases_of
from tests.validation.oracle import Found, expected
from tests.validation.rows import Made, base_of, handed_over, made_rows

DAYS = [date(2026, 3, 10), date(2026, 4, 20)]


def found(rows: list[Made], scene: Scene) -> list[Found]:
    """What the engine finds, a set of (kind, field) for each row."""
    findings = validate_rows(*handed_over(rows, scene.resource), scene).findings
    kinds = {rule.id: rule.kind for rule in scene.resource.rules}
    sets: list[Found] = [set() for _ in rows]
    for row, rule, name in findings.select("row", "rule", "field").iter_rows():
        sets[row - 2].add((kinds[rule], name))
    return sets


def agree(rows: list[Made], scene: Scene) -> None:
    for row, engine in zip(rows, found(rows, scene), strict=True):
        oracle = expected(row, scene)
        changed = {k: v for k, v in row.cells.items() if v != base_of(scene.resource.name).get(k)}
        assert engine == oracle, f"engine only {engine - oracle}, oracle only {oracle - engine}: {changed} {row.states} {row.marks}"


@pytest.mark.parametrize("name", ["penalty", "permit"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_engine_finds_what_the_oracle_finds(name: str, day: date, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name, day=day)

    @settings(max_examples=60)
    @given(st.lists(made_rows(scene.resource), min_size=1, max_size=12))
    def they_agree(rows: list[Made]) -> None:
        agree(rows, scene)

    they_agree()


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_the_engine_finds_what_the_oracle_finds_in_every_case_of_the_catalogue(name: str, scene_for: Callable[..., Scene]) -> None:
    for case in cases_of(name)["cases"]:
        changes = {k: case[k] for k in ("day", "sender", "may_report") if k in case}
        cells = base_of(name) | {k: None if v is None else str(v) for k, v in case["with"].items()}
        agree([Made(cells)], scene_for(name, **changes))


def test_the_oracle_knows_every_kind_of_rule_that_it_is_asked_about() -> None:
    """A hit of some kind in some generated row is no proof; at least each kind has a way to be hit."""
    from chengxin.validation.kinds import BY_KEY, FLAGGED, WHOLE
    from tests.validation.oracle import Oracle

    for name in ("penalty", "permit"):
        for rule in load_catalogue(DAYS[0]).resource(name).rules:
            met = rule.kind in (*FLAGGED, *WHOLE, *BY_KEY, "code_list", "telephone_inside") or rule.kind.startswith("identity_")
            assert met or hasattr(Oracle, f"is_{rule.kind}"), rule.kind


@pytest.mark.prove
@pytest.mark.parametrize("name", ["penalty", "permit"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_long_run_finds_no_row_on_which_they_differ(name: str, day: date, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name, day=day)

    @settings(max_examples=1_500, derandomize=False)
    @given(st.lists(made_rows(scene.resource), min_size=1, max_size=20))
    def they_agree(rows: list[Made]) -> None:
        agree(rows, scene)

    they_agree()
