"""A zip of files: each member is a part of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chengxin.intake.task import Task


@dataclass(frozen=True)
class Member:
    """One file of a zip, unpacked at `path`."""

    name: str
    path: Path
    kind: str


def members(task: Task) -> Iterator[Member]:
    yield from ()
