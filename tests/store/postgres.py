"""Run a command with a PostgreSQL of its own: `python tests/store/postgres.py pytest tests/store`.

A cluster in a temporary folder, reached over a socket there, gone at the end. As root it runs as the user `postgres`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWNER = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
AS_OWNER = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []


def programs() -> Path | None:
    """Where the server's programs are, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Server:
    """A server of ours: where it is, and what can befall it."""

    programs: Path
    folder: str

    @property
    def address(self) -> str:
        return f"postgresql://chengxin@/chengxin?host={self.folder}"

    def start(self) -> None:
        settings = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB {os.environ.get('PG_OPTIONS', '')}"
        log = f"{self.folder}/log"
        _run([*AS_OWNER, self.programs / "pg_ctl", "-D", self._data, "-o", settings, "-l", log, "-w", "start"])

    def stop(self, mode: str = "fast") -> None:
        _run([*AS_OWNER, self.programs / "pg_ctl", "-D", self._data, "-m", mode, "-w", "stop"])

    def kill(self) -> None:
        """The postmaster is gone at once; its children notice and end."""
        first = Path(self._data, "postmaster.pid").read_text().split()[0]
        os.kill(int(first), signal.SIGKILL)
        while _alive(int(first)) or _children_of(self.folder):
            time.sleep(0.1)
        # Where nobody reaps it its number lives on as a zombie's, and a new one would wait for it for ever.
        for path in (Path(self._data, "postmaster.pid"), *Path(self.folder).glob(".s.PGSQL.*")):
            path.unlink()

    def make(self) -> None:
        shutil.chown(self.folder, OWNER)
        _run([*AS_OWNER, self.programs / "initdb", "-D", self._data, "-U", "chengxin", "-A", "trust", "-E", "UTF8"])
        self.start()
        _run([self.programs / "createdb", "-h", self.folder, "-U", "chengxin", "chengxin"])

    @property
    def _data(self) -> str:
        return f"{self.folder}/data"


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def _children_of(folder: str) -> bool:
    """Whether a process still works in the data folder."""
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if str(place.readlink()).startswith(folder):
                return True
    return False


@contextlib.contextmanager
def server(there: Path) -> Iterator[Server]:
    """A running server until the block ends."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        ours = Server(there, folder)
        ours.make()
        try:
            yield ours
        finally:
            ours.stop()


def main(command: list[str]) -> int:
    """Start, run, stop; 3 if there is no PostgreSQL."""
    there = programs()
    if there is None:
        print("!! No PostgreSQL here: the store was NOT tested on it.", file=sys.stderr)
        return 3
    with server(there) as ours:
        environment = os.environ | {"CHENGXIN_DATABASE": ours.address}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
