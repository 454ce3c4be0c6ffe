"""The second person's review: what waits, its rows, what is looked for, what is withheld and why; sign or send back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.reports.said import amount
from chengxin.sharing.outlets import through
from chengxin.sharing.pairs import Duty, pair_forbidden
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.access.looks import write_look
from chengxin.site.actions import preview, submissions, uploads, whole
from chengxin.site.department.common import asked_of, page_number, said, submission_or_404, told
from chengxin.site.department.receipt import facts
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.store.models import Submission
from chengxin.standards.model import Field
from chengxin.values.errors import Refused, Said

EACH = 50  # rows on a page
FEW = 5  # rows that are shown whole, each as a card, not as lines of a table
_WITHHELD = "withhold-"
_CHANGED = Said(
    "这份全量会使多少条不再显示，与您看过的数目不同了，请再看一遍后签署。",
    "How many records this whole list hides is no longer what you were shown: look again, then sign.",
)


@require_safe
@through("authority.sent")
@desk(Role.REVIEW)
def waiting(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for a review."""
    rows = sent.submissions(asked_of(seat, "authority.sent"), ("received",), 100)
    own = [s for s in rows if s.submitted_by.casefold() == seat.name.casefold()]
    context = {"rows": [s for s in rows if s not in own], "own": own, "why": _why_not()}
    return render(request, "department/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.problems")
@desk(Role.REVIEW)
def review(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One submission: its rows, and the form to sign or send back."""
    submission = submission_or_404(seat, identity)
    if request.method == "POST":
        return _decide(request, seat, submission)
    if submission.state != "received":
        return redirect("department_receipt", identity)
    write_look(asked_of(seat, "authority.problems"), [])
    at = page_number(request)
    rows = preview.rows(site_here(), submission, (at - 1) * EACH, EACH)
    context = facts(submission)
    fields = preview.shown_fields(context["resource"], rows)
    accepted = min(submission.counts.get("accepted", 0), preview.MOST)
    own = submission.submitted_by.casefold() == seat.name.casefold()
    table = [(row["row"], [_text(f, row[f.name]) for f in fields]) for row in rows.iter_rows(named=True)]
    context |= {
        "fields": fields,
        "rows": table,
        "cards": []
        if accepted > FEW
        else [(n, [pair for pair in zip(fields, row, strict=True) if pair[1]]) for n, row in table],
        "whole": whole.now(site_here(), submission),
        "at": at,
        "pages": range(1, -(-accepted // EACH) + 1),
        "may_withhold": [
            f for f in context["resource"].fields if not f.drop and f.name not in _key(context["resource"])
        ],
        "forbidden": _why_not() if own else None,
    }
    return render(request, "department/review.html", context)


def _decide(page: HttpRequest, seat: Seat, submission: Submission) -> HttpResponse:
    identity = submission.id.hex
    try:
        if page.POST.get("do") == "back":
            submissions.send_back(site_here(), submission, seat.name, page.POST.get("reason", ""))
            said(page, "已退回。", "Sent back.")
            return redirect("department_reviews")
        if page.POST.get("looked") != "yes":
            raise Refused("looked", Said("请确认三项都已看过。", "Please confirm that you looked for all three."))
        if (absent := whole.now(site_here(), submission)) and page.POST.get("gone") != str(absent.gone):
            raise Refused("gone", _CHANGED)
        withheld = {
            name.removeprefix(_WITHHELD): page.POST.get(f"why-{name.removeprefix(_WITHHELD)}", "").strip()
            for name in page.POST
            if name.startswith(_WITHHELD)
        }
        job = uploads.review(submission, seat.name, withheld)
    except Refused as refusal:
        return told(page, refusal, "department_review", identity)
    return redirect("department_job", job.id.hex)


def _why_not() -> Said | None:
    pair = pair_forbidden(Duty.SUBMIT, Duty.REVIEW, same_case=True)
    return pair.said if pair else None


def _key(resource: object) -> set[str]:
    """Fields without which a record is none: they are published or the record is not sent."""
    return set(getattr(resource, "natural_key", ()))


def _text(field: Field, value: object) -> str:
    return "" if value is None else amount(value) if field.kind == "money" else str(value)
