"""Problem data: rows that were refused, by whatever way they came; mend them, or say that the rule is wrong."""

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.flow.states import Waits
from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import exchanging, sent
from chengxin.site.access.looks import write_look
from chengxin.site.actions import notes, quarantine, uploads
from chengxin.site.department.common import ROLES, asked_of, reported_or_404, said, submission_or_404, told
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.store.models import Submission
from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Refused, Said

SHOWN = 100  # findings of one submission on its page
_WAYS = {
    "desk": Said("网页上传", "upload"),
    "form": Said("网页填报", "form"),
    "api": Said("接口", "API"),
    "command": Said("命令行", "command line"),
}


@require_safe
@through("authority.problems")
@desk(*ROLES)
def problems(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Submissions with rows to mend, of all ways, each with its reasons; and rows that wait for the office."""
    asked = asked_of(seat, "authority.problems")
    write_look(asked, [])
    listed = [_of(s) | {"reasons": _reasons(s)[:3]} for s in sent.with_refused(asked)]
    reasons: dict[tuple[str, str], dict[str, Any]] = {}
    for one in listed:
        for reason in one["reasons"]:
            known = reasons.setdefault(
                (one["submission"].resource, reason["rule"]), reason | {"n": 0, "of": one["resource"]}
            )
            known["n"] += reason["n"]
    waiting = [(Waits(why).said, n) for why, n in sent.waiting(asked).items()]
    ranked = sorted(reasons.values(), key=lambda r: -r["n"])
    came_back, of_all = exchanging.returned(asked, SHOWN)
    context = {"listed": listed, "reasons": ranked, "waiting": waiting, "came_back": came_back, "of_all": of_all}
    return render(request, "department/problems.html", context)


@require_safe
@through("authority.problems")
@desk(*ROLES)
def problem(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One submission's refused rows."""
    submission = submission_or_404(seat, identity)
    write_look(asked_of(seat, "authority.problems"), [])
    found = _found(submission)
    context = _of(submission) | {
        "reasons": _reasons(submission),
        "findings": found.sort("part", "row").head(SHOWN).to_dicts(),
        "total": found.height,
        "may_mend": seat.holds(Role.ENTER) and found.height > 0,
    }
    return render(request, "department/problem.html", context)


@through("authority.problems")
@desk(Role.ENTER)
@require_POST
def again(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Take the refused rows of a submission up, to mend and send them again."""
    submission = submission_or_404(seat, identity)
    try:
        job = uploads.mend_refused(site_here(), submission, seat.name)
    except Refused as refusal:
        return told(request, refusal, "department_problem", identity)
    return redirect("department_job", job.id.hex)


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.ENTER, Role.REVIEW)
def dispute(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """Tell the credit office that a rule is wrong; what was told before, and its answers."""
    resource = reported_or_404(seat, name)
    rule = request.POST.get("rule", request.GET.get("rule", ""))[:80]
    if request.method == "POST":
        try:
            notes.tell(seat.body, resource, rule, request.POST.get("text", ""), seat.name)
        except Refused as refusal:
            return told(request, refusal, "department_dispute", name)
        said(request, "已转信用办。", "Passed on to the credit office.")
        return redirect("department_dispute", name)
    told_before = notes.of_body(seat.body, name)
    return render(request, "department/dispute.html", {"resource": resource, "rule": rule, "told": told_before})


def _of(submission: Submission) -> dict[str, Any]:
    resource = load_catalogue(submission.known_on).resource(submission.resource)
    way = _WAYS.get(submission.reading.get("way", "command"), _WAYS["command"])
    return {"submission": submission, "resource": resource, "way": way}


def _found(submission: Submission) -> pl.DataFrame:
    try:
        found = quarantine.findings(site_here(), submission)
    except Refused:  # destroyed when its days were over
        return pl.DataFrame(schema={"severity": pl.String, "row": pl.UInt32, "part": pl.String, "rule": pl.String})
    return found.filter(pl.col("severity") == "reject")


def _reasons(submission: Submission) -> list[dict[str, Any]]:
    found = _found(submission)
    if found.is_empty():
        return []
    by_rule = found.group_by("rule").agg(pl.len().alias("n"), pl.col("message_zh", "message_en", "clause").first())
    return by_rule.sort("n", "rule", descending=[True, False]).to_dicts()
