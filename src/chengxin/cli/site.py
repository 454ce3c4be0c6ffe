"""Commands of a site: what departments send becomes versions, events and credit files.

Imports of the site stand inside the commands: the others must run where Django is not installed, and models only exist
once a site is open.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chengxin.cli import show
from chengxin.cli.validate import Headings, mapped
from chengxin.flow.states import State
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.folder import Site
    from chengxin.site.store.models import Submission

Where = Annotated[Path, typer.Option("--site", envvar="CHENGXIN_SITE", help="站点目录 · folder of the site")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")]
By = Annotated[str, typer.Option("--by", envvar="CHENGXIN_PERSON", help="经办人 · who does it")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="哪一天，默认今天 · as of this day")]
Id = Annotated[str, typer.Argument(help="批次号 · id of the submission")]
HERE = Path("site")

site_app = typer.Typer(help="站点：新建 · sites", no_args_is_help=True)
authorities_app = typer.Typer(help="机关名录 · authorities that report", no_args_is_help=True)


def open_here(folder: Path) -> "Site":
    """Open the site in a folder: Django is set up from here on. Raises Refused."""
    from chengxin.site.folder import open_site

    return open_site(folder)


def answer(data: Any, said: Said, as_json: bool) -> None:
    """The answer as JSON or as a sentence."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))
    else:
        show.say(said)


@site_app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="空目录 · an empty folder", envvar="CHENGXIN_SITE")] = HERE,
    demo: Annotated[bool, typer.Option("--demo", help="演示站点：可用 --as 代报 · made-up data, --as allowed")] = False,
    origin: Annotated[str, typer.Option(help="日志名称 · name of the log")] = "chengxin.example/log",
    as_json: AsJson = False,
) -> None:
    """新建站点：密钥文件和表 · make a site: key file and tables."""
    from chengxin.site.folder import About, make_site

    site = make_site(folder, About(origin, demo))
    key = site.keys.log.verifier
    first = f"chengxin accounts add LOGIN --name NAME --role office --site {folder}"
    zh = f"站点已建于 {folder}。日志公钥：{key}\n第一个账号：{first}"
    en = f"Made {folder}. Key of its log: {key}\nThe first account: {first}"
    said = Said(zh, en)
    answer({"folder": folder, "demo": demo, "log_key": key}, said, as_json)


@authorities_app.command("load")
def load(
    roster: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], site: Where = HERE, as_json: AsJson = False
) -> None:
    """载入机关名录（CSV：code,name,resources,kind）· load the roster; kind: department, partner, upper."""
    open_here(site)
    from chengxin.site.actions.authorities import load_roster

    codes = load_roster(roster, load_catalogue(legal_today()))
    answer(codes, Said(f"载入 {len(codes)} 个机关。", f"{len(codes)} authorities loaded."), as_json)


@authorities_app.command("key")
def key(code: Annotated[str, typer.Argument()], site: Where = HERE, as_json: AsJson = False) -> None:
    """给机关一把新密钥（只显示这一次）· a fresh key for an authority, shown once; the earlier one ends."""
    opened = open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import give_key

    _, given = give_key(code, COMMAND_LINE, demo=opened.about.demo)
    typer.echo(json.dumps({"code": code, "key": given}) if as_json else given)


