"""Where a site works in the clear: private folders inside it, so that what a killed process leaves is found and destroyed.

Originals that are read again and rows that were judged lie there for as long as a block lasts, and on no other disk.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

NAME = "work"


@contextlib.contextmanager
def work_folder(site: Path) -> Iterator[Path]:
    """An empty folder in the site's folder, gone when the block ends, however it ends: see `clear`."""
    with contextlib.ExitStack() as stack:
        with _held(_all(site)):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_all(site))))
            stack.enter_context(_held(folder))
        yield folder


def clear(site: Path) -> int:
    """Destroy the folders whose processes were killed; gives how many."""
    gone = 0
    with _held(_all(site)):
        for folder in _all(site).iterdir():
            with contextlib.suppress(BlockingIOError), _held(folder, fcntl.LOCK_NB):
                shutil.rmtree(folder)
                gone += 1
    return gone


def _all(site: Path) -> Path:
    (site / NAME).mkdir(exist_ok=True, mode=0o700)
    return site / NAME


@contextlib.contextmanager
def _held(folder: Path, how: int = 0) -> Iterator[None]:
    """The folder locked by this process; the lock ends with it. Raises BlockingIOError with LOCK_NB."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(descriptor)
