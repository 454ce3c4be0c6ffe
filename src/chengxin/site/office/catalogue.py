"""The catalogue's versions, and what differs between two days: what becomes stricter, milder, or asks more of senders."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.standards.diff import between
from chengxin.standards.load import load_catalogue, shipped_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said

_EFFECTS = {
    "stricter": Said("▲ 更严", "▲ stricter"),
    "milder": Said("▼ 更宽", "▼ milder"),
    "neutral": Said("＝ 不变", "＝ neutral"),
}
_HOW = {"added": Said("新增", "added"), "removed": Said("删去", "removed"), "changed": Said("改动", "changed")}


@require_safe
@without_records
@desk(Role.OFFICE, Role.AUDIT)
def catalogue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Versions in force today; the differences between two days."""
    today = legal_today()
    since, until = _day(request.GET.get("since"), date(today.year, 1, 1)), _day(request.GET.get("until"), today)
    if since is None or until is None or since > until:
        context = {"wrong": True, "changes": []}
    else:
        found = between(shipped_catalogue(), since, until)
        context = {
            "wrong": False,
            "changes": [(c, _HOW[c.how], _EFFECTS[c.effect], _EFFECTS[c.senders]) for c in found],
        }
    known = load_catalogue(today)
    context |= {"since": since, "until": until, "known": known}
    context["resources"] = [(one, known.clause(one.clause)) for one in known.resources.values()]
    return render(request, "office/catalogue.html", context)


def _day(text: str | None, otherwise: date) -> date | None:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