def submit(
    resource: Annotated[str, typer.Argument(help="信息类 · resource")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    site: Where = HERE,
    sender: Annotated[
        str | None, typer.Option("--as", help="机关代码，仅演示站点 · authority, demo sites only")
    ] = None,
    mode: Annotated[str, typer.Option(help="increment | full")] = "increment",
    by: By = "clerk",
    reviewed_by: Annotated[str, typer.Option("--reviewed-by", help="保密审查人 · second person")] = "",
    hidden: Annotated[str, typer.Option(help="隐藏行 ask|read|skip")] = "ask",
    heading: Headings = None,
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """报送一个文件 · send a file. 非演示站点用环境变量 CHENGXIN_AUTHORITY_KEY 出示机关密钥."""
    opened = open_here(site)
    from chengxin.site.actions.judging import Sending
    from chengxin.site.actions.submissions import submit as send
    from chengxin.site.work import work_folder

    if mode not in ("increment", "full"):
        raise Refused("mode", Said("--mode 应为 increment 或 full。", "--mode is increment or full."))
    authority = authority_of(opened, sender, load_catalogue(legal_today()).resource(resource).name)
    day = on.date() if on and opened.about.demo else None
    catalogue = load_catalogue(day or legal_today())
    name = catalogue.resource(resource).name
    mapping = mapped(heading or [], opened.headings, authority, name, catalogue)
    sending = Sending(name, file, authority, by, mode, day, mapping=mapping, hidden=hidden)
    with work_folder(opened.folder) as results:
        with show.progress(file.name) as tell:
            receipt = send(opened, sending, reviewed_by, tell, results)
        _show_submission(receipt.submission, as_json, receipt.outcome is None)
        if receipt.outcome is not None and not as_json:
            show.notes(receipt.outcome.notes)
            table = show.reasons(receipt.outcome.findings())
            if table is not None:
                show.out.print(table)


def authority_of(site: "Site", sender: str | None, resource: str | None = None, purpose: str | None = None) -> str:
    """The authority that a command speaks for: on a demo site any, else that of the key that is presented. Raises Refused.

    Without a purpose the key must be one for sending.
    """
    from chengxin.site.actions.api_keys import OWN, presented

    if sender and not site.about.demo:
        raise Refused(
            "as-only-in-demo",
            Said(
                "--as 只能用于演示站点；请出示机关密钥 CHENGXIN_AUTHORITY_KEY。",
                "--as is for demo sites; present CHENGXIN_AUTHORITY_KEY.",
            ),
        )
    if sender:
        return sender
    key = os.environ.get("CHENGXIN_AUTHORITY_KEY")
    if not key:
        raise Refused(
            "no-key",
            Said("请出示机关密钥：设环境变量 CHENGXIN_AUTHORITY_KEY。", "Present a key: set CHENGXIN_AUTHORITY_KEY."),
        )
    return presented(key, resource, purpose or OWN).authority_id


def as_data(submission: "Submission") -> dict[str, Any]:
    """A submission as plain data."""
    names = (
        "resource",
        "mode",
        "name",
        "kind",
        "size",
        "digest",
        "state",
        "reason",
        "known_on",
        "submitted_by",
        "reviewed_by",
    )
    return {
        "id": submission.id.hex,
        "authority": submission.authority_id,
        **{name: getattr(submission, name) for name in names},
        "counts": submission.counts,
        "change_set": submission.change_set,
    }


def _show_submission(submission: "Submission", as_json: bool, again: bool = False) -> None:
    data = as_data(submission)
    counts = "，".join(f"{k} {v:,}" for k, v in submission.counts.items())
    state = State(submission.state).said
    zh = f"{'此文件此前已报送。' if again else ''}批次 {data['id']}：{state.zh}。{counts}。{submission.reason}"
    en = f"{'This file was sent before. ' if again else ''}Submission {data['id']}: {state.en}."
    answer({**data, "answered_from_receipt": again}, Said(zh, en), as_json)


def submissions(site: Where = HERE, as_json: AsJson = False) -> None:
    """各批次 · submissions, newest first."""
    open_here(site)
    from chengxin.site.store.models import Submission

    rows = Submission.objects.order_by("-received_at")
    if as_json:
        typer.echo(json.dumps([as_data(s) for s in rows], ensure_ascii=False, indent=1, default=str))
        return
    last = list(rows[:200])
    if not last:
        zh = "还没有报送过文件。报送一个：chengxin submit 信息类 文件"
        show.say(Said(zh, "Nothing was sent yet. Send a file: chengxin submit RESOURCE FILE"))
    for submission in last:
        _show_submission(submission, False)


def review(
    submission: Id,
    site: Where = HERE,
    by: By = "",
    withhold: Annotated[list[str] | None, typer.Option(help="不公开的数据项=理由 · FIELD=why")] = None,
    as_json: AsJson = False,
) -> None:
    """第二人保密审查，审查后生效 · the second person's secrecy review."""
    opened = open_here(site)
    from chengxin.site.actions.submissions import review as sign

    if not by:
        raise Refused("who", Said("请用 --by 写明审查人。", "Say who reviews: --by."))
    withheld = dict(entry.partition("=")[::2] for entry in withhold or [])
    _show_submission(sign(opened, submission, by, withheld), as_json)


def recall(
    submission: Id,
    reason: Annotated[str, typer.Option(help="理由 · why")],
    site: Where = HERE,
    by: By = "clerk",
    as_json: AsJson = False,
) -> None:
    """撤回一个批次，被它更正的恢复原状 · recall a submission."""
    opened = open_here(site)
    from chengxin.site.actions.recall import take_back
    from chengxin.site.actions.submissions import found

    counts = take_back(opened, found(submission), by, reason)
    said = Said(f"已撤回：移除 {counts['removed']:,} 条，恢复 {counts['restored']:,} 条。", f"Recalled: {counts}.")
    answer(counts, said, as_json)


def release(
    submission: Id,
    reason: Annotated[str, typer.Option()],
    site: Where = HERE,
    by: By = "office",
    as_json: AsJson = False,
) -> None:
    """信用办放行暂存的批次 · let a held feed go on."""
    opened = open_here(site)
    from chengxin.site.actions.held import release as let

    _show_submission(let(opened, submission, by, reason), as_json)


def replay(submission: Id, site: Where = HERE, as_json: AsJson = False) -> None:
    """规则修正后重判留存的原件 · judge a kept file again."""
    opened = open_here(site)
    from chengxin.site.actions.submissions import replay as again

    _show_submission(again(opened, submission), as_json)
