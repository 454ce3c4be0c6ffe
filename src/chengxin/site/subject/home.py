"""A subject's first page: for whom the account speaks, and where its public page is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.desks import Seat, desk


@require_safe
@without_records
@desk(Role.SUBJECT)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where to look and what to do."""
    return render(request, "subject/home.html", {"code": seat.account.organisation})
