"""The state of a store on any day is the truth of the world: what was sent until then, in the order in which it came."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from chengxin.site.folder import About, Site, make_site
from chengxin.standards.load import load_catalogue
from chengxin.world.history import make_history
from chengxin.world.truth import Truth, truth_on
from tests.store.conftest import emptied
from tests.store.held import differences, held

TODAY = date(2026, 11, 24)
SEEDS = [6, *(pytest.param(seed, marks=pytest.mark.prove) for seed in (4, 13))]
# What a store must not do, done to the tables: each must be found on some day.
FAULTS = {
    "what was revoked stays": "UPDATE store_record SET state = 'in_force' WHERE state = 'withdrawn'",
    "what a whole list forgot stays": "UPDATE store_record SET state = 'in_force' WHERE state = 'missing'",
    "what was corrected stays": "UPDATE store_record SET until = 99999 WHERE state = 'in_force' AND until > since",
    "the second sender is forgotten": "DELETE FROM store_saidagain",
    "a last day is wrong": "UPDATE store_record SET last_day = decided_on WHERE resource = 'permit'",
    "an act stands with another party": "UPDATE store_record SET subject = (SELECT subject FROM store_record ORDER BY subject LIMIT 1) "
    "WHERE resource = 'penalty'",
    "a former name is lost": "UPDATE store_subjectfact SET former_names = '[]' WHERE CAST(former_names AS text) <> '[]'",
    "a status is lost": "UPDATE store_subjectfact SET status = '存续' WHERE status <> '存续'",
    "the past knows what came later": "UPDATE store_changeset SET known_on = '2024-01-02'",
    "a day's files are known too late": "UPDATE store_changeset SET known_on = '2026-11-24' WHERE number > 20",
}


def play(site: Site, folder: Path) -> list[str]:
    """Play a history into a site; gives what was refused."""
    from chengxin.site.actions.district import take_in

    results = site.folder.parent / f"results-{random.random()}"
    return [str(p.refused) for p in take_in(site, folder, load_catalogue(TODAY), results) if p.refused]


def sent_on(folder: Path) -> list[date]:
    """The days on which something came."""
    return sorted({date.fromisoformat(day) for day in pl.read_csv(folder / "manifest.csv")["received_on"]})


def some_days(folder: Path, seed: int) -> list[date]:
    """Random days, days on which something came, and the days before those."""
    chance = random.Random(seed)
    came = chance.sample(sent_on(folder), 8)
    days = [TODAY - timedelta(days=chance.randrange(365 * 3)) for _ in range(12)]
    return sorted({TODAY, *days, *came, *(day - timedelta(days=1) for day in came)})


def wrong_days(folder: Path, days: list[date]) -> dict[date, list[dict[str, object]]]:
    """Where the store differs from the truth."""
    found = {day: differences(truth_on(folder, day), held(day)) for day in days}
    return {day: wrong for day, wrong in found.items() if wrong}


def change_sets() -> tuple[int, int]:
    from chengxin.site.store.models import ChangeSet, Event

    return ChangeSet.objects.count(), Event.objects.count()


@pytest.fixture(scope="module", params=SEEDS)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Path, int]]:
    """A site into which the history of a seed was played, the folder of the history, and the seed."""
    folder = tmp_path_factory.mktemp("history")
    make_history(request.param, 45, 3, folder / "w", TODAY)
    site = make_site(folder / "site", About("test.example/log", demo=True))
    emptied()
    assert play(site, folder / "w") == []
    yield site, folder / "w", request.param
    from django.db import connection

    connection.close()


def test_what_is_held_on_any_day_is_the_truth_of_that_day(played: tuple[Site, Path, int]) -> None:
    _, folder, seed = played
    assert wrong_days(folder, some_days(folder, seed)) == {}


def test_a_credit_file_of_any_day_is_the_truth_of_that_day(played: tuple[Site, Path, int]) -> None:
    from tests.store.whole_file import credit_file

    _, folder, seed = played
    chance = random.Random(seed)
    for day in some_days(folder, seed)[::3]:
        true = truth_on(folder, day)
        lives = (pl.col("last_day").is_null() | (pl.col("last_day") >= day)) & (pl.col("decided_on") <= day)
        for code in chance.sample(true.subjects["code"].to_list(), min(8, true.subjects.height)):
            found = credit_file(code, day, day)
            assert found is not None
            assert found.withheld == []
            expected = true.records.filter(lives & (pl.col("code") == code))
            columns = ["resource", "document", "decided_on", "last_day"]
            assert sorted(found.records.select(columns).rows(), key=str) == sorted(
                expected.select(columns).rows(), key=str
            )


def test_of_each_file_just_the_rows_were_taken_that_the_truth_says(played: tuple[Site, Path, int]) -> None:
    assert wrong_counts(played[1]) == []


def wrong_counts(folder: Path) -> list[str]:
    """The files of which other rows were accepted, rejected, repeated or held than the truth says.

    Found by their bytes: a file that says just what an earlier one said is that submission.
    """
    from chengxin.site.store.models import Submission

    counts = {s.digest: s.counts for s in Submission.objects.all()}
    truth = pl.read_parquet(folder / "truth.parquet")
    wrong = []
    for (file,), rows in truth.group_by("file"):
        expected = {e: int((rows["expect"] == e).sum()) for e in ("accepted", "rejected", "duplicate", "held")}
        digest = hashlib.sha256((folder / str(file)).read_bytes()).hexdigest()
        if {name: counts[digest][name] for name in expected} != expected:
            wrong.append(str(file))
    return wrong


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found(played: tuple[Site, Path, int], fault: str) -> None:
    from django.db import connection, transaction

    _, folder, seed = played
    if seed != SEEDS[0]:  # the others need not have played every kind of thing
        pytest.skip("faults are seeded into the first history")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FAULTS[fault])
        changed = cursor.rowcount
        found = wrong_days(folder, sent_on(folder))
        transaction.set_rollback(True)
    assert changed > 0
    assert found


def test_playing_a_history_again_changes_nothing(played: tuple[Site, Path, int]) -> None:
    site, folder, seed = played
    before = change_sets()
    assert play(site, folder) == []
    assert change_sets() == before
    assert wrong_days(folder, some_days(folder, seed)) == {}


def test_a_file_that_never_came_is_found(tmp_path: Path) -> None:
    folder, days = tmp_path / "w", []
    make_history(6, 10, 3, folder, TODAY)
    lines = pl.read_csv(folder / "manifest.csv", infer_schema=False)
    lost = lines.filter(pl.col("resource") == "permit")["file"][0]
    lines.filter(pl.col("file") != lost).write_csv(folder / "manifest.csv")
    site = make_site(tmp_path / "site", About("test.example/log", demo=True))
    emptied()
    play(site, folder)
    days = sent_on(folder)
    assert wrong_days(folder, days)


@pytest.mark.prove
def test_a_history_played_into_a_fresh_site_gives_the_same_states(tmp_path: Path) -> None:
    make_history(2, 30, 3, tmp_path / "w", TODAY)
    days, seen = some_days(tmp_path / "w", 2), []
    for name in ("one", "other"):
        site = make_site(tmp_path / name / "site", About("test.example/log", demo=True))
        emptied()
        assert play(site, tmp_path / "w") == []
        seen.append([held(day) for day in days])
    assert [differences(one, other) for one, other in zip(*seen, strict=True)] == [[] for _ in days]


def test_the_comparison_sees_what_is_too_much_and_what_is_missing() -> None:
    subjects = pl.DataFrame({"code": ["a"], "former_names": [["x"]]})
    records = pl.DataFrame({"code": ["a", "a"], "sources": [["s"], ["s"]]})
    one, other = Truth(subjects, records), Truth(subjects.clear(), records[:1])
    assert {row["side"] for row in differences(one, other)} == {"true", "count"}
    assert {row["side"] for row in differences(other, one)} == {"held", "count"}
    assert differences(one, one) == []
