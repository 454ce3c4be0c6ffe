"""Objections: what is open with its clock, one case beside its record; send it to its source, uphold or reject it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.redress.objection import Party
from chengxin.sharing.outlets import through
from chengxin.sharing.questions import Ground
from chengxin.sharing.roles import Role
from chengxin.site.access.reading import Seen, by_id
from chengxin.site.actions import objections
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.objection_case import case_of, number_of
from chengxin.site.office.common import said, told
from chengxin.site.store.models import Authority, Objection
from chengxin.standards.load import load_catalogue
from chengxin.standards.redress import objection_terms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

PURPOSE = "redress"
LATELY = 50
_MOVED = {
    "send": Said("已转来源单位核查。", "It was sent to the source."),
    "uphold": Said("已认定成立，等来源单位更正或撤销。", "Upheld; its source corrects or withdraws the record."),
    "reject": Said("已认定不成立，标注随即取消。", "Rejected; the mark is gone at once."),
}


@require_safe
@through("office.case")
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for an answer, the oldest first; what was upheld and is not corrected; what was decided lately."""
    catalogue = load_catalogue(legal_today())
    decided = Objection.objects.exclude(decided_at=None).order_by("-decided_at")[:LATELY]
    context = {
        "going": [case_of(row, catalogue) for row in objections.going()],
        "standing": [case_of(row, catalogue) for row in objections.to_correct()],
        "decided": [case_of(row, catalogue) for row in decided],
        "terms": objection_terms(catalogue),
    }
    return render(request, "office/objections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("office.case")
@desk(Role.OFFICE)
def one(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One case with its record; who reads it is told to the subject."""
    row = Objection.objects.filter(id=uuid.UUID(identity)).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        return _moved(request, seat, row)
    catalogue = load_catalogue(legal_today())
    case = case_of(row, catalogue, _seen(seat, row))
    source = Authority.objects.filter(code=row.sender).first()
    context = {"case": case, "may": case.may(Party.OFFICE), "source": source, "terms": objection_terms(catalogue)}
    return render(request, "office/objection.html", context)


def _moved(page: HttpRequest, seat: Seat, row: Objection) -> HttpResponse:
    do, site, reason = page.POST.get("do", ""), site_here(), page.POST.get("reason", "")
    try:
        if do == "send":
            objections.send(site, row, seat.name)
        elif do in ("uphold", "reject"):
            objections.decide(site, row, seat.name, do == "uphold", reason)
        else:
            raise Refused("do", Said("请选择怎样处理。", "Choose what to do."))
    except Refused as refusal:
        return told(page, refusal, "office_objection", row.id.hex)
    said(page, _MOVED[do].zh, _MOVED[do].en)
    return redirect("office_objection", row.id.hex)


def _seen(seat: Seat, row: Objection) -> Seen | None:
    """The record, as long as the case is open; the gate says no afterwards."""
    ground = Ground.CASE_OPEN if row.decided_at is None else Ground.CASE_CLOSED
    return by_id(seat.asked("office.case", PURPOSE, ground, row.subject.hex, f"异议 {number_of(row)}"), row.record.hex)
