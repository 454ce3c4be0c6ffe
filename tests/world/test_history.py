"""A history is repeatable, in order, of the right kinds, and its truth is told by the day."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from chengxin.flow.files import sent_files
from chengxin.flow.way import in_order
from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Refused
from chengxin.world.history import make_history
from chengxin.world.make import World, make_world
from chengxin.world.truth import RECORDS, SUBJECTS, truth_on

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_history(5, 600, 3, tmp_path_factory.mktemp("history"), TODAY)


@pytest.fixture(scope="module")
def schedule(history: World) -> pl.DataFrame:
    return pl.read_csv(history.manifest, try_parse_dates=True)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [make_history(3, 60, 2, tmp_path / name, TODAY) for name in ("a", "b")]
    names = [sorted(p.relative_to(w.out) for p in w.out.rglob("*") if p.is_file()) for w in made]
    assert names[0] == names[1]
    assert all((made[0].out / n).read_bytes() == (made[1].out / n).read_bytes() for n in names[0])


def test_files_come_in_the_order_of_their_days_and_not_after_today(schedule: pl.DataFrame) -> None:
    days = schedule["received_on"]
    assert days.is_sorted()
    assert days.min() >= TODAY - timedelta(days=365 * 3)  # type: ignore[operator]
    assert days.max() <= TODAY  # type: ignore[operator]
    assert days.n_unique() > 60


def test_nothing_is_sent_before_the_catalogue_has_it(schedule: pl.DataFrame) -> None:
    sent = schedule.select("resource", "received_on").iter_rows()
    assert [(r, d) for r, d in sent if r not in load_catalogue(d).resources] == []


def test_some_files_are_overtaken_some_come_twice_and_some_are_whole_lists(schedule: pl.DataFrame) -> None:
    feeds = schedule.unique("file", maintain_order=True).with_columns(
        pl.col("order").cum_max().over("authority", "resource").alias("most")
    )
    assert feeds.filter(pl.col("order") < pl.col("most")).height > 0
    assert schedule.height > feeds.height
    assert set(schedule["mode"]) == {"increment", "full"}


def test_a_history_is_played_as_it_is_listed(history: World, schedule: pl.DataFrame) -> None:
    ordered = in_order(sent_files(history.out), load_catalogue(TODAY))
    assert [(s.received_on, s.order, s.mode) for s in ordered] == schedule.select("received_on", "order", "mode").rows()


def test_everything_happens_that_registers_must_bear(history: World) -> None:
    facts, records = (pl.read_parquet(history.out / name) for name in (SUBJECTS, RECORDS))
    lives = facts.group_by("subject").agg(pl.col("name", "code", "status").n_unique())
    assert all(lives.filter(pl.col(column) > 1).height > 0 for column in ("name", "code", "status"))
    spans = (
        records.sort("since")
        .group_by("resource", "act", maintain_order=True)
        .agg("since", "until", "words", "last_day", "sources")
    )
    changed = spans.filter(pl.col("since").list.len() > 1)
    gaps = changed.filter(pl.col("until").list.first() < pl.col("since").list.get(1))
    assert gaps.height > 0  # forgotten by a whole list, and named again
    assert changed.filter(pl.col("last_day").list.n_unique() > 1).height > 0
    assert changed.filter(pl.col("words").list.n_unique() > 1).height > 0
    assert records.filter(pl.col("sources").list.len() > 1).height > 0
    ended = spans.filter(pl.col("until").list.last().is_not_null())
    assert ended.height > 0  # revoked


def test_the_truth_grows_with_the_days(history: World) -> None:
    counts = [truth_on(history.out, date(year, 11, 24)).subjects.height for year in (2023, 2024, 2025, 2026)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] <= history.subject_count
    assert truth_on(history.out, date(2020, 1, 1)).records.is_empty()


def test_a_record_stands_under_the_code_that_its_subject_has_that_day(history: World) -> None:
    for year in (2024, 2025, 2026):
        true = truth_on(history.out, date(year, 6, 1))
        assert true.records.join(true.subjects, on="code", how="anti").is_empty()
        assert true.subjects["code"].is_unique().all()


def test_the_manifest_counts_the_rows_of_the_truth(history: World, schedule: pl.DataFrame) -> None:
    counts = dict(pl.read_parquet(history.truth).group_by("file").len().iter_rows())
    assert counts == dict(schedule.unique("file").select("file", "rows").iter_rows())


def test_a_district_of_one_day_has_no_truth_of_days(tmp_path: Path) -> None:
    make_world(1, 20, tmp_path / "w", TODAY)
    with pytest.raises(Refused) as caught:
        truth_on(tmp_path / "w", TODAY)
    assert caught.value.code == "no-history"


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_district_can_be_played(seed: int, tmp_path: Path) -> None:
    assert make_history(seed, 10, 1, tmp_path / "w", TODAY).subject_count == 10
