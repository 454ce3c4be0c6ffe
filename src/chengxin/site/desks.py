"""Who sits at a desk: `@desk(Role.REVIEW)` gives a view its `Seat`, or sends who asks elsewhere.

A stranger is sent to sign in; an account of staff without a second factor is sent to set one up (on a site in service); one
without the role gets a page that says so. What belongs to another body is a 404 like what is not there: `own_or_404`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from chengxin.sharing.outlets import outlet_named
from chengxin.sharing.questions import Ground
from chengxin.sharing.roles import Role, Seating, may_give
from chengxin.site.access.asked import Asked, Who, place
from chengxin.site.actions.accounts import Giver
from chengxin.site.store.models import Account
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Reader
from chengxin.values.errors import Said

LONGEST = 10 * 3_600  # seconds that a session of staff lasts, however busy
LONGEST_OF_SUBJECTS = 2 * 3_600  # of somebody who acts for a subject (trust 3.11)
BEGUN = "begun"  # when it began
STAFF = (Seating.DEPARTMENT, Seating.OFFICE, Seating.PARTNER)
HOMES = {
    Seating.DEPARTMENT: "department",
    Seating.OFFICE: "office",
    Seating.SUBJECT: "subject_home",
    Seating.PARTNER: "account_home",
}
P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True)
class Seat:
    """Who sits here now: the account, its body's code ("" if it has none), its roles. Read afresh at each request."""

    account: Account
    body: str
    body_name: str
    roles: frozenset[Role]

    @property
    def name(self) -> str:
        """How actions and Looks name who does it: the login name, which never changes and is nobody else's."""
        return self.account.login

    @property
    def who(self) -> Who:
        """Who asks the gate."""
        return Who(self.name, self.body)

    def holds(self, role: Role) -> bool:
        """True if the account has the role."""
        return role in self.roles

    @property
    def reader(self) -> Reader:
        """As whom it looks at what is no record."""
        return self.account.listed[0].reader

    @property
    def giver(self) -> Giver:
        """As whom it changes accounts and keys: in its own body, unless it is the office's."""
        return Giver(self.name, may_give(self.roles), self.body or None)

    def asked(
        self, outlet: str, purpose: str, ground: Ground = Ground.NONE, subject: str | None = None, case: str = ""
    ) -> Asked:
        """A request at an outlet of this desk, about `subject` (its id), in `case`.

        Raises LookupError for an outlet whose reader none of its roles is: our own mistake.
        """
        found = outlet_named(outlet)
        if found.reader not in {role.reader for role in self.roles}:
            raise LookupError(f"{outlet} is not for {sorted(self.roles)}")
        at = replace(place(), body=self.body or None, subject=subject)
        return Asked(found, at, load_catalogue(at.day), purpose, ground, replace(self.who, case=case))


def seat_of(page: HttpRequest) -> Seat | None:
    """Who is signed in; None for a stranger, and for a session that has lasted too long."""
    account = page.user
    if not isinstance(account, Account):
        return None
    longest = LONGEST_OF_SUBJECTS if account.seating is Seating.SUBJECT else LONGEST
    if time.time() - page.session.setdefault(BEGUN, int(time.time())) > longest:
        logout(page)
        return None
    authority = account.authority
    active = authority is None or authority.active
    roles: frozenset[Role] = account.holds if active else frozenset()
    return Seat(account, account.authority_id or "", authority.name if authority else "", roles)


def needs_second_factor(seat: Seat) -> bool:
    """True for staff of a site in service who have not set up a second factor."""
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 - its models exist once the apps are ready

    return not settings.ABOUT.demo and seat.account.seating in STAFF and not is_mfa_enabled(seat.account)


def seated(view: Callable[Concatenate[HttpRequest, Seat, P], HttpResponse]) -> View[P]:
    """Gives a view its seat as second argument, for whoever is signed in, with a second factor where one is needed."""

    @wraps(view)
    def _view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        seat = seat_of(request)
        if seat is None:
            return redirect_to_login(request.path)  # not what was asked there: it may be about somebody
        if needs_second_factor(seat):
            return redirect("mfa_activate_totp")
        request.seat = seat  # type: ignore[attr-defined] # the frame shows who sits here
        return view(request, seat, *args, **kwargs)

    return _view


def desk(*roles: Role) -> Callable[[Callable[Concatenate[HttpRequest, Seat, P], HttpResponse]], View[P]]:
    """`seated`, for accounts that hold one of the roles."""

    def sits(view: Callable[Concatenate[HttpRequest, Seat, P], HttpResponse]) -> View[P]:
        @seated
        @wraps(view)
        def _view(request: HttpRequest, seat: Seat, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not seat.roles & set(roles):
                raise PermissionDenied
            return view(request, seat, *args, **kwargs)

        _view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return _view

    return sits


def own_or_404(seat: Seat, body: str | None, thing: T | None) -> T:
    """The thing if it is there and of the seat's own body; else the same 404 either way."""
    if thing is None or not seat.body or body != seat.body:
        raise Http404
    return thing


@dataclass(frozen=True)
class Entry:
    """One entry of a desk's menu: the name of its address, its title, for whom."""

    url: str
    title: Said
    roles: frozenset[Role]


MENU: dict[Seating, list[Entry]] = {seating: [] for seating in Seating}


def entry(url: str, zh: str, en: str, *roles: Role) -> None:
    """Put a page into the menu of the desk at which the roles sit; called beside the addresses in a desk's `urls`."""
    MENU[roles[0].seating].append(Entry(url, Said(zh, en), frozenset(roles)))


def menu(seat: Seat) -> list[Entry]:
    """What of its desk's menu the seat may open."""
    return [e for seating in {r.seating for r in seat.roles} for e in MENU[seating] if e.roles & seat.roles]


def home_of(account: Any) -> str:
    """The name of the first page of an account's desk."""
    seating = account.seating if isinstance(account, Account) else None
    return HOMES[seating] if seating else "account_home"
