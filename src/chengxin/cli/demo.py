"""`chengxin demo`: a made-up district's files, received and judged before your eyes."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from chengxin.cli import opened, show
from chengxin.flow.files import sent_files
from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome, Setting
from chengxin.flow.way import Passage
from chengxin.standards.load import Catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.world.make import make_world

MARKER = ".chengxin-demo"
HANDED_BACK = 6


def demo(
    out: Annotated[
        Path, typer.Option(help="写到此文件夹（演示专用，会清空）· folder of the demonstration, emptied")
    ] = Path("demo"),
    subjects: Annotated[int, typer.Option(min=10, max=300_000, help="主体数 · number of subjects")] = 3_000,
    seed: Annotated[int, typer.Option(help="种子 · seed")] = 1,
) -> None:
    """造一个虚构的区，受理并校验它的文件 · make a district, receive and validate its files."""
    _clear(out)
    day = legal_today()
    with Progress(console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("造一个虚构的区 · making a district", total=None)
        make_world(
            seed, subjects, out / "district", day, lambda d, n, w: bar.update(task, completed=d, total=n, description=w)
        )
    passages: list[tuple[Passage, float]] = []
    begun = [time.perf_counter()]

    def seen(passage: Passage) -> None:
        now = time.perf_counter()
        passages.append((passage, now - begun[0]))
        begun[0] = now

    catalogue = opened.catalogue_of(day)
    _fill(out, catalogue, seen)
    show.out.print(_table(passages))
    _tell_registers()
    _hand_back(passages, out, Setting(catalogue, opened.order("registration", day)))
    _tell_next(out)


def _fill(out: Path, catalogue: Catalogue, seen: Callable[[Passage], None]) -> None:
    """A site of the district, filled with what its departments sent."""
    from chengxin.site.folder import About, make_site  # noqa: PLC0415 - other commands run without Django

    site = make_site(out / "site", About("demo.chengxin.example/log", demo=True))
    from chengxin.site.actions.district import take_in  # noqa: PLC0415

    total = len(sent_files(out / "district"))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("受理、校验、归户、入库 · receive, validate, resolve, record", total=total)
        for passage in take_in(site, out / "district", catalogue, out / "results"):
            bar.update(task, advance=1, description=passage.sent.path.name)
            seen(passage)


def _clear(out: Path) -> None:
    if out.exists() and any(out.iterdir()):
        if not (out / MARKER).exists():
            raise Refused(
                "not-a-demo", Said(f"{out} 里有别的东西，不清空。", f"{out} holds something else; it is not emptied.")
            )
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).touch()


def _wrong(outcome: Outcome) -> str:
    counted = (
        outcome.findings()
        .filter(pl.col("severity") == "reject")
        .group_by(pl.col("rule").str.split(".").list.last().alias("rule"))
        .len()
        .sort("len", descending=True)
        .collect()
    )
    return "  ".join(f"{rule} {count}" for rule, count in counted.iter_rows())


def _table(passages: list[tuple[Passage, float]]) -> Table:
    """File by file: what came, what could be taken, what is wrong by rule, how fast."""
    table = Table(
        caption="received, accepted, duplicate, held rows; below each file what is to be mended, by rule", expand=True
    )
    table.add_column("文件 file", overflow="fold", ratio=1)
    for head in ("收到", "可接收", "重复", "待定", "行/秒"):
        table.add_column(head, justify="right", no_wrap=True)
    for passage, seconds in passages:
        name, outcome = escape(passage.sent.path.name), passage.outcome
        if outcome is None:
            said = passage.refused.said.zh if passage.refused else ""
            table.add_row(f"{name}\n[red]{escape(said)}[/red]", "—", "—", "—", "—", "—")
            continue
        wrong = _wrong(outcome)
        counts = (outcome.received, outcome.accepted, outcome.duplicate, outcome.held)
        rate = f"{outcome.received / max(seconds, 1e-6):,.0f}"
        table.add_row(f"{name}\n[dim]{wrong}[/dim]" if wrong else name, *(f"{c:,}" for c in counts), rate)
    return table


def _tell_registers() -> None:
    from chengxin.site.actions.district import counts  # noqa: PLC0415

    held = counts()
    enterprise, other, person = (held.get(name, 0) for name in ("enterprise", "other", "person"))
    show.say(
        Said(
            f"三个基本数据库：企业 {enterprise:,}，其他组织 {other:,}，自然人 {person:,}；信用信息 {held['records']:,} 条；"
            f"等待人工认定 {held['waiting']:,} 行。",
            f"Three registers: {enterprise:,} enterprises, {other:,} other organisations, {person:,} persons; "
            f"{held['records']:,} records; {held['waiting']:,} rows wait for a person.",
        )
    )


def _hand_back(passages: list[tuple[Passage, float]], out: Path, setting: Setting) -> None:
    """The annotated workbooks of the files with most to mend."""
    folder = out / "annotated"
    folder.mkdir()
    judged = [(p.sent, p.outcome) for p, _ in passages if p.outcome is not None and p.outcome.rejected]
    worst = sorted(judged, key=lambda pair: (pair[0].path.suffix != ".xlsx", -pair[1].rejected))
    show.say(Said("带批注的工作簿，请打开看看：", "Annotated workbooks; open one:"))
    for sent, outcome in worst[:HANDED_BACK]:
        path = folder / f"{sent.path.stem}.批注.xlsx"
        order = dataclasses.replace(setting.order, resource=sent.resource, day=sent.received_on)
        write_annotated(sent.path, path, outcome, dataclasses.replace(setting, order=order))
        show.out.print(f"  {path}", markup=False, soft_wrap=True)


def _tell_next(out: Path) -> None:
    from chengxin.site.actions.district import most_recorded  # noqa: PLC0415

    code = most_recorded()
    show.say(Said("再看一个组织的档案，核验日志：", "Then look at one organisation, and verify the log:"))
    commands = [f"file {code} --site {out / 'site'} --purpose 试用"] if code else []
    for command in (*commands, f"log verify --site {out / 'site'}", f"submissions --site {out / 'site'}"):
        show.out.print(f"  .venv/bin/chengxin {command}", markup=False, soft_wrap=True)
    show.say(Said("打开网站：http://localhost:8000", "Open the site at http://localhost:8000:"))
    show.out.print(f"  .venv/bin/chengxin serve --site {out / 'site'}", markup=False, soft_wrap=True)
