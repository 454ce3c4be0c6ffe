"""`chengxin worker --site DIR`: does the jobs that were begun at the desks. Imports as in `cli.site`."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, Where, open_here
from chengxin.reports.seal import ready
from chengxin.values.errors import Said

_REST = 1.0  # seconds between two looks into the queue
_PATIENCE = 20.0  # seconds that a worker has to end what it does
_BESIDE = "CHENGXIN_WORKER_BESIDE"


def worker(
    site: Where = HERE,
    once: Annotated[bool, typer.Option("--once", help="做完排队的就结束 · end when nothing waits")] = False,
) -> None:
    """处理后台任务：检查、报送、审查入库 · do the jobs of the desks, until Ctrl-C; a broken-off job is taken up again."""
    opened = open_here(site)
    os.environ["CHENGXIN_SITE"] = str(site.resolve())
    from django_tasks_db.management.commands.db_worker import Worker

    from chengxin.site.actions import jobs, report_batches, uploads  # noqa: F401 - their steps

    jobs.prune(opened)
    again = jobs.take_up(opened)
    if again:
        show.say(Said(f"{again} 个中断的任务接着做。", f"{again} broken-off jobs go on."))
    ready()
    if os.environ.get(_BESIDE):
        threading.Thread(target=_end_with_server, daemon=True).start()
    beneath = Worker(
        queue_names=["default"], excluded_queue_names=[], interval=_REST, batch=once, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=f"chengxin-{os.getpid()}",
    )  # fmt: skip
    beneath.configure_signals()
    beneath.run()


def _end_with_server() -> None:
    """The server holds the other end of our input; when it is gone, however it went, so are we."""
    with contextlib.suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 1):  # not by the buffer, whose lock would be held when the interpreter ends
            pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def worker_beside(site: Path) -> Iterator[None]:
    """A worker as a child of this process for as long as the block lasts; one that dies is followed by another."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep_one, args=(site, ending), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join(_PATIENCE + 5)


def _keep_one(site: Path, ending: threading.Event) -> None:
    command = [sys.executable, "-m", "chengxin.cli.main", "worker", "--site", str(site)]
    while not ending.is_set():
        child = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | {_BESIDE: "1"})  # noqa: S603 - our own
        while child.poll() is None and not ending.wait(0.5):
            pass
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_PATIENCE)
            child.kill()
            child.wait()
        ending.wait(_REST)
