"""The steps of a file that is sent at a desk: check, mend, send; and a review that is carried out. Each may run again.

Nothing of the file lies in the clear but in the site's own work folder, for as long as a step lasts.
"""

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome, Setting, judge
from chengxin.flow.mended import Edits, faulty_rows, write_mended
from chengxin.flow.states import JobState
from chengxin.intake.hiding import hide_in
from chengxin.intake.mapping import remember, remembered
from chengxin.intake.received import Note, Part
from chengxin.site.actions import jobs, judging, kept, quarantine, submissions, whole
from chengxin.site.actions.jobs import Telling
from chengxin.site.folder import Site
from chengxin.site.store.models import Job, Submission
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue
from chengxin.validation.findings import no_findings
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

MOST_FAULTY = 200  # rows that a page offers to mend; more are mended in the annotated workbook
MOST_BUSY = 20  # files of one body that wait or are under way
_OF_JOB = ("original", "arrived", "findings", "faulty", "edits", "annotated")


@dataclass(frozen=True)
class Upload:
    """A file that came: for which resource, how it is to be read, what its receipt says beside."""

    resource: str
    mode: str
    name: str
    way: str = "desk"
    about: dict[str, Any] | None = None


def upload(site: Site, authority: str, by: str, what: Upload, sealer: kept.Sealer) -> Job:
    """Keep what was sealed while it came, and let a worker check it. Raises Refused if too much of the body waits already."""
    _not_busy(authority)
    mapping = remembered(site.folder / "headings", authority, what.resource)
    job = _job(authority, by, what, {"mapping": mapping, "hidden": "ask"})
    job.size = sealer.size
    with transaction.atomic():
        job.save(force_insert=True)
        sealer.keep(job, "original", legal_today())
        jobs.begin(job, "check")
    return job


def later(site: Site, sending: judging.Sending) -> Job:
    """What a program sends that takes longer than its request may wait: a worker judges and submits it. Raises Refused."""
    _not_busy(sending.authority)
    what = Upload(sending.resource, sending.mode, sending.path.name, sending.way)
    told = {"hidden": sending.hidden, "source_order": sending.source_order}
    told |= {"known_on": str(sending.known_on)} if sending.known_on else {}
    with transaction.atomic():
        job = made(site, sending.authority, sending.submitted_by, what, sending.path, told)
        jobs.begin(job, "send")
    return job


def made(site: Site, authority: str, by: str, what: Upload, path: Path, reading: dict[str, Any] | None = None) -> Job:
    """A job with a file that lies here; it is not begun yet."""
    job = _job(authority, by, what, {"mapping": {}, "hidden": "ask"} | (reading or {}))
    job.size = path.stat().st_size
    with transaction.atomic():
        job.save(force_insert=True)
        kept.keep(site, path, job, "original", legal_today())
    return job


def _not_busy(authority: str) -> None:
    if Job.objects.filter(authority=authority, state__in=("waiting", "running")).count() >= MOST_BUSY:
        zh = f"本单位已有 {MOST_BUSY} 份文件在处理，请等一会再传。"
        raise Refused("busy", Said(zh, f"{MOST_BUSY} files of your body are being worked on; please wait."))


def _job(authority: str, by: str, what: Upload, reading: dict[str, Any]) -> Job:
    now = timezone.now()
    name = hide_in(what.name, "text", legal_today())  # it is kept and shown
    reading |= {"way": what.way, "about": what.about or {}}
    return Job(
        id=uuid.UUID(new_id()), authority_id=authority, by=by, resource=what.resource, mode=what.mode, name=name,
        reading=reading, made_at=now, changed_at=now, state=JobState.WAITING.value,
    )  # fmt: skip


def answer(site: Site, job: Job, headings: dict[str, str], hidden: str | None) -> None:
    """The clerk's answers: what unknown headings mean (remembered for the body), what hidden rows are; it is checked again."""
    _checked(job)
    if hidden not in (None, "read", "skip"):
        raise Refused("hidden", Said("请选择读取还是跳过隐藏的行。", "Say whether hidden rows are read or skipped."))
    if headings:
        remember(site.folder / "headings", job.authority_id or "", job.resource, headings)
        job.reading["mapping"] = {**job.reading["mapping"], **headings}
    job.reading["hidden"] = hidden or job.reading["hidden"]
    jobs.begin(job, "check")


def mend(site: Site, job: Job, edits: Edits) -> None:
    """Cells that the clerk wrote anew on the page: they become part of the file, which is checked again."""
    _checked(job)
    if not any(rows for rows in edits.values()):
        raise Refused("no-edits", Said("没有改动。", "Nothing was changed."))
    with transaction.atomic(), work_folder(site.folder) as folder:
        path = folder / "edits.json"
        path.write_text(json.dumps(edits, ensure_ascii=False), "utf-8")
        kept.replace(site, path, job, "edits", legal_today())
        jobs.begin(job, "mend")


