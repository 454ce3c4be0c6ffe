"""`chengxin world`: a made-up district with known truth; `chengxin truth`: what must be in the registers on a day."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.progress import Progress

from chengxin.cli import show
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.world.history import make_history
from chengxin.world.make import Progress as Tell
from chengxin.world.make import World, make_world
from chengxin.world.truth import Truth, truth_on

Folder = Annotated[Path, typer.Argument(help="多年示例区 · folder of a history", exists=True, file_okay=False)]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到哪一天，默认今天 · up to this day")]


def world(
    out: Annotated[Path, typer.Option(help="写到此文件夹 · folder to write to")],
    seed: Annotated[int, typer.Option(min=0, help="种子：同种子同数据 · the same seed gives the same district")] = 1,
    subjects: Annotated[int, typer.Option(min=10, max=2_000_000, help="主体数 · number of subjects")] = 3_000,
    years: Annotated[
        int, typer.Option(min=0, max=9, help="按日演几年，0 为一次报齐 · play so many years, day by day; 0: at once")
    ] = 0,
    until: Day = None,
) -> None:
    """造一个虚构的区：31 个部门会报送的文件和真值 · a made-up district: the files 31 departments would send, and the truth."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused("not-empty", Said(f"{out} 不是空文件夹。", f"{out} is not an empty folder."))
    made = make(seed, subjects, years, out, until.date() if until else legal_today())
    show.say(Said(f"已写到 {out}：文件 {made.file_count:,} 个。", f"Written to {out}: {made.file_count:,} files."))
    if years:
        said = f"chengxin truth {out} --known {legal_today().replace(month=1, day=15)}"
        show.say(Said(f"某一天登记簿里应有什么：{said}", f"What must be in the registers on a day: {said}"))


def make(seed: int, subjects: int, years: int, out: Path, day: date) -> World:
    """Make a district with a bar of progress; with `years`, its history."""
    with Progress(console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("造一个虚构的区 · making a district", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        return _make(seed, subjects, years, out, day, tell)


def _make(seed: int, subjects: int, years: int, out: Path, day: date, tell: Tell) -> World:
    return make_history(seed, subjects, years, out, day, tell) if years else make_world(seed, subjects, out, day, tell)


def truth(
    folder: Folder,
    known: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天，默认今天 · at the end of this day")
    ] = None,
    code: Annotated[str, typer.Option(help="只看一个主体 · one subject only")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")] = False,
) -> None:
    """多年示例区某一天的真值：登记簿里应有什么 · what must be in the registers on a day of a history."""
    day = known.date() if known else legal_today()
    found = truth_on(folder, day)
    if code:
        chosen = pl.col("code") == code.strip().upper()
        found = Truth(found.subjects.filter(chosen), found.records.filter(chosen))
    if as_json:
        data = {"known": day, "subjects": found.subjects.to_dicts(), "records": found.records.to_dicts()}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))
        return
    counts = f"{found.subjects.height:,} / {found.records.height:,}"
    show.say(Said(f"{day} 应有主体 / 有效信用信息：{counts}", f"Subjects / records on {day}: {counts}"))
    for name, count in found.records["resource"].value_counts().sort("resource").iter_rows() if not code else ():
        show.out.print(f"  {name} {count:,}", markup=False)
    for row in [*found.subjects.to_dicts(), *found.records.to_dicts()] if code else ():
        show.out.print("  " + "　".join(str(v) for v in row.values() if v), markup=False, soft_wrap=True)
