"""Recall of a submission: what it would change is told first, one person proposes with a reason, another carries it out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.actions import proposals, recall
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, reason_of, said, told
from chengxin.values.errors import Refused


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def batches(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Submissions in effect, newest first; recalls that wait for a second person."""
    asked = seat.asked("office.intake", KEEPING)
    context = {
        "rows": sent.submissions(asked, ("effective",), 100),
        "recalled": sent.submissions(asked, ("recalled",), 20),
        "proposals": proposals.waiting("recall"),
    }
    return render(request, "office/batches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("office.intake")
@desk(Role.OFFICE)
def batch(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One submission: what its recall would take away and bring back, and the form to propose it."""
    asked = seat.asked("office.intake", KEEPING)
    submission = sent.one(asked, identity)
    if submission is None:
        raise Http404
    try:
        effects = recall.effects(submission)
        if request.method == "POST":
            proposals.propose("recall", identity, seat.name, reason_of(request))
            said(
                request, "已提出撤回，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms."
            )
            return redirect("office_batch", identity)
    except Refused as refusal:
        return told(request, refusal, "office_batches")
    open_one = next((p for p in proposals.waiting("recall") if p.about == identity), None)
    context = {
        "submission": submission,
        "resource": asked.catalogue.resources[submission.resource],
        "effects": effects,
        "one": open_one,
        "why_not": proposals.why_not(open_one, seat.name) if open_one else None,
    }
    return render(request, "office/batch.html", context)
