"""Objections that the credit office sent to the body: look into the record, answer; it is corrected at its own page."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.redress.objection import Party, State
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import reading
from chengxin.site.actions import objections
from chengxin.site.department.common import asked_of, said, today, told
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.objection_case import case_of
from chengxin.site.store.models import Objection
from chengxin.standards.redress import objection_terms
from chengxin.values.errors import Refused

MOST = 100
ROLES = (Role.ENTER, Role.REVIEW)


@require_safe
@through("authority.records")
@desk(*ROLES)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was sent to the body, what waits for its answer first."""
    rows = Objection.objects.filter(sender=seat.body).exclude(sent_at=None).order_by("-sent_at")[:MOST]
    cases = [case_of(row, today()) for row in rows]
    cases.sort(key=lambda case: case.state is not State.SENT)
    return render(request, "department/objections.html", {"cases": cases, "terms": objection_terms(today())})


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.record")
@desk(*ROLES)
def one(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One of them with its record; the answer goes to the office, which decides."""
    row = Objection.objects.filter(id=uuid.UUID(identity), sender=seat.body).exclude(sent_at=None).first()
    if row is None or not seat.body:
        raise Http404
    if request.method == "POST":
        try:
            objections.answer(site_here(), row, seat.name, request.POST.get("answer", ""))
        except Refused as refusal:
            return told(request, refusal, "department_objection", identity)
        said(request, "已答复，由信用办决定。", "Answered; the credit office decides.")
        return redirect("department_objection", identity)
    asked = reading.about_whom(asked_of(seat, "authority.record"), row.record.hex)
    case = case_of(row, today(), reading.by_id(asked, row.record.hex))
    return render(request, "department/objection.html", {"case": case, "may": case.may(Party.SOURCE)})
