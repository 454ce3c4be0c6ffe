"""Reading and judging in this process: the capped child of `intake` costs half a second a file and is tested elsewhere."""

import contextlib
import dataclasses
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chengxin.intake.kind import kind_of
from chengxin.intake.read import events
from chengxin.intake.received import Note, Order, Part, Receipt, Result
from chengxin.intake.task import task_from
from chengxin.standards.load import Catalogue


@contextlib.contextmanager
def receive_here(path: Path, order: Order, catalogue: Catalogue, through: Any, answer: Any = None) -> Iterator[Any]:
    """What `intake.receive` gives, without its child."""
    with tempfile.TemporaryDirectory() as folder:
        task = dataclasses.replace(task_from(path, order, catalogue), workspace=Path(folder), handover=Path(folder))
        told = list(through(events(task), answer))
        receipt = Receipt(
            path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest(), kind_of(path, task)
        )
        (body,) = (e.body for e in told if isinstance(e, Result))
        yield SimpleNamespace(
            receipt=receipt,
            parts=[e for e in told if isinstance(e, Part)],
            notes=[e for e in told if isinstance(e, Note)],
            result=lambda _tell: body,
        )
