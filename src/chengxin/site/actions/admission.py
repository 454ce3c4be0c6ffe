"""Who is let in from outside: banks, agencies, the upper platform. Letting in and giving a key takes two people, see
`actions.proposals`; suspending and ending takes one with a reason, and counts from the next request on."""

from django.db import transaction

from chengxin.site.actions import accounts, api_keys
from chengxin.site.actions.accounts import Change, Giver, write
from chengxin.site.actions.api_keys import Scope
from chengxin.site.actions.authorities import Body
from chengxin.site.store.models import Account, ApiKey, Authority
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc
from chengxin.values.spoken import Spoken

KINDS = (Body.PARTNER, Body.UPPER)
_LONGEST = 100


class State(Spoken):
    """How a body from outside stands."""

    OPEN = "open", "已接入", "let in"
    SUSPENDED = "suspended", "已暂停", "suspended"
    ENDED = "ended", "已终止", "ended"

    @property
    def shape(self) -> str:
        """What tells it without its colour."""
        return {State.OPEN: "●", State.SUSPENDED: "▲", State.ENDED: "□"}[self]


def state_of(body: Authority) -> State:
    """How it stands now."""
    if body.active:
        return State.OPEN
    return State.ENDED if body.ended_on else State.SUSPENDED


def partners() -> list[Authority]:
    """Everybody who was ever let in, who is in now first."""
    return list(Authority.objects.filter(kind__in=KINDS).order_by("-active", "ended_on", "name", "code"))


def partner(code: str) -> Authority:
    """One of them. Raises Refused."""
    found = Authority.objects.filter(code=code, kind__in=KINDS).first()
    if found is None:
        raise Refused("no-partner", Said(f"没有接入过代码为 {code} 的单位。", f"Nobody was let in under {code}."))
    return found


def check_admission(code: str, name: str, kind: str) -> None:
    """Raises Refused where a body can't be let in like this."""
    if not is_uscc(code):
        raise Refused("code", Said("统一社会信用代码不对，请核对。", "This is no credit code; please check it."))
    if not 0 < len(name) <= _LONGEST:
        raise Refused("name", Said(f"请写明单位名称（{_LONGEST} 字以内）。", f"Name it, in {_LONGEST} characters."))
    if kind not in KINDS:
        raise Refused(
            "kind", Said("请选择是合作方还是上级平台。", "Say whether it is a partner or the upper platform.")
        )
    known = Authority.objects.filter(code=code).first()
    if known is not None and not known.ended_on:
        is_now = Body(known.kind).said
        zh = f"名录中已有 {known.name}（{is_now.zh}）；暂停的请用“恢复”。"
        raise Refused("known-body", Said(zh, f"{code} is in the roster already, as a {is_now.en}."))
    if known is not None and known.kind != kind:
        is_now = Body(known.kind).said
        raise Refused("kind", Said(f"它曾是{is_now.zh}，不能改。", f"It was a {is_now.en} and stays one."))


def admit(code: str, name: str, kind: str, by: Giver) -> Authority:
    """Let a body in, anew if it had left: without keys, its old accounts stay ended. Raises Refused."""
    with transaction.atomic():
        check_admission(code, name, kind)
        told = {"name": name, "kind": kind, "active": True, "ended_on": None}
        body, _ = Authority.objects.update_or_create(code=code, defaults=told)
        write(by, Change.ADMITTED, code, code, name=name)
    return body


def suspend(code: str, by: Giver, reason: str) -> None:
    """Shut it out for now: its keys and sessions open nothing from the next request on. Raises Refused."""
    with transaction.atomic():
        body = _standing(code, State.OPEN)
        body.active = False
        body.save(update_fields=["active"])
        write(by, Change.SUSPENDED, code, code, name=body.name, reason=reason)


def check_resumption(code: str) -> None:
    """Raises Refused unless it is suspended."""
    _standing(code, State.SUSPENDED)


def resume(code: str, by: Giver) -> None:
    """Let it in again as it was. Raises Refused."""
    with transaction.atomic():
        body = _standing(code, State.SUSPENDED)
        body.active = True
        body.save(update_fields=["active"])
        write(by, Change.RESUMED, code, code, name=body.name)


def leave(code: str, by: Giver, reason: str) -> None:
    """End it for good, with all its keys and accounts. Raises Refused."""
    with transaction.atomic():
        body = _standing(code, State.OPEN, State.SUSPENDED)
        body.active, body.ended_on = False, legal_today()
        body.save(update_fields=["active", "ended_on"])
        for key in ApiKey.objects.filter(authority=body, revoked_at=None):
            api_keys.revoke_key(key.id.hex, by)
        for account in Account.objects.filter(authority=body, ended_on=None):
            accounts.end(account.login, by)
        write(by, Change.LEFT, code, code, name=body.name, reason=reason)


def check_key(code: str, name: str, scope: Scope) -> None:
    """Raises Refused where a key can't be given like this."""
    api_keys.checked(_standing(code, State.OPEN), name, scope)


def _standing(code: str, *states: State) -> Authority:
    """A body from outside that stands so. Raises Refused."""
    body = partner(code)
    state = state_of(body)
    if state not in states:
        zh = f"{body.name}{state.said.zh}，不能这样办理。"
        raise Refused("not-so", Said(zh, f"{body.name} is {state.said.en}: that can't be done now."))
    return body
