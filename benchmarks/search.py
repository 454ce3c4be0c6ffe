"""Search by name and code among 30,000 and 300,000 subjects of the made-up district: time, and who is found.

Each on SQLite and on a PostgreSQL of its own (`tests/store/postgres.py`): as subjects are mixed there, then as many organisations
only. `cost`: what the index adds to the submission of 100,000 organisations' registrations instead.
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
TYPED, OTHERS, COST = 2000, 300, 100_000
CODES = ("code", "code begins so", "code holds it")


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


def registered(folder: str, frame: pl.DataFrame) -> float:
    """A new site in `folder` takes in the registrations; seconds from the call to the signed checkpoint."""
    from chengxin.site.folder import About, make_site

    site = make_site(Path(folder) / "site", About("bench.example/log", demo=True))
    from chengxin.site.actions.judging import Sending
    from chengxin.site.actions.submissions import submit
    from chengxin.site.store.models import Authority

    Authority.objects.update_or_create(code=SENDER[0], defaults={"name": SENDER[1], "resources": ["registration"]})
    path = Path(folder) / "registrations.csv"
    registrations(frame, path)
    begun = time.perf_counter()
    submit(site, Sending("registration", path, SENDER[0], CLERK, known_on=RECEIVED), COLLEAGUE)
    return time.perf_counter() - begun


def of_those_recorded(frame: pl.DataFrame) -> pl.DataFrame:
    """Organisations that are in the registers; validation refuses a few."""
    from chengxin.site.store.bulk import on_postgres, rows_where

    if on_postgres():  # as autovacuum does some minutes after
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    known = rows_where("SELECT code FROM store_subjectfact WHERE until IS NULL", {"code": pl.String})
    return frame.filter(kind="organisation").join(known, on="code", how="semi", maintain_order="left")


def asked(found: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """`slip`, milliseconds and the place (0 for none) at which each was found."""
    from chengxin.site.access.find import found_subjects

    answers = []
    for text, code in zip(typed["text"].to_list(), found["code"].to_list(), strict=True):
        begun = time.perf_counter()
        hits = found_subjects(text)
        took = (time.perf_counter() - begun) * 1000
        answers.append((took, next((n for n, hit in enumerate(hits[:5], 1) if hit.subject.code == code), 0)))
    return typed.with_columns(
        pl.Series("ms", [a[0] for a in answers]), pl.Series("place", [a[1] for a in answers], dtype=pl.Int32)
    )


def in_codes(codes: pl.Series) -> pl.DataFrame:
    """Whole codes, their first ten to fifteen characters, and seven from their middle."""
    lengths = pl.Series([10 + n % 6 for n in range(len(codes))])
    begun = pl.DataFrame({"code": codes, "n": lengths}).select(pl.col("code").str.head(pl.col("n"))).to_series()
    texts = (codes, begun, codes.str.slice(10, 7))
    return pl.concat([pl.DataFrame({"slip": slip, "text": text}) for slip, text in zip(CODES, texts, strict=True)])


def _line(name: str, rows: pl.DataFrame) -> list[str]:
    first, five = (rows["place"] == 1).mean(), (rows["place"] > 0).mean()
    times = (f"{float(rows['ms'].quantile(q) or 0):.1f}" for q in (0.5, 0.95, 0.99))
    told = ["–", "–"] if name == "code begins so" else [f"{first:.3f}", f"{five:.3f}"]  # many begin so
    return [name, f"{rows.height:,}", *told, *times]


def measure(count: int, organisations: bool) -> None:
    """Register, then ask; print the table."""
    from chengxin.standards.load import load_catalogue
    from chengxin.subjects.names.words import words_of

    database = "PostgreSQL" if "CHENGXIN_DATABASE" in os.environ else "SQLite"
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        words = words_of(load_catalogue(RECEIVED))
        frame = subjects(count, organisations)
        seconds = registered(folder, frame)
        known = of_those_recorded(frame)
        found = known.sample(TYPED, seed=5)
        few = found[:OTHERS]
        asked(few[:50], typed_names(few[:50]["name"], 3, words))
        noisy = asked(found, typed_names(found["name"], 4, words))
        letters = asked(pl.concat([few] * 2), in_letters(few["name"], words))
        codes = asked(pl.concat([few] * 3), in_codes(few["code"]))
        mixed = "organisations only" if organisations else f"{known.height:,} organisations"
        heads = ["what was typed", "times", "recall@1", "recall@5", "p50 ms", "p95 ms", "p99 ms"]
        rows = [_line(slip, noisy.filter(slip=slip)) for slip in SLIPS] + [_line("**all of these**", noisy)]
        rows += [_line(slip, letters.filter(slip=slip)) for slip in LETTERS]
        rows += [_line(slip, codes.filter(slip=slip)) for slip in CODES]
        table(f"Search among {count:,} subjects ({mixed}, {database})", heads, rows)
        print("\nrecall@1", verdict(float((noisy["place"] == 1).mean()), 0.9, 0.95))
        print("recall@5", verdict(float((noisy["place"] > 0).mean()), 0.95, 0.98))
        print("p95 ms", verdict(float(noisy["ms"].quantile(0.95) or 0), 15, at_most=True))
        print(f"registered before: {count / seconds:,.0f} rows/s", flush=True)


def cost(without: bool) -> None:
    """The submission of organisations' registrations, as it is or without the index; one line."""
    if without:
        from chengxin.flow import parties
        from chengxin.subjects.names.grams import GRAMS

        parties.grams_of = lambda facts, words: pl.DataFrame(schema=GRAMS)
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        seconds = registered(folder, subjects(COST, True))
    database = "PostgreSQL" if "CHENGXIN_DATABASE" in os.environ else "SQLite"
    print(f"{database}, {COST:,} organisations {'without' if without else 'with'} the index of names: {seconds:.1f} s")


def main() -> None:
    """Each measurement in a process of its own."""
    if "--one" in sys.argv:
        what, how = sys.argv[-2:]
        return cost(how == "without") if what == "cost" else measure(int(what), how == "organisations")
    DATA.mkdir(exist_ok=True)
    counts = [a for a in sys.argv[1:] if a.isdigit()] or ["30000", "300000"]
    asked_for = [(count, mix) for count in counts for mix in ("mixed", "organisations")]
    for what, how in [("cost", "without"), ("cost", "with")] if "cost" in sys.argv else asked_for:
        one = [sys.executable, __file__, "--one", what, how]
        subprocess.run(one, check=True)
        subprocess.run([sys.executable, str(HOUSE / "tests" / "store" / "postgres.py"), *one], check=False)
    return None


if __name__ == "__main__":
    main()
