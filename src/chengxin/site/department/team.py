"""A department's people and programs: accounts and API keys, for who manages them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.accounts import manage
from chengxin.site.desks import Seat, desk


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.MANAGE)
def team(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody who has an account here."""
    return manage.accounts_page(request, seat, "team_member")


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.MANAGE)
def member(request: HttpRequest, seat: Seat, identity: UUID) -> HttpResponse:
    """One of them."""
    return manage.account_page(request, seat, identity, "team")


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.MANAGE)
def keys(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The keys of its programs."""
    return manage.keys_page(request, seat)
