"""Diff: what changed between two catalogues, for whom it is milder or stricter, and what would work backwards."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from chengxin.standards.diff import Change, between, diff, worsening
from chengxin.standards.load import shipped_catalogue
from tests.standards.conftest import DAY

Changed = Callable[..., list[Change]]
SEVERITY, PENALTY, FORBIDDEN = "cn/severity.yaml", "cn/resources/penalty.yaml", "cn/forbidden.yaml"


def rewrite(root: Path, file: str, *pairs: tuple[str, str], to: str | None = None) -> None:
    text = (root / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    target = root / (to or file)
    target.unlink(missing_ok=True)
    target.write_text(text, encoding="utf-8")


@pytest.fixture
def changed(with_files: Callable[..., Path]) -> Changed:
    """The changes from the shipped catalogue to one with one file rewritten."""

    def change(file: str, *pairs: tuple[str, str], to: str | None = None) -> list[Change]:
        root = with_files()
        rewrite(root, file, *pairs, to=to)
        return diff(shipped_catalogue(), root, DAY)

    return change


def only(changes: list[Change]) -> Change:
    assert len(changes) == 1, [c.said.en for c in changes]
    return changes[0]


def test_a_catalogue_does_not_differ_from_itself() -> None:
    assert diff(shipped_catalogue(), shipped_catalogue(), DAY) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SEVERITY, "years: 5", "years: 7"),
        (SEVERITY, "min_months: 3, max_months: 12", "min_months: 3, max_months: 24"),
        (SEVERITY, "{label: 轻微, published: false", "{label: 轻微, published: true"),
        (SEVERITY, '  - {role: procedure, equals: 简易程序, clause: "sd-credit-2020:13"}\n', ""),
        ("cn/disclosure.yaml", "person: on_auth", "person: public"),
        (FORBIDDEN, "headings: [血型]", "headings: []"),
        (PENALTY, "kind: publicity_end", "kind: not_before"),
        (PENALTY, "disclosure: withheld", "disclosure: public"),
        ("cn/lists.yaml", "term: {months: 36", "term: {months: 60"),
        ("cn/lists.yaml", "early_exit: {months: 6", "early_exit: {months: 18"),
        ("cn/purposes.yaml", "sole_trader: grant}", "sole_trader: grant, person: grant}"),
        ("cn/purposes.yaml", "person: case}", "person: none}"),
        ("cn/purposes.yaml", "readers: [partner]", "readers: [partner, authority]"),
        ("cn/purposes.yaml", "confidence: medium", "confidence: high"),
    ],
)
def test_what_shows_more_or_longer_is_stricter_and_undated_it_is_refused(
    changed: Changed, with_files: Callable[..., Path], file: str, old: str, new: str
) -> None:
    change = only([c for c in changed(file, (old, new)) if c.effect != "neutral"])
    assert (change.effect, change.backwards) == ("stricter", True)
    back = only(
        [c for c in diff(with_files_of(with_files, file, old, new), shipped_catalogue(), DAY) if c.effect != "neutral"]
    )
    assert (back.effect, back.backwards) == ("milder", False)


def with_files_of(with_files: Callable[..., Path], file: str, old: str, new: str) -> Path:
    root = with_files(name="other")
    rewrite(root, file, (old, new))
    return root


def test_a_new_heading_is_neutral(changed: Changed) -> None:
    change = only(changed(PENALTY, ("aliases: [处罚事由", "aliases: [处罚的事由, 处罚事由")))
    assert (change.place, change.effect, change.senders) == ("penalty.CF_SY.aliases", "neutral", "neutral")


def test_a_new_rejecting_rule_is_neutral_for_subjects_and_stricter_for_senders(changed: Changed) -> None:
    rule = '  - {id: penalty.new, kind: not_in_future, field: CF_JDRQ, severity: reject, clause: "ndrc-2018-424:all"}\n'
    change = only(changed(PENALTY, ("rules:\n", "rules:\n" + rule)))
    assert (change.how, change.effect, change.senders, change.backwards) == ("added", "neutral", "stricter", False)


def test_a_warning_that_becomes_a_refusal_is_stricter_for_senders(changed: Changed) -> None:
    change = only(changed(PENALTY, ("severity: warn", "severity: reject")))
    assert change.senders == "stricter"


def test_the_same_stricter_change_is_allowed_in_a_version_that_begins_later(changed: Changed) -> None:
    wider = ("disclosure: withheld", "disclosure: public")
    later = changed(
        PENALTY, ("version: 2018-07-01", "version: 2027-01-01"), wider, to="cn/resources/penalty@2027-01-01.yaml"
    )
    change = only([c for c in later if c.effect == "stricter"])
    assert (change.since, change.backwards) == (date(2027, 1, 1), False)


def test_a_new_adverse_resource_is_stricter_and_said_once(with_files: Callable[..., Path]) -> None:
    root = with_files(Path(__file__).parent / "sound")
    for layer in ("cn-sd", "cn-sd-jimo"):
        rewrite(root, f"{layer}/{layer}-list.yaml", ("items: [", "items: [example, "))
    rewrite(root, "cn/resources/example.yaml", ("polarity: neutral", "polarity: adverse"))
    change = only(worsening(diff(shipped_catalogue(), root, DAY)))
    assert (change.place, change.how, change.since) == ("example", "added", date(2025, 1, 1))


def test_two_days_of_one_catalogue_show_the_rules_that_begin_between_them() -> None:
    changes = between(shipped_catalogue(), date(2026, 3, 31), date(2026, 4, 1))
    found = [c for c in changes if c.place == "penalty.publicity-within-class"]
    assert [(c.how, c.effect, c.since) for c in found] == [("added", "milder", date(2026, 4, 1))]
    assert worsening(changes) == []
