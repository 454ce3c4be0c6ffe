"""`chengxin report CODE`: a sealed credit report at the counter; `--list`: one for each of a list, as a zip with a table."""

import re
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chengxin.cli import show
from chengxin.cli.file import asked_code
from chengxin.cli.site import HERE, AsJson, Where, answer, open_here
from chengxin.reports.compose import Order
from chengxin.reports.report import as_data
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.access.asked import Asked
    from chengxin.site.actions.kept import Sealer
    from chengxin.site.actions.reports import Issued
    from chengxin.site.folder import Site
    from chengxin.site.store.models import Job

_TEXTS = (".txt", "")  # files that are a list as it would be pasted; others have headings
_EACH = 1.0  # seconds between two looks at a job that the site's worker has
_ID = re.compile("[0-9a-f]{32}")
Days = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="专项：自哪一天 · from")]
Until = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="专项：至哪一天 · to")]


def report(
    code: Annotated[str, typer.Argument(help="统一社会信用代码 · unified social credit code")] = "",
    purpose: Annotated[str, typer.Option(help="用途，如 tender、financing · what it is for")] = "",
    out: Annotated[Path | None, typer.Option(help="写到哪个文件 · file to write (.pdf; a list: .zip)")] = None,
    form: Annotated[str, typer.Option(help="standard 或 special · kind of report")] = "standard",
    since: Days = None,
    until: Until = None,
    domain: Annotated[list[str] | None, typer.Option(help="专项：领域，可重复 · domains, repeatable")] = None,
    language: Annotated[str, typer.Option(help="zh 或 en（中文附英文）· en: with an English gloss")] = "zh",
    listed: Annotated[
        Path | None, typer.Option("--list", help="名单：Excel、CSV，或每行一个的文本 · a list", exists=True)
    ] = None,
    batch: Annotated[str, typer.Option("--batch", help="接着做或再取一份名单的报告 · go on with a list")] = "",
    matter: Annotated[str, typer.Option(help="名单的办理事项 · in which matter a list is")] = "",
    site: Where = HERE,
    by: Annotated[str, typer.Option("--by", envvar="CHENGXIN_PERSON", help="经办人（留痕）· who does it")] = "clerk",
    as_json: AsJson = False,
) -> None:
    """信用报告：有电子印章的 PDF，任何人都可核验 · a sealed credit report that anybody can verify."""
    first, last = (d.date() if d else None for d in (since, until))
    order = Order(form, purpose, first, last, tuple(domain or ()))
    if language not in ("zh", "en"):
        raise Refused("language", Said("--language 只能是 zh 或 en。", "--language is zh or en."))
    if out is None or len([given for given in (code, listed, batch) if given]) != 1:
        zh = "请给出一个代码（或用 --list 给出名单、--batch 接着做），并用 --out 写明文件。"
        raise Refused("what", Said(zh, "Give a code, or a list with --list, and say where to write with --out."))
    opened = open_here(site)
    if batch:
        _go_on(opened, _batch(batch), out, as_json)
        return
    if listed:
        _many(opened, listed, order, language, by, matter or listed.name, out, as_json)
        return
    made = _issued(opened, asked_code(code), order, language, by)
    out.write_bytes(made.file)
    said = Said(
        f"已出具 {made.row.number}，共 {made.told.items} 条，写到 {out}。",
        f"Issued {made.row.number} with {made.told.items} items, written to {out}.",
    )
    answer(as_data(made.told), said, as_json)


def _issued(site: "Site", code: str, order: Order, language: str, by: str) -> "Issued":
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue

    asked = _asked(by)
    return issue(site, asked, group_of(asked, code), order, language)


def _asked(by: str) -> "Asked":
    from chengxin.site.actions.report_batches import asked_by

    return asked_by(f"command:{by}", "counter")


def _many(
    site: "Site", listed: Path, order: Order, language: str, by: str, matter: str, out: Path, as_json: bool
) -> None:
    """The job of the office's desk, done here at once; what breaks off goes on by `--batch` or by the site's worker."""
    from chengxin.site.actions import report_batches

    batch = report_batches.Batch(order, matter, language)
    if listed.suffix.lower() in _TEXTS:
        job = report_batches.from_text(site, f"command:{by}", listed.read_text("utf-8-sig", "replace"), batch)
    else:
        job = report_batches.from_file(f"command:{by}", listed.name, _sealed(site, listed), batch)
    _done(job)
    n, batch_id = job.result["counts"].get("found", 0), job.id.hex
    zh = f"名单已核对，{n:,} 份可以出具。中断后接着做：--batch {batch_id}"
    show.say(Said(zh, f"The list was looked up: {n:,} reports. To go on after a break: --batch {batch_id}"), show.err)
    _go_on(site, job, out, as_json)


def _go_on(site: "Site", job: "Job", out: Path, as_json: bool) -> None:
    """Issue what the batch still lacks, then write the zip: never more of it in memory than one report."""
    from chengxin.reports.listed import Row
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.actions import report_batches
    from chengxin.site.office.report_package import streamed

    if job.state != "done" and job.result.get("counts", {}).get(Row.FOUND):
        report_batches.confirm(job)
        _done(job)
    fresh = out.with_name(out.name + ".new")
    asked = report_batches.asked_by(job.by, job.reading["matter"])
    asked = replace(asked, outlet=outlet_named("office.reports_file"))
    with fresh.open("wb") as stream:
        for piece in streamed(site, job, asked):
            stream.write(piece)
    fresh.replace(out)
    done, rows = len(report_batches.issued_in(job)), job.result["rows"]
    missing = rows - done - job.result["counts"].get(Row.REPEATED, 0)
    zh = f"已出具 {done:,} 份，写到 {out}" + (f"；{missing:,} 行没有出具，原因在 table.csv。" if missing else "。")
    en = f"{done:,} issued, written to {out}" + (
        f"; {missing:,} rows were not, table.csv says why." if missing else "."
    )
    answer({"issued": done, "not_issued": missing, "file": str(out), "batch": job.id.hex}, Said(zh, en), as_json)


def _done(job: "Job") -> None:
    """Do a step here; if the site's worker was first, wait for it. Raises Refused if it was not done."""
    from chengxin.flow.states import JobState
    from chengxin.site.actions import jobs

    jobs.run.func(job.id.hex)
    job.refresh_from_db()
    while JobState(job.state).busy:
        time.sleep(_EACH)
        job.refresh_from_db()
    if job.state not in (JobState.CHECKED, JobState.DONE):
        zh, en = job.result.get("said") or ("已停止。", "It was stopped.")
        said = Said(f"{zh}接着做：chengxin report --batch {job.id.hex} --out …", f"{en} Go on: --batch {job.id.hex}")
        raise Refused(job.result.get("code") or "not-done", said)


def _batch(identity: str) -> "Job":
    from chengxin.site.actions.report_batches import RESOURCE
    from chengxin.site.store.models import Job

    found = Job.objects.filter(id=identity, resource=RESOURCE).first() if _ID.fullmatch(identity) else None
    if found is None or not found.result.get("counts"):
        zh = "没有这份名单，或已过保存期。编号在开始时写出，也在信用办工作台的地址里。"
        raise Refused("no-batch", Said(zh, "No such batch, or its days are over."))
    return found


def _sealed(site: "Site", path: Path) -> "Sealer":
    from chengxin.site.actions.kept import Sealer

    sealer = Sealer(site)
    sealer.write(path.read_bytes())
    return sealer
