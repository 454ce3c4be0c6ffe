"""A subject's links to its reports: made with a code that is shown once, seen with who opened them when, revoked at once."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import OUTLETS, through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Asked
from chengxin.site.access.handing import uses
from chengxin.site.access.own import own_group
from chengxin.site.actions import shares
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.store.models import Look, Report, Share
from chengxin.site.subject.home import OWN
from chengxin.site.subject.reports import past
from chengxin.site.words import words
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

MOST = 50  # links on the page
LAST = 20  # openings of each that are listed


@dataclass(frozen=True)
class Line:
    """One link as its subject sees it: which report, the state in words, and the last times it was opened."""

    share: Share
    form: Said
    state: Said
    live: bool
    uses: int
    last: list[tuple[Look, Said]]


@require_http_methods(["GET", "HEAD", "POST"])
@through("subject.shares")
@desk(Role.SUBJECT)
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All links, and making one or ending one."""
    asked = seat.asked("subject.shares", OWN)
    group = own_group(asked, seat.account)
    if not group:
        return render(request, "subject/nothing.html", {"account": seat.account})
    subject = group[0].id
    asked = replace(asked, at=replace(asked.at, me=subject))
    told: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if request.POST.get("do") == "revoke":
                shares.revoke(subject, _hex(request.POST.get("link", "")))
                messages.success(request, words(Said("已收回，马上打不开了。", "Revoked: it opens no more.")))
                return redirect("subject_shares")
            told = _made(request, seat, subject)
        except Refused as refusal:
            told = {"refused": refusal.said}
    return _shown(request, asked, subject, told)


def _made(request: HttpRequest, seat: Seat, subject: str) -> dict[str, Any]:
    report = past(subject).filter(id=_hex(request.POST.get("report", ""))).first()
    if report is None:
        raise Refused("no-report", Said("请选择一份已出具的报告。", "Choose a report that was issued."))
    try:
        last_day = date.fromisoformat(request.POST.get("last_day", ""))
    except ValueError:
        raise Refused(
            "share-end", Said("请填写最后一日，如 2026-03-01。", "Give its last day, like 2026-03-01.")
        ) from None
    made, code = shares.share(site_here(), report, last_day, seat.name)
    address = request.build_absolute_uri(reverse("shared", args=[made.id.hex]))
    return {"made": made, "code": code, "address": address}


def _shown(request: HttpRequest, asked: Asked, subject: str, told: dict[str, Any]) -> HttpResponse:
    today = legal_today()
    forms = {f.name: f.title for f in report_forms(load_catalogue(today)).forms}
    most = shares.last_possible(today)
    kept: list[Report] = list(past(subject).filter(kept=True, withdrawn_at=None)[:MOST])
    context = told | {
        "lines": [_line(one, asked, forms, today) for one in shares.shares_of(subject)[:MOST]],
        "reports": [(one, forms.get(one.form, Said(one.form, one.form))) for one in kept],
        "chosen": request.POST.get("report") or request.GET.get("report", ""),
        "today": today,
        "most": most,
        "days": shares.longest(),
        "origin": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "subject/shares.html", context, status=400 if told.get("refused") else 200)


def _line(share: Share, asked: Asked, forms: dict[str, Said], today: date) -> Line:
    opened = uses(asked, share.id.hex)
    live = shares.is_live(share, today)
    if share.revoked_at:
        state = Said("已收回", "revoked")
    elif not live:
        state = Said("已到期", "ended")
    else:
        state = Said("有效", "open")
    form = forms.get(share.report.form, Said(share.report.form, share.report.form))
    return Line(share, form, state, live, len(opened), [(look, OUTLETS[look.outlet].said) for look in opened[:LAST]])


def _hex(text: str) -> str:
    """An id that was sent; what is none is that of nothing."""
    plain = text.strip().lower()
    return plain if len(plain) == 32 and not plain.strip("0123456789abcdef") else "0" * 32
