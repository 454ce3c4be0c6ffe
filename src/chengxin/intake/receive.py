"""Receive a file: a child process with capped memory and time reads it, this side hands over what it finds."""

import contextlib
import hashlib
import os
import pickle
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl

from chengxin.intake import wire
from chengxin.intake.children import Child, make_ready, new_child
from chengxin.intake.hiding import hide_in
from chengxin.intake.kind import kind_of
from chengxin.intake.received import (
    Ask,
    Chunk,
    Note,
    Order,
    Part,
    Progress,
    Question,
    Receipt,
    Received,
    Result,
    Through,
)
from chengxin.intake.task import Task, task_from
from chengxin.intake.wire import OUT_OF_MEMORY
from chengxin.standards.load import Catalogue
from chengxin.values.errors import Refused

_ROOM = 512 << 20


def unanswered(question: Question) -> pl.DataFrame:
    """Where work on the rows may ask for nothing."""
    raise RuntimeError(f"nobody answers {sorted(question.about)}")


@contextlib.contextmanager
def receive_grid(path: Path, order: Order, catalogue: Catalogue | None = None) -> Iterator[Received]:
    """The clerk's own cells, to hand the file back to the clerk who sent it and for nothing else.

    Frames have `row` and "0", "1" … by position, every row and column as text, nothing taken out: what they hold is the
    sender's and must not be kept. Files without rows of headings (JSON Lines, Parquet) give the names as row 0.
    """
    with _received(replace(task_from(path, order, catalogue), grid=True)) as received:
        yield received


@contextlib.contextmanager
def receive(
    path: Path,
    order: Order,
    catalogue: Catalogue | None = None,
    through: Through | None = None,
    answer: Ask = unanswered,
) -> Iterator[Received]:
    """The file at `path` read as `order` says. Use as `with receive(path, order) as received: …`.

    `catalogue`: the one to read by, if not the shipped one of the order's day. `through`: work to be done on the rows in the
    child; then no chunk comes over and `received.result()` tells what it came to. `answer`: answers what that work asks.
    Raises Refused if the whole file can't be used: on entering, or later from `received.chunks()` or `result()`.
    Leaving early ends the child process; its working folder is removed.
    """
    with _received(replace(task_from(path, order, catalogue), through=through), answer) as received:
        yield received


@contextlib.contextmanager
def _received(task: Task, answer: Ask = unanswered) -> Iterator[Received]:
    with (
        tempfile.TemporaryDirectory(prefix="chengxin-") as workspace,
        tempfile.TemporaryDirectory(prefix="chengxin-", dir=_memory_folder()) as handover,
    ):
        placed = replace(task, workspace=Path(workspace), handover=Path(handover))
        with _child(placed) as child:
            receiving = Receiving(placed, child, answer)
            try:
                if task.through is None:
                    receiving.read_ahead()
                yield receiving
            finally:
                child.kill()
                receiving.close()


def _memory_folder() -> str | None:
    """A folder in shared memory with room for some frames, if the machine has one; else the ordinary temporary folder."""
    shared = "/dev/shm"  # noqa: S108 - a private folder is made in it
    try:
        room = os.statvfs(shared)
    except OSError:
        return None
    return shared if os.access(shared, os.W_OK) and room.f_bavail * room.f_frsize > _ROOM else None


class Receiving:
    """The parent's side of one child process; see `Received`."""

    def __init__(self, task: Task, child: Child, answer: Ask) -> None:
        self._task, self._process, self._answer = task, child, answer
        self.parts: list[Part] = []
        self.notes: list[Note] = []
        self.progress = Progress(0, 0)
        self._wire = wire.Receiver(child.stdout, child.stdin, task.handover)  # type: ignore[arg-type]
        self._ended = False
        self._result: Result | None = None
        self._tell: Callable[[Progress], None] | None = None
        self._reader = ThreadPoolExecutor(1)
        self._next: Future[Chunk | None] | None = None
        self._receipt: Receipt | None = None
        self._digest = hashlib.sha256()
        self._hashing = threading.Thread(target=self._hash, daemon=True)
        self._hashing.start()

    @property
    def receipt(self) -> Receipt:
        """The receipt; waits until the digest is ready."""
        self._hashing.join()
        path = self._task.path
        if self._receipt is None:
            kind = kind_of(path, self._task)
            named = hide_in(path.name, "text", self._task.order.day)  # it is kept and shown
            self._receipt = Receipt(named, path.stat().st_size, self._digest.hexdigest(), kind)
        return self._receipt

    def read_ahead(self) -> None:
        """Read up to the first chunk, so that parts and the first notes are known."""
        self._next = self._reader.submit(self._next_chunk)
        self._next.result()

    def chunks(self) -> Iterator[Chunk]:
        """The rows; see `Received.chunks`. The next chunk is fetched while the caller is busy with this one."""
        while self._next is not None:
            chunk = self._next.result()
            self._next = None if chunk is None else self._reader.submit(self._next_chunk)
            if chunk is not None:
                yield chunk

    def result(self, tell: Callable[[Progress], None] | None = None) -> str:
        """What the work came to; see `Received.result`."""
        self._tell = tell
        self._next_chunk()
        if self._result is None:
            raise RuntimeError("the file was sent through no work")
        return self._result.body

    def close(self) -> None:
        """Wait for the fetching thread; the child is gone by now."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _next_chunk(self) -> Chunk | None:
        while not self._ended:
            try:
                event = self._wire.receive()
            except EOFError:
                raise self._died() from None
            match event:
                case Chunk():
                    return event
                case Part():
                    self.parts.append(event)
                case Note():
                    self.notes.append(event)
                case Progress():
                    self.progress = event
                    if self._tell:
                        self._tell(event)
                case Result():
                    self._result = event
                case Question():
                    self._wire.answer(self._answer(event))
                case wire.Fault():
                    self._ended = True
                    raise RuntimeError(f"in the reading process:\n{event.trace}")
                case Refused():
                    self._ended = True
                    raise event
                case None:
                    self._ended = True
        return None

    def _died(self) -> Refused:
        """The child ended without a word: the kernel stopped it, or a reader fell."""
        self._ended = True
        status, name = self._process.wait(), self._task.path.name
        if status == -signal.SIGXCPU:
            return self._task.refuse("too-slow", name=name)
        if status < 0 or status == OUT_OF_MEMORY:
            return self._task.refuse("too-much", name=name)
        return self._task.refuse("unreadable", name=name, reason=f"exit {status}")

    def _hash(self) -> None:
        with contextlib.suppress(OSError), self._task.path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                self._digest.update(piece)


def start_ahead(files: int) -> None:
    """Have what reads files loaded by the time the next ones come, if any will."""
    if files > 0:
        make_ready()


@contextlib.contextmanager
def _child(task: Task) -> Iterator[Child]:
    """A child that has its task."""
    child = new_child([type(task.through).__module__] if task.through else [])
    try:
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(task, child.stdin)
            child.stdin.flush()
        yield child
    finally:
        child.close()
