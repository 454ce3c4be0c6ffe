"""Children come from a nursery: each gets one file, none outlives its parent or takes the others with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chengxin.intake import children
from chengxin.intake.receive import receive
from chengxin.intake.received import Bounds
from chengxin.values.errors import Refused
from tests.intake.made import ROWS, as_csv, as_xlsx, order


def pid_of(path: Path) -> int:
    with receive(path, order()) as received:
        assert sum(c.frame.height for c in received.chunks()) == len(ROWS)
        return received._process.pid  # type: ignore[attr-defined, no-any-return]


def nursery() -> int:
    process = children._nursery._process
    assert process is not None
    return process.pid


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def threads(pid: int) -> list[str]:
    return [p.read_text().strip() for p in Path(f"/proc/{pid}/task").glob("*/comm")]


def test_each_file_has_its_own_child_of_one_nursery(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS)
    first, parent = pid_of(path), nursery()
    assert pid_of(path) != first
    assert nursery() == parent
    assert not is_there(first)


def test_the_nursery_uses_no_thread_of_its_own_when_it_forks(tmp_path: Path) -> None:
    pid_of(as_csv(tmp_path, ROWS))
    assert [t for t in threads(nursery()) if "polars-" in t and "ooc" not in t] == []
    assert sum(t.startswith("python") for t in threads(nursery())) <= 1


def test_a_child_that_went_over_its_bound_costs_the_next_nothing(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path, ROWS * 5_000)
    good, before = as_csv(tmp_path, ROWS), pid_of(as_csv(tmp_path, ROWS)) and nursery()
    for bounds in (Bounds(memory=24 << 20), Bounds(cpu=0)):
        with pytest.raises(Refused) as caught, receive(path, order(bounds=bounds)) as received:
            list(received.chunks())
        assert caught.value.code in ("too-much", "too-slow", "sheet-spread")
        assert pid_of(good) and nursery() == before


def test_a_nursery_that_is_gone_is_replaced(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS)
    pid_of(path)
    before = nursery()
    os.kill(before, signal.SIGKILL)
    assert pid_of(path) and nursery() != before


def test_paths_are_those_of_the_parent_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid_of(as_csv(tmp_path, ROWS))
    monkeypatch.chdir(tmp_path)
    assert pid_of(Path("t.csv"))


def test_nobody_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS * 100_000)
    program = """
import sys, time
from pathlib import Path
from chengxin.intake import children
from chengxin.intake.receive import receive
from chengxin.intake.received import Bounds
from tests.intake.made import order
with receive(Path(sys.argv[1]), order(bounds=Bounds.command_line())) as received:
    next(received.chunks())
    print(received._process.pid, children._nursery._process.pid, flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", program, str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        pids = [int(p) for p in process.stdout.readline().split()]
        assert len(pids) == 2 and all(map(is_there, pids))
        process.kill()
    assert until(lambda: not any(map(is_there, pids)))
