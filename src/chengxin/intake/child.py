"""The capped process in which a file is read: forked by the nursery, its task pickled on standard input.

Memory and processor time are bounded by the kernel, so that no file can take the machine with it.
"""

import os
import pickle
import queue
import resource
import threading
import traceback
from pathlib import Path

import polars as pl

from chengxin.intake import wire
from chengxin.intake.read import events, for_want_of_memory
from chengxin.intake.received import MEGABYTE, Question
from chengxin.intake.task import Task
from chengxin.values.errors import Refused

# Text and Parquet of many gigabytes may take as long as they need; a file of ordinary size may not.
SECONDS_A_MEGABYTE = 1
_AHEAD = 1


def serve(given: int, taken: int) -> None:
    """Read the task from the descriptor `given`, bound the process, send what the file gives to `taken`."""
    stdin = os.fdopen(given, "rb")
    if not stdin.peek(1):
        return  # no file came
    task: Task = pickle.load(stdin)  # noqa: S301 - written by our parent
    pl.select(pl.int_range(1000).sum()).item()  # threads and pools exist before memory is measured
    _bound(task)
    with os.fdopen(taken, "wb", buffering=1 << 16) as stream:
        sender = _Sender(wire.Sender(stream, stdin, task.handover or Path()))
        try:
            for event in task.through(events(task), sender.ask) if task.through else events(task):
                sender.put(event)
            sender.put(None)
        except Refused as refused:
            sender.put(refused)
        except BaseException as error:  # of our own work on the rows: the reader's falls are refusals
            if for_want_of_memory(error):
                os._exit(wire.OUT_OF_MEMORY)
            if isinstance(error, OSError):
                sender.put(task.refuse("no-room", name=task.path.name, reason=error.strerror))
            else:
                sender.put(wire.Fault(traceback.format_exc()))
        sender.finish()


class _Sender:
    """Sends from a thread of its own, so that reading goes on while the parent is busy; at most one event ahead."""

    def __init__(self, wire_sender: wire.Sender) -> None:
        self._wire = wire_sender
        self._queue: queue.Queue[tuple[wire.Sent] | None] = queue.Queue(_AHEAD)
        self._thread = threading.Thread(target=self._run, args=(wire_sender,), daemon=True)
        self._thread.start()

    def put(self, event: wire.Sent) -> None:
        self._queue.put((event,))

    def ask(self, question: Question) -> pl.DataFrame:
        self.put(question)
        return self._wire.answer()

    def finish(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self, sender: wire.Sender) -> None:
        try:
            while item := self._queue.get():
                sender.send(item[0])
        except BrokenPipeError:
            os._exit(0)  # the parent has left: nobody wants the rest
        except BaseException:
            os._exit(wire.OUT_OF_MEMORY)


def _bound(task: Task) -> None:
    with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
        now = int(stream.read().split()[0]) * resource.getpagesize()
    limit = now + task.bounds.memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = task.path.stat().st_size if task.path.exists() else 0
    seconds = task.bounds.cpu + (size // MEGABYTE * SECONDS_A_MEGABYTE if size > task.bounds.upload else 0)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
