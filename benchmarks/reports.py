"""Sealed reports of two pages on a small site (SQLite): one after another against the PDF engine and the signature alone on
the same content, and four at once, each in its own process; then a list of many as one batch, with the memory that it takes.
`benchmarks/reports.py [reports] [batch]`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.common import DATA, table, verdict

DAY = "2026-03-10"
FIRMS, FINES, AT_ONCE, MANY = 40, 12, 4, 10_000
WARM = 3


def built(folder: Path, firms: int = FIRMS, fines: int = FINES) -> None:
    """A site with firms that have some fines each: of twelve a report of two pages."""
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
        "registration": [registered(n) for n in range(1, firms + 1)],
        "penalty": [fined(n, f"示例字〔2026〕{n}-{k}号") for n in range(1, firms + 1) for k in range(fines)],
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


def batch(folder: Path, count: int) -> dict[str, float]:
    """Seconds and memory (MB) of a batch in this process, from the list to the last piece of the zip."""
    from chengxin.site.folder import open_site

    site = open_site(folder, settle=False)
    os.environ["CHENGXIN_SITE"] = str(folder)
    from tests.store.cast import code_of

    from chengxin.reports.compose import Order
    from chengxin.site.actions import jobs, report_batches
    from chengxin.site.office.report_package import streamed

    codes = "\n".join(code_of(n) for n in range(1, count + 1))
    job = report_batches.from_text(site, "bench", codes, report_batches.Batch(Order("standard", "funds"), "测速"))
    jobs.run.func(job.id.hex)
    job.refresh_from_db()
    at_first, begun = _peak(), time.perf_counter()
    report_batches.confirm(job)
    jobs.run.func(job.id.hex)
    job.refresh_from_db()
    took, issued_with = time.perf_counter() - begun, _peak()
    begun = time.perf_counter()
    size = sum(len(piece) for piece in streamed(site, job, report_batches.asked_by("bench", "测速")))
    out = len(report_batches.issued_in(job))
    zipped = time.perf_counter() - begun
    return {
        "out": out,
        "took": took,
        "first": at_first,
        "peak": issued_with,
        "all": _peak(),
        "zip": zipped,
        "size": size,
    }


def _peak() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def batches(place: Path, count: int) -> None:
    """Print what a tenth of a batch and the whole of it take, each in a process of its own: memory must not grow with the list."""
    folder = place / "many"
    built(folder, count, 2)
    lines, peaks = [], []
    for n in (max(1, count // 10), count):
        command = [sys.executable, __file__, "--batch", str(folder), str(n)]
        told = json.loads(
            subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()[-1]
        )
        peaks.append(told["all"])
        rate, memory = f"{told['out'] / told['took']:.1f}", [f"{told[k]:.0f}" for k in ("first", "peak", "all")]
        lines.append([f"{told['out']:,}", rate, *memory, f"{told['size'] / 1e6:.0f} MB in {told['zip']:.1f} s"])
    heads = ["reports", "reports/s", "MB, list read", "MB, all issued", "MB, zip sent", "zip"]
    table("A list as one batch (`benchmarks/reports.py`)", heads, lines)
    print(f"Memory of the whole against a tenth: {verdict(peaks[1] / peaks[0], 1.5, at_most=True)}")


def main() -> None:
    """Print the tables."""
    os.environ["CHENGXIN_TODAY"] = DAY
    if "--batch" in sys.argv:
        folder, many = sys.argv[sys.argv.index("--batch") + 1 :]
        print(json.dumps(batch(Path(folder), int(many))))
        return
    if "--one" in sys.argv:
        folder, count = sys.argv[sys.argv.index("--one") + 1 :]
        print(json.dumps(issued(Path(folder), int(count))[0]))
        return
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count, many_in_batch = (given + [60, MANY][len(given) :])[:2]
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
        batches(Path(place), many_in_batch)
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
