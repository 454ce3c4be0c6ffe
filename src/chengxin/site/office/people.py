"""Accounts of all desks and keys of all bodies, for the credit office."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.accounts import manage
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def everybody(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody who has an account."""
    return manage.accounts_page(request, seat, "office_account")


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def one(request: HttpRequest, seat: Seat, identity: UUID) -> HttpResponse:
    """One of them."""
    return manage.account_page(request, seat, identity, "office_accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def keys(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All keys; each authority makes its own."""
    return manage.keys_page(request, seat)


@require_safe
@without_records
@desk(Role.AUDIT, Role.SECURITY, Role.OFFICE)
def changes(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who changed which account or key, newest first."""
    return manage.changes_page(request, seat)
