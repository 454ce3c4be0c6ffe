"""What must hold for any submission: order, slices, subjects, a second time, private values, and the count of rows."""

import dataclasses
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from random import Random

import polars as pl
import pytest

from chengxin.intake.received import MARKS_SCHEMA
from chengxin.validation.keys import SUBJECT, keys_of, repeated, subject_key
from chengxin.validation.scene import Scene
from chengxin.validation.table import mended_table
from chengxin.validation.validate import validate_rows
from tests.conftest import no_marks
from tests.properties.whole import as_text, judge_slices, same, submission
from tests.validation.rows import Made, base_of, handed_over, many_rows

SCENES = [(name, day) for name in ("penalty", "permit") for day in (date(2026, 3, 10), date(2026, 4, 20))]


def in_every_scene(check: Callable[[Scene, int], None], scene_for: Callable[..., Scene], seeds: range) -> None:
    """Run a check on made submissions, one for each seed, in each scene."""
    for name, day in SCENES:
        scene = scene_for(name, day=day)
        for seed in seeds:
            check(scene, seed)


def order_does_not_matter(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 30, seed)
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    assert same(judge_slices([frame], marks, scene), judge_slices([shuffled], marks.reverse(), scene))


def slices_do_not_matter(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 30, seed)
    cuts = sorted({0, frame.height, *(Random(seed).randint(0, frame.height) for _ in range(6))})
    slices = [frame[a:b] for a, b in pairwise(cuts)]
    assert same(judge_slices([frame], marks, scene), judge_slices(slices, marks, scene))


def subjects_stand_alone(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 30, seed)
    keys = mended_table(frame, marks, scene).select(subject_key(scene.resource)).to_series()
    apart = frame.with_columns(keys.fill_null("").alias("@subject"))
    wholes = [judge_slices([group.drop("@subject")], marks, scene) for _, group in apart.group_by("@subject")]
    together = judge_slices([frame], marks, scene)
    assert pl.concat([w.findings for w in wholes]).sort(together.findings.columns).equals(together.findings)
    assert pl.concat([w.accepted for w in wholes]).sort("row").equals(together.accepted)
    assert sum(w.duplicate for w in wholes) == together.duplicate


def the_second_time_is_silent(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 600, seed)
    first = validate_rows(frame, marks, scene).accepted
    again = validate_rows(as_text(first, frame, scene.resource), no_marks(), scene)
    told = again.findings.filter((pl.col("severity") == "reject") | pl.col("rule").str.contains("told_"))
    assert told.select("row", "rule", "message_zh").rows() == []
    assert first.height > 100
    assert again.accepted.equals(first)


def every_row_is_counted_once(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 30, seed)
    hidden = pl.DataFrame([(n, None, "row_hidden", None) for n in (9_001, 9_002)], schema=MARKS_SCHEMA, orient="row")
    judged = validate_rows(frame, pl.concat([marks, hidden]), scene)
    whole = judge_slices([frame], marks, scene)
    assert judged.received == frame.height + 2 == judged.accepted.height + judged.rejected + judged.held
    assert whole.received == whole.accepted.height + whole.rejected + whole.duplicate
    faulty = set(whole.findings.filter(pl.col("severity") == "reject")["row"])
    assert faulty & set(whole.accepted["row"]) == set()
    assert whole.accepted["row"].is_unique().all()


def test_publicity_that_ended_before_the_decision_is_no_publicity(scene_for: Callable[..., Scene]) -> None:
    """The act ended so long ago that the hard end passed before the decision: taken, and stable when sent again."""
    scene = scene_for("penalty", day=date(2026, 4, 20))
    cells = base_of("penalty") | {"CF_JDRQ": "2026-04-15", "CF_GSJZQ": "2029-04-15", "act_ended_on": "2015-01-01"}
    frame, marks = handed_over([Made(cells)], scene.resource)
    first = validate_rows(frame, marks, scene)
    assert first.findings["rule"].to_list() == ["penalty.publicity-within-class"]
    assert first.accepted["CF_GSJZQ"].to_list() == [None]
    assert validate_rows(as_text(first.accepted, frame, scene.resource), marks, scene).accepted.equals(first.accepted)


