"""(b) The full catalogue of `penalty`: accepted rows and findings to Parquet; all wrong; ten million rows."""

import math
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.common import in_turn, one, table, verdict
from benchmarks.data import RECEIVED, SENDER, penalty_csv
from benchmarks.validate_sixteen import scan
from chengxin.flow.judge import Sender, Setting, judge
from chengxin.intake.receive import start_ahead
from chengxin.intake.received import Bounds, Order
from chengxin.standards.load import load_catalogue


def chengxin(arguments: list[str]) -> str:
    """The whole of verbs 1 and 2, results written."""
    start_ahead(1)
    catalogue = load_catalogue(RECEIVED)
    order = Order("penalty", RECEIVED, token_key=b"k" * 32, bounds=Bounds.command_line())
    setting = Setting(catalogue, order, Sender(*SENDER))
    with tempfile.TemporaryDirectory(dir=Path(arguments[0]).parent) as folder:
        done = judge(Path(arguments[0]), setting, Path(folder))
        written = sum(p.stat().st_size for p in Path(folder).rglob("*.parquet")) / 1e6
        found = sum(1 for _ in (Path(folder) / "findings").iterdir())
    return (
        f"{done.accepted:,} accepted, {done.rejected:,} to mend, {written:,.0f} MB written in {found} parts of findings"
    )


def main() -> None:
    """Print the tables."""
    rows = 1_000_000
    clean, wrong = str(penalty_csv(rows)), str(penalty_csv(rows, all_wrong=True))
    found = in_turn(__file__, {"scan": [clean], "chengxin": [clean], "all wrong": [wrong]})
    ours, limit, worst = found["chengxin"], found["scan"], found["all wrong"]
    table(
        "(b) Full catalogue of penalty, 1 M rows × 30 columns, results in Parquet",
        ["", "rows/s", "peak MB", "told", "against the bar"],
        [
            ["scan", f"{rows / limit.wall:,.0f}", f"{limit.peak:,.0f}", "", ""],
            ["chengxin", f"{rows / ours.wall:,.0f}", f"{ours.peak:,.0f}", ours.told, verdict(limit.wall / ours.wall, 0.10, 0.20)],
            ["peak memory, MB", "", f"{ours.peak:,.0f}", "", verdict(ours.peak, 1200, at_most=True)],
            ["all wrong", f"{rows / worst.wall:,.0f}", f"{worst.peak:,.0f}", worst.told,
             "times slower: " + verdict(worst.wall / ours.wall, 3, at_most=True)],
        ],
    )  # fmt: skip
    if "--ten" in sys.argv:
        ten = in_turn(__file__, {"ten": [str(penalty_csv(10 * rows))]}, rounds=1)["ten"]
        table(
            "(b) Ten times the rows",
            ["", "rows/s", "peak MB", "against the bar"],
            [
                ["10 M rows", f"{10 * rows / ten.wall:,.0f}", f"{ten.peak:,.0f}",
                 "memory of 1 M: " + verdict(ten.peak / ours.peak, 1.5, at_most=True)],
                ["time exponent", "", "", verdict(math.log10(ten.wall / ours.wall), 1.05, at_most=True)],
            ],
        )  # fmt: skip


if __name__ == "__main__":
    if not one({"scan": scan, "chengxin": chengxin, "all wrong": chengxin, "ten": chengxin}):
        main()
