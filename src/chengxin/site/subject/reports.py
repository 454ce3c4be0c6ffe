"""A subject's reports: look at one first, order it, have it again. Whose it is follows from the account, never the request."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from chengxin.reports.compose import Order
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.access.own import own_group
from chengxin.site.actions import reports
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.store.models import Report
from chengxin.site.subject.home import OWN
from chengxin.site.words import words
from chengxin.standards.readers import Kind
from chengxin.standards.reports import report_forms
from chengxin.values.errors import Refused, Said

MOST = 50  # past reports on one page
LANGUAGES = {"zh": Said("中文", "Chinese"), "en": Said("中文附英文对照", "Chinese with an English gloss")}


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
    may = {name: form for name, form in forms.on(asked.at.day).items() if form.of(group[0].kind)}
    typed = _typed(request.GET, asked, may)
    told, refused = None, None
    if request.GET.get("look"):
        try:
            told = reports.preview(site_here(), asked, group, _order(typed), typed["language"])
        except Refused as refusal:
            refused = refusal.said
    context = {
        "forms": may.items(),
        "person": group[0].kind is Kind.PERSON,
        "years": any(form.years for form in may.values()),
        "uses": [(n, said) for n, said in forms.uses.items() if any(not f.uses or n in f.uses for f in may.values())],
        "domains": forms.domains.values(),
        "languages": LANGUAGES.items(),
        "typed": typed,
        "told": told,
        "refused": refused,
        "rows": [(row, forms.uses.get(row.purpose), _state(row)) for row in past(group[0].id)[:MOST]],
    }
    return render(request, "subject/reports.html", context, status=400 if refused else 200)


@through("subject.report")
@desk(Role.SUBJECT)
@require_POST
def issue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Issue it; what can't be issued is told on the page that asked."""
    asked = _asked(seat)
    typed = _typed(request.POST, asked, {})
    here = f"{request.scheme}://{request.get_host()}"
    try:
        group = own_group(asked, seat.account)
        made = reports.issue(site_here(), asked, group, _order(typed), typed["language"], here)
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


def _state(row: Report) -> Said:
    if row.withdrawn_at:
        return Said("已撤销", "withdrawn")
    return (
        Said("可下载", "to be had") if row.kept else Said("文件已销毁，编号可核验", "file destroyed, number verifies")
    )


def _typed(given: Any, asked: Asked, may: Iterable[str]) -> dict[str, Any]:
    today = asked.at.day
    language = given.get("language", "zh")
    return {
        "form": given.get("form", next(iter(may), ""))[:40],
        "purpose": given.get("purpose", "")[:40],
        "since": given.get("since", ""),
        "until": given.get("until", ""),
        "domains": given.getlist("domain")[:100],
        "language": language if language in LANGUAGES else "zh",
        "today": today,
    }


def _order(typed: dict[str, Any]) -> Order:
    """What was typed as an order; days that are none are refused. The standard form takes no period and no domains."""
    special = typed["form"] == "special"
    since, until = (_day(typed[name]) if special else None for name in ("since", "until"))
    return Order(typed["form"], typed["purpose"], since, until, tuple(typed["domains"]) if special else ())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("period", Said("日期写成 2026-03-01 的样子。", "Write a day like 2026-03-01.")) from None
