"""A job's page: how far it is, what was found, what is asked; confirm, stop, files to take away."""

import io
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.flow.states import JobState
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.access.looks import write_look
from chengxin.site.actions import jobs, kept, uploads
from chengxin.site.department.common import (
    ROLES,
    WORKBOOK,
    as_file,
    asked_of,
    job_or_404,
    own_job_or_404,
    page_number,
    said,
    today,
    told,
)
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.public.exports import RUN
from chengxin.site.store.models import Job
from chengxin.validation.findings import SCHEMA
from chengxin.values.errors import Refused, Said

SHOWN = 50  # findings on a page
EACH = 2  # seconds between two looks of the page at its job


@require_safe
@through("authority.problems")
@desk(*ROLES)
def page(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """How a job is doing; once it is done, what came of it."""
    job = job_or_404(seat, identity, "authority.problems")
    state = JobState(job.state)
    if state is JobState.DONE and job.submission:
        return redirect("department_receipt", job.submission.id.hex)
    own = job.by == seat.name
    context: dict[str, Any] = {
        "job": job,
        "state": state,
        "own": own,
        "by": sent.named([job.by])[job.by],
        "resource": today().resources.get(job.resource),
        "refresh": EACH if state.busy else None,
        "percent": _percent(job.progress),
        "stoppable": own and state.busy and job.step in ("check", "mend", "send"),
        "said": Said(*job.result["said"]) if job.result.get("said") else None,
    }
    if state is JobState.CHECKED:
        context |= _checked(request, seat, job, own)
    return render(request, "department/job.html", context)


def _percent(progress: dict[str, int]) -> int | None:
    return round(100 * progress["done"] / progress["total"]) if progress.get("total") else None


def _checked(page: HttpRequest, seat: Seat, job: Job, own: bool) -> dict[str, Any]:
    result = job.result
    unknown = [h for p in result["parts"] for h in p["headings"] if not h["field"]]
    missing = [f for p in result["parts"] for f in p["missing"]]
    by_name = today().resource(job.resource).by_name
    context = {
        "counts": result["counts"],
        "questions": uploads.questions(job),
        "notes": [n for n in result["notes"] if n["severity"] != "ask"],
        "unknown": [h["text"] for h in unknown],
        "missing": [by_name[f].title for f in missing if f in by_name],
        "rules": [{**r, "short": r["rule"].rpartition(".")[2]} for r in result["rules"]],
        "files": {what: kept.has(job, what) for what in ("annotated", "faulty")},
        "findings_total": result["findings"],
        "whole": result.get("whole"),
    }
    return context | (_findings(page, seat, job) if own and result["findings"] else {})


def _findings(page: HttpRequest, seat: Seat, job: Job) -> dict[str, Any]:
    """A page of findings, of one rule if one was chosen; who reads them is written down."""
    write_look(asked_of(seat, "authority.problems"), [])
    found = uploads.findings_of(site_here(), job)
    rule = page.GET.get("rule", "")
    if rule:
        found = found.filter(pl.col("rule") == rule)
    at = page_number(page)
    rows = found.sort("part", "row", nulls_last=False).slice((at - 1) * SHOWN, SHOWN).to_dicts()
    return {
        "findings": rows,
        "rule": rule,
        "at": at,
        "total": found.height,
        "following": at + 1 if found.height > at * SHOWN else None,
        "before": at - 1 if at > 1 else None,
    }


@through("authority.problems")
@desk(Role.ENTER)
@require_POST
def stop(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Stop a job; nothing of it is recorded."""
    jobs.stop(own_job_or_404(seat, identity))
    return redirect("department_job", identity)


@through("authority.problems")
@desk(Role.ENTER)
@require_POST
def confirm(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Send what was checked."""
    job = own_job_or_404(seat, identity)
    try:
        uploads.confirm(job)
    except Refused as refusal:
        return told(request, refusal, "department_job", identity)
    return redirect("department_job", identity)


@through("authority.problems")
@desk(Role.ENTER)
@require_POST
def hidden(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The clerk's word about hidden rows."""
    job = own_job_or_404(seat, identity)
    try:
        uploads.answer(site_here(), job, {}, request.POST.get("hidden", ""))
    except Refused as refusal:
        return told(request, refusal, "department_job", identity)
    return redirect("department_job", identity)


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.problems")
@desk(Role.ENTER)
def headings(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """What the clerk's headings mean: yours → ours; what is answered is remembered for the body."""
    job = own_job_or_404(seat, identity)
    if job.state != JobState.CHECKED.value:
        return redirect("department_job", identity)
    resource = today().resource(job.resource)
    listed = [h for p in job.result["parts"] for h in p["headings"]]
    if request.method == "POST":
        unknown = dict.fromkeys(h["text"] for h in listed if not h["field"])
        given = {text: request.POST.get(f"h{n}", "") for n, text in enumerate(unknown)}
        chosen = {text: name for text, name in given.items() if name in resource.by_name}
        try:
            if not chosen:
                raise Refused("no-heading", Said("请至少选一个。", "Please choose one at least."))
            uploads.answer(site_here(), job, chosen, None)
        except Refused as refusal:
            return told(request, refusal, "department_headings", identity)
        said(request, "已记住，下次不再问。", "Remembered for next time.")
        return redirect("department_job", identity)
    taken = {h["field"] for h in listed if h["field"]}
    context = {
        "job": job,
        "resource": resource,
        "known": [(h["text"], resource.by_name[h["field"]].title) for h in listed if h["field"] in resource.by_name],
        "unknown": list(dict.fromkeys(h["text"] for h in listed if not h["field"])),
        "free": [f for f in resource.fields if f.name not in taken],
    }
    return render(request, "department/headings.html", context)


@require_safe
@through("authority.problems_file")
@desk(Role.ENTER)
def annotated(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The clerk's own sheet with what was found."""
    job = own_job_or_404(seat, identity)
    if not kept.has(job, "annotated"):
        raise Http404
    write_look(asked_of(seat, "authority.problems_file"), [])
    with uploads.result_file(site_here(), job, "annotated", "annotated.xlsx") as path:
        return as_file(path.read_bytes(), f"{job.name.rpartition('.')[0] or job.name}.批注.xlsx", WORKBOOK)


@require_safe
@through("authority.problems_file")
@desk(Role.ENTER)
def findings(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """All findings as CSV that Excel reads."""
    job = own_job_or_404(seat, identity)
    if job.state != JobState.CHECKED.value:
        raise Http404
    write_look(asked_of(seat, "authority.problems_file"), [])
    stream = io.BytesIO(b"\xef\xbb\xbf")
    stream.seek(3)
    table = uploads.findings_of(site_here(), job).select(list(SCHEMA)).sort("part", "row", nulls_last=False)
    table.with_columns(pl.col(pl.String).str.replace(RUN, "'$1")).write_csv(stream)
    return as_file(stream.getvalue(), f"{job.name.rpartition('.')[0] or job.name}.问题.csv", "text/csv; charset=utf-8")
