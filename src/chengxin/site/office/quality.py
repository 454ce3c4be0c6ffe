"""Quality by department and rule, notes that a rule is wrong, and rows that a mended rule lets in after all. Counts, no values."""

from collections import Counter
from datetime import date

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import figures, sent
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.actions import notes, quarantine, uploads
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, said, told
from chengxin.site.store.models import Submission
from chengxin.values.errors import Refused

OPENED = 30  # newest submissions whose kept findings are counted
_COUNTED = ("received", "accepted", "rejected", "waiting")


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def quality(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Rows by department and month; rules by how often they refused; notes; submissions to judge again."""
    asked = seat.asked("office.intake", KEEPING)
    write_look(asked, [])
    refused = sent.with_refused(asked, OPENED)
    context = {
        "months": _by_month(asked),
        "rules": _rules(asked, refused),
        "opened": len(refused),
        "refused": [(s, asked.catalogue.resources[s.resource]) for s in refused if s.state == "effective"],
        "notes": [(n, asked.catalogue.resources.get(n.resource)) for n in notes.unanswered()],
    }
    return render(request, "office/quality.html", context)


@without_records
@desk(Role.OFFICE)
@require_POST
def answer(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The office's answer to a note."""
    try:
        notes.answer(identity, request.POST.get("text", "")[:1_000], seat.name)
    except Refused as refusal:
        return told(request, refusal, "office_quality")
    said(request, "已答复。", "Answered.")
    return redirect("office_quality")


@through("office.intake")
@desk(Role.OFFICE)
@require_POST
def replay(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Let a worker judge the refused rows of a submission again."""
    found = sent.one(seat.asked("office.intake", KEEPING), identity)
    try:
        uploads.replay(found, seat.name)
    except Refused as refusal:
        return told(request, refusal, "office_quality")
    said(request, "已排队重判，结果见批次的行数。", "Queued: it is judged again.")
    return redirect("office_quality")


def _by_month(asked: Asked) -> list[tuple[str, str, list[int], str]]:
    """Body, month, rows counted, share of accepted ones; of the last twelve months, newest month first."""
    since = date(asked.at.day.year - 1, asked.at.day.month, 1)
    found: dict[tuple[str, str], Counter[str]] = {}
    for one in figures.files(asked, since):
        counts = found.setdefault((f"{one.known_on:%Y-%m}", one.authority_id), Counter())
        counts.update({name: int(one.counts.get(name, 0)) for name in _COUNTED})
    names = sent.names_of({body for _, body in found})
    newest = sorted(found.items(), key=lambda item: item[0], reverse=True)
    return [(names[body], month, [n[name] for name in _COUNTED], _share(n)) for (month, body), n in newest]


def _share(counts: Counter[str]) -> str:
    return f"{100 * counts['accepted'] / counts['received']:.1f}%" if counts["received"] else "—"


def _rules(asked: Asked, refused: list[Submission]) -> list[dict[str, object]]:
    """Which rules refused how many rows of which bodies, of the kept findings of these submissions."""
    hits: dict[tuple[str, str], Counter[str]] = {}
    for one in refused:
        for rule, n in _hits(one):
            hits.setdefault((one.resource, rule), Counter())[one.authority_id] += n
    names = sent.names_of({body for counts in hits.values() for body in counts})
    told = [
        {
            "resource": asked.catalogue.resources[resource],
            "rule": rule,
            "n": counts.total(),
            "bodies": [(names[body], n) for body, n in counts.most_common()],
        }
        for (resource, rule), counts in hits.items()
    ]
    return sorted(told, key=lambda r: -int(str(r["n"])))


def _hits(submission: Submission) -> list[tuple[str, int]]:
    try:
        found = quarantine.findings(site_here(), submission)
    except Refused:  # destroyed when its days were over
        return []
    refused = found.filter(pl.col("severity") == "reject")
    return [(str(rule), int(n)) for rule, n in refused.group_by("rule").len().sort("rule").iter_rows()]
