"""Public pages and search on a district in service (300,000 subjects, 3 M records, PostgreSQL) against a bare page of Django's,
served alike in the same run. `benchmarks/pages.py [records]`; starts a PostgreSQL of its own.

With CHENGXIN_DATABASE and CHENGXIN_BENCH_SITE set, a district that was built before is used again (see `checks.py`).
"""

import asyncio
import contextlib
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import load
from benchmarks.checks import SUBJECTS, built, serving
from benchmarks.common import DATA, on_server, table, verdict
from benchmarks.data import RECEIVED, subject_codes
from benchmarks.submit import HOUSE

OURS, PEER = 8473, 8474
LINES, SECONDS, RATE, PACED = 8, 6.0, 40, 30.0
EACH = 3_000  # addresses of each kind: most of them opened for the first time


def addresses() -> dict[str, list[str]]:
    """What people open, by kind; each subject's page is opened once at most."""
    from django.db import connection

    chance = random.Random(11)
    codes = chance.sample(subject_codes(SUBJECTS), 3 * EACH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT id FROM store_record WHERE published AND until IS NULL ORDER BY key LIMIT %s", [EACH])
        records = [row[0].hex for row in cursor.fetchall()]
        cursor.execute("SELECT name FROM store_subjectfact ORDER BY subject LIMIT %s", [20 * EACH])
        names = [row[0] for row in chance.sample(cursor.fetchall(), 2 * EACH)]
    typed = [name[chance.randrange(2) : -4] for name in names[:EACH]] + names[EACH:] + codes[2 * EACH :]
    return {
        "home": ["/"],
        "search": [f"/search/?q={quote(text)}" for text in chance.sample(typed, len(typed))],
        "subject": [f"/subjects/{code}/" for code in codes[:EACH]],
        "record": [f"/records/{identity}/" for identity in records],
        "list": [f"/lists/penalties/?page={n}" for n in range(1, 6)]
        + [f"/lists/penalties/?code={c}" for c in codes[EACH : 2 * EACH]],
        "dashboard": ["/dashboard/"],
    }


def requests(paths: Sequence[str]) -> list[bytes]:
    """As bytes to send."""
    return [f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode() for path in paths]


def mixed(kinds: dict[str, list[str]]) -> list[str]:
    """As a public site is read: searching and reading subjects most."""
    shares = {"home": 15, "search": 30, "subject": 30, "record": 12, "list": 10, "dashboard": 3}
    chance = random.Random(5)
    names = chance.choices(list(shares), weights=list(shares.values()), k=4_000)
    at = dict.fromkeys(shares, 0)
    found = []
    for name in names:
        at[name] += 1
        found.append(kinds[name][at[name] % len(kinds[name])])
    return found


def main() -> None:
    """Print the table."""
    records = next((int(a) for a in sys.argv[1:] if a.isdigit()), 3_000_000)
    os.environ["CHENGXIN_TODAY"] = RECEIVED.isoformat()
    with contextlib.ExitStack() as stack:
        given = os.environ.get("CHENGXIN_BENCH_SITE")
        folder = Path(given) if given else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=DATA))) / "site"
        built(folder, records)
        kinds = addresses()
        serve = [
            sys.executable,
            "-m",
            "chengxin.cli.main",
            "serve",
            "--site",
            str(folder),
            "--no-jobs",
            "--port",
            str(OURS),
        ]
        bare = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PEER), "--blocking-threads", "4"]
        stack.enter_context(serving(serve, OURS))
        stack.enter_context(serving([*bare, "--working-dir", str(HOUSE), "benchmarks.bare_page:application"], PEER))
        peer, mix = requests(["/"]), requests(mixed(kinds))
        asyncio.run(load.closed(PEER, peer, LINES, 2))
        asyncio.run(load.closed(OURS, mix, LINES, 4))  # warm
        told: dict[str, list[load.Loaded]] = {"peer": [], "mixed": []}
        for _ in range(3):  # in turn, so that a drift of the machine hits both alike
            told["peer"].append(asyncio.run(load.closed(PEER, peer, LINES, SECONDS / 2)))
            told["mixed"].append(asyncio.run(load.closed(OURS, mix, LINES, SECONDS)))
        alone = {
            name: asyncio.run(load.closed(OURS, requests(paths), LINES, SECONDS / 2)) for name, paths in kinds.items()
        }
        paced = asyncio.run(load.opened(OURS, mix, RATE, PACED))
    least = sorted(one.rate for one in told["peer"])[1]
    ours = sorted(one.rate for one in told["mixed"])[1]
    failed = sum(one.failed for one in [*told["mixed"], *alone.values(), paced])
    rows = [["a bare template view", f"{least:,.0f}", "", "", ""]]
    for name, one in alone.items():
        rows.append([name, f"{one.rate:,.0f}", f"{one.rate / least:.2f}", f"{one.at(0.5):.1f}", f"{one.at(0.99):.1f}"])
    rows.append(["mixed", f"{ours:,.0f}", verdict(ours / least, 0.4, 0.7), "", ""])
    p99 = verdict(paced.at(0.99), 100, at_most=True)
    rows.append([f"mixed, open loop at {RATE}/s", f"{paced.rate:,.0f}", "", f"{paced.at(0.5):.1f}", f"{p99}"])
    rows.append(["answers that were not 200", f"{failed}", "", "", ""])
    heads = ["", f"pages/s, {LINES} callers", "of the bare view", "median ms", "p99 ms"]
    table(f"Public pages, {SUBJECTS:,} subjects, {records:,} records (PostgreSQL), one process", heads, rows)


if __name__ == "__main__":
    on_server(main, __file__)
