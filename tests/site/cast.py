"""People with accounts, plainly made up, and their browsers."""

from dataclasses import dataclass
from typing import Any

from chengxin.intake.identity import token
from tests.store.cast import NUMBER, OTHER, OWNER, code_of

PASSWORD = "made-up-for-tests-7"
PEOPLE: dict[str, tuple[str, tuple[str, ...], str | None]] = {  # login: name, roles, body
    "clerk": ("测试录入员甲", ("enter",), OWNER[0]),
    "reviewer": ("测试审查员乙", ("review",), OWNER[0]),
    "officer": ("测试核查员丙", ("check",), OWNER[0]),
    "manager": ("测试管理员丁", ("manage",), OWNER[0]),
    "neighbour": ("测试录入员戊", ("enter", "review", "check", "manage"), OTHER[0]),
    "office": ("测试信用办己", ("office",), None),
    "colleague": ("测试信用办子", ("office",), None),
    "auditor": ("测试审计员庚", ("audit",), None),
    "operator": ("测试运维辛", ("run",), None),
    "security": ("测试安全员壬", ("security",), None),
    "company": ("测试企业经办癸", ("subject",), None),
    "citizen": ("测试丁", ("subject",), None),
}


@dataclass
class Cast:
    """Everybody's browser, signed in when first asked for."""

    browsers: dict[str, Any]

    def __call__(self, login: str) -> Any:
        from django.test import Client

        from chengxin.site.store.models import Account

        if login not in self.browsers:
            self.browsers[login] = Client(HTTP_HOST="localhost")
            self.browsers[login].force_login(Account.objects.get(login=login))
        return self.browsers[login]


def people() -> Cast:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account
    from chengxin.site.folder import site_here

    for login, (name, roles, body) in PEOPLE.items():
        organisation = code_of(1) if login == "company" else ""
        person = token(site_here().keys.token, NUMBER) if login == "citizen" else ""
        new = New(login, name, [Role(r) for r in roles], body, organisation, demo=True, person=person)
        add_account(new, PASSWORD, COMMAND_LINE)
    return Cast({})
