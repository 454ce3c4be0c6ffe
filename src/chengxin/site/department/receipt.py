"""The receipt of a submission: its number, counts, digest, who and when, what is next; as a page and as a PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.flow.states import State
from chengxin.sharing.outlets import through
from chengxin.sharing.pairs import Duty, pair_forbidden
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.department.common import ROLES, as_file, submission_or_404
from chengxin.site.department.paper import receipt_pdf
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.store.models import Account, Submission
from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Said

COUNTS = {
    "received": Said("收到行", "rows received"),
    "accepted": Said("可接收", "accepted"),
    "rejected": Said("要改", "to mend"),
    "duplicate": Said("重复", "repeated"),
    "held": Said("待定", "held"),
    "added": Said("新增", "added"),
    "superseded": Said("更新", "superseded"),
    "unchanged": Said("无变化", "unchanged"),
    "withdrawn": Said("撤销", "withdrawn"),
    "missing": Said("全量中缺失", "missing from the whole list"),
    "late": Said("晚到的旧版本", "older versions come late"),
    "waiting": Said("等认定主体", "wait for their subject"),
}
NEXT = {
    State.RECEIVED: Said("请本部门另一人作保密审查，审查后生效。", "A colleague reviews it; then it takes effect."),
    State.REVIEWED: Said("已审查，正在入库。", "It was reviewed and is being recorded."),
    State.EFFECTIVE: Said("已生效。要改的行在“问题数据”里。", "It is in effect. Rows to mend are under problem data."),
    State.HELD: Said(
        "比往常少得多，信用办核实后放行。", "It holds far less than usual; the credit office looks into it first."
    ),
    State.RECALLED: Said("这一批已撤回，不再有效。", "It was recalled and has no effect."),
    State.EMPTY: Said(
        "没有一行可以接收，不需要审查，也不算一次报送。改好后重新报送。",
        "No row can be taken: there is nothing to review, and it does not count as sent. Mend it and send it again.",
    ),
    State.RETURNED: Said("审查人退回。改好后重新报送。", "Its reviewer sent it back. Mend it and send it again."),
}


@require_safe
@through("authority.sent")
@desk(*ROLES)
def receipt(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The page."""
    submission = submission_or_404(seat, identity)
    return render(request, "department/receipt.html", facts(submission) | {"may_review": may_review(seat, submission)})


@require_safe
@through("authority.sent")
@desk(*ROLES)
def pdf(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The same on paper."""
    submission = submission_or_404(seat, identity)
    content = receipt_pdf(facts(submission), seat.account.name)
    return as_file(content, f"回执_{submission.id.hex[:8]}.pdf", "application/pdf")


def facts(submission: Submission) -> dict[str, Any]:
    """What a receipt says."""
    state = State(submission.state)
    catalogue = load_catalogue(submission.known_on)
    names = dict(
        Account.objects.filter(login__in=[submission.submitted_by, submission.reviewed_by]).values_list("login", "name")
    )
    return {
        "submission": submission,
        "resource": catalogue.resource(submission.resource),
        "state": state,
        "next": NEXT[state],
        "counts": [(said, submission.counts[name]) for name, said in COUNTS.items() if submission.counts.get(name)],
        "sent_by": _named(submission.submitted_by, names)
        or sent.named([submission.submitted_by])[submission.submitted_by],
        "reviewed_by": _named(submission.reviewed_by, names) or Said(submission.reviewed_by, submission.reviewed_by),
        "about": {k: submission.reading.get(k) for k in ("mended_cells", "again", "reason", "document", "corrects")},
        "change": sent.change_of(submission),
        "withheld": [
            (catalogue.resource(submission.resource).by_name[name].title, why)
            for name, why in submission.review.get("withheld", {}).items()
        ],
    }


def may_review(seat: Seat, submission: Submission) -> bool:
    """True if this account may sign the review of this submission."""
    pair = pair_forbidden(Duty.SUBMIT, Duty.REVIEW, same_case=True)
    own = submission.submitted_by.casefold() == seat.name.casefold()
    return seat.holds(Role.REVIEW) and submission.state == "received" and not (pair and own)


def _named(login: str, names: dict[str, str]) -> Said | None:
    return Said(f"{names[login]}（{login}）", f"{names[login]} ({login})") if login in names else None
