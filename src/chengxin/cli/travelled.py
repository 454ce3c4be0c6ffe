"""The whole way for the files of a folder, as the commands `demo`, `file` and `check` need it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chengxin.cli import opened, show
from chengxin.cli.home import confirmed_codes
from chengxin.flow.files import sent_files
from chengxin.flow.judge import Setting
from chengxin.flow.way import Passage, Registers, travel
from chengxin.standards.load import Catalogue


@contextmanager
def results_folder(given: Path | None) -> Iterator[Path]:
    """The folder for accepted rows and findings: the given one, or one that goes when the command ends."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


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

        return travel(sent, setting, results, passed)
