"""Sealed reports of two pages on a small site (SQLite): one after another against the PDF engine and the signature alone on
the same content, and four at once, each in its own process. `benchmarks/reports.py [reports]`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.common import DATA, table, verdict

DAY = "2026-03-10"
FIRMS, FINES, AT_ONCE = 40, 14, 4
WARM = 3


def built(folder: Path) -> None:
    """A site with firms that have some fines each: a report of two pages."""
    import polars as pl

    from chengxin.site.folder import About, make_site

    site = make_site(folder, About("bench.example/log", demo=True))
    from tests.store.cast import CLERK, COLLEAGUE, OWNER, fined, registered

    from chengxin.site.actions.authorities import load_roster
    from chengxin.site.actions.judging import Sending
    from chengxin.site.actions.submissions import submit
    from chengxin.standards.load import load_catalogue
    from chengxin.values.clock import legal_today

    roster = folder.parent / "authorities.csv"
    roster.write_text(f"code,name,resources\n{OWNER[0]},{OWNER[1]},registration;penalty\n", "utf-8")
    load_roster(roster, load_catalogue(legal_today()))
    rows = {
        "registration": [registered(n) for n in range(1, FIRMS + 1)],
        "penalty": [fined(n, f"示例字〔2026〕{n}-{k}号") for n in range(1, FIRMS + 1) for k in range(FINES)],
    }
    for resource, told in rows.items():
        path = folder.parent / f"{resource}.csv"
        pl.DataFrame(told, infer_schema_length=None).write_csv(path)
        submit(site, Sending(resource, path, OWNER[0], CLERK, known_on=legal_today()), COLLEAGUE)


def issued(folder: Path, count: int) -> tuple[list[float], list[Any]]:
    """Seconds of each report and the reports, after some that warm up."""
    from chengxin.site.folder import open_site

    site = open_site(folder, settle=False)
    from tests.site.test_reports import asked_as
    from tests.store.cast import code_of

    from chengxin.reports.compose import Order
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue

    took, made = [], []
    for n in range(count + WARM):
        begun = time.perf_counter()
        asked = asked_as()
        one = issue(site, asked, group_of(asked, code_of(n % FIRMS + 1)), Order("standard", "tender"))
        if n >= WARM:
            took.append(time.perf_counter() - begun)
            made.append(one)
    return took, made


def alone(folder: Path, made: list[Any]) -> float:
    """Seconds for the engine and the signature on the same contents, with a proof of the same length."""
    from chengxin.reports.paper import PROOF_NAME, paper
    from chengxin.reports.seal import attached, load_seal, sealed

    seal = load_seal(folder / "seal")
    proof = attached(made[0].file)[PROOF_NAME]
    sealed(paper(made[0].told, proof), seal, "出具")
    begun = time.perf_counter()
    for one in made:
        sealed(paper(one.told, proof), seal, "出具")
    return time.perf_counter() - begun


def at_once(folder: Path, each: int) -> list[float]:
    """Seconds of each report while so many processes issue at the same time."""
    command = [sys.executable, __file__, "--one", str(folder), str(each)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(AT_ONCE)]
    return [second for process in running for second in json.loads(process.communicate()[0].splitlines()[-1])]


def main() -> None:
    """Print the table."""
    os.environ["CHENGXIN_TODAY"] = DAY
    if "--one" in sys.argv:
        folder, count = sys.argv[sys.argv.index("--one") + 1 :]
        print(json.dumps(issued(Path(folder), int(count))[0]))
        return
    count = next((int(a) for a in sys.argv[1:] if a.isdigit()), 60)
    with tempfile.TemporaryDirectory(dir=DATA) as place:
        folder = Path(place) / "site"
        built(folder)
        took, made = issued(folder, count)
        rounds = [(sum(took), alone(folder, made))]
        for _ in range(2):
            took, made = issued(folder, count)
            rounds.append((sum(took), alone(folder, made)))
        ours, peer = (count / statistics.median(seconds) for seconds in zip(*rounds, strict=True))
        many = sorted(at_once(folder, count))
    p99 = 1000 * many[int(0.99 * (len(many) - 1))]
    size = len(made[-1].file)
    table(
        f"Sealed reports of {FINES + 1} items, {size / 1000:.0f} kB (`benchmarks/reports.py`)",
        ["", "ours", "engine and signature alone", "against the bar"],
        [
            ["reports/s, one after another", f"{ours:.1f}", f"{peer:.1f}", verdict(ours / peer, 0.5, 0.8)],
            ["p50 ms, four at once", f"{1000 * statistics.median(many):.0f}", "", ""],
            ["p99 ms, four at once", f"{p99:.0f}", "", verdict(p99, 500, at_most=True)],
        ],
    )


if __name__ == "__main__":
    main()
