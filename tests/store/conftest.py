"""A site for each test, on SQLite or on the PostgreSQL that `CHENGXIN_DATABASE` names; a small cast with their files."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import psycopg
import pytest

from chengxin.site.folder import NAME, About, Site, make_site, open_site
from chengxin.site.keys import make_keys
from chengxin.standards.load import load_catalogue
from tests.store.cast import CLERK, COLLEAGUE, DAY, NUMBER, OTHER, OWNER, PERSON, code_of, fined, firm, registered

__all__ = [
    "CLERK",
    "COLLEAGUE",
    "DAY",
    "NUMBER",
    "OTHER",
    "OWNER",
    "PERSON",
    "Desk",
    "code_of",
    "fined",
    "firm",
    "registered",
]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
OWN = f"/chengxin_{WORKER}?"
if WORKER and OWN not in os.environ.get(
    "CHENGXIN_DATABASE", OWN
):  # one for each worker, before Django reads its settings
    with psycopg.connect(os.environ["CHENGXIN_DATABASE"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE chengxin_{WORKER}")
    os.environ["CHENGXIN_DATABASE"] = os.environ["CHENGXIN_DATABASE"].replace("/chengxin?", OWN)


@dataclass
class Desk:
    """A site with the cast's authorities, and short words for what they do."""

    site: Site
    folder: Path
    sent: int = 0
    notes: list[Any] = field(default_factory=list)

    def send(
        self, resource: str, rows: list[dict[str, Any]], sender: str = OWNER[0], reviewed: bool = True, **given: Any
    ) -> Any:
        self.sent += 1
        path = self.folder / f"{resource}-{self.sent}.csv"
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        return self.send_file(resource, path, sender, reviewed, **given)

    def send_file(self, resource: str, path: Path, sender: str = OWNER[0], reviewed: bool = True, **given: Any) -> Any:
        from chengxin.site.actions.judging import Sending
        from chengxin.site.actions.submissions import submit

        sending = Sending(resource, path, sender, CLERK, known_on=given.pop("on", DAY), **given)
        sent = submit(self.site, sending, COLLEAGUE if reviewed else "").submission
        return let_go(self.site, sent) if reviewed and sending.mode == "full" else sent

    def file(self, number: int, on: date = DAY, known: date | None = None) -> Any:
        from tests.store.whole_file import credit_file

        return credit_file(code_of(number), on, known)

    def documents(self, number: int, on: date = DAY, known: date | None = None) -> list[str]:
        found = self.file(number, on, known)
        return [] if found is None else sorted(d for d in found.records["document"].to_list() if d)


def let_go(site: Site, sent: Any) -> Any:
    """A whole list that is held, as it leaves out much of what is in force, goes on: the office releases it, a colleague signs."""
    from chengxin.site.actions import held, submissions

    if sent.state != "held":
        return sent
    held.release(site, sent.id.hex, "测试信用办", "已核实")
    return submissions.review(site, sent.id.hex, COLLEAGUE, {}, on=sent.known_on)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process, without the half second that starting a child takes."""
    from chengxin.flow import judge
    from tests.store.here import receive_here

    monkeypatch.setattr(judge, "receive", receive_here)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows, made once: making the tables anew takes half a second."""
    return tmp_path_factory.mktemp("empty") / "chengxin.sqlite3"


def unhurried(connection: Any, **given: Any) -> None:
    """No test cuts the power: SQLite need not wait for the disk. Those that kill processes do so to processes of their own."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def new_site(folder: Path, empty: Path) -> Site:
    from django.db.backends.signals import connection_created

    connection_created.connect(unhurried, dispatch_uid="unhurried")
    about = About("test.example/log", demo=True)
    if empty.exists():
        folder.mkdir(mode=0o700)
        make_keys(folder, about.origin)
        (folder / NAME).write_bytes(msgspec.json.encode(about))
        shutil.copy(empty, folder)
        return open_site(folder, settle=False)
    site = make_site(folder, about)
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(empty)])
    return site


@pytest.fixture
def desk(tmp_path: Path, empty_database: Path) -> Iterator[Desk]:
    site = new_site(tmp_path / "site", empty_database)
    emptied()
    from chengxin.site.actions.authorities import load_roster

    roster = tmp_path / "authorities.csv"
    lists = "registration;permit;penalty;abnormal;honour"
    roster.write_text(f"code,name,resources\n{OWNER[0]},{OWNER[1]},{lists}\n{OTHER[0]},{OTHER[1]},penalty\n", "utf-8")
    load_roster(roster, load_catalogue(DAY))
    yield Desk(site, tmp_path)
    from django.db import connection

    connection.close()


def emptied() -> None:
    """Empty the tables of a PostgreSQL that tests share; a site on SQLite has its own."""
    from django.apps import apps
    from django.db import connection

    from chengxin.site.store.models import Head

    if connection.vendor == "postgresql":
        names = ", ".join(f'"{m._meta.db_table}"' for m in apps.get_app_config("store").get_models())
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names}, django_session CASCADE")  # with what points at accounts
        Head.objects.get_or_create(id=1)
