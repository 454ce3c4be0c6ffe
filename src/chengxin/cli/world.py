"""`chengxin world`: a made-up district with known truth."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from chengxin.cli import show
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.world.make import make_world


def world(
    out: Annotated[Path, typer.Option(help="写到此文件夹 · folder to write to")],
    seed: Annotated[int, typer.Option(min=0, help="种子：同种子同数据 · the same seed gives the same district")] = 1,
    subjects: Annotated[int, typer.Option(min=10, max=2_000_000, help="主体数 · number of subjects")] = 3_000,
) -> None:
    """造一个虚构的区：31 个部门会报送的文件和真值 · a made-up district: the files 31 departments would send, and the truth."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused("not-empty", Said(f"{out} 不是空文件夹。", f"{out} is not an empty folder."))
    with Progress(console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("造数据 · making", total=None)
        make_world(
            seed,
            subjects,
            out,
            legal_today(),
            lambda done, total, what: bar.update(task, completed=done, total=total, description=what),
        )
    show.say(Said(f"已写到 {out}。", f"Written to {out}."))
