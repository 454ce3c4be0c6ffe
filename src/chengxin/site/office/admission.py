"""Whom the office lets in from outside: banks, agencies, the upper platform; their keys and accounts, suspended, ended."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.accounts import manage
from chengxin.site.accounts.manage import Told
from chengxin.site.actions import accounts, admission, api_keys, proposals
from chengxin.site.actions.accounts import Change, New
from chengxin.site.actions.authorities import Body
from chengxin.site.desks import Seat, desk
from chengxin.site.office.common import reason_of
from chengxin.site.store.models import Account, ApiKey, Authority
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

_PROPOSED = Said("已提出，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms.")


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def bodies(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody who was let in, and a form to propose another."""
    manage.looked(seat)
    told = Told()
    if request.method == "POST":
        told.typed = {name: request.POST.get(name, "").strip() for name in ("code", "name", "kind", "reason")}
        with told.saying():
            code, name, kind = told.typed["code"].upper(), told.typed["name"], told.typed["kind"]
            admission.check_admission(code, name, kind)
            proposals.propose("admit", code, seat.name, reason_of(request), {"name": name, "kind": kind})
            told.done, told.typed = _PROPOSED, {}
    context = {
        "told": told,
        "bodies": [_line(body) for body in admission.partners()],
        "kinds": admission.KINDS,
        "proposals": manage.waiting_for(("admit",), seat),
    }
    return render(request, "office/admission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def body(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """One of them: how it stands, its keys, its people, what may be done."""
    manage.looked(seat)
    try:
        admission.partner(code)
    except Refused as refusal:
        raise Http404 from refusal
    told = Told()
    if request.method == "POST":
        told.typed = {name: request.POST.get(name, "") for name in ("do", "name", "login", "days", "reason")}
        told.typed |= {name: request.POST.getlist(name) for name in ("resource", "purpose")}
        with told.saying():
            told.done, told.secret = _done(request, seat, code, told.typed)
            told.typed = {}
    return render(request, "office/partner.html", _shown(seat, code) | {"told": told})


def _line(one: Authority) -> dict[str, Any]:
    """A body with how it stands and how much of it lives."""
    alive = {"authority": one, "revoked_at": None, "expires_on__gte": legal_today()}
    return {
        "body": one,
        "kind": Body(one.kind).said,
        "state": admission.state_of(one),
        "keys": ApiKey.objects.filter(**alive).count() if one.active else 0,
        "people": Account.objects.filter(authority=one, is_active=True).count() if one.active else 0,
    }


def _shown(seat: Seat, code: str) -> dict[str, Any]:
    own = replace(seat.giver, body=code)
    one, known = admission.partner(code), load_catalogue(legal_today())
    people = accounts.accounts_of(own)
    return {
        **_line(one),
        "code": code,
        "takes_people": one.kind == Body.PARTNER,
        "key_rows": manage.keys_told(api_keys.keys_of(own)),
        "accounts": people,
        "second": manage.with_second_factor(people),
        "today": legal_today(),
        "resources": known.resources.values(),
        "purposes": [known.purposes[name] for name in api_keys.purposes_for(one)],
        "most": api_keys.LONGEST,
        "proposals": manage.waiting_for(("resume", "key"), seat, code),
        "changes": manage.told_changes(accounts.changes_of(own)),
    }


def _done(page: HttpRequest, seat: Seat, code: str, typed: dict[str, Any]) -> tuple[Said, str]:
    """What was done, and a password that is shown this once."""
    by = seat.giver
    match typed["do"]:
        case "suspend":
            admission.suspend(code, by, reason_of(page))
            return Change.SUSPENDED.said, ""
        case "leave":
            admission.leave(code, by, reason_of(page))
            return Change.LEFT.said, ""
        case "resume":
            admission.check_resumption(code)
            proposals.propose("resume", code, seat.name, typed["reason"])
            return _PROPOSED, ""
        case "key":
            _propose_key(seat, code, typed)
            return _PROPOSED, ""
        case "revoke":
            api_keys.revoke_key(page.POST.get("key", ""), replace(by, body=code))
            return Change.KEY_REVOKED.said, ""
        case "account":
            new = New(typed["login"], typed["name"], [Role.PARTNER], organisation=code, demo=seat.account.demo)
            _, password = accounts.add_account(new, None, by)
            return Change.ADDED.said, password
    raise Refused("what", Said("没有这个操作。", "There is no such thing to do."))


def _propose_key(seat: Seat, code: str, typed: dict[str, Any]) -> None:
    """The last day is counted from the proposal: who waits for the second person does not gain by it."""
    until, name = manage.last_day(typed["days"]), typed["name"].strip()
    admission.check_key(code, name, api_keys.Scope(typed["resource"], typed["purpose"], until))
    detail = {"resources": " ".join(typed["resource"]), "purposes": " ".join(typed["purpose"]), "until": str(until)}
    proposals.propose("key", f"{code}:{name}", seat.name, typed["reason"], detail)
