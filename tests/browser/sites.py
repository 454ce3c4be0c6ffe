"""Sites as they are served: one of a made-up district, one that is empty. Made once, each worker of pytest serves a copy.

On SQLite, or on the PostgreSQL that `CHENGXIN_DATABASE` names: there each site and each copy has a database of its own.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

HOUSE = Path(__file__).parents[2]
DAY = "2026-05-20"


@dataclass
class Served:
    """A site that answers: where, and what is remembered of who signed in."""

    folder: Path
    address: str
    signed_in: dict[str, Any] = field(default_factory=dict)


def environment(**more: str) -> dict[str, str]:
    """What programs of a site run with, always on the same legal day; see `database` for what is not on SQLite."""
    own = {k: v for k, v in os.environ.items() if k not in ("CHENGXIN_DATABASE", "CHENGXIN_TODAY", "CHENGXIN_SITE")}
    path = os.pathsep.join([str(HOUSE / "src"), str(HOUSE), own.get("PYTHONPATH", "")])
    return own | {"PYTHONPATH": path, "PYTHONHASHSEED": "0", "CHENGXIN_TODAY": DAY} | more


def database(site: Path) -> dict[str, str]:
    """Where the database of a site is, as its programs want to know it; nothing for one on SQLite."""
    server = os.environ.get("CHENGXIN_DATABASE")
    # Each worker of pytest may have put a database of its own into the address, so any name in it is exchanged.
    return {"CHENGXIN_DATABASE": urlsplit(server)._replace(path=f"/{_named(site)}").geturl()} if server else {}


def _named(site: Path) -> str:
    return f"pages_{hashlib.sha256(str(site).encode()).hexdigest()[:16]}"


def make_database(site: Path, like: Path | None = None) -> None:
    """An empty database for a site, or a copy of another one's; nothing on SQLite."""
    server = os.environ.get("CHENGXIN_DATABASE")
    if server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {_named(site)}")
            connection.execute(f"CREATE DATABASE {_named(site)}" + (f" TEMPLATE {_named(like)}" if like else ""))


def run(*command: str, told: str = "", **more: str) -> str:
    """What a program of ours says."""
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment(**more), cwd=HOUSE, input=told, text=True,
        capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def chengxin(*command: str, **more: str) -> str:
    return run("chengxin.cli.main", *command, **more)


def make_full(folder: Path) -> None:
    """A small district's demonstration of one year, and on top what desks have when people are at work."""
    make_database(folder / "site")
    own = database(folder / "site")
    chengxin("demo", "--out", str(folder / "demo"), "--subjects", "40", "--years", "1", **own)
    run("tests.browser.stage", str(folder / "demo" / "site"), **own)
    (folder / "demo" / "site").rename(folder / "site")


def make_empty(folder: Path) -> None:
    """A site to which nobody has sent anything, with an account for each desk."""
    make_database(folder / "site")
    own = database(folder / "site")
    chengxin("site", "new", str(folder / "site"), "--demo", **own)
    run("tests.browser.stage", str(folder / "site"), "--empty", **own)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The site that `make` makes in `folder`, by whichever worker comes first."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder / "site"


@contextlib.contextmanager
def serving(site: Path, own: Path) -> Iterator[Served]:
    """A copy of the site in `own`, served with its worker on a free port until the block ends."""
    shutil.copytree(site, own)
    make_database(own, like=site)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "chengxin.cli.main", "serve", "--site", str(own), "--port", str(port)]
    log = own.parent / f"{own.name}.log"
    with log.open("w") as told:
        server = subprocess.Popen(command, env=environment(**database(own)), cwd=HOUSE, stdout=told, stderr=told)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, log)
        yield Served(own, address)
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(400):
        try:
            urllib.request.urlopen(f"{address}/robots.txt", timeout=60).close()
        except urllib.error.URLError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
        else:
            return
    raise AssertionError(log.read_text())


def names_of(site: Path, paths: list[str]) -> dict[str, str]:
    """The name of the address that each path is."""
    script = (
        "import json, os, sys; from pathlib import Path; from chengxin.site.folder import open_site\n"
        "open_site(Path(os.environ['CHENGXIN_SITE']), settle=False)\n"
        "from django.urls import Resolver404, resolve\n"
        "def name(path):\n"
        "    try: return resolve(path).url_name\n"
        "    except Resolver404: return ''\n"
        "print(json.dumps({p: name(p) for p in json.load(sys.stdin)}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(CHENGXIN_SITE=str(site), **database(site)), input=json.dumps(paths), text=True,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    return found
