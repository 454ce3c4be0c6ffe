"""`chengxin demo`: a made-up district's files, received and judged before your eyes."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from chengxin.cli import opened, show
from chengxin.cli.world import make
from chengxin.flow.files import sent_files
from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome, Setting
from chengxin.flow.way import Passage
from chengxin.standards.load import Catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.world.articles import shipped_articles
from chengxin.world.make import World
from chengxin.world.truth import truth_on

if TYPE_CHECKING:
    from chengxin.site.folder import Site

MARKER = ".chengxin-demo"
HANDED_BACK = 6
YEARS = 3


def demo(
    out: Annotated[
        Path, typer.Option(help="写到此文件夹（演示专用，会清空）· folder of the demonstration, emptied")
    ] = Path("demo"),
    subjects: Annotated[int, typer.Option(min=10, max=300_000, help="主体数 · number of subjects")] = 3_000,
    seed: Annotated[int, typer.Option(help="种子 · seed")] = 1,
    years: Annotated[int, typer.Option(min=1, max=9, help="演几年 · years that are played")] = YEARS,
    serve: Annotated[bool, typer.Option("--serve", help="然后打开网站 · then serve its pages")] = False,
) -> None:
    """造一个虚构的区，按日期受理它几年的文件 · make a district and take in some years of its files."""
    _clear(out)
    day = legal_today()
    made = make(seed, subjects, years, out / "district", day)
    _tell_history(made, years, day)
    passages: list[tuple[Passage, float]] = []
    begun = [time.perf_counter()]

    def seen(passage: Passage) -> None:
        now = time.perf_counter()
        passages.append((passage, now - begun[0]))
        begun[0] = now

    catalogue = opened.catalogue_of(day)
    site = _fill(out, catalogue, seen)
    show.out.print(_table(passages, catalogue))
    _tell_refused(passages)
    _tell_registers(out / "district", day)
    _hand_back(passages, out, Setting(catalogue, opened.order("registration", day)))
    _tell_next(out, day)
    _tell_accounts(site)
    if serve:
        from chengxin.cli.serve import serve as serve_pages  # noqa: PLC0415 - other commands run without a server

        serve_pages(site=out / "site")


def _tell_history(made: World, years: int, day: date) -> None:
    files, rows = made.file_count, sum(made.rows.values())
    first = day.replace(year=day.year - years) if (day.month, day.day) != (2, 29) else day - timedelta(365 * years)
    show.say(
        Said(
            f"演 {years} 年（{first} 至 {day}）：{made.subject_count:,} 个主体，31 个部门的 {files:,} 个文件、{rows:,} 行，"
            "按报送日期依次受理。",
            f"{years} years are played, {first} to {day}: {made.subject_count:,} subjects, {files:,} files of 31 departments "
            f"with {rows:,} rows, each on its day.",
        )
    )


def _fill(out: Path, catalogue: Catalogue, seen: Callable[[Passage], None]) -> "Site":
    """A site of the district, filled with what its departments sent."""
    from chengxin.site.folder import About, make_site  # noqa: PLC0415 - other commands run without Django

    site = make_site(out / "site", About("demo.chengxin.example/log", demo=True))
    from chengxin.site.actions.articles import seed  # noqa: PLC0415
    from chengxin.site.actions.district import CLERK, COLLEAGUE, take_in  # noqa: PLC0415

    total = len(sent_files(out / "district"))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=show.err, transient=True, disable=not show.err.is_terminal) as bar:
        task = bar.add_task("受理、校验、归户、入库 · receive, validate, resolve, record", total=total)
        for passage in take_in(site, out / "district", catalogue, out / "results"):
            bar.update(task, advance=1, description=f"{passage.sent.received_on}　{passage.sent.path.name}")
            seen(passage)
    seed(shipped_articles(), CLERK, COLLEAGUE)
    return site


def _clear(out: Path) -> None:
    if out.exists() and any(out.iterdir()):
        if not (out / MARKER).exists():
            raise Refused(
                "not-a-demo", Said(f"{out} 里有别的东西，不清空。", f"{out} holds something else; it is not emptied.")
            )
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).touch()


def _wrong(outcomes: list[Outcome]) -> str:
    """Findings that cost a row, by rule."""
    found = pl.concat([outcome.findings() for outcome in outcomes]).filter(pl.col("severity") == "reject")
    rules = found.select(pl.col("rule").str.split(".").list.last())
    counted = rules.group_by("rule").len().sort("len", "rule", descending=[True, False]).collect()
    return "  ".join(f"{rule} {count}" for rule, count in counted.iter_rows())


def _table(passages: list[tuple[Passage, float]], catalogue: Catalogue) -> Table:
    """Resource by resource: what came, what could be taken, what is wrong by rule, how fast."""
    table = Table(caption="files; received, accepted, duplicate, held rows; what is to be mended, by rule", expand=True)
    table.add_column("信息类 resource", overflow="fold", ratio=1)
    for head in ("文件", "收到", "可接收", "重复", "待定", "秒/文件"):
        table.add_column(head, justify="right", no_wrap=True)
    for resource in catalogue.resources.values():
        own = [(p, seconds) for p, seconds in passages if p.sent.resource == resource.name]
        outcomes = [p.outcome for p, _ in own if p.outcome is not None]
        if not own:
            continue
        wrong = _wrong(outcomes) if outcomes else ""
        counts = [sum(getattr(o, name) for o in outcomes) for name in ("received", "accepted", "duplicate", "held")]
        name = f"{resource.title.zh} {resource.name}"
        each = f"{sum(seconds for _, seconds in own) / len(own):.2f}"
        table.add_row(
            f"{name}\n[dim]{wrong}[/dim]" if wrong else name, f"{len(own):,}", *(f"{c:,}" for c in counts), each
        )
    return table


def _tell_refused(passages: list[tuple[Passage, float]]) -> None:
    for passage, _ in passages:
        if passage.refused:
            show.say(passage.refused.said)


def _tell_registers(district: Path, day: date) -> None:
    from chengxin.site.actions.district import counts  # noqa: PLC0415

    held, true = counts(), truth_on(district, day)
    enterprise, other, person = (held.get(name, 0) for name in ("enterprise", "other", "person"))
    show.say(
        Said(
            f"三个基本数据库：企业 {enterprise:,}，其他组织 {other:,}，自然人 {person:,}；信用信息 {held['records']:,} 条；"
            f"等待人工认定 {held['waiting']:,} 行。按真值应有组织 {true.subjects.height:,} 个。",
            f"Three registers: {enterprise:,} enterprises, {other:,} other organisations, {person:,} persons; "
            f"{held['records']:,} records; {held['waiting']:,} rows wait for a person. "
            f"By the truth of the world there must be {true.subjects.height:,} organisations.",
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


def _tell_next(out: Path, day: date) -> None:
    from chengxin.site.actions.district import first_known, most_recorded  # noqa: PLC0415

    code, past = most_recorded(), day - first_known()
    before = day - min(timedelta(days=365), past / 2)
    show.say(
        Said(
            "再看一个组织今天和较早一天所知的档案，与真值对照；核验日志：",
            "Then look at one organisation, as known today and on an earlier day, compare with the truth, and verify the log:",
        )
    )
    asked = f"file {code} --site {out / 'site'} --purpose 试用"
    commands = [asked, f"{asked} --on {before} --known {before}"] if code else []
    commands += [f"truth {out / 'district'} --known {before} --code {code}"] if code else []
    for command in (*commands, f"log verify --site {out / 'site'}", f"submissions --site {out / 'site'}"):
        show.out.print(f"  .venv/bin/chengxin {command}", markup=False, soft_wrap=True)
    show.say(Said("打开网站：http://localhost:8000", "Open the site at http://localhost:8000:"))
    show.out.print(f"  .venv/bin/chengxin serve --site {out / 'site'}", markup=False, soft_wrap=True)


def _tell_accounts(site: "Site") -> None:
    """Who can sign in, made now that it is known which departments and companies there are."""
    from chengxin.site.actions.demo_accounts import make_demo_accounts  # noqa: PLC0415

    table = Table(caption="演示账号，登录页也列出 · accounts of the demonstration, also told on the sign-in page")
    for head in ("登录名 login", "密码 password", "是谁 who", "角色 roles", "单位 of"):
        table.add_column(head, overflow="fold")
    for one in make_demo_accounts(site):
        account, of = one.account, one.account.authority.name if one.account.authority else one.account.organisation
        roles = "、".join(role.said.zh for role in account.listed)
        table.add_row(
            account.login,
            one.password,
            account.name,
            roles,
            of or ("本人 themselves" if account.person else "信用办 credit office"),
        )
    show.out.print(table)
