"""The public feed and snapshot of a district against `\\copy` of the same rows out (PostgreSQL), in the same run.

`benchmarks/feed.py [records]`; starts a PostgreSQL of its own. With CHENGXIN_DATABASE and CHENGXIN_BENCH_SITE set, a district
that was built before is used again. `--profile` prints where the time of one snapshot goes instead.
"""

import contextlib
import cProfile
import hashlib
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import polars as pl

from benchmarks.common import DATA, on_server, table, verdict
from benchmarks.data import RECEIVED, SENDER, penalty_csv
from benchmarks.submit import registrations, send

BAR = 0.3
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def built(folder: Path, records: int) -> None:
    """A site whose every penalty is public, unless it is there."""
    from chengxin.site.folder import About, make_site

    site = make_site(folder, About("bench.example/log", demo=True))
    from chengxin.site.store.models import Authority, Submission

    Authority.objects.update_or_create(
        code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration", "penalty"]}
    )
    if Submission.objects.exists():
        return
    subjects = max(1_000, records // 10)
    send(site, "registration", registrations(subjects))
    part = 1_000_000
    for first in range(0, records, part):
        path = penalty_csv(min(part, records - first), first=first, subjects=subjects)
        general = path.with_name(f"general-{path.name}")
        pl.read_csv(path, infer_schema=False).with_columns(pl.lit("一般").alias("X_SX_DJ")).write_csv(general)
        send(site, "penalty", general)
        general.unlink()


def copied(out: Path) -> int:
    r"""`\copy` of the rows that the snapshot tells of, with the columns that a version has."""
    from psycopg import ClientCursor, connect

    from chengxin.site.access.asked import anybody
    from chengxin.site.store.registers import WHOLE

    where = anybody("public.snapshot").where()
    columns = ", ".join(f"r.{c}" for c in WHOLE)
    sql = f"SELECT {columns} FROM store_record r JOIN store_subject s ON s.id = r.subject WHERE {where.sql}"
    address = os.environ["CHENGXIN_DATABASE"]
    with connect(address) as server:
        plain = ClientCursor(server).mogrify(sql, list(where.values))
    script = rf"\copy ({plain}) TO '{out}'"
    subprocess.run(["psql", "-q", address, "-c", script], check=True, stdout=subprocess.DEVNULL)
    return sum(1 for _ in out.open("rb"))


def snapshot(out: Path) -> int:
    """As `chengxin snapshot` writes it."""
    from chengxin.site.access.asked import anybody
    from chengxin.site.access.feeding import snapshot as told

    digest, count = hashlib.sha256(), 0
    with out.open("wb") as file:
        for part in told(anybody("public.snapshot")):
            lines = b"\n".join([*part, b""])
            digest.update(lines)
            file.write(lines)
            count += len(part)
    return count


def feed(most: int) -> Callable[[Path], int]:
    """From the beginning, `most` entries at a time."""

    def told(out: Path) -> int:
        from chengxin.site.access.asked import anybody
        from chengxin.site.access.feeding import changes

        since, count = None, 0
        with out.open("wb") as file:
            while True:
                part = changes(anybody("public.feed"), b"k" * 32, since, most)
                file.write(b"\n".join([*part.lines, b""]))
                since, count = part.cursor, count + len(part.lines)
                if not part.more:
                    return count

    return told


def timed(one: Callable[[Path], int], out: Path) -> tuple[float, int]:
    """Seconds and rows of one run."""
    begun = time.perf_counter()
    rows = one(out)
    return time.perf_counter() - begun, rows


def main() -> None:
    """Print the table."""
    records = next((int(a) for a in sys.argv[1:] if a.isdigit()), 3_000_000)
    os.environ["CHENGXIN_TODAY"] = RECEIVED.isoformat()
    DATA.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        given = os.environ.get("CHENGXIN_BENCH_SITE")
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=DATA)))
        built(Path(given) if given else scratch / "site", records)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        out = scratch / "out"
        scratch.chmod(0o755)
        if "--profile" in sys.argv:
            with cProfile.Profile() as profile:
                snapshot(out)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
            return
        runs: dict[str, Callable[[Path], int]] = {
            r"`\copy` of the same rows": copied,
            "snapshot": snapshot,
            "feed from the beginning": feed(20_000),
            "feed, 1,000 entries at a time": feed(1_000),
        }
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in runs}
        for _ in range(ROUNDS):  # in turn, so that a drift of the machine hits all alike
            for name, one in runs.items():
                found[name].append(timed(one, out))
    peer, *_ = (statistics.median(s for s, _ in told) for told in found.values())
    rows: list[list[str]] = []
    for place, (name, told) in enumerate(found.items()):
        seconds = statistics.median(s for s, _ in told)
        count = told[0][1]
        per = count / seconds
        against: Any = "" if not place else verdict(per / (found[r"`\copy` of the same rows"][0][1] / peer), BAR)
        rows.append([name, f"{count:,}", f"{seconds:.2f}", f"{per:,.0f}", against])
    table(
        f"Feed and snapshot, {records:,} penalties (PostgreSQL)",
        ["", "rows", "seconds", "rows/s", "against the bar"],
        rows,
    )


if __name__ == "__main__":
    on_server(main, __file__)
