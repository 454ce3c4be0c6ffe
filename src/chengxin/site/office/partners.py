"""Who takes over data from here: how far each has confirmed, and what was lifted that it has not confirmed to have dropped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import through
from chengxin.sharing.package import SAME
from chengxin.sharing.roles import Role
from chengxin.site.access import exchanging, following
from chengxin.site.access.asked import Asked
from chengxin.site.actions.exchange import State
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING
from chengxin.site.store.models import Package
from chengxin.values.errors import Said

SHOWN = 20  # packages
_OTHERS = {SAME: ("同一主体", "subjects that are one")}


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def partners(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody who follows the feed; the packages for the upper platform, and what was compared."""
    asked = seat.asked("office.intake", KEEPING)
    compared = exchanging.compared()
    context = {
        "followers": following.followers(asked),
        "hours": following.within_hours(asked),
        "packages": [_package(one) for one in exchanging.packages(SHOWN)],
        "compared": compared,
        "differences": [_difference(asked, d) for d in compared.differences] if compared else [],
    }
    return render(request, "office/partners.html", context)


def _package(row: Package) -> dict[str, Any]:
    return {"row": row, "state": State(row.state), "rows": sum(row.counts.values())}


def _difference(asked: Asked, told: dict[str, Any]) -> dict[str, Any]:
    """One resource and day whose count or digest is not the same on both sides."""
    resource = asked.catalogue.resources.get(told["resource"])
    title = resource.title if resource else Said(*_OTHERS.get(told["resource"], (told["resource"],) * 2))
    sides = {side: told[side][0] if told[side] else 0 for side in ("ours", "theirs")}
    return {"title": title, "day": told["day"], **sides}
