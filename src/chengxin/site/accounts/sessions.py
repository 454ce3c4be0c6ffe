"""One's own sessions: where and since when one is signed in, ended one by one; staff have two at once at most (trust 3.11)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import without_records
from chengxin.site.desks import STAFF, Seat, seated
from chengxin.site.middleware import SEEN
from chengxin.site.store.models import Account
from chengxin.values.errors import Said

MOST = 2  # of one member of staff
# What a browser says of itself, in order: the first that is found names it.
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Open:
    """A session that is open."""

    id: int
    began: datetime
    seen: datetime
    address: str
    browser: str
    this: bool


def keep_few(account: Account, current: str) -> None:
    """Whoever signs in once too often is signed out where it was longest ago. Sessions that are over are forgotten."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    if account.seating in STAFF:
        others = UserSession.objects.filter(user=account).exclude(session_key=current).order_by("-created_at", "-id")
        for one in others[MOST - 1 :]:
            one.end()


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@seated
def sessions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where one is signed in, with an end for each."""
    own, done = UserSession.objects.filter(user=seat.account), None
    here = request.session.session_key or ""
    if request.method == "POST":
        wanted = request.POST.get("end", "")
        others = own.exclude(session_key=here)
        ended = (
            others
            if wanted == "others"
            else others.filter(id=int(wanted) if wanted.isdecimal() and len(wanted) < 12 else 0)
        )
        rows = list(ended)
        for one in rows:
            one.end()
        done = Said(f"已退出 {len(rows)} 处。", f"Signed out in {len(rows)}.")
    context = {
        "open": _open(list(own.order_by("-created_at")), here),
        "done": done,
        "most": MOST,
        "staff": seat.account.seating in STAFF,
    }
    return render(request, "account/sessions.html", context)


def _open(rows: list[UserSession], here: str) -> list[Open]:
    """Those that are not over, this one first."""
    alive = Session.objects.filter(session_key__in=[r.session_key for r in rows], expire_date__gt=timezone.now())
    told: dict[str, dict[str, Any]] = {s.session_key: s.get_decoded() for s in alive}
    found = [_one(row, told[row.session_key], here) for row in rows if row.session_key in told]
    return sorted(found, key=lambda one: not one.this)


def _one(row: UserSession, data: dict[str, Any], here: str) -> Open:
    seen = datetime.fromtimestamp(data[SEEN], UTC) if SEEN in data else row.created_at
    named = [next((name for sign, name in known if sign in row.user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return Open(row.id, row.created_at, seen, row.ip, " · ".join(filter(None, named)), row.session_key == here)
