"""`chengxin exchange`: packages for the upper platform, its receipts, the daily comparison. Imports as in `cli.site`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, AsJson, Where, answer, open_here
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.audit.notes import Verifier
    from chengxin.site.actions.reconcile import Compared

Folder = Annotated[Path, typer.Argument(help="交换文件夹 · the folder where files are exchanged")]
UpperKey = Annotated[
    str, typer.Option("--upper-key", envvar="CHENGXIN_UPPER_KEY", help="上级平台的公钥 · its public key")
]
SHOWN = 20  # differences that are printed

exchange_app = typer.Typer(help="与上级平台交换 · exchange with the upper platform", no_args_is_help=True)


@exchange_app.command("out")
def out(
    folder: Folder,
    site: Where = HERE,
    again: Annotated[
        int | None, typer.Option(help="从第几个数据包起重做 · make anew from this package on; it was lost")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="上级平台代码，有几个时写明 · its code, where there are several")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """写出新的数据包 · write what is new since the last package."""
    opened = open_here(site)
    from chengxin.site.actions.exchange import out as write

    package = write(opened, folder, again, to)
    if package is None:
        answer(None, Said("没有新的变动，不用写数据包。", "Nothing is new: no package was written."), as_json)
        return
    counts = "，".join(f"{name} {n:,}" for name, n in sorted(package.counts.items()))
    zh = f"数据包 {package.number} 已写到 {folder / package.name}：{counts} 行。"
    data = {"number": package.number, "batch": package.id.hex, "file": package.name, "counts": package.counts}
    answer(data, Said(zh, f"Package {package.number} is at {folder / package.name}."), as_json)


@exchange_app.command("in")
def read(folder: Folder, upper_key: UpperKey, site: Where = HERE, as_json: AsJson = False) -> None:
    """读回执和对账表 · read receipts (.xml) and tables to compare (.csv); what can't be taken is told file by file."""
    opened = open_here(site)
    from chengxin.audit.notes import parse_verifier
    from chengxin.site.actions.exchange import take_receipt

    key = parse_verifier(upper_key)
    if not folder.is_dir():
        raise Refused("no-folder", Said(f"{folder} 不是文件夹。", f"{folder} is no folder."))
    told: list[dict[str, Any]] = []
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".xml", ".csv") and p.is_file()):
        try:
            said = take_receipt(opened, path, key) if path.suffix == ".xml" else _compared(path, key)
            told.append({"file": path.name, "code": "", "zh": said.zh, "en": said.en})
        except Refused as refusal:
            told.append({"file": path.name, "code": refusal.code, "zh": refusal.said.zh, "en": refusal.said.en})
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    for one in told if not as_json else ():
        show.say(Said(one["zh"], one["en"]), show.err if one["code"] else show.out)
    if not told and not as_json:
        show.say(Said(f"{folder} 里没有回执或对账表。", f"There is no receipt or table in {folder}."))
    lost = sum(bool(one["code"]) for one in told)
    if lost:
        raise Refused(
            "not-taken", Said(f"{lost} 个文件没有收下，原因见上。", f"{lost} files were not taken, see above.")
        )


@exchange_app.command("compare")
def compare(
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    upper_key: UpperKey,
    site: Where = HERE,
    as_json: AsJson = False,
) -> None:
    """与上级平台的对账表比较，列出差异 · compare with what the upper platform holds; 1 if anything differs."""
    open_here(site)
    from chengxin.audit.notes import parse_verifier
    from chengxin.site.actions.reconcile import compare as with_theirs

    found = with_theirs(table, parse_verifier(upper_key))
    if as_json:
        typer.echo(json.dumps(found.row.differences, ensure_ascii=False, indent=1))
    else:
        show.say(_told(table, found))
    if found.row.differences:
        raise typer.Exit(1)


def _compared(path: Path, key: "Verifier") -> Said:
    from chengxin.site.actions.reconcile import compare as with_theirs

    return _told(path, with_theirs(path, key))


def _told(path: Path, found: "Compared") -> Said:
    row = found.row
    before = ("（此前已对过）", " (compared before)") if found.again else ("", "")
    if not row.differences:
        zh = f"{path.name}{before[0]}：{row.days:,} 个类和日、{row.rows:,} 行，与上级平台一致。"
        return Said(zh, f"{path.name}{before[1]}: {row.days:,} resources and days, {row.rows:,} rows, as theirs.")
    lines = [
        f"{d['resource']} {d['day'] or '—'}：本站 {_side(d['ours'])}，上级 {_side(d['theirs'])}"
        for d in row.differences[:SHOWN]
    ]
    listed = "；".join(lines) + ("……" if len(row.differences) > SHOWN else "")
    n = len(row.differences)
    zh = f"{path.name}{before[0]}：{n:,} 处不一致：{listed}。请对方按这些类和日核对，或用 exchange out --again 重发。"
    return Said(zh, f"{path.name}{before[1]}: {n:,} resources and days differ, see above.")


def _side(told: list[Any] | tuple[int, str] | None) -> str:
    return f"{told[0]:,} 行 {str(told[1])[:8]}" if told else "没有"