def repeats_are_those_a_dictionary_finds(scene: Scene, seed: int) -> None:
    frame, marks = submission(scene.resource, 200, seed)
    rows = validate_rows(frame, marks, scene).accepted
    kept = [f.name for f in scene.resource.fields if not f.drop]
    seen: dict[tuple[object, ...], list[tuple[int, tuple[object, ...]]]] = {}
    key = [
        subject_key(scene.resource) if n == SUBJECT else pl.col(n).cast(pl.String) for n in scene.resource.natural_key
    ]
    keys = rows.select(e.alias(str(i)) for i, e in enumerate(key)).rows()
    for row, its_key, content in zip(rows["row"], keys, rows.select(kept).rows(), strict=True):
        seen.setdefault(its_key, []).append((row, content))
    expected = set()
    for group in (g for k, g in seen.items() if len(g) > 1 and None not in k[:2]):
        differ = len({content for _, content in group}) > 1
        first, second = group[0][0], group[1][0]
        told = group if differ else group[1:]
        kind = "same_key_twice" if differ else "same_row_twice"
        expected |= {(row, kind, second if row == first else first) for row, _ in told}
    found = repeated(keys_of(rows, scene.resource, 0))
    assert expected
    assert set(found.select("row", "kind", "other").rows()) == expected


PROPERTIES = [
    order_does_not_matter,
    slices_do_not_matter,
    subjects_stand_alone,
    the_second_time_is_silent,
    every_row_is_counted_once,
    repeats_are_those_a_dictionary_finds,
]


@pytest.mark.parametrize("check", PROPERTIES, ids=[p.__name__ for p in PROPERTIES])
def test_it_holds_for_any_submission(check: Callable[[Scene, int], None], scene_for: Callable[..., Scene]) -> None:
    in_every_scene(check, scene_for, range(3))


@pytest.mark.prove
@pytest.mark.parametrize("check", PROPERTIES, ids=[p.__name__ for p in PROPERTIES])
def test_it_holds_for_many_more(check: Callable[[Scene, int], None], scene_for: Callable[..., Scene]) -> None:
    in_every_scene(check, scene_for, range(100, 130))


CANARY = "金丝雀"
SPOILT = [
    "{}",
    " {}",
    "{}\u200b",
    "{}\ue001",
    "{}\ufffd",
    "{}" * 40,
    "{}；身份证",
    "=1+{}",
    "〔证件号码已隐去〕{}",
    "１{}",
    "其他-{}",
]


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_the_value_of_a_private_field_is_in_no_finding(name: str, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name)
    private = [f for f in scene.resource.fields if f.private]
    assert len(private) == 4
    chance, rows = Random(7), many_rows(scene.resource, 300, seed=7)
    planted = []
    for row in rows:
        secrets = {f.name: chance.choice(SPOILT).format(*[CANARY] * 40) for f in private if not f.drop}
        planted.append(dataclasses.replace(row, cells=row.cells | secrets))
    frame, marks = handed_over(planted, scene.resource)
    kinds = ("number_cell", "digits_lost", "cell_error", "cell_too_long")
    told = [(n, f.name, kind, CANARY) for n, kind in zip(range(2, 302), kinds * 75, strict=True) for f in private]
    marks = pl.concat([marks, pl.DataFrame(told, schema=MARKS_SCHEMA, orient="row")])
    findings = judge_slices([frame], marks, scene).findings
    of_private = findings.filter(pl.col("field").is_in([f.name for f in private]))
    assert of_private["rule"].n_unique() >= 8
    leaks = findings.filter(pl.any_horizontal(pl.col(pl.String).str.contains(CANARY, literal=True)))
    assert leaks.select("rule", "message_zh", "suggestion").rows() == []


def test_the_value_of_a_private_field_is_in_no_finding_about_another(scene_for: Callable[..., Scene]) -> None:
    """A rule that compares with a private field must not quote it either."""
    scene = scene_for("penalty")
    rules = [r for r in scene.resource.rules if r.kind == "required_when" and r.field == "CF_NR_FK"]
    turned = dataclasses.replace(
        rules[0], kind="amount_without_category", params={"other": "CF_XDR_ZJLX", "contains": ["罚款"]}
    )
    resource = dataclasses.replace(scene.resource, rules=(turned,))
    cells = base_of("penalty") | {"CF_NR_FK": "0.5", "CF_XDR_ZJLX": "护照"}
    frame, marks = handed_over([Made(cells)], resource)
    found = validate_rows(frame, marks, dataclasses.replace(scene, resource=resource)).findings
    assert found["rule"].to_list() == [turned.id]
    assert "护照" not in found["message_zh"][0] + found["message_en"][0]


def test_a_scene_made_from_another_remembers_nothing_of_it(scene_for: Callable[..., Scene]) -> None:
    """A scene keeps what it has prepared for its rules; on another day other rules hold."""
    before = scene_for("penalty", day=date(2026, 3, 10))
    frame, marks = handed_over(many_rows(before.resource, 200, seed=3), before.resource)
    validate_rows(frame, marks, before)
    later = dataclasses.replace(before, day=date(2026, 4, 20))
    fresh = scene_for("penalty", day=date(2026, 4, 20))
    assert validate_rows(frame, marks, later).findings.equals(validate_rows(frame, marks, fresh).findings)
