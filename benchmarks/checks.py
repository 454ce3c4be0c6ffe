"""Checks by API on a district in service (300,000 subjects, 3 M records, PostgreSQL) against the least that anything durable
over HTTP can do, in the same run. `benchmarks/checks.py [records]`; starts a PostgreSQL of its own.

With CHENGXIN_DATABASE and CHENGXIN_BENCH_SITE set, a district that was built before is used again.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import polars as pl

from benchmarks import load
from benchmarks.common import DATA, on_server, table, verdict
from benchmarks.data import RECEIVED, SENDER, penalty_csv, subject_codes
from benchmarks.submit import HOUSE, registrations, send

SUBJECTS = 300_000
PART = 1_000_000
KEYS = 160  # so many that none meets its limit: the limit of a key is not what is measured
OURS, PEER = 8471, 8472
SECONDS, LINES, RATE = 15.0, 16, 300


def built(folder: Path, records: int) -> None:
    """A site with the district, unless it is there."""
    from chengxin.site.folder import About, make_site

    site = make_site(folder, About("bench.example/log", demo=True))
    from chengxin.site.store.models import Authority, Submission

    Authority.objects.update_or_create(
        code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration", "penalty"]}
    )
    if not Submission.objects.exists():
        send(site, "registration", registrations(SUBJECTS))
    for first in range(max(Submission.objects.filter(resource="penalty").count(), 0) * PART, records, PART):
        send(site, "penalty", classed(penalty_csv(min(PART, records - first), first=first, subjects=SUBJECTS)))


def classed(path: Path) -> Path:
    """The same penalties with their class: each fifth is a general one, so that a subject has two in force; the rest are minor."""
    other = path.with_name(f"classed-{path.name}")
    if not other.exists():
        rows = pl.read_csv(path, infer_schema=False).with_row_index("_row")
        general = pl.when(pl.col("_row") % 5 == 0).then(pl.lit("一般")).otherwise(pl.lit("轻微"))
        rows.with_columns(general.alias("X_SX_DJ")).drop("_row").write_csv(other)
    return other


def asked(count: int) -> tuple[list[bytes], list[bytes]]:
    """Requests for us and for the peer, about the same subjects in the same order."""
    from django.db import connection

    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_kept (code text, at timestamptz)")
        cursor.execute("ANALYZE")
    scope = Scope(purposes=["administration"])
    keys = [give_key(SENDER[0], COMMAND_LINE, f"bench {n}", scope, demo=True)[1] for n in range(KEYS)]
    ours, peers = [], []
    for place, code in enumerate(random.Random(7).sample(subject_codes(SUBJECTS), count)):
        asking = {"subject": code, "purpose": "administration", "matter": "permit", "case_no": "SLXK-2026-000123"}
        body = json.dumps(asking).encode()
        head = f"POST /api/v1/checks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {keys[place % KEYS]}\r\n"
        ours.append(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        peers.append(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(code)}\r\n\r\n{code}".encode())
    return ours, peers


@contextlib.contextmanager
def serving(command: list[str], port: int) -> Iterator[None]:
    """A server on a port until the block ends."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _listed(milliseconds: list[float]) -> str:
    return ", ".join(f"{one:.1f}" for one in milliseconds)


def main() -> None:
    """Print the table."""
    records = next((int(a) for a in sys.argv[1:] if a.isdigit()), 3_000_000)
    os.environ["CHENGXIN_TODAY"] = RECEIVED.isoformat()
    with contextlib.ExitStack() as stack:
        given = os.environ.get("CHENGXIN_BENCH_SITE")
        folder = Path(given) if given else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=DATA))) / "site"
        built(folder, records)
        requests, peers = asked(20_000)
        workers = ["--workers", os.environ.get("CHENGXIN_BENCH_WORKERS", "1")]
        site = [
            sys.executable,
            "-m",
            "chengxin.cli.main",
            "serve",
            "--site",
            str(folder),
            "--port",
            str(OURS),
            *workers,
        ]
        bare = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(PEER), *workers, "--no-ws"]
        stack.enter_context(serving(site, OURS))
        stack.enter_context(serving([*bare, "--working-dir", str(HOUSE), "benchmarks.peer:app"], PEER))
        told: dict[str, list[load.Loaded]] = {"ours": [], "peer": []}
        for port, its in ((OURS, requests), (PEER, peers)):
            asyncio.run(load.closed(port, its, LINES, 3))  # warm
        for _ in range(3):  # in turn, so that a drift of the machine hits both alike
            told["peer"].append(asyncio.run(load.closed(PEER, peers, LINES, SECONDS / 3)))
            told["ours"].append(asyncio.run(load.closed(OURS, requests, LINES, SECONDS / 3)))
        paced, bare_paced = [], []
        for _ in range(3):
            paced.append(asyncio.run(load.opened(OURS, requests, RATE, SECONDS)))
            bare_paced.append(asyncio.run(load.opened(PEER, peers, RATE, SECONDS)))
    ours, peer = (sorted(one.rate for one in told[name])[1] for name in ("ours", "peer"))
    failed = sum(one.failed for one in [*told["ours"], *told["peer"], *paced, *bare_paced])
    heads = ["", "ours", "bare granian ASGI + asyncpg: one SELECT, one durable INSERT", "against the bar"]
    rows = [
        [f"answers/s, closed loop, {LINES} callers", f"{ours:,.0f}", f"{peer:,.0f}", verdict(ours / peer, 0.15, 0.4)]
    ]
    for name, share in (("median", 0.5), ("p99", 0.99)):
        each, bare_each = (sorted(one.at(share) for one in some) for some in (paced, bare_paced))
        bar = verdict(each[1], 25, at_most=True) if name == "p99" else ""
        rows.append([f"{name} ms at {RATE}/s, open loop, three rounds", _listed(each), _listed(bare_each), bar])
    rows.append(["answers that were not 200", f"{failed}", "", ""])
    title = f"POST checks, {SUBJECTS:,} subjects, {records:,} records (PostgreSQL), key, receipt and Look durable"
    table(title, heads, rows)


if __name__ == "__main__":
    on_server(main, __file__)
