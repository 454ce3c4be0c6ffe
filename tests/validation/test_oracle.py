"""The engine and an oracle in plain Python find the same in every row."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.validation.kinds import BY_KEY, WHOLE
from chengxin.validation.scene import Scene
from chengxin.validation.table import OUTSIDE
from chengxin.validation.validate import validate_rows
from tests.conftest import cases_of
from tests.validation.oracle import Found, expected
from tests.validation.rows import Made, base_of, handed_over, made_rows, many_rows

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
        assert engine == oracle, (
            f"engine only {engine - oracle}, oracle only {oracle - engine}: {changed} {row.states} {row.marks}"
        )


@pytest.mark.parametrize("name", ["penalty", "permit"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_engine_finds_what_the_oracle_finds(name: str, day: date, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name, day=day)
    agree(many_rows(scene.resource, 800, seed=day.toordinal()), scene)


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_the_smallest_rows_on_which_they_could_differ_agree(name: str, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name)

    @settings(max_examples=25)
    @given(st.lists(made_rows(scene.resource), min_size=1, max_size=6))
    def they_agree(rows: list[Made]) -> None:
        agree(rows, scene)

    they_agree()


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_the_engine_finds_what_the_oracle_finds_in_every_case_of_the_catalogue(
    name: str, scene_for: Callable[..., Scene]
) -> None:
    for case in cases_of(name)["cases"]:
        changes = {k: case[k] for k in ("day", "sender", "may_report") if k in case}
        cells = base_of(name) | {k: None if v is None else str(v) for k, v in case["with"].items()}
        agree([Made(cells)], scene_for(name, **changes))


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_the_made_rows_break_every_rule_that_a_row_can_break(name: str, scene_for: Callable[..., Scene]) -> None:
    elsewhere = {*WHOLE, *BY_KEY, *OUTSIDE, "row_too_long", "not_an_object", "name_twice"}
    hit: set[str] = set()
    for day in DAYS:
        scene = scene_for(name, day=day)
        hit |= {kind for found_here in found(many_rows(scene.resource, 3_000, seed=1), scene) for kind, _ in found_here}
    assert {r.kind for r in scene.resource.rules} - hit - elsewhere == set()


@pytest.mark.prove
@pytest.mark.parametrize("name", ["penalty", "permit"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_long_run_finds_no_row_on_which_they_differ(name: str, day: date, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name, day=day)

    for seed in range(6):
        agree(many_rows(scene.resource, 1_000, seed), scene)
