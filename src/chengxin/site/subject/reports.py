"""A subject's reports: look at one first, order it, have it again. Whose it is follows from the account, never the request."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.access.own import own_group
from chengxin.site.access.subjects import Subject
from chengxin.site.actions import reports
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.ordering import offered, order_from
from chengxin.site.ordering import typed as typed_in
from chengxin.site.store.models import Report
from chengxin.site.subject.home import OWN
from chengxin.site.words import words
from chengxin.standards.readers import Kind
from chengxin.standards.reports import Forms, report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

MOST = 50  # past reports on one page
MOST_A_DAY = 100  # reports that one account orders


@require_safe
@through("subject.report")
@desk(Role.SUBJECT)
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The order, what it would say if that is asked, and past reports."""
    asked = _asked(seat)
    group = own_group(asked, seat.account)
    if not group:
        return render(request, "subject/nothing.html", {"account": seat.account})
    forms = report_forms(asked.catalogue)
    offer = offered(forms, asked.at.day, group[0].kind)
    typed = typed_in(request.GET, asked.at.day, offer["forms"])
    told, refused = None, None
    if request.GET.get("look"):
        try:
            told = reports.preview(site_here(), asked, group, order_from(typed), typed["language"])
        except Refused as refusal:
            refused = refusal.said
    context = {
        **offer,
        "person": group[0].kind is Kind.PERSON,
        "typed": typed,
        "told": told,
        "refused": refused,
        "page": (older := Paginator(past(group[0].id), MOST).get_page(request.GET.get("page"))),
        "rows": [_Past.of(row, forms) for row in older],
    }
    return render(request, "subject/reports.html", context, status=400 if refused else 200)


@through("subject.report")
@desk(Role.SUBJECT)
@require_POST
def issue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Issue it; what can't be issued is told on the page that asked."""
    asked = _asked(seat)
    typed = typed_in(request.POST, asked.at.day)
    here = f"{request.scheme}://{request.get_host()}"
    try:
        group = own_group(asked, seat.account)
        _not_too_many(seat, group)
        made = reports.issue(site_here(), asked, group, order_from(typed), typed["language"], here)
    except Refused as refusal:
        messages.warning(request, words(refusal.said))
        return redirect("subject_reports")
    messages.success(request, words(Said("已出具，可以下载。", "It is issued and can be downloaded.")))
    return redirect("subject_report", made.row.id.hex)


@require_safe
@through("subject.report")
@desk(Role.SUBJECT)
def report(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """A past report as a page."""
    row = _found(seat, identity)
    return render(request, "subject/report.html", {"row": row, "told": reports.told_of(site_here(), row)})


@require_safe
@through("subject.report")
@desk(Role.SUBJECT)
def as_pdf(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The sealed file."""
    row = _found(seat, identity)
    response = HttpResponse(reports.file_of(site_here(), row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{reports.file_name(row)}.pdf"'
    return response


@require_safe
@through("subject.report")
@desk(Role.SUBJECT)
def as_data(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The same as JSON, byte for byte as it is attached."""
    row = _found(seat, identity)
    response = HttpResponse(reports.data_of(site_here(), row), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{reports.file_name(row)}.json"'
    return response


def _asked(seat: Seat) -> Asked:
    return seat.asked("subject.report", OWN)


def past(subject: str) -> QuerySet[Report]:
    """The reports about a subject that were issued, the newest first."""
    return Report.objects.filter(subject=subject).exclude(file="").order_by("-issued_at")


def _found(seat: Seat, identity: str) -> Report:
    """A report of the account's own subject, its Look written; else the same 404 as for one that is not there."""
    asked = _asked(seat)
    group = own_group(asked, seat.account)
    row = past(group[0].id).filter(id=uuid.UUID(identity)).first() if group else None
    if row is None:
        raise Http404
    write_look(asked, [group[0].id])
    return row


def _not_too_many(seat: Seat, group: list[Subject]) -> None:
    """Raises Refused once the account has ordered so many today."""
    today = past(group[0].id).filter(issued_by=seat.name, day=legal_today()) if group else None
    if today is not None and today.count() >= MOST_A_DAY:
        zh = f"今天已出具 {MOST_A_DAY} 份，明天可以继续。已出具的都在下面，可以再下载，不必重新申请。"
        en = f"{MOST_A_DAY} reports were issued today; you can go on tomorrow. Those below can be downloaded again."
        raise Refused("enough-today", Said(zh, en))


@dataclass(frozen=True)
class _Past:
    """A past report as the list names it."""

    row: Report
    title: Said
    use: Said | None
    domains: list[Said]
    state: Said

    @classmethod
    def of(cls, row: Report, forms: Forms) -> "_Past":
        title = next((f.title for f in forms.forms if f.name == row.form), Said(row.form, row.form))
        domains = [forms.domains[name].title for name in row.domains if name in forms.domains]
        return cls(row, title, forms.uses.get(row.purpose), domains, _state(row))


def _state(row: Report) -> Said:
    if row.withdrawn_at:
        return Said("已撤销", "withdrawn")
    return (
        Said("可下载", "to be had") if row.kept else Said("文件已销毁，编号可核验", "file destroyed, number verifies")
    )
