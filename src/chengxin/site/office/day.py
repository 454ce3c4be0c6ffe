"""The credit office's first page: what came in today, what waits, what is held."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.desks import Seat, desk, menu

ROLES = (Role.OFFICE, Role.AUDIT, Role.RUN, Role.SECURITY)


@require_safe
@without_records
@desk(*ROLES)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The first page of the menu that the account's roles open."""
    own = menu(seat)
    return redirect(own[0].url if own else "account_home")


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def day(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What came today by body, how many rows wait, which feeds are held."""
    asked = seat.asked("office.intake", "stewardship")
    context = {
        "today": asked.at.day,
        "came": sent.by_body(asked, asked.at.day),
        "states": sent.by_state(asked),
        "waiting": sent.waiting(asked).items(),
        "held": sent.submissions(asked, ("held",)),
    }
    return render(request, "office/day.html", context)
