"""The tables of one file, by its kind: one reader a kind, each in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

from chengxin.intake import headings
from chengxin.intake.csv_file import TextTable
from chengxin.intake.table import Table
from chengxin.intake.task import Task
from chengxin.intake.xlsx import xlsx_tables


def tables_of(path: Path, kind: str, name: str, task: Task, known: headings.Known) -> Iterator[Table]:
    """The tables that may hold data. `name` is the member's name inside a zip, for messages."""
    if kind == "csv":
        yield TextTable(path, known, task.bounds)
    elif kind == "xlsx":
        yield from xlsx_tables(path, task)
