"""Where a fault strikes: at the N-th statement, commit or file write of this process that touches the site."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What leaves nothing behind: to be killed after it is to be killed before it.
READS = (
    *("sql SELECT", "sql COPY (SELECT", "sql \nSELECT", "sql BEGIN", "sql SAVEPOINT", "sql RELEASE", "sql SET LOCAL"),
    *("sql CREATE TEMPORARY", "sql DELETE FROM chosen", 'sql INSERT INTO "chosen'),
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def kill(_point: str) -> None:
    """The machine is gone, as far as this process can tell."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill(point: str) -> None:
    """The disk is full: every write from here on fails."""
    if point.startswith("file"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), point.rsplit(maxsplit=1)[-1])


class Points:
    """Counts the points that this process passes and strikes at one of them (0: none)."""

    def __init__(self, folder: Path, at: int, strike: Callable[[str], None], lasting: bool = False) -> None:
        self.folder, self.at, self.strike, self.lasting = str(folder.resolve()), at, strike, lasting
        self.passed: list[str] = []
        self._changed = True

    def point(self, what: str) -> None:
        changed, self._changed = self._changed, not what.startswith(READS)
        if not changed:
            return
        self.passed.append(what)
        if self.at and (len(self.passed) == self.at or (self.lasting and len(self.passed) > self.at)):
            self.strike(what)

    def watch(self) -> None:
        """From here on."""
        self._statements()
        self._files()

    def _statements(self) -> None:
        import psycopg
        from django.db import connection

        def statement(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            self.point(f"sql {sql[:60]}")
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(statement)
        commit, copy = connection._commit, psycopg.Cursor.copy  # type: ignore[attr-defined]

        def commit_here() -> None:
            self.point("sql COMMIT")
            commit()
            self.point("sql after COMMIT")

        def copy_here(cursor: Any, statement: Any, *given: Any, **named: Any) -> Any:
            self.point(f"sql {statement[:60]}")
            return copy(cursor, statement, *given, **named)

        connection._commit = commit_here  # type: ignore[attr-defined]
        psycopg.Cursor.copy = copy_here  # type: ignore[assignment,method-assign]

    def _files(self) -> None:
        sync = os.fsync

        def fsync(descriptor: int) -> None:
            self.point("file fsync")
            sync(descriptor)

        os.fsync = fsync  # type: ignore[assignment]
        sys.addaudithook(self._hook)

    def _hook(self, event: str, given: tuple[Any, ...]) -> None:
        if event not in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") or not given:
            return
        path = given[0]
        if not isinstance(path, str | Path) or not str(path).startswith(self.folder):
            return
        if event == "open" and not (isinstance(given[2], int) and given[2] & WRITES):
            return
        if not str(path).endswith(("sqlite3", "-wal", "-shm", "lock")):
            self.point(f"file {event} {Path(str(path)).name}")
