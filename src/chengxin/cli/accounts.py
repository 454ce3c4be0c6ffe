"""Commands for accounts: the first ones of a site are made here, by whoever may read its folder. Imports as in `cli.site`."""

import getpass
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, AsJson, Where, answer, open_here
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_identity

if TYPE_CHECKING:
    from chengxin.site.folder import Site
    from chengxin.site.store.models import Account

Login = Annotated[str, typer.Argument(help="登录名 · login name")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读密码，否则生成一个 · read the password from input")
]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role", help="角色，可多次 · enter review check manage | office audit run security | subject | partner"
    ),
]

accounts_app = typer.Typer(help="账号：新建、停用、重设 · accounts", no_args_is_help=True)


@accounts_app.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="姓名 · name")],
    role: Roles,
    authority: Annotated[str | None, typer.Option(help="部门账号：机关代码 · code of its authority")] = None,
    organisation: Annotated[str, typer.Option(help="主体账号：统一社会信用代码 · credit code it speaks for")] = "",
    person: Annotated[
        bool,
        typer.Option(
            "--person",
            help="个人账号：核验本人后从标准输入读身份证件号码（不显示、不保存）· a person's own, number read from input",
        ),
    ] = False,
    password_stdin: FromInput = False,
    site: Where = HERE,
    as_json: AsJson = False,
) -> None:
    """新建账号；密码只显示这一次 · make an account; its password is shown this once."""
    opened = open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account

    number = _number(opened) if person else ""
    new = New(login, name, _roles(role), authority, organisation, opened.about.demo, number)
    account, password = add_account(new, _password(password_stdin), COMMAND_LINE)
    _tell_password(account, password, password_stdin, as_json)


@accounts_app.command("list")
def list_(site: Where = HERE, as_json: AsJson = False) -> None:
    """全部账号 · all accounts."""
    open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE, accounts_of

    rows = [_as_data(account) for account in accounts_of(COMMAND_LINE)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return
    for row in rows:
        state = Said("", "") if row["active"] else Said("（已停用）", " (disabled)")
        where = row["authority"] or row["organisation"] or ""
        line = f"{row['login']}　{row['name']}　{where}　{','.join(row['roles'])}"
        show.say(Said(line + state.zh, line + state.en))
    if not rows:
        show.say(Said("还没有账号。用 chengxin accounts add 新建。", "No account yet: chengxin accounts add"))


@accounts_app.command("roles")
def roles(login: Login, role: Roles, site: Where = HERE, as_json: AsJson = False) -> None:
    """改成这些角色，下一次请求起生效 · these roles and no others, from the next request on."""
    open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE, change_roles

    account = change_roles(login, _roles(role), COMMAND_LINE)
    said = Said(f"{account.login} 现有角色：{','.join(account.roles)}。", f"Roles of {account.login}: {account.roles}.")
    answer(_as_data(account), said, as_json)


@accounts_app.command("disable")
def disable(login: Login, site: Where = HERE, as_json: AsJson = False) -> None:
    """停用账号，已登录的立刻退出 · disable an account; its sessions end at once."""
    _set(login, site, as_json, False)


@accounts_app.command("enable")
def enable(login: Login, site: Where = HERE, as_json: AsJson = False) -> None:
    """恢复账号 · let a disabled account in again."""
    _set(login, site, as_json, True)


@accounts_app.command("reset")
def reset(login: Login, password_stdin: FromInput = False, site: Where = HERE, as_json: AsJson = False) -> None:
    """重设密码并移除第二因素 · a fresh password and no second factor."""
    open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.accounts import reset as set_back

    account, password = set_back(login, _password(password_stdin), COMMAND_LINE)
    _tell_password(account, password, password_stdin, as_json)


def _set(login: str, site: Any, as_json: bool, active: bool) -> None:
    open_here(site)
    from chengxin.site.actions.accounts import COMMAND_LINE, set_active

    account = set_active(login, active, COMMAND_LINE)
    said = Said(f"已恢复 {account.login}。", f"Enabled {account.login}.")
    answer(
        _as_data(account), said if active else Said(f"已停用 {account.login}。", f"Disabled {account.login}."), as_json
    )


def _roles(codes: list[str]) -> list[Any]:
    from chengxin.sharing.roles import Role

    unknown = sorted(set(codes) - set(Role))
    if unknown:
        known = "、".join(f"{role.value}（{role.said.zh}）" for role in Role)
        en = f"No such role: {', '.join(unknown)}. Roles: {', '.join(Role)}."
        raise Refused("role", Said(f"没有角色 {'、'.join(unknown)}。角色有：{known}。", en))
    return [Role(code) for code in codes]


def _password(from_input: bool) -> str | None:
    return sys.stdin.readline().rstrip("\n") if from_input else None


def _number(site: "Site") -> str:
    """The token of the number that is read: typed without being shown, or the first line of what is piped in. Raises Refused."""
    from chengxin.intake.identity import normalised, token

    typed = getpass.getpass("身份证件号码 number: ") if sys.stdin.isatty() else sys.stdin.readline()
    plain = normalised(typed)
    if not is_identity(plain):
        raise Refused(
            "number", Said("身份证件号码不对，请核对后再输。", "That is no identity number; compare and type again.")
        )
    return token(site.keys.token, plain)


def _tell_password(account: "Account", password: str, given: bool, as_json: bool) -> None:
    """A password that was given is not repeated."""
    data = _as_data(account) | ({} if given else {"password": password})
    zh = f"账号 {account.login} 可以登录了。" + ("" if given else f"密码（只显示这一次）：{password}")
    en = f"{account.login} can sign in." + ("" if given else f" Password, shown this once: {password}")
    answer(data, Said(zh, en), as_json)


def _as_data(account: "Account") -> dict[str, Any]:
    return {
        "login": account.login,
        "name": account.name,
        "authority": account.authority_id,
        "organisation": account.organisation,
        "roles": account.roles,
        "active": account.is_active,
        "demo": account.demo,
        "last_login": account.last_login,
    }
