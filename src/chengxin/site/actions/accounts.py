"""Accounts: made, given other roles, disabled, set back. Each change is checked against the roles and written down."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from chengxin.sharing.roles import Role, Seating, roles_refused, self_given
from chengxin.site.store.models import Account, Authority, StaffChange
from chengxin.site.store.staff import LOGIN
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc
from chengxin.values.ids import new_id
from chengxin.values.spoken import Spoken

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


class Change(Spoken):
    """What was changed."""

    ADDED = "added", "新建账号", "account added"
    ROLES = "roles", "变更角色", "roles changed"
    ENDED = "ended", "注销账号", "account ended"
    DISABLED = "disabled", "停用账号", "account disabled"
    ENABLED = "enabled", "恢复账号", "account enabled"
    RESET = "reset", "重设密码和第二因素", "password and second factor set back"
    CHOSEN = "chosen", "本人修改密码", "password chosen by its owner"
    FACTOR_ADDED = "factor_added", "设置第二因素", "second factor set up"
    FACTOR_REMOVED = "factor_removed", "移除第二因素", "second factor removed"
    KEY_MADE = "key_made", "新建接口密钥", "API key made"
    KEY_REVOKED = "key_revoked", "撤销接口密钥", "API key revoked"
    ADMITTED = "admitted", "接入", "let in"
    SUSPENDED = "suspended", "暂停接入", "suspended"
    RESUMED = "resumed", "恢复接入", "let in again"
    LEFT = "left", "终止接入", "ended"


@dataclass(frozen=True)
class Giver:
    """Who changes accounts and keys: which roles it may give and take, and in which body (None: in any).

    `second`: who confirmed what `name` proposed.
    """

    name: str
    gives: frozenset[Role]
    body: str | None = None
    second: str = ""

    @property
    def told(self) -> str:
        """How the log of changes names it."""
        return AND.join(filter(None, (self.name, self.second)))


AND = "；"  # between two who did something together: no login name holds it
COMMAND_LINE = Giver("chengxin", frozenset(Role))  # whoever may read the site's folder


@dataclass(frozen=True)
class New:
    """What a new account is to be."""

    login: str
    name: str
    roles: Collection[Role]
    authority: str | None = None
    organisation: str = ""
    demo: bool = False
    person: str = ""  # the token of the person's own number, once it was verified who it is


def add_account(new: New, password: str | None, by: Giver) -> tuple[Account, str]:
    """Make an account; gives it and its password, which is made here if none is given. Raises Refused."""
    authority = check_new(new, by)
    login, roles = new.login.strip().lower(), frozenset(new.roles)
    two_for(roles, by)
    password = password or fresh_password()
    account = Account(
        login=login, name=new.name.strip(), authority=authority, organisation=new.organisation.strip().upper(),
        person=new.person, roles=sorted(roles), demo=new.demo,
    )  # fmt: skip
    _set(account, password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            write(by, Change.ADDED, login, account.authority_id, roles=sorted(roles))
    except IntegrityError as error:
        raise _taken(login) from error
    return account, password


def check_new(new: New, by: Giver) -> Authority | None:
    """The body of a new account, if it may be made by. Raises Refused."""
    login = new.login.strip().lower()
    if not re.fullmatch(LOGIN, login) or login == COMMAND_LINE.name:
        zh, en = "登录名用小写字母、数字和 . _ -，2 到 40 个。", "A login name is 2 to 40 small letters, digits, . _ -"
        raise Refused("login", Said(zh, en))
    if not new.name.strip():
        raise Refused("name", Said("请写明姓名。", "Say who it is: a name."))
    if Account.objects.filter(login=login).exists():
        raise _taken(login)
    _may(by, new.roles, login, new.authority)
    return _authority(frozenset(new.roles), new)


def takes_two(gained: Collection[Role]) -> bool:
    """True for roles of the office's own desk: whoever keeps, audits, runs or guards the platform is let in by two people."""
    return any(role.seating is Seating.OFFICE for role in gained)


def two_for(gained: Collection[Role], by: Giver) -> None:
    """Raises Refused (two-people) where a role takes two and only one is there; not for who may read the site's folder."""
    if takes_two(gained) and by != COMMAND_LINE and not by.second:
        zh = "信用办、审计、运维、安全的角色由一人提出、另一人复核。"
        raise Refused(
            "two-people", Said(zh, "Roles of the office's desk are proposed by one and confirmed by another.")
        )


def _taken(login: str) -> Refused:
    return Refused("login-taken", Said(f"登录名 {login} 已有人用。", f"The login name {login} is taken."))


def change_roles(login: str, roles: Collection[Role], by: Giver) -> Account:
    """Give an account these roles and no others. Raises Refused."""
    with transaction.atomic():
        account = found(login, by)
        before, after = account.holds, frozenset(roles)
        _may(by, before ^ after, account.login, account.authority_id)
        refused = roles_refused(after)
        if refused or {r.seating for r in after} != {account.seating or next(iter(after)).seating}:
            raise Refused("roles", refused or _OTHER_DESK)
        two_for(after - before, by)
        account.roles = sorted(after)
        account.save(update_fields=["roles", "changed_at"])
        write(by, Change.ROLES, account.login, account.authority_id, before=sorted(before), after=sorted(after))
    return account


def set_active(login: str, active: bool, by: Giver) -> Account:
    """Disable an account, which ends its sessions at once, or let it in again. Raises Refused."""
    with transaction.atomic():
        account = found(login, by)
        _may(by, account.holds, account.login, account.authority_id)
        if account.ended_on:
            raise Refused("ended", _ENDED)
        account.is_active = active
        account.save(update_fields=["is_active", "changed_at"])
        write(by, Change.ENABLED if active else Change.DISABLED, account.login, account.authority_id)
    return account


