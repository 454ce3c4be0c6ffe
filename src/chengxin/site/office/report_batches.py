"""Reports for a list: paste or upload it, look at what was found, confirm, and take the files and the table away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from chengxin.flow.states import JobState
from chengxin.reports.listed import MOST, Row
from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access.looks import write_look
from chengxin.site.actions import jobs, report_batches
from chengxin.site.actions.report_batches import Batch
from chengxin.site.actions.report_lists import tells_of_a_person
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, told
from chengxin.site.office.report_package import streamed, table, titles
from chengxin.site.ordering import offered, order_from, typed
from chengxin.site.public.exports import Cell, csv_file, xlsx_file
from chengxin.site.sealing import sealed_file, sealing
from chengxin.site.store.models import Job, Report
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind
from chengxin.standards.reports import report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.text import IDENTITY_MASK

SHOWN = 200  # rows that can't get one, on the page; the table has all
LATEST = 30
EACH = 2  # seconds between two looks of the page at its job
LONGEST = 1 << 20  # characters that are pasted: ten thousand lines with names
OUTLET = "office.reports_file"


@require_safe
@without_records
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form, and the batches whose days are not over."""
    return _form(request, request.GET)


def _form(page: HttpRequest, given: Any, refused: Said | None = None) -> HttpResponse:
    today = legal_today()
    forms = report_forms(load_catalogue(today))
    rows = Job.objects.filter(resource=report_batches.RESOURCE).order_by("-made_at")[:LATEST]
    context = {
        **(offer := offered(forms, today, Kind.ORGANISATION)),
        "typed": typed(given, today, offer["forms"]),
        "matter": given.get("matter", ""),
        "list": "\n".join(
            IDENTITY_MASK if tells_of_a_person(line) else line for line in given.get("list", "").splitlines()
        ),
        "refused": refused,
        "most": MOST,
        "rows": [(job, JobState(job.state), forms.uses.get(job.reading["order"]["purpose"])) for job in rows],
    }
    return render(page, "office/report_batches.html", context, status=422 if refused else 200)


