"""Commands about the log and the keys of a site. Imports of the site as in `cli.site`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, AsJson, By, Where, answer, open_here
from chengxin.values.errors import Refused, Said

log_app = typer.Typer(help="公开日志：核验、发布 · the log", no_args_is_help=True)
keys_app = typer.Typer(help="密钥 · keys", no_args_is_help=True)


@log_app.command("verify")
def verify(site: Where = HERE, as_json: AsJson = False) -> None:
    """核验全部日志 · hash every event again."""
    opened = open_here(site)
    from chengxin.audit.checkpoint import NOT_YET_INDEPENDENT
    from chengxin.site.store import log

    wrong = log.verify(opened.keys)
    size = log.log_size()
    zh = f"日志共 {size:,} 条，" + (
        f"有 {len(wrong)} 处不符：" + "".join(w.said.zh for w in wrong) if wrong else "全部相符。"
    )
    en = f"{size:,} entries, " + (
        f"{len(wrong)} faults: " + " ".join(w.said.en for w in wrong) if wrong else "all agree."
    )
    label = NOT_YET_INDEPENDENT
    answer(
        {"size": size, "faults": [w.said.zh for w in wrong], "witnesses": label.en},
        Said(f"{zh}（{label.zh}）", f"{en} ({label.en})"),
        as_json,
    )
    raise typer.Exit(1 if wrong else 0)


@log_app.command("records")
def records(site: Where = HERE, as_json: AsJson = False) -> None:
    """逐条核对现行信息与日志，不符的撤下并告知合作方 · hold every record against the log; what does not fit is told to be gone."""
    open_here(site)
    from chengxin.site.store.checked import look_through

    count, lost = look_through()
    zh = f"共 {count:,} 条现行信息，" + (
        f"{len(lost):,} 条与日志不符：{'、'.join(lost[:20])}" if lost else "全部相符。"
    )
    said = Said(zh, f"{count:,} records in force, " + (f"{len(lost):,} do not fit the log." if lost else "all agree."))
    answer({"records": count, "differ": lost}, said, as_json)
    raise typer.Exit(1 if lost else 0)


@log_app.command("publish")
def publish(folder: Annotated[Path, typer.Argument()], site: Where = HERE, as_json: AsJson = False) -> None:
    """发布为 tlog-tiles 文件，供 verifier/verify.py 独立核验 · write the log as files."""
    opened = open_here(site)
    from chengxin.site.store import log

    size = log.publish(folder)
    key = opened.keys.log.verifier
    said = Said(
        f"已写 {size:,} 条到 {folder}。",
        f"{size:,} entries in {folder}. python verifier/verify.py {folder} --key {key}",
    )
    answer({"size": size, "folder": folder, "key": key}, said, as_json)


@keys_app.command("rotate")
def rotate(site: Where = HERE, as_json: AsJson = False) -> None:
    """换主密钥，重新包裹每人的数据密钥 · wrap all data keys anew."""
    opened = open_here(site)
    from chengxin.site.actions.keys import rotate as turn

    with show.counting("包裹密钥 · wrapping keys") as tell:
        count = turn(opened, tell)
    answer({"rewrapped": count}, Said(f"已换主密钥，重新包裹 {count:,} 把。", f"{count:,} keys wrapped anew."), as_json)


@keys_app.command("destroy")
def destroy(
    reason: Annotated[str, typer.Option(help="理由和依据 · why, by which decision")],
    authority: Annotated[str, typer.Option(help="作出决定的机关代码 · code of the deciding body")],
    site: Where = HERE,
    by: By = "",
    sure: Annotated[bool, typer.Option("--yes", help="确认：不可恢复 · it can't be undone")] = False,
    as_json: AsJson = False,
) -> None:
    """销毁一人的密钥（证件号码从标准输入读取）· erase a person; the number is read from standard input."""
    opened = open_here(site)
    from chengxin.site.actions.keys import destroy as erase
    from chengxin.site.actions.keys import person_of

    if not by:
        raise Refused("who", Said("请用 --by 写明经办人。", "Say who does it: --by."))
    if not sure:
        raise Refused("not-sure", Said("销毁不可恢复；确认请加 --yes。", "It can't be undone; add --yes."))
    person = person_of(opened, sys.stdin.readline())
    erase(opened, person, by, reason, authority)
    answer(
        {"erased": person}, Said("密钥已销毁，内容不可恢复。", "The key is destroyed; nothing can be read."), as_json
    )
