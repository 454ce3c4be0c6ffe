"""A district's registers in service: 300,000 subjects with 3 M records. How long one credit file, the whole replay of the
events and one proof take. `benchmarks/registers.py [records]`; starts a PostgreSQL of its own."""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.common import DATA, table, verdict
from benchmarks.data import RECEIVED, SENDER, penalty_csv, subject_codes
from benchmarks.submit import HOUSE, registrations, send

SUBJECTS = 300_000
PART = 1_000_000
FILES = 3_000


def main() -> None:
    """Print the table."""
    records = next((int(a) for a in sys.argv[1:] if a.isdigit()), 3_000_000)
    from chengxin.site.folder import About, make_site

    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        site = make_site(Path(folder) / "site", About("bench.example/log", demo=True))
        from chengxin.site.store import log
        from chengxin.site.store.files import credit_file
        from chengxin.site.store.models import Authority

        Authority.objects.update_or_create(
            code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration", "penalty"]}
        )
        send(site, "registration", registrations(SUBJECTS))
        for first in range(0, records, PART):
            send(site, "penalty", penalty_csv(min(PART, records - first), first=first, subjects=SUBJECTS))
        codes = random.Random(7).sample(subject_codes(SUBJECTS), FILES)
        times, found = [], 0
        for code in codes:
            begun = time.perf_counter()
            file = credit_file(code, RECEIVED)
            times.append((time.perf_counter() - begun) * 1000)
            found += file.records.height if file else 0
        times.sort()
        p99 = times[int(len(times) * 0.99)]
        begun = time.perf_counter()
        faults = log.verify(site.keys)
        replay, size = time.perf_counter() - begun, log.log_size()
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
        ],
    )


if __name__ == "__main__":
    if "CHENGXIN_DATABASE" in os.environ:
        main()
    else:
        starter = [sys.executable, str(HOUSE / "tests" / "store" / "postgres.py")]
        sys.exit(subprocess.run([*starter, sys.executable, __file__, *sys.argv[1:]], check=False).returncode)