@through("office.report")
@desk(Role.OFFICE)
@require_POST
def paste(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A list that was pasted: one subject a line."""
    try:
        text = request.POST.get("list", "")
        if not text.strip() or len(text) > LONGEST:
            zh = f"请粘贴名单，每行一个主体，最多 {MOST:,} 行。"
            raise Refused("list", Said(zh, f"Paste a list, a subject a line, at most {MOST:,} lines."))
        job = report_batches.from_text(site_here(), seat.name, text, _batch(request))
    except Refused as refusal:
        return _form(request, request.POST, refusal.said)
    return redirect("office_report_batch", job.id.hex)


@csrf_exempt  # checked below, once it is known who sends: nobody else's file is even read
@through("office.report")
@desk(Role.OFFICE)
@require_POST
def upload(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A list that comes as a file; it is sealed while it does."""
    handler = sealing(request)
    request.upload_handlers = [handler]
    try:
        return _upload(request, seat)
    finally:
        handler.upload_interrupted()  # of a form that was refused nothing stays


@csrf_protect
def _upload(page: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        name, sealer = sealed_file(page, "file")
        job = report_batches.from_file(seat.name, name, sealer, _batch(page))
    except Refused as refusal:
        return _form(page, page.POST, refusal.said)
    return redirect("office_report_batch", job.id.hex)


@require_safe
@through("office.report")
@desk(Role.OFFICE)
def batch(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """How a batch is doing: what was found on the list, how many are out, what can be taken away."""
    job = _job_or_404(identity)
    state = JobState(job.state)
    out = Report.objects.filter(batch=job.id).exclude(file="").count()
    found = job.result.get("counts", {}).get(Row.FOUND, 0)
    lacking = [] if state.busy or not job.result.get("counts") else _lacking(job)
    context: dict[str, Any] = {
        "job": job,
        "state": state,
        "own": job.by == seat.name,
        "refresh": EACH if state.busy else None,
        "percent": _percent(job.progress),
        "said": Said(*job.result["said"]) if job.result.get("said") else None,
        "counts": [(row.said, n) for row in Row if (n := job.result.get("counts", {}).get(row))],
        "found": found,
        "out": out,
        "left": found - out - len(job.result.get("failed", {})),
        "again": job.step == "issue" and state in (JobState.STOPPED, JobState.FAILED, JobState.REFUSED),
        "lacking": lacking[:SHOWN],
        "more": max(0, len(lacking) - SHOWN),
        "use": report_forms(load_catalogue(legal_today())).uses.get(job.reading["order"]["purpose"]),
    }
    return render(request, "office/report_batch.html", context)


@through("office.report")
@desk(Role.OFFICE)
@require_POST
def confirm(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Issue for those who were found; or go on with what broke off."""
    job = _own_or_404(seat, identity)
    try:
        report_batches.confirm(job)
    except Refused as refusal:
        return told(request, refusal, "office_report_batch", identity)
    return redirect("office_report_batch", identity)


@without_records
@desk(Role.OFFICE)
@require_POST
def stop(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Stop a batch; what is out stays out."""
    jobs.stop(_own_or_404(seat, identity))
    return redirect("office_report_batch", identity)


@require_safe
@through("office.reports_file")
@desk(Role.OFFICE)
def as_zip(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """All files of a batch and its table, made while they are sent."""
    job = _listed_or_404(identity)
    asked = seat.asked(OUTLET, KEEPING, case=job.reading["matter"])
    response = StreamingHttpResponse(streamed(site_here(), job, asked), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{_stem(job)}.zip"'
    return response  # type: ignore[return-value] # a view of a desk, but streamed


@require_safe
@through("office.reports_file")
@desk(Role.OFFICE)
def as_csv(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The list with what became of each row."""
    job, rows = _told(seat, identity)
    return _file(csv_file(titles(), rows), f"{_stem(job)}.csv")


@require_safe
@through("office.reports_file")
@desk(Role.OFFICE)
def as_xlsx(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The same as a workbook."""
    job, rows = _told(seat, identity)
    return _file(xlsx_file(str(job.made_at.date()), titles(), rows), f"{_stem(job)}.xlsx")


def _told(seat: Seat, identity: str) -> tuple[Job, list[list[Cell]]]:
    job = _listed_or_404(identity)
    write_look(seat.asked(OUTLET, KEEPING, case=job.reading["matter"]), [])
    return job, table(site_here(), job)


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _batch(page: HttpRequest) -> Batch:
    given = typed(page.POST, legal_today())
    here = f"{page.scheme}://{page.get_host()}"
    return Batch(order_from(given), page.POST.get("matter", ""), given["language"], here)


def _lacking(job: Job) -> list[Any]:
    """Rows that get no report, and why; nothing once the list was destroyed."""
    try:
        return [row for row in report_batches.rows_of(site_here(), job) if row.state is not Row.FOUND]
    except Refused:
        return []


def _job_or_404(identity: str) -> Job:
    job = Job.objects.filter(id=identity, resource=report_batches.RESOURCE).first()
    if job is None:
        raise Http404
    return job


def _own_or_404(seat: Seat, identity: str) -> Job:
    """A batch that the seat's own account began: what it decides it answers for."""
    job = _job_or_404(identity)
    if job.by != seat.name:
        raise Http404
    return job


def _listed_or_404(identity: str) -> Job:
    job = _job_or_404(identity)
    if not job.result.get("counts"):
        raise Http404
    return job


def _percent(progress: dict[str, int]) -> int | None:
    return round(100 * progress["done"] / progress["total"]) if progress.get("total") else None


def _stem(job: Job) -> str:
    return f"chengxin-reports-{job.made_at.date()}-{job.id.hex[:8]}"
