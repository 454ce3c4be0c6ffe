"""Run a command with a PostgreSQL of its own: `python tests/store/postgres.py pytest tests/store`.

A cluster in a temporary folder, reached over a socket there, gone at the end. As root it runs as the user `postgres`.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def programs() -> Path | None:
    """Where the server's programs are, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(command: list[str]) -> int:
    """Start, run, stop; 3 if there is no PostgreSQL."""
    there = programs()
    if there is None:
        print("!! No PostgreSQL here: the store was NOT tested on it.", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        shutil.chown(folder, owner)
        as_owner = ["runuser", "-u", owner, "--"] if os.geteuid() == 0 else []
        data = f"{folder}/data"
        _run([*as_owner, there / "initdb", "-D", data, "-U", "chengxin", "-A", "trust", "-E", "UTF8"])
        settings = f"-k {folder} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB {os.environ.get('PG_OPTIONS', '')}"
        _run([*as_owner, there / "pg_ctl", "-D", data, "-o", settings, "-l", f"{folder}/log", "-w", "start"])
        try:
            address = f"postgresql://chengxin@/chengxin?host={folder}"
            _run([there / "createdb", "-h", folder, "-U", "chengxin", "chengxin"])
            environment = os.environ | {"CHENGXIN_DATABASE": address}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            _run([*as_owner, there / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
