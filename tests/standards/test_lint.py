"""Lint: the shipped catalogue is sound, and every refusal refuses."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chengxin.standards.lint import lint
from chengxin.standards.load import shipped_catalogue
from tests.standards.conftest import DAY, HERE, RULE_KINDS, complaints

WRONG = sorted(p for p in (HERE / "wrong").iterdir() if p.is_dir())
Lay = Callable[..., Path]


def test_the_shipped_catalogue_is_sound_and_linting_it_takes_under_three_seconds() -> None:
    started = time.process_time()
    assert lint(shipped_catalogue(), DAY, RULE_KINDS) == []
    assert time.process_time() - started < 3


def test_the_example_that_the_wrong_ones_differ_from_is_sound(with_files: Lay) -> None:
    assert complaints(with_files(HERE / "sound")) == []


@pytest.mark.parametrize("wrong", WRONG, ids=lambda p: p.name)
def test_a_wrong_catalogue_is_refused_for_exactly_what_is_wrong(wrong: Path, with_files: Lay) -> None:
    found = complaints(with_files(HERE / "sound", wrong))
    assert {c.code for c in found} == {wrong.name.partition("--")[0]}
    spoiled = {p.relative_to(wrong).as_posix() for p in wrong.rglob("*.yaml")}
    sound = {p.relative_to(HERE / "sound").as_posix() for p in (HERE / "sound").rglob("*.yaml")}
    assert {c.file for c in found} <= spoiled | sound
    assert all(c.said.zh and c.said.en for c in found)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cn/lists.yaml", "lists: [1, 2]"),
        ("cn/exchange.yaml", "feed: 7\npackage: {elements: [1], modes: 5, digest: [x]}"),
        ("cn/case_numbers.yaml", "longest: [x]\nforms: {a: 5, b: {title: 1}}\ngeneral: 7\nof_bodies: {x: 5}"),
        ("cn/severity.yaml", "classes: {minor: 3}"),
        ("cn/purposes.yaml", "purposes: {audit: {view: [x], readers: 5, needs: [y]}, other: 7}"),
        ("cn/calendar.yaml", "years: {2026: {holidays: 5}}"),
        ("cn/reports.yaml", "forms: {standard: {chapters: 5, title: x}, other: 7}\nuses: [x]"),
        ("cn/forbidden.yaml", "categories: {genes: {headings: 7}}\nbehaviours: []"),
        ("cn/resources/penalty.yaml", "- not\n- a mapping"),
        ("cn/resources/penalty.cases.yaml", "base: {}\ncases: [{name: [x], hits: 5, column: [{}]}]"),
        (
            "cn-sd/resources/penalty.yaml",
            "resource: penalty\naliases: 2026-01-01\nretention: {hard_end_years: 2026-01-01}",
        ),
        ("laws/credit.yaml", "- {id: [y]}\n- 5"),
        ("messages/validation.yaml", "-1.5"),
    ],
)
def test_a_damaged_file_is_complained_of_and_the_rest_goes_on(file: str, text: str, with_files: Lay) -> None:
    root = with_files()
    (root / file).unlink()
    (root / file).write_text(text, encoding="utf-8")
    assert file in {c.file for c in complaints(root)}


def test_an_empty_folder_is_complained_of(tmp_path: Path) -> None:
    assert "no-table" in {c.code for c in complaints(tmp_path)}
