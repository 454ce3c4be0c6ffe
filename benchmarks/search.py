"""Search by name among 300,000 subjects of the made-up district, and among as many organisations: time, and who is found.

On SQLite, then on a PostgreSQL of its own (`tests/store/postgres.py`).
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import polars as pl

from benchmarks.common import DATA, table, verdict
from benchmarks.data import RECEIVED, SENDER
from benchmarks.noise import LETTERS, SLIPS, in_letters, typed_names

HOUSE = Path(__file__).parent.parent
CLERK, COLLEAGUE = "测试甲", "测试乙"
TYPED = 2000


def subjects(count: int, organisations: bool) -> pl.DataFrame:
    """Subjects of the made-up district: as they are mixed there, or organisations only."""
    from chengxin.world import subjects as world

    if organisations:
        world.SHARES = {"91": 0.96, "93": 0.03, "other": 0.01}
    return world.make_subjects(np.random.default_rng(20), count, RECEIVED)


def registrations(frame: pl.DataFrame, path: Path) -> None:
    """Their registrations as a file."""
    sole = pl.col("kind") == "sole_trader"
    kind = pl.when(sole).then(pl.lit("个体工商户")).otherwise(pl.lit("法人及非法人组织"))
    rows = frame.select(
        pl.col("name").alias("DJ_MC"),
        pl.col("former_names").alias("DJ_CYM"),
        kind.alias("DJ_LB"),
        pl.when(sole).then(pl.lit("个体工商户")).otherwise(pl.lit("企业")).alias("DJ_LX"),
        pl.col("code").alias("DJ_TYSHXYDM"),
        pl.when(~sole).then(pl.lit("测试甲")).alias("DJ_FRDB"),
        pl.when(sole).then(pl.lit("测试甲")).alias("DJ_JYZ"),
        pl.col("established_on").dt.to_string("%Y-%m-%d").alias("DJ_CLRQ"),
        pl.lit("2026-03-02").alias("DJ_HZRQ"),
        pl.lit("存续").alias("DJ_ZT"),
        pl.lit(SENDER[1]).alias("DJ_DJJG"),
        pl.lit(SENDER[0]).alias("DJ_DJJGDM"),
    )
    rows.write_csv(path)


def asked(found: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """`slip`, milliseconds and the place (0 for none) at which each was found."""
    from chengxin.site.access.find import found_subjects

    answers = []
    for text, code in zip(typed["text"].to_list(), found["code"].to_list(), strict=True):
        begun = time.perf_counter()
        hits = found_subjects(text)[:5]
        took = (time.perf_counter() - begun) * 1000
        answers.append((took, next((n for n, hit in enumerate(hits, 1) if hit.subject.code == code), 0)))
    return typed.with_columns(
        pl.Series("ms", [a[0] for a in answers]), pl.Series("place", [a[1] for a in answers], dtype=pl.Int32)
    )


def _line(name: str, rows: pl.DataFrame) -> list[str]:
    first, five = (rows["place"] == 1).mean(), (rows["place"] > 0).mean()
    return [name, f"{rows.height:,}", f"{first:.3f}", f"{five:.3f}", f"{rows['ms'].median():.1f}", f"{_p95(rows):.1f}"]


def _p95(rows: pl.DataFrame) -> float:
    return float(rows["ms"].quantile(0.95) or 0)


def measure(count: int, organisations: bool) -> None:
    """Register, then ask; print the table."""
    from chengxin.site.folder import About, make_site

    database = "PostgreSQL" if "CHENGXIN_DATABASE" in os.environ else "SQLite"
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        site = make_site(Path(folder) / "site", About("bench.example/log", demo=True))
        from chengxin.site.actions.submissions import Sending, submit
        from chengxin.site.store.models import Authority
        from chengxin.standards.load import load_catalogue
        from chengxin.subjects.names.words import words_of

        words = words_of(load_catalogue(RECEIVED))
        Authority.objects.update_or_create(code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration"]})
        frame, path = subjects(count, organisations), Path(folder) / "registrations.csv"
        registrations(frame, path)
        begun = time.perf_counter()
        done = submit(site, Sending("registration", path, SENDER[0], CLERK, known_on=RECEIVED), COLLEAGUE)
        seconds = time.perf_counter() - begun
        found = frame.filter(kind="organisation").sample(TYPED, seed=5)
        asked(found[:50], typed_names(found[:50]["name"], 3, words))
        noisy = asked(found, typed_names(found["name"], 4, words))
        few = found[:300]
        letters = asked(pl.concat([few, few]), in_letters(few["name"], words))
        mixed = "organisations only" if organisations else f"{frame.filter(kind='organisation').height:,} organisations"
        heads = ["what was typed", "times", "recall@1", "recall@5", "p50 ms", "p95 ms"]
        rows = [_line(slip, noisy.filter(slip=slip)) for slip in SLIPS]
        rows += [_line("**all of these**", noisy), *(_line(slip, letters.filter(slip=slip)) for slip in LETTERS)]
        table(f"Search among {count:,} subjects ({mixed}, {database})", heads, rows)
        print("\nrecall@1", verdict(float((noisy["place"] == 1).mean()), 0.9, 0.95))
        print("recall@5", verdict(float((noisy["place"] > 0).mean()), 0.95, 0.98))
        print("p95 ms", verdict(_p95(noisy), 15, at_most=True))
        print(f"registered before, {done.submission.counts['accepted']:,} rows: {count / seconds:,.0f} rows/s")
        if os.environ.get("KEEP"):
            noisy.with_columns(found["name"], found["code"]).write_parquet(os.environ["KEEP"])


def main() -> None:
    """One table for each database and mix, each in a process of its own."""
    if "--one" in sys.argv:
        count, organisations = int(sys.argv[-2]), sys.argv[-1] == "organisations"
        return measure(count, organisations)
    DATA.mkdir(exist_ok=True)
    count = next((a for a in sys.argv[1:] if a.isdigit()), "300000")
    for mix in ("mixed", "organisations"):
        one = [sys.executable, __file__, "--one", count, mix]
        subprocess.run(one, check=True)
        subprocess.run([sys.executable, str(HOUSE / "tests" / "store" / "postgres.py"), *one], check=False)
    return None


if __name__ == "__main__":
    main()
