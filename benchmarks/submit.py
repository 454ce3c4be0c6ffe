"""Submit a million new penalties end to end, against the very same rows put straight into like tables with their keys:
by COPY on PostgreSQL, by executemany on SQLite (`--sqlite`). `--grow`: how time and memory grow to five million instead.

Started inside `tests/store/postgres.py`, which gives it a server of its own; by itself it starts that.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import polars as pl

from benchmarks.common import DATA, on_server, table, verdict
from benchmarks.data import RECEIVED, SENDER, SUBJECTS, penalty_csv, subject_codes
from benchmarks.memory import Watched

HOUSE = Path(__file__).parent.parent
SERVER = "--sqlite" not in sys.argv
CLERK, COLLEAGUE = "测试甲", "测试乙"


def registrations(count: int) -> Path:
    """A registration for each party of the penalties."""
    path = DATA / f"registration-{count}.csv"
    if not path.exists():
        codes = subject_codes(count)
        frame = pl.DataFrame(
            {
                "DJ_MC": [f"即墨示例第{n}号新材料有限公司" for n in range(count)],
                "DJ_LB": ["法人及非法人组织"] * count,
                "DJ_LX": ["企业"] * count,
                "DJ_TYSHXYDM": codes,
                "DJ_FRDB": ["测试甲"] * count,
                "DJ_CLRQ": ["2019-01-02"] * count,
                "DJ_HZRQ": ["2020-03-04"] * count,
                "DJ_ZT": ["存续"] * count,
                "DJ_DJJG": [SENDER[1]] * count,
                "DJ_DJJGDM": [SENDER[0]] * count,
            }
        )
        frame.write_csv(path)
    return path


def send(site: object, resource_name: str, path: Path) -> float:
    """Seconds from the call to the signed checkpoint."""
    from chengxin.site.actions.judging import Sending
    from chengxin.site.actions.submissions import submit

    begun = time.perf_counter()
    done = submit(site, Sending(resource_name, path, SENDER[0], CLERK, known_on=RECEIVED), COLLEAGUE)  # type: ignore[arg-type]
    print(done.submission.counts, flush=True)
    return time.perf_counter() - begun


def shuffled(path: Path, rows: int) -> Path:
    """The same rows in another order and format."""
    other = DATA / f"penalty-{rows}-shuffled.parquet"
    if not other.exists():
        pl.read_csv(path, infer_schema=False).sample(fraction=1, shuffle=True, seed=1).write_parquet(other)
    return other


def put_by_many() -> tuple[float, float, int]:
    """On SQLite: seconds of executemany of the version rows and of the event rows into like tables, and bytes of the file."""
    from django.db import connection, transaction

    times = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = int(cursor.fetchone()[0])
        for name, where in (("store_record", "resource = 'penalty'"), ("store_event", "tag LIKE 'register:record:%%'")):
            cursor.execute(f"SELECT * FROM {name} WHERE {where}", [])
            rows = cursor.fetchall()
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [name])
            for made, ddl in cursor.fetchall():
                cursor.execute(ddl.replace(f'"{made}"', f'"like_{made}"', 1).replace(f'"{name}"', f'"like_{name}"'))
            marks = ", ".join(["%s"] * len(rows[0]))
            begun = time.perf_counter()
            for start in range(0, len(rows), 200_000):
                with transaction.atomic():
                    cursor.executemany(f"INSERT INTO like_{name} VALUES ({marks})", rows[start : start + 200_000])
            times.append(time.perf_counter() - begun)
            cursor.execute(f"DROP TABLE like_{name}")
    return times[0], times[1], size


def copied(server: str) -> tuple[float, float, int]:
    """Seconds of `\\copy` of the version rows and of the event rows into like tables, and disk bytes of both tables."""
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('store_record') + pg_total_relation_size('store_event')")
        size = int(cursor.fetchone()[0])
        for name, where in (("store_record", "resource = 'penalty'"), ("store_event", "tag LIKE 'register:record:%'")):
            file = DATA / f"{name}.copy"
            with file.open("wb") as stream, cursor.copy(f"COPY (SELECT * FROM {name} WHERE {where}) TO STDOUT") as copy:
                for piece in copy:
                    stream.write(piece)
            cursor.execute(f"DROP TABLE IF EXISTS like_{name}; CREATE TABLE like_{name} (LIKE {name} INCLUDING ALL)")
            begun = time.perf_counter()
            subprocess.run(
                ["psql", "-q", server, "-c", rf"\copy like_{name} FROM '{file}'"], check=True, stdout=subprocess.DEVNULL
            )
            times.append(time.perf_counter() - begun)
            cursor.execute(f"DROP TABLE like_{name}")
            file.unlink()
    return times[0], times[1], size


def _site(folder: str) -> object:
    from chengxin.site.folder import About, make_site

    site = make_site(Path(folder) / "site", About("bench.example/log", demo=True))
    from chengxin.site.store.models import Authority

    Authority.objects.update_or_create(
        code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration", "penalty"]}
    )
    return site


def alone(rows: int) -> None:
    """Nothing but the new rows, on a site of their own: the last line says seconds and peak MB."""
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        site, path = _site(folder), penalty_csv(rows)
        send(site, "registration", registrations(min(SUBJECTS, rows)))
        with Watched() as held:
            new = send(site, "penalty", path)
    print(json.dumps({"seconds": new, "peak": held.peak}), flush=True)


def grown(sizes: tuple[int, ...] = (100_000, 1_000_000, 5_000_000)) -> None:
    """Print how time and memory grow, each size on a server of its own."""
    seconds, peaks = [], []
    for rows in sizes:
        command = [sys.executable, __file__, "--alone", str(rows), *(["--sqlite"] if not SERVER else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        print(rows, told, flush=True)
        seconds.append(told["seconds"])
        peaks.append(told["peak"])
    exponent = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
    lines = [
        [f"{n:,}", f"{s:.1f}", f"{n / s:,.0f}", f"{p:,.0f}"] for n, s, p in zip(sizes, seconds, peaks, strict=True)
    ]
    table(
        f"Submit new penalties, growing ({'PostgreSQL' if SERVER else 'SQLite'})",
        ["rows", "seconds", "rows/s", "peak memory, MB"],
        [
            *lines,
            ["time exponent", verdict(exponent, 1.1, at_most=True), "", ""],
            ["memory of the last to the one before", verdict(peaks[-1] / peaks[-2], 1.3, at_most=True), "", ""],
        ],
    )


def main() -> None:
    """Print the table."""
    rows = next((int(a) for a in sys.argv[1:] if a.isdigit()), 1_000_000)
    if "--alone" in sys.argv:
        alone(rows)
        return
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        site, path = _site(folder), penalty_csv(rows)
        first = send(site, "registration", registrations(min(SUBJECTS, rows)))
        with Watched() as held:
            new = send(site, "penalty", path)
        parts = f"own {held.own:,.0f} MB, started {held.started:,.0f} MB at most"
        print(f"{rows:,} new in {new:.1f} s; memory at once {held.peak:,.0f} MB, {parts}", flush=True)
        versions, events, size = copied(os.environ["CHENGXIN_DATABASE"]) if SERVER else put_by_many()
        again = send(site, "penalty", shuffled(path, rows))
        receipt = send(site, "penalty", path)
    limit = versions + events
    bars = (0.4, 0.6) if SERVER else (0.3,)
    peer = r"\copy" if SERVER else "executemany"
    table(
        f"Submit {rows:,} new penalties ({'PostgreSQL' if SERVER else 'SQLite'})",
        ["", "seconds", "rows/s", "against the bar"],
        [
            [f"{peer} of the same versions and events", f"{limit:.1f}", f"{rows / limit:,.0f}", ""],
            ["submit, end to end", f"{new:.1f}", f"{rows / new:,.0f}", verdict(limit / new, *bars)],
            ["the same rows shuffled, as Parquet", f"{again:.1f}", f"{rows / again:,.0f}", verdict(new / again, 1.8)],
            ["identical bytes", f"{receipt:.2f}", "", verdict(receipt, 1, at_most=True)],
            ["peak memory, MB", f"{held.peak:,.0f}", "", verdict(held.peak, 1500, at_most=True)],
            ["registrations before", f"{first:.1f}", "", ""],
            ["disk bytes per record", f"{size / rows:,.0f}", "", ""],
        ],
    )


if __name__ == "__main__" and "--grow" in sys.argv:
    grown()
elif __name__ == "__main__":
    on_server(main, __file__, SERVER)
