"""One file through receive and validate."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from chengxin.flow.judge import Outcome
from chengxin.values.errors import Refused
from tests.flow.conftest import csv_of, penalty, rules_by_row


def balanced(outcome: Outcome) -> bool:
    kept = outcome.accepted_rows().select(pl.len()).collect().item()
    sums = outcome.accepted + outcome.rejected + outcome.duplicate + outcome.held
    return outcome.received == sums and kept == outcome.accepted


def test_good_rows_are_kept_and_wrong_ones_are_named(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    rows = [penalty(1), penalty(2, CF_JDRQ="2026-02-30"), penalty(3)]
    outcome = judged(csv_of(rows, tmp_path / "p.csv"))
    assert (outcome.received, outcome.accepted, outcome.rejected) == (3, 2, 1)
    assert balanced(outcome)
    assert rules_by_row(outcome)[3] >= {"date_unreadable"}


def test_a_row_repeated_far_away_counts_once(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    rows = [penalty(n) for n in range(70_000)]
    outcome = judged(csv_of([*rows, penalty(5)], tmp_path / "long.csv"))
    assert (outcome.duplicate, outcome.rejected, outcome.accepted) == (1, 0, 70_000)
    assert balanced(outcome)
    assert rules_by_row(outcome)[70_002] == {"same_row_twice"}


def test_one_decision_with_two_contents_gives_both_rows_back(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    rows = [penalty(1), penalty(2), penalty(1, CF_SY="另一种事实")]
    outcome = judged(csv_of(rows, tmp_path / "p.csv"))
    assert (outcome.accepted, outcome.rejected) == (1, 2)
    assert balanced(outcome)


def test_the_same_row_in_two_files_of_a_zip_counts_once(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    one, two = csv_of([penalty(1)], tmp_path / "a.csv"), csv_of([penalty(1), penalty(2)], tmp_path / "b.csv")
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(one, "a.csv")
        archive.write(two, "b.csv")
    outcome = judged(path)
    assert (outcome.received, outcome.accepted, outcome.duplicate) == (3, 2, 1)
    assert balanced(outcome)


def test_a_missing_column_is_said_once_and_every_row_falls_with_it(
    judged: Callable[..., Outcome], tmp_path: Path
) -> None:
    rows = [{k: v for k, v in penalty(n).items() if k != "CF_YJ"} for n in range(4)]
    outcome = judged(csv_of(rows, tmp_path / "p.csv"))
    assert (outcome.received, outcome.rejected) == (4, 4)
    assert rules_by_row(outcome) == {1: {"required"}}


def test_a_body_that_may_not_report_is_told_once(tmp_path: Path) -> None:
    import dataclasses

    from chengxin.flow.judge import Sender, judge
    from tests.flow.conftest import SENDER, setting

    narrow = dataclasses.replace(setting(), sender=Sender(SENDER["code"], SENDER["name"], frozenset({"honour"})))
    outcome = judge(csv_of([penalty(1), penalty(2)], tmp_path / "p.csv"), narrow, tmp_path / "out")
    assert (outcome.accepted, outcome.rejected) == (0, 2)
    assert rules_by_row(outcome) == {1: {"may-report"}}


def test_no_identity_number_reaches_accepted_rows_or_findings(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    number = "37029919900101001X"
    from chengxin.values.identifiers import identity_check_character

    number = number[:17] + identity_check_character(number[:17])
    person = penalty(
        1,
        CF_XDR_MC="测试乙",
        CF_XDR_LB="自然人",
        CF_XDR_SHXYM=None,
        CF_FRDB=None,
        CF_XDR_ZJLX="身份证",
        CF_XDR_ZJHM=number,
    )
    leaked = penalty(2, CF_SY=f"当事人身份证{number}")
    rows = [{**dict.fromkeys([*person, *leaked]), **r} for r in (person, leaked)]
    outcome = judged(csv_of(rows, tmp_path / "p.csv"))
    assert outcome.accepted == 1
    everything = outcome.accepted_rows().collect().write_csv() + outcome.findings().collect().write_csv()
    assert number not in everything
    assert "identity_inside" in rules_by_row(outcome)[3]


def test_an_empty_file_is_refused_in_both_languages(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(Refused) as refusal:
        judged(path)
    assert refusal.value.said.zh and refusal.value.said.en
