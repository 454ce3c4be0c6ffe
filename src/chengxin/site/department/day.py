"""A department's first page: what waits, what was sent last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.desks import Seat, desk

ROLES = (Role.ENTER, Role.REVIEW, Role.CHECK, Role.MANAGE)


@require_safe
@through("authority.sent")
@desk(*ROLES)
def day(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for a review, what waits for the office, what was sent last."""
    asked = seat.asked("authority.sent", "own_records")
    context = {
        "for_review": sent.submissions(asked, ("received",)),
        "held": sent.submissions(asked, ("held",)),
        "waiting": sum(sent.waiting(asked).values()),
        "last": sent.submissions(asked, most=10),
    }
    return render(request, "department/day.html", context)
