"""The pages on which accounts and keys are managed: one spelling for a department's manager and for the office."""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.roles import Role, Seating, in_order
from chengxin.site.access.asked import place
from chengxin.site.access.looks import write_staff_look
from chengxin.site.actions import accounts, api_keys, proposals
from chengxin.site.actions.accounts import Change, New
from chengxin.site.actions.authorities import Body
from chengxin.site.desks import Seat
from chengxin.site.store.models import Account, ApiKey, Authority, StaffChange
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

_MOST = 500  # changes on one page
_TYPED = ("login", "name", "authority", "organisation", "reason")
_PROPOSED = Said("已提出，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms.")


@dataclass
class Told:
    """What became of what was asked for: why it was refused, or what was done, with a secret that is shown this once."""

    refused: Said | None = None
    done: Said | None = None
    secret: str = ""
    typed: dict[str, Any] = field(default_factory=dict)

    @contextlib.contextmanager
    def saying(self) -> Iterator[None]:
        """A refusal inside stands on the page, beside what was typed."""
        try:
            yield
        except Refused as refusal:
            self.refused = refusal.said


def looked(seat: Seat) -> None:
    """Who opens a page of people, keys or partners is written down before any of it is read."""
    write_staff_look(seat.who, seat.reader, place())


def accounts_page(page: HttpRequest, seat: Seat, one: str) -> HttpResponse:
    """All accounts that the seat manages, and a form for a new one. `one`: name of the address of a single account."""
    told = Told()
    looked(seat)
    if page.method == "POST":
        told.typed = {name: page.POST.get(name, "") for name in _TYPED}
        told.typed["roles"] = page.POST.getlist("role")
        with told.saying():
            told.done, told.secret = _add(told.typed, seat)
            told.typed = {}
    managed = accounts.accounts_of(seat.giver)
    at = page.GET.get("at", "")
    context = {
        "told": told,
        "accounts": [a for a in managed if at not in set(Seating) or a.seating == at],
        "at": at,
        "seatings": [] if seat.body else [(s, sum(a.seating == s for a in managed)) for s in Seating],
        "proposals": [] if seat.body else waiting_for(("account", "roles", "reset"), seat),
        "second": with_second_factor(managed),
        "roles": in_order(seat.giver.gives),
        "authorities": None if seat.body else Authority.objects.filter(kind="department", active=True).order_by("name"),
        "changes": told_changes(accounts.changes_of(seat.giver)),
        "one_address": one,
    }
    return render(page, "account/accounts.html", context)


def _add(typed: dict[str, Any], seat: Seat) -> tuple[Said, str]:
    body = seat.body or typed["authority"] or None
    new = New(typed["login"], typed["name"], roles_of(typed["roles"]), body, typed["organisation"], seat.account.demo)
    login = new.login.strip().lower()
    if accounts.takes_two(new.roles):
        accounts.check_new(new, seat.giver)
        detail = {"name": new.name.strip(), "roles": " ".join(in_order(new.roles))}
        proposals.propose("account", login, seat.name, typed["reason"], detail)
        return _PROPOSED, ""
    _, password = accounts.add_account(new, None, seat.giver)
    return Said(f"已新建账号 {login}。", f"Made the account {login}."), password


def waiting_for(kinds: Collection[str], seat: Seat, about: str = "") -> list[dict[str, Any]]:
    """What of these kinds waits for a second person, and why it may not be this one; of one thing, or of all."""
    found = [p for kind in kinds for p in proposals.waiting(kind)]
    return [
        {
            "one": p,
            "what": proposals.ACTS[p.what].said,
            "roles": [Role(code).said for code in p.detail.get("roles", "").split() if code in set(Role)],
            "label": p.about.partition(":")[2] or p.about,
            "facts": _facts(p.detail),
            "why_not": proposals.why_not(p, seat.name),
        }
        for p in found
        if not about or p.about.partition(":")[0] == about
    ]


def _facts(detail: dict[str, str]) -> list[tuple[Said, list[Said]]]:
    """What the second person confirms: what a body is to be, what a key is to be for and until when."""
    known = load_catalogue(legal_today())
    facts = []
    if "kind" in detail:
        facts.append((Said("是什么", "what it is"), [Body(detail["kind"]).said]))
    for name, said, things in (
        ("resources", Said("信息类", "resources"), known.resources),
        ("purposes", Said("用途", "purposes"), known.purposes),
    ):
        if name in detail:
            titles = [things[n].title if n in things else Said(n, n) for n in detail[name].split()]
            facts.append((said, titles))
    if "until" in detail:
        facts.append((Said("最后一日", "last day"), [Said(detail["until"], detail["until"])]))
    return facts


def account_page(page: HttpRequest, seat: Seat, identity: UUID, everybody: str) -> HttpResponse:
    """One account: other roles, disable, let in again, set back. Another body's is as one that is not there."""
    managed = {account.id: account for account in accounts.accounts_of(seat.giver)}
    if identity not in managed:
        raise Http404
    told, login = Told(), managed[identity].login
    looked(seat)
    if page.method == "POST":
        with told.saying():
            told.done, told.secret = _changed(page, managed[identity], seat)
    account = accounts.found(login, seat.giver)
    context = {
        "told": told,
        "account": account,
        "self": account.id == seat.account.id,
        "second": account.id in with_second_factor([account]),
        "roles": in_order(seat.giver.gives | account.holds),
        "gives": seat.giver.gives,
        "changes": told_changes(accounts.changes_of(seat.giver, about=login)),
        "everybody": everybody,
        "proposals": [] if seat.body else waiting_for(("roles", "reset"), seat, login),
    }
    return render(page, "account/account.html", context)


