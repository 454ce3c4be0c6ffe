"""A department's first page: what is due, what is under way, what waits, what was sent last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.flow.states import JobState
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import jobs, sent
from chengxin.site.department.common import ROLES, asked_of
from chengxin.site.department.owed import owed
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe


@require_safe
@through("authority.sent")
@desk(*ROLES)
def day(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What is due or late, jobs of the body, what waits for a review or for the office, what was sent last."""
    asked = asked_of(seat, "authority.sent")
    due = owed(seat)
    going = jobs.open_jobs(asked)
    called = sent.named({job.by for job in going})
    context = {
        "late": [o for o in due if o.late],
        "soon": [o for o in due if o.late or o.near],
        "jobs": [(job, JobState(job.state), called[job.by]) for job in going],
        "for_review": sent.submissions(asked, ("received",)),
        "held": sent.submissions(asked, ("held",)),
        "to_mend": len(sent.with_refused(asked)),
        "waiting": sum(sent.waiting(asked).values()),
        "last": sent.submissions(asked, most=10),
        "may_send": seat.holds(Role.ENTER),
        "may_review": seat.holds(Role.REVIEW),
    }
    return render(request, "department/day.html", context)
