"""Whom rows are about: what waits, a row beside its candidates, judgements and their second eye; subjects that may be one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.flow.states import Waits
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import waiting
from chengxin.site.access.find import names_a_person
from chengxin.site.access.subjects import led_to
from chengxin.site.actions import merges, proposals, queue
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, reason_of, said, told
from chengxin.values.errors import Refused, Said

_VERDICTS = {
    "same": Said("同一主体", "the same"),
    "different": Said("不是候选主体，不归户", "different: attached to nobody"),
    "unsure": Said("不能确定，继续等待", "unsure: it goes on waiting"),
}


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def rows(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Rows that wait, and those that were judged lately and can be taken back."""
    asked = seat.asked("office.intake", KEEPING)
    second = {p.about: p for p in proposals.waiting("judge")}
    listed = waiting.listed(asked)
    context = {
        "rows": [_line(asked, w) | {"second": second.get(w.id.hex)} for w in listed],
        "judged": [_line(asked, w) for w in waiting.listed(asked, ("same", "different"), 50)[::-1]],
        "verdicts": _VERDICTS,
    }
    return render(request, "office/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("office.record")
@desk(Role.OFFICE)
def row(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One row beside its candidates, and the form to judge it.

    A code to compare with comes by the form, so that what somebody types, perhaps a person's number, is in no address.
    """
    asked, counted = seat.asked("office.record", KEEPING), seat.asked("office.intake", KEEPING)
    shown = waiting.one(asked, counted, site_here(), identity)
    if shown is None:
        raise Http404
    typed = ""
    if request.method == "POST":
        if request.POST.get("do") != "compare":
            return _judge(request, seat, identity)
        typed = request.POST.get("code", "").strip().upper()[:18]
        typed = "" if names_a_person(typed) else typed
    open_one = next((p for p in proposals.waiting("judge") if p.about == identity), None)
    context = {
        "shown": shown,
        "candidates": waiting.candidates(asked, shown, typed),
        "typed": typed,
        "proposal": open_one,
        "verdict": _VERDICTS.get(open_one.detail["verdict"]) if open_one else None,
        "why_not": proposals.why_not(open_one, seat.name) if open_one else None,
        "adverse": shown.resource.polarity == "adverse",
        "verdicts": _VERDICTS,
        "by": queue.judged_by(shown.waiting),
        "open": shown.waiting.verdict in ("", "unsure"),
    }
    return render(request, "office/row.html", context)


@through("office.record")
@desk(Role.OFFICE)
@require_POST
def undo(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Take a judgement back, with a reason."""
    try:
        queue.unjudge(site_here(), identity, seat.name, reason_of(request))
    except Refused as refusal:
        return told(request, refusal, "office_queue")
    said(request, "裁定已撤销，该行重新等待。", "The judgement is undone; the row waits again.")
    return redirect("office_row", identity)


def _judge(page: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    verdict = page.POST.get("verdict", "")
    code = page.POST.get("code", "").strip().upper() if verdict == "same" else ""
    try:
        row = queue.check(identity, verdict, code or None)
        if queue.needs_second(row, verdict):
            detail = {"verdict": verdict, "code": code} if code else {"verdict": verdict}
            proposals.propose("judge", row.id.hex, seat.name, reason_of(page), detail)
            said(page, "已提出，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms.")
        else:
            queue.judge(site_here(), identity, verdict, seat.name, code or None)
            said(page, "已裁定。", "Judged.")
    except Refused as refusal:
        known = refusal.code not in ("no-row",)
        return told(page, refusal, "office_row", identity) if known else told(page, refusal, "office_queue")
    return redirect("office_queue")


@require_http_methods(["GET", "HEAD", "POST"])
@through("office.record")
@desk(Role.OFFICE)
def suspects(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Pairs of subjects that may be one, side by side; a merge is proposed, a split is done."""
    if request.method == "POST":
        return _merge_or_split(request, seat)
    asked = seat.asked("office.record", KEEPING)
    pairs = []
    for code, _, other, _ in merges.suspects(site_here())[:50]:
        one, two = led_to(asked, code), led_to(asked, other)
        if one and two:  # the gate shows both
            pairs.append((one[0], two[0], code[8:17] == other[8:17]))
    open_ones = [(p, proposals.why_not(p, seat.name)) for p in proposals.waiting("merge")]
    return render(request, "office/suspects.html", {"pairs": pairs, "proposals": open_ones})


def _merge_or_split(page: HttpRequest, seat: Seat) -> HttpResponse:
    code, into = (page.POST.get(name, "").strip().upper() for name in ("code", "into"))
    try:
        reason = reason_of(page)
        if page.POST.get("do") == "split":
            merges.split(site_here(), code, seat.name, reason)
            said(page, "合并已撤销，各归各的信息。", "The merge is undone.")
        else:
            merges.check(code, into)
            proposals.propose("merge", code, seat.name, reason, {"into": into})
            said(page, "已提出合并，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms.")
    except Refused as refusal:
        return told(page, refusal, "office_suspects")
    return redirect("office_suspects")


def _line(asked: Any, row: Any) -> dict[str, Any]:
    resource = asked.catalogue.resources[row.resource]
    return {
        "row": row,
        "resource": resource,
        "why": Waits(row.reason).said,
        "by": queue.judged_by(row),
        "adverse": resource.polarity == "adverse",
    }
