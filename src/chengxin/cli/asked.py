"""`chengxin check CODE --site DIR`: through the gate and with a receipt, as at the desk. Imports of the site as in `cli.site`."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from chengxin.cli import show
from chengxin.cli.site import authority_of, open_here
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.actions.checks import Answer, Entry


@dataclass(frozen=True)
class Asked:
    """What a check on a site takes beside the subject: purpose and matter by name or title, the case, who asks for whom."""

    purpose: str
    matter: str
    case: str
    sender: str | None
    by: str


def site_check(typed: str, folder: Path, on: date | None, asked: Asked, as_json: bool) -> None:
    """Answer by the gate, write Look and receipt, print both. Raises Refused."""
    site = open_here(folder)
    from chengxin.site.access.asked import Who
    from chengxin.site.actions.checks import Asking, check
    from chengxin.site.store.models import Authority

    day = on if on and site.about.demo else None
    if on and on != legal_today() and day is None:
        zh = "正式站点只能核查当日：不要用 --on。"
        raise Refused("today", Said(zh, "A site in service checks as of today: leave --on out."))
    purpose, matter = _names(asked, day or legal_today())
    body = authority_of(site, asked.sender, purpose=purpose)
    if not Authority.objects.filter(code=body, active=True).exists():
        raise Refused("unknown-authority", Said(f"没有代码为 {body} 的机关。", f"No authority has the code {body}."))
    who = Who(f"command:{asked.by}", body, asked.case)
    answer = check(site, Asking("authority.check_answer", who, typed, purpose, matter, day))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())
    else:
        _print(answer)


def _names(asked: Asked, day: date) -> tuple[str, str]:
    """Purpose and matter by what was typed, a name or a title in Chinese; what is missing is asked for with what there is."""
    catalogue = load_catalogue(day)
    purposes = {t: p.name for p in catalogue.purposes.values() if p.used_in for t in (p.name, p.title.zh)}
    matters = {t: m.name for m in catalogue.matters.values() for t in (m.name, m.title.zh)}
    if asked.purpose not in purposes or asked.matter not in matters:
        known = "、".join(f"{p.name}（{', '.join(p.used_in)}）" for p in catalogue.purposes.values() if p.used_in)
        raise Refused(
            "no-purpose",
            Said(
                f"请用 --purpose 和 --matter 写明用途和事项：{known}。",
                f"Say what for and in which work: --purpose and --matter. Known: {known}.",
            ),
        )
    return purposes[asked.purpose], matters[asked.matter]


def _print(answer: "Answer") -> None:
    if answer.subject:
        show.out.rule(f"{answer.subject.name}　{answer.subject.code}")
    for other in answer.same:
        show.say(Said(f"同一主体：{other.name}　{other.code}", f"The same subject: {other.code}"))
    show.say(answer.said)
    for entry in answer.entries:
        _print_entry(entry)
    if answer.withheld:
        zh = f"{answer.withheld} 条与日志不符，不予展示。"
        show.say(Said(zh, f"{answer.withheld} do not fit the log and are withheld."), show.err)
    show.say(Said(f"回执 {answer.receipt}，摘要 {answer.digest}", f"Receipt {answer.receipt}, digest {answer.digest}"))


def _print_entry(entry: "Entry") -> None:
    label = "　".join(t for t in (entry.list_title.zh if entry.list_title else None, entry.severity) if t)
    show.out.print(f"■ {entry.title.zh}　{entry.document or '—'}　{label}", markup=False)
    end = entry.last_day or "没有截止日 no end"
    for line in (
        f"来源 source：{entry.source or entry.authority or '—'}",
        f"决定 decided：{entry.decided_on}　收到 received：{entry.received_on}　最后一日 last day：{end}",
        f"依据 clause：{entry.clause}",
    ):
        show.out.print(f"  {line}", markup=False, soft_wrap=True)
