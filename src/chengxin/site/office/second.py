"""A second person's word about what another proposed, whatever it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.accounts.manage import Told
from chengxin.site.actions import proposals
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.office.common import said, told
from chengxin.site.store.models import Proposal
from chengxin.values.errors import Refused, Said


@through("office.intake")
@desk(Role.OFFICE)
@require_POST
def second(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """A second person's word about a proposal of any kind; afterwards to where it was looked at."""
    found = next((p for p in proposals.waiting() if p.id.hex == identity), None)
    to = _back(found)
    try:
        if request.POST.get("do") == "no":
            proposals.turn_down(identity, seat.name, request.POST.get("reason", ""))
            said(request, "没有同意，已办结。", "Turned down.")
        else:
            made = proposals.carry_out(site_here(), identity, seat.name)
            if found and found.what in ("key", "account", "reset"):
                return _shown_once(request, found, str(made), to)
            said(request, "已复核，生效。", "Confirmed; it has effect.")
    except Refused as refusal:
        return told(request, refusal, to)
    return redirect(to)


_BACK = {
    "recall": "office_batches",
    "merge": "office_suspects",
    "draft": "office_drafts",
    "admit": "office_admission",
    "account": "office_accounts",
    "roles": "office_accounts",
    "reset": "office_accounts",
}


def _back(proposal: Proposal | None) -> str:
    """Where a proposal is looked at."""
    if proposal is not None and proposal.what in ("resume", "key"):
        return reverse("office_partner", args=[proposal.about.partition(":")[0]])
    if proposal is not None and proposal.what == "unseal":
        return f"{reverse('office_report_withdraw')}?number={proposal.about}"
    return reverse(_BACK.get(proposal.what if proposal else "", "office_queue"))


def _shown_once(page: HttpRequest, proposal: Proposal, secret: str, back: str) -> HttpResponse:
    """A key or password that was just made: on this page alone, in no session and no other place."""
    done = Told(done=Said("已复核，生效。", "Confirmed; it has effect."), secret=secret)
    what = proposals.ACTS[proposal.what].said
    return render(
        page,
        "office/shown.html",
        {"told": done, "what": what, "about": proposal.about.partition(":")[2] or proposal.about, "back": back},
    )