def _changed(page: HttpRequest, account: Account, seat: Seat) -> tuple[Said, str]:
    login, by, do = account.login, seat.giver, page.POST.get("do", "")
    match do:
        case "roles":
            roles = roles_of(page.POST.getlist("role"))
            if accounts.takes_two(roles - account.holds):
                detail = {"roles": " ".join(in_order(roles))}
                proposals.propose("roles", login, seat.name, page.POST.get("reason", ""), detail)
                return _PROPOSED, ""
            accounts.change_roles(login, roles, by)
            return Said("角色已变更，下一次请求起生效。", "Roles changed, from the next request on."), ""
        case "disable" | "enable":
            accounts.set_active(login, do == "enable", by)
            return (Change.ENABLED if do == "enable" else Change.DISABLED).said, ""
        case "end":
            accounts.end(login, by)
            return Change.ENDED.said, ""
        case "reset":
            if accounts.takes_two(account.holds):
                proposals.propose("reset", login, seat.name, page.POST.get("reason", ""))
                return _PROPOSED, ""
            _, password = accounts.reset(login, None, by)
            return Change.RESET.said, password
    raise Refused("what", Said("没有这个操作。", "There is no such thing to do."))


def keys_page(page: HttpRequest, seat: Seat) -> HttpResponse:
    """The keys that the seat manages: made and shown once, limited, ended. The office makes none, but may end any."""
    told = Told()
    looked(seat)
    authority = seat.account.authority
    if page.method == "POST":
        told.typed = {"name": page.POST.get("name", ""), "days": page.POST.get("days", "")}
        told.typed |= {name: page.POST.getlist(name) for name in ("resource", "purpose")}
        with told.saying():
            if page.POST.get("do") == "revoke":
                api_keys.revoke_key(page.POST.get("key", ""), seat.giver)
                told.done, told.typed = Change.KEY_REVOKED.said, {}
            elif authority is not None:
                scope = api_keys.Scope(told.typed["resource"], told.typed["purpose"], last_day(told.typed["days"]))
                _, told.secret = api_keys.give_key(
                    authority.code, seat.giver, told.typed["name"], scope, seat.account.demo
                )
                told.done, told.typed = Change.KEY_MADE.said, {}
    catalogue = load_catalogue(legal_today())
    context = {
        "told": told,
        "keys": keys_told(api_keys.keys_of(seat.giver)),
        "today": legal_today(),
        "resources": [catalogue.resources[r] for r in authority.resources if r in catalogue.resources]
        if authority
        else None,
        "purposes": [catalogue.purposes[p] for p in api_keys.purposes_for(authority)] if authority else None,
        "most": api_keys.LONGEST,
        "several": authority is None,
    }
    return render(page, "account/keys.html", context)


def keys_told(keys: list[ApiKey]) -> list[tuple[ApiKey, list[Said], list[Said]]]:
    """Keys with what they are for in words."""
    catalogue = load_catalogue(legal_today())
    resources, purposes = catalogue.resources, catalogue.purposes
    return [
        (
            key,
            [resources[n].title if n in resources else Said(n, n) for n in key.resources],
            [purposes[n].title if n in purposes else Said(n, n) for n in key.purposes],
        )
        for key in keys
    ]


def changes_page(page: HttpRequest, seat: Seat) -> HttpResponse:
    """What was changed last, for who audits or guards."""
    looked(seat)
    changes = told_changes(accounts.changes_of(seat.giver, _MOST))
    return render(page, "account/log.html", {"changes": changes, "most": _MOST})


def last_day(days: str) -> date:
    """The last day of a key that is for so many days. Raises Refused."""
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:4]) <= api_keys.LONGEST and len(days) < 4):
        zh = f"有效天数填 1 到 {api_keys.LONGEST}。"
        raise Refused("key-days", Said(zh, f"Days are a number from 1 to {api_keys.LONGEST}."))
    return legal_today() + timedelta(days=int(days) - 1)


def roles_of(codes: list[str]) -> frozenset[Role]:
    """Roles by their codes. Raises Refused for one that is not in the list."""
    if set(codes) - set(Role):
        raise Refused("role", Said("没有这个角色。", "There is no such role."))
    return frozenset(Role(code) for code in codes)


def told_changes(changes: list[StaffChange]) -> list[dict[str, Any]]:
    """Changes in words."""
    return [{"row": c, "what": Change(c.what).said, "roles": _roles_told(c.detail)} for c in changes]


def _roles_told(detail: dict[str, Any]) -> tuple[list[Said], list[Said]] | None:
    after = detail.get("after", detail.get("roles"))
    if after is None:
        return None
    before, now = (
        [Role(code).said for code in codes if code in set(Role)] for codes in (detail.get("before", []), after)
    )
    return before, now


def with_second_factor(managed: list[Account]) -> set[UUID]:
    """Which of these accounts have one."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = Authenticator.objects.filter(user__in=managed, type__in=kinds)
    return set(found.values_list("user_id", flat=True))
