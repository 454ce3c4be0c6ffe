"""How results look in a terminal: progress, tables, sentences in both languages."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from chengxin.intake.received import Note, Received
from chengxin.values.errors import Said

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MARKS = {"note": "·", "warn": "!", "ask": "?"}


def say(said: Said, console: Console = out) -> None:
    """A sentence in Chinese, and below it in English."""
    console.print(plain(said.zh), soft_wrap=True, markup=False)
    console.print(plain(said.en), style="dim", soft_wrap=True, markup=False)


def plain(text: str) -> str:
    """The text with what could steer a terminal, turn its direction or not be printed at all shown as U+FFFD."""
    return _STEERING.sub("\ufffd", text)


@contextmanager
def progress(label: str) -> Iterator[Callable[[Received, int], None]]:
    """A progress bar in words on the error stream, fed by `judge`; silent where nobody watches."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    label = plain(label)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=None)

        def tell(received: Received, findings: int) -> None:
            now = received.progress
            words = f"{label} 已检查 {now.rows:,} 行，发现 {findings:,} 处"
            bar.update(task, description=words, completed=now.done, total=now.total or None)

        yield tell


@contextmanager
def counting(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar fed with done and total."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(plain(label), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def notes(items: tuple[Note, ...], console: Console = out) -> None:
    """What was told about the file as a whole."""
    for note in items:
        place = f"{note.part} " if note.part else ""
        say(Said(f"{MARKS[note.severity]} {place}{note.said.zh}", f"  {note.said.en}"), console)


def reasons(findings: pl.LazyFrame, limit: int = 20) -> Table | None:
    """Reasons ranked by count, each with an example and where it stands first."""
    counted = (
        findings.group_by("rule", "severity", "column")
        .agg(pl.len().alias("n"), pl.col("row").min(), pl.col("message_zh", "message_en", "suggestion").first())
        .sort(["severity", "n"], descending=[False, True])
        .head(limit)
        .collect()
    )
    if counted.is_empty():
        return None
    table = Table(show_lines=True, expand=True)
    for head in ("程度", "次数", "首见行"):
        table.add_column(head, no_wrap=True)
    table.add_column("说明（举例） · explanation (example)", ratio=1, overflow="fold")
    for row in counted.iter_rows(named=True):
        level = "[red]须改 reject[/red]" if row["severity"] == "reject" else "[yellow]提示 warn[/yellow]"
        said = f"{escape(plain(row['message_zh']))}\n[dim]{escape(plain(row['message_en']))}[/dim]"
        if row["suggestion"]:
            said += f"\n建议 · suggestion: {escape(plain(row['suggestion']))}"
        table.add_row(level, f"{row['n']:,}", str(row["row"] or "—"), said)
    return table
