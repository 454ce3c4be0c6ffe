"""The whole way for the files of a folder, as the commands `demo`, `file` and `check` need it."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chengxin.cli import opened, show
from chengxin.cli.home import confirmed_codes
from chengxin.flow.files import sent_files
from chengxin.flow.judge import Setting
from chengxin.flow.kept import digest_of, keep_registers, kept_registers
from chengxin.flow.way import Passage, Registers, travel
from chengxin.standards.load import Catalogue


def registers_of(folder: Path, catalogue: Catalogue, day: date) -> Registers:
    """The registers that the files of `folder` come to: those kept from the last time, or built now."""
    digest = digest_of(folder, catalogue, day, confirmed_codes())
    kept = kept_registers(folder, digest)
    if kept is not None:
        return kept
    with tempfile.TemporaryDirectory() as results:
        return travelled(folder, catalogue, day, Path(results))


def travelled(
    folder: Path, catalogue: Catalogue, day: date, results: Path, seen: Callable[[Passage], None] | None = None
) -> Registers:
    """Take all files of `folder` the whole way, with a progress bar on the error stream."""
    sent = sent_files(folder)
    setting = Setting(catalogue, opened.order("registration", day, hidden="ask"), confirmed_codes=confirmed_codes())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("受理与校验 · receiving and validating", total=len(sent))

        def passed(passage: Passage) -> None:
            bar.advance(task)
            bar.update(task, description=passage.sent.path.name)
            if seen:
                seen(passage)

        registers = travel(sent, setting, results, passed)
    keep_registers(folder, digest_of(folder, catalogue, day, confirmed_codes()), registers)
    return registers
