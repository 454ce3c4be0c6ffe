"""The disk is full: a sentence on the command line, nothing half, and the same again once there is room."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.store.cast import OWNER, fined
from tests.store.faults import acts
from tests.store.faults.acts import ACTS, DONE, Place
from tests.store.faults.house import House
from tests.store.faults.points import fill
from tests.store.faults.test_crowd import seen
from tests.store.faults.test_kills import clean

ROWS = 3_000


@pytest.mark.parametrize("name", ["penalties", "review"])
def test_where_a_file_can_not_be_written_nothing_is_half(house: House, prepared: Place, name: str) -> None:
    assert [w for at in files_written(house, prepared, name)[::2] for w in filled(house, prepared, name, at)] == []


@pytest.mark.prove
@pytest.mark.parametrize("name", ACTS)
def test_wherever_a_file_can_not_be_written_nothing_is_half(house: House, prepared: Place, name: str) -> None:
    assert [w for at in files_written(house, prepared, name) for w in filled(house, prepared, name, at)] == []


def files_written(house: House, prepared: Place, name: str) -> list[int]:
    points = clean(house, prepared, name)["points"]
    return [n for n, what in enumerate(points, 1) if what.startswith(("file open", "file fsync", "file os.rename"))]


def filled(house: House, prepared: Place, name: str, at: int) -> list[str]:
    wanted, place = clean(house, prepared, name), house.copy(prepared)
    ended = house.run(acts.act, place, name, at, fill)
    found = house.run(acts.look, place, name)
    wrong = []
    if not ended["end"].startswith(("error builtins.OSError", "refused")):
        wrong.append(ended["end"])
    if found["first"]["seen"] not in wanted["stages"] or found["again"] not in ("done", *DONE):
        wrong.append("half visible, or not done again")
    if found["last"]["seen"] != wanted["end"] or "sealed" in (found["first"]["person"], found["last"]["person"]):
        wrong.append("the end is another")
    house.drop(place)
    return [f"{wanted['points'][at - 1]}: {w}" for w in (*wrong, *found["last"]["faults"], *found["left"])]


def cramped(place: Place, _: str, report: Path, pages: int) -> None:
    """Send a file where the database may grow by so many pages."""
    site = place.enter()
    from django.db import connection

    path = acts.written(place.sent, "large", [fined(n % 4, f"large-{n}号") for n in range(ROWS)])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + pages}")
    try:
        acts.send(site, path)
        end = "acknowledged"
    except Exception as error:
        end = f"{type(error).__name__}: {error}"
    report.write_text(json.dumps(end))


@pytest.mark.parametrize("pages", [30, *(pytest.param(p, marks=pytest.mark.prove) for p in (1, 400))])
def test_a_database_that_can_not_grow_takes_a_file_wholly_or_not_at_all(
    house: House, prepared: Place, pages: int
) -> None:
    if house.server:
        pytest.skip("SQLite's own bound")
    place = house.copy(prepared)
    assert house.run(cramped, place, "", pages) == "OperationalError: database or disk is full"
    assert large(house, place) == 0
    assert house.run(cramped, place, "", 10_000) == "acknowledged"
    assert large(house, place) == ROWS


def large(house: House, place: Place) -> int:
    found = house.run(seen, place, "")
    assert (found["faults"], found["counted"], found["left"]) == ([], [], [])
    return sum(d.startswith("large-") for d in found["documents"])


@pytest.mark.parametrize("kilobytes", [40, *(pytest.param(k, marks=pytest.mark.prove) for k in (1, 600))])
def test_the_command_says_in_words_that_the_disk_is_full(house: House, prepared: Place, kilobytes: int) -> None:
    place = house.copy(prepared)
    path = acts.written(place.sent, "large", [fined(n % 4, f"large-{n}号") for n in range(ROWS)])

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    done = submitted(place, path, bounded)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert any(word in done.stderr for word in ("磁盘", "disk")), done.stderr
    assert large(house, place) == 0
    assert submitted(place, path, None).returncode == 0
    assert large(house, place) == ROWS


def submitted(place: Place, path: Path, bounded: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chengxin.cli.main", "submit", "penalty", str(path), "--site", str(place.folder)]
    environment = {k: v for k, v in os.environ.items() if k != "CHENGXIN_DATABASE"} | {"CHENGXIN_TODAY": place.today}
    if place.database:
        environment["CHENGXIN_DATABASE"] = place.database
    return subprocess.run(
        [*command, "--as", OWNER[0], "--reviewed-by", "测试乙"],
        env=environment,
        preexec_fn=bounded,
        capture_output=True,
        text=True,
        check=False,
    )
