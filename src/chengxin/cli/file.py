"""`chengxin file CODE --from DIR`: an organisation's credit file, built from the files that departments sent."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from chengxin.cli import opened, show
from chengxin.cli.travelled import registers_of
from chengxin.flow.way import Registers
from chengxin.lists.check import in_force
from chengxin.sharing.access import decide
from chengxin.sharing.questions import Action, Allowed, Question
from chengxin.standards.load import Catalogue
from chengxin.standards.readers import Kind, Reader
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc

SiteFolder = Annotated[Path, typer.Option("--site", envvar="CHENGXIN_SITE", help="站点目录 · folder of the site")]
Purpose = Annotated[str, typer.Option(help="查询目的（站点必填）· what it is read for")]
MaybeFolder = Annotated[
    Path | None,
    typer.Option(
        "--from", help="部门报送文件所在文件夹（不用站点）· folder of sent files", exists=True, file_okay=False
    ),
]
# What the head of a file and the lines of a record say already.
_SHAPED = ("subject_code", "subject_name", "document", "source_name", "source_code")
Code = Annotated[str, typer.Argument(help="统一社会信用代码 · unified social credit code")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="哪一天，默认今天 · as of this day")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")]


def asked_code(code: str) -> str:
    """The code that was asked for. People are not found here: only organisations' codes are taken."""
    plain = code.strip().upper()
    if not is_uscc(plain):
        raise Refused(
            "not-a-code",
            Said(
                f"“{code}”不是有效的统一社会信用代码。这里只能按组织的代码查询。",
                f"{code!r} is not a valid unified social credit code. Only organisations can be looked up here.",
            ),
        )
    return plain


def known_subject(registers: Registers, code: str) -> dict[str, Any]:
    """The subject with this code, present or former; nobody known is told apart from nothing recorded."""
    found = registers.subjects.filter((pl.col("code") == code) | pl.col("former_codes").list.contains(code))
    if found.is_empty():
        raise Refused(
            "unknown-subject",
            Said(f"登记信息中没有代码 {code} 的主体。", f"No subject with the code {code} is in the registers."),
        )
    return found.row(0, named=True)


def file(
    code: Code,
    folder: MaybeFolder = None,
    site: SiteFolder = Path("site"),
    on: Day = None,
    known: Annotated[
        datetime | None, typer.Option("--known", formats=["%Y-%m-%d"], help="按哪一天所知 · as known on")
    ] = None,
    purpose: Purpose = "",
    by: Annotated[str, typer.Option("--by", envvar="CHENGXIN_PERSON", help="查询人（留痕）· who reads")] = "clerk",
    as_json: AsJson = False,
) -> None:
    """一个组织的信用档案：每条有来源、日期、依据和最后一日 · an organisation's credit file."""
    day = on.date() if on else legal_today()
    if folder is None:
        from chengxin.cli.stored import As, stored_file  # noqa: PLC0415 - it uses this module's words

        stored_file(code, site, As(day, known.date() if known else None, purpose, by), as_json)
        return
    asked = asked_code(code)
    catalogue = opened.catalogue_of(day)
    registers = registers_of(folder, catalogue, day)
    subject = known_subject(registers, asked)
    records = registers.state(day).filter(pl.col("subject") == subject["code"])
    shown = records.filter(in_force(day)).sort("resource", "decided_on", descending=[False, True])
    if as_json:
        typer.echo(json.dumps(as_data(subject, shown, catalogue, day), ensure_ascii=False, indent=1, default=str))
        return
    print_head(subject, day)
    print_records(shown, catalogue)
    empty = [r.title.zh for r in catalogue.resources.values() if r.name not in set(shown["resource"])]
    if empty:
        said = f"以下各类在已报送的信息中无有效记录（截至 {day}）：{'、'.join(empty)}。"
        show.out.print()
        show.say(Said(said, f"{len(empty)} other kinds: no record in force in what was sent, as of {day}."))


def as_data(subject: dict[str, Any], records: pl.DataFrame, catalogue: Catalogue, day: date) -> dict[str, Any]:
    """The file as plain data: the subject, and each record with the five things it must carry."""
    rows = [{**r, "content": readable(r, catalogue)} for r in records.drop("key", "sequence").iter_rows(named=True)]
    return {"subject": subject, "as_of": day, "records": rows}


def readable(record: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """What anybody may see of a record's content, with titles for codes."""
    resource = catalogue.resource(record["resource"])
    content: dict[str, Any] = json.loads(record["content"])
    question = Question(Reader.PUBLIC, Action.READ, resource.name, _kind(record["subject"], catalogue), "publicity")
    answer = decide(question, catalogue)
    shaped = {resource.role(r) for r in _SHAPED} | set(str(record.get("withheld") or "").split(","))
    seen = answer.fields - shaped if isinstance(answer, Allowed) else frozenset()
    return {f.title: content[f.name] for f in resource.fields if f.name in seen and f.name in content}


def _kind(code: str, catalogue: Catalogue) -> Kind:
    trader = code[:2] in catalogue.tables["uscc_kinds"]["sole_traders"]
    return Kind.PERSON if code.startswith("person:") else Kind.SOLE_TRADER if trader else Kind.ORGANISATION


def print_head(subject: dict[str, Any], day: date) -> None:
    """Who it is, in words."""
    former = [n for n in subject["former_names"] or [] if n]
    show.out.rule(f"{subject['name']}　{subject['code']}")
    status = subject["status"] or "未报送"
    show.say(Said(f"状态：{status}；截至 {day}。", f"Status: {status}; as of {day}."))
    if former:
        show.say(Said(f"曾用名：{'、'.join(former)}", f"Former names: {', '.join(former)}"))


_FLAGS = {True: "是 yes", False: "否 no"}
Told = Callable[[dict[str, Any], Catalogue], dict[str, Any]]


def print_records(records: pl.DataFrame, catalogue: Catalogue, told: Told = readable) -> None:
    """Records by resource, one paragraph each; `told`: what of a record's content is shown."""
    for resource in catalogue.resources.values():
        own = records.filter(pl.col("resource") == resource.name)
        if own.is_empty():
            continue
        show.out.print()
        show.out.print(f"{resource.title.zh} · {resource.title.en}（{own.height}）", style="bold")
        for record in own.iter_rows(named=True):
            _print_record(record, told(record, catalogue))


def _print_record(record: dict[str, Any], told: dict[str, Any]) -> None:
    title = record["document"] or "—"
    for label in (record["class"], "草案：依据待确认，不产生约束 draft" if record["draft"] else None):
        title += f"　［{label}］" if label else ""
    show.out.print(f"■ {title}", markup=False)
    end = record["last_day"] or "没有截止日 no end"
    lines = [
        f"来源 source：{record['source'] or record['authority'] or '—'}",
        f"决定 decided：{record['decided_on']}　收到 received：{record['known_on']}　最后一日 last day：{end}",
        f"依据 clause：{record['clause']}",
        "　".join(f"{k}：{_FLAGS[v] if isinstance(v, bool) else v}" for k, v in told.items()),
    ]
    for line in lines:
        show.out.print(f"  {line}", markup=False, soft_wrap=True)
