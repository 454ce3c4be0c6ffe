"""Commands for what only a human decides: whom a waiting row is about, whether two subjects are one. Imports as in `cli.site`."""

import json
from typing import Annotated

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, AsJson, By, Where, answer, open_here
from chengxin.flow.states import Waits
from chengxin.values.errors import Refused, Said

Why = Annotated[str, typer.Option("--reason", help="理由 · why")]

queue_app = typer.Typer(help="归户待认定 · rows that wait for a human", no_args_is_help=True)


@queue_app.command("list")
def queue_list(site: Where = HERE, as_json: AsJson = False) -> None:
    """等待人工认定的行、原因和候选主体 · rows that wait, why, and who they may be about."""
    open_here(site)
    from chengxin.site.actions.queue import listing

    rows = [
        {
            "id": w.id.hex,
            "file": w.submission.name,
            "row": w.row,
            "resource": w.resource,
            "reason": w.reason,
            "code": w.code,
            "candidates": w.candidates,
            "verdict": w.verdict,
        }
        for w in listing()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        why = Waits(str(row["reason"])).said
        zh = f"{row['id']}　{row['file']} 第 {row['row']} 行：{why.zh}。候选：{'、'.join(row['candidates']) or '无'}"
        show.say(Said(zh, f"{why.en}; candidates: {row['candidates']}"))
    if not rows:
        show.say(Said("没有等待认定的行。", "Nothing waits."))


@queue_app.command("judge")
def queue_judge(
    row: Annotated[str, typer.Argument(help="行号 id")],
    verdict: Annotated[str, typer.Argument(help="same | different | unsure")],
    site: Where = HERE,
    code: Annotated[str | None, typer.Option(help="same 时的主体代码 · code of the subject")] = None,
    by: By = "",
    second: Annotated[str, typer.Option(help="失信信息的复核人 · who confirms it, for an adverse row")] = "",
    as_json: AsJson = False,
) -> None:
    """裁定一行归谁 · judge whom a row is about."""
    opened = open_here(site)
    from chengxin.site.actions.queue import judge

    done = judge(opened, row, verdict, _judge(by), code, second)
    said = Said(f"已裁定：{done.verdict}。", f"Judged: {done.verdict}.")
    answer({"id": row, "verdict": done.verdict, "change_set": done.settled_in}, said, as_json)


@queue_app.command("undo")
def queue_undo(
    row: Annotated[str, typer.Argument(help="行号 id")],
    reason: Why,
    site: Where = HERE,
    by: By = "office",
    as_json: AsJson = False,
) -> None:
    """撤销裁定，入库的随之移除 · take a judgement back."""
    opened = open_here(site)
    from chengxin.site.actions.queue import unjudge

    unjudge(opened, row, by, reason)
    answer({"id": row}, Said("裁定已撤销，该行重新等待。", "The judgement is undone; the row waits again."), as_json)


subjects_app = typer.Typer(help="主体：疑似同一、合并、拆分 · subjects", no_args_is_help=True)


@subjects_app.command("suspects")
def subject_suspects(site: Where = HERE, as_json: AsJson = False) -> None:
    """疑似同一主体的成对代码（不按名称）· pairs that may be one subject, never by name."""
    opened = open_here(site)
    from chengxin.site.actions.merges import suspects

    pairs = suspects(opened)
    listed = "；".join(f"{code} {name} ↔ {other} {called}" for code, name, other, called in pairs) or "没有。"
    answer(pairs, Said(listed, f"{len(pairs)} pairs."), as_json)


@subjects_app.command("merge")
def subject_merge(
    code: Annotated[str, typer.Argument(help="并入他者的代码 · code that is merged")],
    into: Annotated[str, typer.Argument(help="保留的代码 · code that stays")],
    reason: Why,
    site: Where = HERE,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """裁定两个代码是同一主体，可原样撤销 · judge that two subjects are one."""
    opened = open_here(site)
    from chengxin.site.actions.merges import merge

    number = merge(opened, code, into, _judge(by), reason)
    answer({"change_set": number}, Said(f"{code} 已并入 {into}。", f"{code} is merged into {into}."), as_json)


@subjects_app.command("split")
def subject_split(
    code: Annotated[str, typer.Argument(help="被并入的代码 · code that was merged")],
    reason: Why,
    site: Where = HERE,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """撤销合并，各归各的记录 · undo a merge exactly."""
    opened = open_here(site)
    from chengxin.site.actions.merges import split

    number = split(opened, code, _judge(by), reason)
    answer({"change_set": number}, Said(f"{code} 的合并已撤销。", f"The merge of {code} is undone."), as_json)


def _judge(by: str) -> str:
    if not by:
        raise Refused("who", Said("请用 --by 写明裁定人。", "Say who judges: --by."))
    return by
