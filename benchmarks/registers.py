"""A district's registers in service: 300,000 subjects with 3 M records. How long one credit file, the whole replay of the
events and one proof take. `benchmarks/registers.py [records]`; starts a PostgreSQL of its own."""

import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.checks import SUBJECTS, built
from benchmarks.common import DATA, on_server, table, verdict
from benchmarks.data import RECEIVED, subject_codes

FILES = 3_000
PROOFS = 500
LEAVES = 1_000_000  # of the log that proofs are made of


def credit_file(code: str) -> int:
    """A subject's whole file as the office reads it, through the gate and with its Look: how many records it has."""
    from chengxin.sharing.condition import At
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.site.access.reading import of_subjects
    from chengxin.site.access.subjects import led_to, with_same
    from chengxin.standards.load import load_catalogue

    now = place()
    asked = Asked(
        outlet_named("office.file"),
        At(RECEIVED, now.included, now.committed),
        load_catalogue(RECEIVED),
        "stewardship",
        who=Who("bench"),
    )
    seen = [of_subjects(asked, [s.id for s in with_same(asked, subject)])[0] for subject in led_to(asked, code)]
    return sum(map(len, seen))


def proofs(size: int) -> tuple[float, float]:
    """Milliseconds in which one proof of inclusion is made out of the store, and checked."""
    from chengxin.audit.merkle import inclusion_proof, root
    from chengxin.audit.proofs import verify_inclusion
    from chengxin.site.store.tiles import leaves_between, tiles

    whole = root(size, tiles)
    made, checked = [], []
    for index in random.Random(3).sample(range(size), PROOFS):
        leaf = leaves_between(index, index + 1)
        begun = time.perf_counter()
        proof = inclusion_proof(index, size, tiles)
        between = time.perf_counter()
        if not verify_inclusion(leaf, index, size, proof, whole):
            raise SystemExit(f"the proof of entry {index} does not hold")
        made.append((between - begun) * 1000)
        checked.append((time.perf_counter() - between) * 1000)
    return statistics.median(made), statistics.median(checked)


def main() -> None:
    """Print the table."""
    records = next((int(a) for a in sys.argv[1:] if a.isdigit()), 3_000_000)
    with contextlib.ExitStack() as stack:
        given = os.environ.get("CHENGXIN_BENCH_SITE")
        folder = Path(given) if given else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=DATA))) / "site"
        built(folder, records)
        from chengxin.site.folder import open_site
        from chengxin.site.store import log

        site = open_site(folder)
        codes = random.Random(7).sample(subject_codes(SUBJECTS), FILES)
        times, found = [], 0
        for code in codes:
            begun = time.perf_counter()
            found += credit_file(code)
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        p99 = times[int(len(times) * 0.99)]
        begun = time.perf_counter()
        faults = log.verify(site.keys)
        replay, size = time.perf_counter() - begun, log.log_size()
        made, checked = proofs(min(size, LEAVES))
    table(
        f"{SUBJECTS:,} subjects, {records:,} records (PostgreSQL)",
        ["", "", "against the bar"],
        [
            ["records opened against the log", f"{found:,} in {FILES:,} credit files", ""],
            ["credit file, median ms", f"{times[len(times) // 2]:.1f}", ""],
            ["credit file, p99 ms", f"{p99:.1f}", verdict(p99, 20, at_most=True)],
            [
                "replay of all events",
                f"{size:,} in {replay:.1f} s",
                f"{size / replay:,.0f} events/s, {len(faults)} faults",
            ],
            [
                f"one proof of {LEAVES:,} leaves made from the tiles, median ms",
                f"{made:.2f}",
                verdict(made, 1, at_most=True),
            ],
            ["one proof checked, median ms", f"{checked:.3f}", verdict(checked, 1, at_most=True)],
        ],
    )


if __name__ == "__main__":
    on_server(main, __file__)
