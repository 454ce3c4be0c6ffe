"""(d) One row as a web form would check it: milliseconds, warm."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import polars as pl

from benchmarks.common import table, verdict
from benchmarks.data import RECEIVED, SENDER, penalties, subject_codes
from chengxin.intake.received import MARKS_SCHEMA
from chengxin.standards.load import load_catalogue
from chengxin.validation.scene import Scene
from chengxin.validation.validate import validate_rows


def main() -> None:
    """Print the table."""
    catalogue = load_catalogue(RECEIVED)
    scene = Scene(catalogue, catalogue.resource("penalty"), RECEIVED, *SENDER)
    marks = pl.DataFrame(schema=MARKS_SCHEMA)
    rows = []
    for name, wrong in (("a clean row", False), ("a row wrong in eight columns", True)):
        frame = penalties(0, 1, subject_codes(1), wrong).with_row_index("row", 2)
        times = []
        for _ in range(220):
            begun = time.perf_counter()
            judged = validate_rows(frame, marks, scene)
            times.append((time.perf_counter() - begun) * 1000)
        times = sorted(times[20:])
        median = times[len(times) // 2]
        told = f"{judged.findings.height} findings"
        rows.append([name, told, f"{times[int(len(times) * 0.99)]:.1f}", verdict(median, 10, at_most=True)])
    table("(d) One row of penalty, full catalogue", ["", "told", "p99 ms", "median ms"], rows)


if __name__ == "__main__":
    main()
