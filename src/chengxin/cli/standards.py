"""`chengxin standards`: is the catalogue law (lint), what does it say, who may see what, what would change."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from chengxin.cli import opened
from chengxin.sharing.table import access_table
from chengxin.standards import diff as differences
from chengxin.standards import explain as pages
from chengxin.standards.lint import lint as complaints_of
from chengxin.standards.load import shipped_catalogue
from chengxin.validation.kinds import BY_KEY, FLAGGED, KINDS, WHOLE
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

app = typer.Typer(
    help="标准：目录检查、说明、谁能看、比较 · the catalogue: lint, explain, access, diff", no_args_is_help=True
)

RULE_KINDS = frozenset({*KINDS, *FLAGGED, *WHOLE, *BY_KEY})
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="按这一天，默认今天 · as of this day, default today")
]
Root = Annotated[
    Path | None,
    typer.Option("--root", help="目录文件夹，默认随附的 · folder of the catalogue", exists=True, file_okay=False),
]
_EFFECTS = {"stricter": Said("更严", "stricter"), "milder": Said("更宽", "milder"), "neutral": Said("不变", "neutral")}


def _on(day: datetime | None) -> date:
    return day.date() if day else legal_today()


@app.command()
def lint(root: Root = None, day: Day = None) -> None:
    """检查目录：不合法的、写错的一次说全 · refuse what is not law or not well written, all at once."""
    folder = root or shipped_catalogue()
    complaints = complaints_of(folder, _on(day), RULE_KINDS)
    for c in complaints:
        place = f"{c.file}: {c.place}" if c.place else c.file
        typer.echo(" ".join(f"{place} — {c.said.zh} / {c.said.en} [{c.code}]".split("\n")))
    if complaints:
        typer.echo(
            f"共 {len(complaints)} 处，目录不能使用。 {len(complaints)} complaints; the catalogue can't be used."
        )
        raise typer.Exit(1)
    files = sum(1 for _ in folder.rglob("*.yaml"))
    typer.echo(f"{files} 个文件，没有问题。 {files} files, nothing wrong.")


@app.command()
def explain(
    resource: Annotated[str, typer.Argument(help="信息类，如 penalty、行政处罚 · resource")],
    lang: Annotated[str, typer.Option(help="语言 zh 或 en · language")] = "zh",
    root: Root = None,
    day: Day = None,
) -> None:
    """说明一个信息类：报什么、依据、谁能看、多久 · a page about one resource that a clerk can read."""
    if lang not in ("zh", "en"):
        raise Refused("lang", Said("--lang 只能是 zh 或 en。", "--lang is zh or en."))
    catalogue = opened.catalogue_of(_on(day), root)
    page = pages.explain(catalogue.resource(resource), catalogue, "en" if lang == "en" else "zh")
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Markdown(page))
    else:
        typer.echo(page, nl=False)


@app.command()
def access(root: Root = None, day: Day = None) -> None:
    """谁可以看什么：闸门的全部规则，供法制审核 · who may see what: the gate's whole table, for a jurist."""
    typer.echo(access_table(opened.catalogue_of(_on(day), root)), nl=False)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="旧目录文件夹或日期 · the old folder, or a day")],
    new: Annotated[str, typer.Argument(help="新目录文件夹或日期 · the new folder, or a day")],
    day: Day = None,
    root: Root = None,
) -> None:
    """比较两个目录或同一目录的两天；会使任何人溯及变差的改动一律拒绝（退出码 1）。

    Compare two catalogues, or two days of one (--root). Refuses (exit 1) what would worsen anyone backwards: a stricter
    change with no beginning, or one before the day. What a draft would change for the records of a site is shown on its
    page at the credit office's desk. 对登记数据的影响，在信用办工作台的草案页查看。
    """
    changes = _changes(old, new, _on(day), root or shipped_catalogue())
    for c in changes:
        since = f"{c.since} 起 / since {c.since}" if c.since else "未写起始日 / no beginning"
        effect, senders = _EFFECTS[c.effect], _EFFECTS[c.senders]
        mark = "✗" if c.backwards else "·"
        typer.echo(f"{mark} {c.said.zh} — 对主体{effect.zh}，对报送单位{senders.zh}；{since}")
        typer.echo(f"    {c.said.en} — subject: {effect.en}, senders: {senders.en}")
    refused = differences.worsening(changes)
    if refused:
        typer.echo(f"拒绝：{len(refused)} 处会使主体溯及变差（标 ✗）。请写明不早于生效日的 since 或新的 version。")
        typer.echo(f"Refused: {len(refused)} changes (✗) would worsen someone backwards.")
        typer.echo("Give a `since` or a new `version` from the day on.")
        raise typer.Exit(1)
    typer.echo(f"{len(changes)} 处不同，没有溯及变差的。 {len(changes)} differences, none worsens anyone backwards.")


def _changes(old: str, new: str, day: date, root: Path) -> list[differences.Change]:
    if Path(old).is_dir() and Path(new).is_dir():
        return differences.diff(Path(old), Path(new), day)
    try:
        return differences.between(root, date.fromisoformat(old), date.fromisoformat(new))
    except ValueError as error:
        raise Refused(
            "diff-what",
            Said(
                "请给两个目录文件夹，或两个日期（如 2026-03-31 2026-04-01）。",
                "Give two folders, or two days (like 2026-03-31 2026-04-01).",
            ),
        ) from error
