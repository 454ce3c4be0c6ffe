"""The tables of one file, by its kind: one reader a kind, each in a file of its own."""

from collections.abc import Iterator

from chengxin.intake import headings
from chengxin.intake.csv_file import TextTable
from chengxin.intake.html import html_tables
from chengxin.intake.jsonl import JsonTable
from chengxin.intake.parquet import ParquetTable
from chengxin.intake.table import Table
from chengxin.intake.task import Task
from chengxin.intake.xls import xls_tables
from chengxin.intake.xlsx import xlsx_tables

# Kinds that are read as a stream, whatever their size.
STREAMED = frozenset({"csv", "jsonl", "parquet"})


def tables_of(kind: str, task: Task, known: headings.Known) -> Iterator[Table]:
    """The tables of `task.path` that may hold data."""
    match kind:
        case "csv":
            yield TextTable(task.path, known, task.bounds)
        case "xlsx":
            yield from xlsx_tables(task.path, task)
        case "xls":
            yield from xls_tables(task.path, task)
        case "html":
            yield from html_tables(task.path, task)
        case "jsonl":
            yield JsonTable(task.path, task)
        case "parquet":
            yield ParquetTable(task.path, task)