def end(login: str, by: Giver) -> Account:
    """End an account for good: nobody signs in with it again, its name stays taken. Raises Refused."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - models exist once the apps are ready

    with transaction.atomic():
        account = found(login, by)
        _may(by, account.holds, account.login, account.authority_id)
        if account.ended_on:
            raise Refused("ended", _ENDED)
        account.is_active, account.ended_on = False, legal_today()
        account.set_unusable_password()
        account.save(update_fields=["is_active", "ended_on", "password", "changed_at"])
        Authenticator.objects.filter(user=account).delete()
        write(by, Change.ENDED, account.login, account.authority_id)
    return account


def reset(login: str, password: str | None, by: Giver) -> tuple[Account, str]:
    """A fresh password and no second factor any more: for who lost them. Ends all sessions. Raises Refused."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - models exist once the apps are ready

    password = password or fresh_password()
    with transaction.atomic():
        account = found(login, by)
        _may(by, account.holds, account.login, account.authority_id)
        if account.ended_on:
            raise Refused("ended", _ENDED)
        two_for(account.holds, by)
        _set(account, password)
        account.save(update_fields=["password", "changed_at"])
        Authenticator.objects.filter(user=account).delete()
        write(by, Change.RESET, account.login, account.authority_id)
    return account, password


def accounts_of(by: Giver) -> list[Account]:
    """The accounts that may be managed by, in order of login names."""
    rows = Account.objects.select_related("authority").order_by("login")
    return list(rows if by.body is None else rows.filter(authority_id=by.body))


def changes_of(by: Giver, most: int = 50, about: str = "") -> list[StaffChange]:
    """What was changed last, newest first; `about`: of one account."""
    rows = StaffChange.objects.order_by("-at", "-id")
    rows = rows.filter(about=about) if about else rows
    return list((rows if by.body is None else rows.filter(authority=by.body))[:most])


def found(login: str, by: Giver) -> Account:
    """The account; that of another body is as one that is not there. Raises Refused."""
    rows = Account.objects.select_related("authority").filter(login=login.strip().lower())
    account = (rows if by.body is None else rows.filter(authority_id=by.body)).first()
    if account is None:
        raise Refused("no-account", Said(f"没有账号 {login}。", f"There is no account {login}."))
    return account


def write(by: Giver, what: Change, about: str, authority: str | None, **detail: Any) -> None:
    """Write a change down, in the transaction that makes it."""
    StaffChange.objects.create(
        id=new_id(),
        at=timezone.now(),
        by=by.told,
        what=what.value,
        about=about,
        authority=authority or "",
        detail=detail,
    )


def fresh_password() -> str:
    """A password that nobody chose: 20 characters of 100 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


_ENDED = Said("账号已注销，不能恢复；请新建一个账号。", "This account was ended for good; make another one.")
_OWN_ACCOUNT = Said(
    "个人账号只代表本人：角色只能是信用主体，不写单位代码。",
    "A person's own account speaks for nobody else: its role is subject, without a credit code.",
)
_OTHER_DESK = Said("账号不能换到另一处；请新建一个账号。", "An account stays at its desk; make another one.")


def _may(by: Giver, roles: Collection[Role], login: str, authority: str | None) -> None:
    """Refuses a giver who gives or takes what it may not, in another body, or to himself."""
    if login in (by.name, by.second):
        raise Refused("self", self_given())
    if not frozenset(roles) <= by.gives or (by.body is not None and authority != by.body):
        zh = "您不能授予或收回这些角色。部门管理员管本部门的录入、审查、核查；其余由信用办管。"
        en = "You can't give or take these roles: a manager gives enter, review and check in its own body, the office the rest."
        raise Refused("not-yours-to-give", Said(zh, en))


def _authority(roles: frozenset[Role], new: New) -> Authority | None:
    """The body of an account, as its desk needs it. Raises Refused."""
    if refused := roles_refused(roles):
        raise Refused("roles", refused)
    seating = next(iter(roles)).seating
    if new.person and (seating is not Seating.SUBJECT or new.organisation.strip()):
        raise Refused("person", _OWN_ACCOUNT)
    needs_code = seating in (Seating.SUBJECT, Seating.PARTNER) and not new.person
    if needs_code and not is_uscc(new.organisation.strip().upper()):
        raise Refused(
            "organisation", Said("请写明所代表单位的统一社会信用代码。", "Give the credit code it speaks for.")
        )
    if seating is Seating.PARTNER:
        return _partner(new.organisation.strip().upper())
    if seating is not Seating.DEPARTMENT:
        return None
    authority = Authority.objects.filter(code=new.authority or "", kind="department", active=True).first()
    if authority is None:
        zh = f"部门账号须写明名录中的机关代码，没有“{new.authority or ''}”。"
        raise Refused(
            "unknown-authority", Said(zh, f"Name its authority by a code of the roster, not {new.authority!r}.")
        )
    return authority


def _partner(code: str) -> Authority:
    """The bank or agency that the office has let in under this code. Raises Refused."""
    partner = Authority.objects.filter(code=code, kind="partner", active=True).first()
    if partner is None:
        zh = f"合作方中没有接入 {code}。请先在“合作方接入”由两人办理。"
        raise Refused("unknown-partner", Said(zh, f"{code} is not let in as a partner: two people do that first."))
    return partner


def _set(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        zh, en = ("；".join(_in(language, error)) for language in ("zh-hans", "en"))
        raise Refused("password", Said(f"密码不合要求：{zh}", f"The password can't be used: {en}")) from error
    account.set_password(password)


def _in(language: str, error: ValidationError) -> list[str]:
    with translation.override(language):
        return list(error.messages)