def confirm(job: Job) -> None:
    """Send what was checked: the rows that can be taken; the others stay as problem data. Raises Refused."""
    _checked(job)
    if questions(job):
        raise Refused("asked", Said("请先回答检查中提出的问题。", "Please answer what the check asks first."))
    if not job.result["counts"]["accepted"]:
        raise Refused("nothing-to-send", Said("没有可以接收的行，请先修改。", "No row can be taken; mend some first."))
    jobs.begin(job, "send")


def questions(job: Job) -> list[dict[str, Any]]:
    """Notes that need the clerk's answer before anything can be sent."""
    return [n for n in job.result.get("notes", ()) if n["severity"] == "ask"]


def mend_refused(site: Site, submission: Submission, by: str) -> Job:
    """A job with the refused rows of a submission, to be mended and sent again. Raises Refused once they were destroyed."""
    refused = quarantine.rows(site, submission)
    if refused.is_empty():
        raise Refused("nothing-refused", Said("该批次没有要改的行。", "This submission has no rows to mend."))
    name = f"{Path(submission.name).stem}（待改 {refused.height} 行）.xlsx"
    reading = {k: submission.reading.get(k) for k in ("mapping", "hidden")}
    about = {"again": submission.id.hex}
    job = _job(submission.authority_id, by, Upload(submission.resource, "increment", name, about=about), reading)
    with work_folder(site.folder) as folder, kept.opened(site, submission, "original", submission.name) as path:
        out = folder / "again.xlsx"
        only = {str(part): frozenset(rows["row"]) for (part,), rows in refused.group_by("part")}
        write_mended(path, out, _setting(site, job, path, submission.known_on), {}, only)
        job.size = out.stat().st_size
        with transaction.atomic():
            job.save(force_insert=True)
            kept.keep(site, out, job, "original", legal_today())
            jobs.begin(job, "check")
    return job


def review(submission: Submission, by: str, withheld: dict[str, str]) -> Job:
    """Let a worker carry out a second person's review; who may not review is refused here and now."""
    submissions.check_review(submission, by, withheld)
    what = Upload(submission.resource, submission.mode, submission.name)
    job = _job(submission.authority_id, by, what, {"withheld": withheld})
    job.submission = submission
    with transaction.atomic():
        job.save(force_insert=True)
        jobs.begin(job, "review")
    return job


def replay(submission: Submission | None, by: str) -> Job:
    """Let a worker judge the refused rows of a submission again, after a rule was mended. Raises Refused."""
    if submission is None or submission.state != "effective" or not submission.counts.get("rejected"):
        raise Refused("nothing-refused", Said("该批次没有可重判的行。", "This submission has no rows to judge again."))
    if Job.objects.filter(submission=submission, step="replay", state__in=("waiting", "running")).exists():
        raise Refused("going", Said("该批次正在重判。", "It is being judged again already."))
    job = _job(submission.authority_id, by, Upload(submission.resource, submission.mode, submission.name), {})
    job.submission = submission
    with transaction.atomic():
        job.save(force_insert=True)
        jobs.begin(job, "replay")
    return job


@jobs.step("check")
def _check(site: Site, job: Job, tell: Telling) -> None:
    with kept.opened(site, job, "original", job.name) as path, work_folder(site.folder) as folder:
        setting = _setting(site, job, path)
        outcome = judge(path, setting, folder / "results", tell)
        findings = outcome.findings().collect()
        tell.writing(outcome.received, findings.height)
        _keep_findings(site, job, path, folder, setting, outcome, findings)
        sending = judging.sending_of(job, path)
        result = _result(outcome, findings) | whole.told(site, sending, outcome, setting.catalogue)
        known = submissions.answered_by(sending, outcome.receipt.sha256)
        if known:
            result["known"] = known.id.hex
        jobs.done(job, JobState.CHECKED, result=result)


@jobs.step("mend")
def _mend(site: Site, job: Job, tell: Telling) -> None:
    if kept.has(job, "edits"):
        with kept.opened(site, job, "edits", "edits.json") as path:
            edits = {
                part: {int(row): cells for row, cells in rows.items()}
                for part, rows in json.loads(path.read_text("utf-8")).items()
            }
        _apply(site, job, edits)
    _check(site, job, tell)


def _apply(site: Site, job: Job, edits: Edits) -> None:
    """The mended file takes the place of the one before; what arrived at first stays until it is sent."""
    with kept.opened(site, job, "original", job.name) as path, work_folder(site.folder) as folder:
        out = folder / "mended.xlsx"
        write_mended(path, out, _setting(site, job, path), edits)
        stem = Path(job.name).stem.removesuffix("（网页修改）")
        cells = sum(len(c) for rows in edits.values() for c in rows.values())
        mended = job.reading["about"].get("mended_cells", 0) + cells
        with transaction.atomic():
            if not kept.has(job, "arrived"):
                kept.rename(job, "original", "arrived")
                job.reading["about"]["arrived_digest"] = submissions.digest_of(path)
            kept.replace(site, out, job, "original", legal_today())
            kept.forget(site, job, "edits")
            job.name, job.size = f"{stem}（网页修改）.xlsx", out.stat().st_size
            job.reading["about"]["mended_cells"] = mended
            job.save(update_fields=["name", "size", "reading"])


