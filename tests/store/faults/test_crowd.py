"""Many at once: several processes send, some the same files, and are killed at any instant; a writer beside a large change set."""

import json
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.store.cast import code_of, fined, registered
from tests.store.conftest import Desk
from tests.store.faults import acts
from tests.store.faults.acts import Place
from tests.store.faults.house import House

SENDERS = 3


def sending(place: Place, files: list[Path], told: Path) -> None:
    """Send files one after another; each is noted once it was acknowledged."""
    site = place.enter()
    told.touch()
    for path in files:
        if acts.send(site, path).state == "effective":
            with told.open("a") as stream:
                stream.write(path.name + "\n")


def seen(place: Place, _: str, report: Path) -> None:
    """All documents by file name, however often each stands there; the log's faults; submissions that do not add up."""
    site = place.enter()
    from tests.store.whole_file import credit_file

    documents = [d for n in range(4) for d in credit_file(code_of(n), acts.LATER).records["document"] if d]  # type: ignore[union-attr]
    found = {"documents": documents, "faults": acts.faults(site), "counted": acts.counted(), "left": acts.left(site)}
    report.write_text(json.dumps(found))


def files_of(folder: Path, name: str, count: int) -> list[Path]:
    made = []
    for number in range(count):
        rows = [fined(n % 4, f"{name}-{number}-{n}号") for n in range(8)]
        made.append(acts.written(folder, f"{name}-{number}", rows))
    return made


def wrong_in(found: Any, files: list[Path], acknowledged: set[str]) -> list[str]:
    """What is lost, doubled or half there."""
    wrong = [*found["faults"], *found["counted"], *found["left"]]
    for path in files:
        there = [d for d in found["documents"] if d.startswith(f"{path.stem}-")]
        if len(there) != len(set(there)):
            wrong.append(f"{path.name} is there twice")
        if len(set(there)) not in (0, 8):
            wrong.append(f"{path.name} is half there")
        if path.name in acknowledged and not there:
            wrong.append(f"{path.name} was acknowledged and is lost")
    return wrong


def begun(told: Path) -> None:
    """Wait until somebody who tells it here is about to send: how long that takes is the machine's affair."""
    for _ in range(6_000):
        if told.exists():
            return
        time.sleep(0.01)
    raise AssertionError("nobody sends")


def rush(house: House, place: Place, files: list[Path], told: Path, instant: float | None) -> float:
    """Let several send at once, kill them all at an instant after the first has begun; gives how long it took from there."""
    shuffled = [random.Random(f"{told.name}{n}").sample(files, len(files)) for n in range(SENDERS)]
    running = [house.start(sending, place, mine, told) for mine in shuffled]
    begun(told)
    start = time.monotonic()
    if instant is not None:
        time.sleep(instant)
        for process in running:
            process.kill()
    for process in running:
        process.join(120)
    return time.monotonic() - start


def look(house: House, place: Place, files: list[Path], told: Path) -> tuple[list[str], set[str]]:
    """What is wrong, and which files are there; let one send all again, and look again."""
    first = house.run(seen, place, "")
    there = {d.rsplit("-", 1)[0] for d in first["documents"]} & {f.stem for f in files}
    wrong = wrong_in(first, files, set(told.read_text().split()))
    house.start(sending, place, files, told).join(120)
    return wrong + wrong_in(house.run(seen, place, ""), files, {f.name for f in files}), there


def test_files_sent_by_several_processes_at_once_are_there_once(house: House, prepared: Place) -> None:
    place = house.copy(prepared)
    files, told = files_of(place.sent, "many", 4), house.folder / "told-many"
    rush(house, place, files, told, None)
    assert look(house, place, files, told) == ([], {f.stem for f in files})
    house.drop(place)


@pytest.mark.prove
def test_fifty_random_instants_lose_and_double_nothing(house: House, prepared: Place) -> None:
    chance, wrong, midway = random.Random(50), [], 0
    for ten in range(5):
        place, span = house.copy(prepared), None
        for number in range(11):  # the first is not struck, and tells how long they take here
            name = f"instant{ten}-{number}"
            files, told = files_of(place.sent, name, 4), house.folder / f"told-{name}"
            took = rush(house, place, files, told, chance.uniform(0, span) if span else None)
            span = span or took
            found, there = look(house, place, files, told)
            wrong += found
            midway += 0 < len(there) < len(files)
        house.drop(place)
    assert not wrong, "\n".join(wrong)
    assert midway > 0


@pytest.mark.usefixtures("quick")
def test_others_write_between_the_steps_of_a_large_change_set(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite a change set holds nobody up for longer than a step."""
    from django.db import connection

    from chengxin.site.store.registers import Staged

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's writers don't wait for each other")
    desk.send("registration", [registered(n) for n in range(4)])
    stage, wrote = Staged.stage, []

    def and_another_writes(staged: Staged, step: Any) -> None:
        stage(staged, step)
        other = sqlite3.connect(desk.site.folder / "chengxin.sqlite3", timeout=0.2)
        with other:
            other.execute("UPDATE store_authority SET name = name")
        wrote.append(staged.events)
        other.close()

    monkeypatch.setattr(Staged, "stage", and_another_writes)
    sent = desk.send("penalty", [fined(n % 4, f"{n}号") for n in range(70_000)])
    assert sent.counts["added"] == 70_000
    assert len(wrote) > 1
