"""The accounts of a demonstration: one for everybody who may sit at a desk. A site in service refuses to start with them."""

import hmac
from dataclasses import dataclass

from django.db.models import Count

from chengxin.sharing.roles import Role, Seating
from chengxin.site.actions.accounts import COMMAND_LINE, LETTERS, New, add_account
from chengxin.site.actions.district import most_recorded, most_recorded_person
from chengxin.site.folder import Site
from chengxin.site.keys import Keys
from chengxin.site.store.models import Account, Authority

_FIRST, _SECOND = 0, 1  # the departments that sent most
_PERSON = -1  # a made-up person's own account
_CAST: tuple[tuple[str, str, tuple[Role, ...], int], ...] = (
    ("luru", "演示录入员甲", (Role.ENTER,), _FIRST),
    ("shencha", "演示审查员乙", (Role.REVIEW,), _FIRST),
    ("hecha", "演示核查员丙", (Role.CHECK,), _FIRST),
    ("guanli", "演示管理员丁", (Role.MANAGE,), _FIRST),
    ("luru2", "演示录入员戊", (Role.ENTER, Role.CHECK), _SECOND),
    ("xinyongban", "演示信用办己", (Role.OFFICE,), _FIRST),
    ("xinyongban2", "演示信用办壬", (Role.OFFICE,), _FIRST),  # the second person of what takes two
    ("shenji", "演示审计员庚", (Role.AUDIT,), _FIRST),
    ("yunwei", "演示运维癸", (Role.RUN,), _FIRST),
    ("anquan", "演示安全员子", (Role.SECURITY,), _FIRST),
    ("qiye", "演示企业经办辛", (Role.SUBJECT,), _FIRST),
    ("geren", "演示市民子", (Role.SUBJECT,), _PERSON),
)


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration with the password it was made with."""

    account: Account
    password: str


def make_demo_accounts(site: Site) -> list[DemoAccount]:
    """Make those that a demonstration lacks: of the two departments that sent most, of the company and person with most records."""
    bodies = list(Authority.objects.annotate(n=Count("submission")).order_by("-n", "code")[:2])
    company, person = most_recorded() or "", most_recorded_person() or ""
    for login, name, roles, place in _CAST:
        seating = roles[0].seating
        at_desk = seating is Seating.DEPARTMENT
        about = person if place == _PERSON else company
        lacks = (at_desk and place >= len(bodies)) or (seating is Seating.SUBJECT and not about)
        if lacks or Account.objects.filter(login=login).exists():
            continue
        body = bodies[place].code if at_desk else None
        code = company if seating is Seating.SUBJECT and place != _PERSON else ""
        new = New(login, name, roles, body, code, demo=True, person=person if place == _PERSON else "")
        add_account(new, password_of(site.keys, login), COMMAND_LINE)
    return demo_accounts(site.keys)


def demo_accounts(keys: Keys) -> list[DemoAccount]:
    """The accounts of the demonstration that may sign in."""
    order = [login for login, *_ in _CAST]
    found = Account.objects.filter(login__in=order, demo=True, is_active=True).select_related("authority")
    ordered = sorted(found, key=lambda account: order.index(account.login))
    return [DemoAccount(account, password_of(keys, account.login)) for account in ordered]


def password_of(keys: Keys, login: str) -> str:
    """The password a demonstration's account was made with: another one on each site, stored nowhere in the clear."""
    digest = hmac.digest(keys.token, f"demo {login}".encode(), "sha256")
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:10])
    return f"{letters[:5]}-{letters[5:]}"