@jobs.step("send")
def _send(site: Site, job: Job, tell: Telling) -> None:
    with kept.opened(site, job, "original", job.name) as path:
        receipt = submissions.submit(site, judging.sending_of(job, path), tell=tell)
    again = receipt.submission.received_at < job.made_at
    jobs.done(job, JobState.DONE, submission=receipt.submission, result={"again": again})
    kept.forget(site, job, *_OF_JOB)


@jobs.step("review")
def _review(site: Site, job: Job, tell: Telling) -> None:
    submission = job.submission
    if submission is None or submission.state == "effective":  # a killed worker had come so far
        jobs.done(job, JobState.DONE)
        return
    submissions.review(site, submission.id.hex, job.by, job.reading["withheld"])
    jobs.done(job, JobState.DONE)


@jobs.step("replay")
def _replay(site: Site, job: Job, tell: Telling) -> None:
    if job.submission is not None:
        submissions.replay(site, job.submission.id.hex)
    jobs.done(job, JobState.DONE)


@contextlib.contextmanager
def result_file(site: Site, job: Job, what: str, name: str) -> Iterator[Path]:
    """A result of a check in the clear, for as long as the block lasts. Raises Refused if it is not there."""
    with kept.opened(site, job, what, name) as path:
        yield path


def findings_of(site: Site, job: Job) -> pl.DataFrame:
    """What the last check found."""
    if not kept.has(job, "findings"):
        return no_findings()
    with kept.opened(site, job, "findings", "findings.parquet") as path:
        return pl.read_parquet(path, memory_map=False)


def faulty_of(site: Site, job: Job) -> list[dict[str, Any]]:
    """The rows to mend, part by part: name, fields, rows."""
    if not kept.has(job, "faulty"):
        return []
    with kept.opened(site, job, "faulty", "faulty.json") as path:
        return list(json.loads(path.read_text("utf-8")))


def _setting(site: Site, job: Job, path: Path, day: Any = None) -> Setting:
    day = day or legal_today()
    catalogue = load_catalogue(day)
    authority = judging.authority_of(job.authority_id or "", job.resource)
    return judging.setting_for(site, judging.sending_of(job, path), authority, catalogue, day, judging.known_for(path))


def _keep_findings(
    site: Site, job: Job, path: Path, folder: Path, setting: Setting, outcome: Outcome, findings: pl.DataFrame
) -> None:
    """Seal what the page shows and hands out: findings, rows to mend, the annotated workbook."""
    kept.forget(site, job, "findings", "faulty", "annotated")
    if findings.is_empty():
        return
    today = legal_today()
    findings.write_parquet(folder / "findings.parquet")
    kept.keep(site, folder / "findings.parquet", job, "findings", today)
    refused = findings.filter((pl.col("severity") == "reject") & pl.col("row").is_not_null())
    wanted = refused.select("part", "row").unique(maintain_order=True)
    if wanted.height and outcome.receipt.kind != "zip":
        rows = faulty_rows(path, setting, wanted, MOST_FAULTY)
        (folder / "faulty.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        kept.keep(site, folder / "faulty.json", job, "faulty", today)
    with contextlib.suppress(Refused):  # longer than a sheet: the list of findings is there
        write_annotated(path, folder / "annotated.xlsx", outcome, setting)
        kept.keep(site, folder / "annotated.xlsx", job, "annotated", today)


def _result(outcome: Outcome, findings: pl.DataFrame) -> dict[str, Any]:
    names = ("received", "accepted", "rejected", "duplicate", "held")
    rules = (
        findings.group_by("rule", "severity", maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.col("row", "column", "message_zh", "message_en", "suggestion", "clause").first(),
        )
        .sort(["severity", "n"], descending=[False, True], maintain_order=True)
    )
    return {
        "counts": {name: getattr(outcome, name) for name in names},
        "kind": outcome.receipt.kind,
        "digest": outcome.receipt.sha256,
        "notes": [_note(n) for n in outcome.notes],
        "parts": [_part(p) for p in outcome.parts],
        "rules": rules.to_dicts(),
        "findings": findings.height,
    }


def _note(note: Note) -> dict[str, Any]:
    said = {"zh": note.said.zh, "en": note.said.en}
    return {"code": note.code, "severity": note.severity, "part": note.part, "row": note.row, **said}


def _part(part: Part) -> dict[str, Any]:
    headings = [{"text": h.text, "field": h.field, "how": h.how} for h in part.headings]
    return {"name": part.name, "headings": headings, "missing": list(part.missing), "heading_row": part.heading_row}


def _checked(job: Job) -> None:
    if job.state != JobState.CHECKED.value:
        raise Refused(
            "not-checked",
            Said("这份文件正在处理或已报送，请刷新页面。", "This file is busy or was sent; load the page again."),
        )
