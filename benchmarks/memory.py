"""The memory that a process and those it started hold at once, looked at while work is done."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_EVERY = 0.05  # seconds


class Watched:
    """`with Watched() as held: …` and then `held.peak`, MB: the largest sum of resident memory that was seen."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self.peak, self.own, self.started = 0.0, 0.0, 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Look no more."""
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(_EVERY):
            own = _resident(os.getpid())
            others = sum(map(_resident, _descendants(os.getpid())))
            self.own, self.started = max(self.own, own), max(self.started, others)
            self.peak = max(self.peak, own + others)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in _listed(Path(f"/proc/{pid}/task")):
        try:
            children = [int(c) for c in (task / "children").read_text().split()]
        except OSError:
            continue
        found += children + [d for child in children for d in _descendants(child)]
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
