"""(c) A workbook of 200,000 rows × 28 columns: read and validated, against a bare read by calamine."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from python_calamine import CalamineWorkbook

from benchmarks.common import in_turn, one, table, verdict
from benchmarks.data import RECEIVED, SENDER, permit_workbook
from chengxin.flow.judge import Sender, Setting, judge
from chengxin.intake.receive import start_ahead
from chengxin.intake.received import Bounds, Order
from chengxin.standards.load import load_catalogue


def bare(arguments: list[str]) -> str:
    """calamine alone: every cell as a Python value."""
    with Path(arguments[0]).open("rb") as stream:
        return str(len(CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()))


def chengxin(arguments: list[str]) -> str:
    """Received and validated, results written."""
    start_ahead(1)
    order = Order("permit", RECEIVED, token_key=b"k" * 32, bounds=Bounds.command_line())
    with tempfile.TemporaryDirectory() as folder:
        done = judge(Path(arguments[0]), Setting(load_catalogue(RECEIVED), order, Sender(*SENDER)), Path(folder))
    return f"{done.accepted:,} accepted, {done.rejected:,} to mend"


def main() -> None:
    """Print the table."""
    rows = 200_000
    path = str(permit_workbook(rows))
    found = in_turn(__file__, {"calamine": [path], "chengxin": [path]})
    ratio = found["chengxin"].wall / found["calamine"].wall
    table(
        "(c) Workbook of 200,000 × 28",
        ["", "seconds", "rows/s", "peak MB", "told", "times a bare read"],
        [
            [n, f"{m.wall:.2f}", f"{rows / m.wall:,.0f}", f"{m.peak:,.0f}", m.told,
             verdict(ratio, 2, at_most=True) if n == "chengxin" else ""]
            for n, m in found.items()
        ],
    )  # fmt: skip


if __name__ == "__main__":
    if not one({"calamine": bare, "chengxin": chengxin}):
        main()
