"""Hand a judged file back: the clerk's own rows with what was found in them, as a workbook to mend and send again."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

import polars as pl
from xlsxwriter.exceptions import FileCreateError

from chengxin.flow.judge import Outcome, Setting
from chengxin.intake.again import REASON, RESULT
from chengxin.intake.receive import receive_grid
from chengxin.intake.received import Chunk, Part
from chengxin.validation.annotate import Cell, Sheet, annotate
from chengxin.values.errors import Refused, Said

SHEET_ROWS = 1_048_576


def write_annotated(file: Path, out: Path, outcome: Outcome, setting: Setting) -> None:
    """Write the annotated workbook for `file`, judged before as `outcome`. Raises Refused if a sheet can't hold it."""
    if outcome.received + len(outcome.parts) > SHEET_ROWS - 100:
        raise Refused(
            "too-long-for-a-sheet",
            Said(
                f"{file.name} 有 {outcome.received:,} 行，一张工作表放不下。请用 --findings 得到问题清单。",
                f"{file.name} has {outcome.received:,} rows, more than a sheet holds. Use --findings for a list instead.",
            ),
        )
    fresh = out.with_name(f".{out.name}.part")
    try:
        with receive_grid(file, setting.order, setting.catalogue) as grid:
            annotate(
                fresh, _sheets(grid.chunks(), grid.parts, setting.order.hidden == "skip"), outcome.findings().collect()
            )
        fresh.replace(out)
    except (FileCreateError, OSError) as error:
        said = f"写不到“{out}”（{error}）。请核对路径和权限，以及磁盘是否已满。"
        raise Refused("not-written", Said(said, f"Can't write '{out}' ({error}). Check the path, the disk.")) from error
    finally:
        fresh.unlink(missing_ok=True)


def _sheets(chunks: Iterator[Chunk], parts: list[Part], skipped: bool) -> Iterator[Sheet]:
    for name, group in groupby(chunks, key=lambda chunk: chunk.part):
        part = next(p for p in parts if p.name == name)
        first = next(group)
        ours = _own_columns(first, part)
        columns = {h.field: h.position - ours for h in part.headings if h.field}
        hidden: set[int] = set()
        rows = _rows(chain([first], group), hidden, ours)  # noqa: B031 - the first chunk is put back before the rest
        yield Sheet(name, part.heading_row, rows, columns, len(part.headings) - ours, hidden, skipped)


def _own_columns(first: Chunk, part: Part) -> int:
    """How many columns at the left are ours: two in a sheet that was handed back before."""
    heads = first.frame.filter(pl.col("row") == part.heading_row)
    return 2 if heads.height and heads.row(0)[1:3] == (RESULT, REASON) else 0


def _rows(chunks: Iterable[Chunk], hidden: set[int], ours: int) -> Iterator[tuple[int, list[Cell]]]:
    """The clerk's own cells; rows that are hidden are added to `hidden` before they come."""
    for chunk in chunks:
        hidden.update(chunk.marks["row"])
        for number, *cells in chunk.frame.iter_rows():
            yield number, cells[ours:]
