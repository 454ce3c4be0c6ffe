"""Sites to strike: one is prepared, each fault gets a copy, and each act a process forked from a warm one."""

import itertools
import json
import multiprocessing
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg

from tests.store.faults import acts
from tests.store.faults.acts import Place

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.store.faults.acts", "django.db.models", "django.db.backends.sqlite3.base"])
_NAMES = itertools.count()
_LONG = 120  # seconds after which something hangs


@dataclass(frozen=True)
class House:
    """A folder of sites, and the server of their databases (None: SQLite)."""

    folder: Path
    server: str | None

    def place(self, name: str) -> Place:
        """Where a new site may be made."""
        database = None
        if self.server:
            own = self._database(name)
            self._sql(f'CREATE DATABASE "{own}"')
            database = self.server.replace(f"/{_name(self.server)}?", f"/{own}?")
        return Place(self.folder / name, database, self.folder / "sent")

    def copy(self, place: Place) -> Place:
        """The same site again, under a name of its own."""
        name = f"copy{next(_NAMES)}"
        shutil.copytree(place.folder, self.folder / name)
        database = None
        if place.database and self.server:
            of, own = _name(place.database), self._database(name)
            self._sql(f'CREATE DATABASE "{own}" TEMPLATE "{of}" STRATEGY file_copy')
            database = place.database.replace(f"/{of}?", f"/{own}?")
        return replace(place, folder=self.folder / name, database=database)

    def drop(self, place: Place) -> None:
        """Done with."""
        shutil.rmtree(place.folder)
        if place.database:
            self._sql(f'DROP DATABASE "{_name(place.database)}" WITH (FORCE)')

    def _database(self, name: str) -> str:
        return f"{_name(str(self.server))}_{self.folder.name}_{name}".replace("-", "_").lower()

    def _sql(self, statement: str) -> None:
        with psycopg.connect(str(self.server), autocommit=True) as server:
            server.execute(statement)  # type: ignore[call-overload]

    def start(self, what: Callable[..., None], *given: Any) -> BaseProcess:
        """Begin something in a process of its own."""
        process = _FORKS.Process(target=what, args=given, daemon=True)
        process.start()
        return process

    def run(self, what: Callable[..., None], place: Place, *given: Any) -> Any:
        """Do something in a process of its own and give its report; None if it was killed."""
        report = self.folder / f"report{next(_NAMES)}"
        process = self.start(what, place, *given[:1], report, *given[1:])
        process.join(_LONG)
        assert process.exitcode is not None, "it hangs"
        return json.loads(report.read_text()) if report.exists() else None


def _name(address: str) -> str:
    return address.split("?", maxsplit=1)[0].rsplit("/", 1)[1]


def prepare(place: Place, report: Path) -> None:
    """The common past of all copies."""
    acts.prepare(place)
    report.write_text("{}")
