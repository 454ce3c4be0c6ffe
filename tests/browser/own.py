"""Ways through one's own account: password, sessions, second factors."""

from urllib.parse import urlsplit

from tests.browser.chromium import code_now, sign_in, told_password
from tests.browser.walker import Walker


def account(walker: Walker) -> None:
    """One's own account."""
    page = walker.page
    walker.open("account", "/accounts/")
    walker.open("account-password", "/accounts/password/")
    page.get_by_label("现在的密码").fill("wrong")
    page.get_by_label("新密码", exact=True).fill("short")
    page.get_by_label("再填一次新密码").fill("other")
    walker.press("account-password-wrong", page.get_by_role("button", name="修改"))
    walker.open("account-sessions", "/accounts/sessions/")
    walker.open("second", "/accounts/second/")
    walker.open("sign-out", "/accounts/logout/")


def second_factor(walker: Walker) -> None:
    """An account gets a second factor, signs in with it, and is rid of it again."""
    page, login = walker.page, "luru2"
    page.goto("/accounts/login/")
    password = told_password(page, login)
    sign_in(page, login, password)
    walker.open("second-none", "/accounts/second/")
    walker.open("second-confirm", "/accounts/second/set-up/")
    page.get_by_label("密码").fill(password)
    walker.press("second-set-up", page.get_by_role("button", name="继续"))
    page.get_by_label("六位数字").fill("000000")
    walker.press("second-set-up-wrong", page.get_by_role("button", name="确认"))
    page.get_by_label("六位数字").fill(code_now(page.locator("main .code").first.inner_text()))
    walker.press("second-codes", page.get_by_role("button", name="确认"))
    code = page.locator("main pre").inner_text().split()[0]
    for name, path in (("second", ""), ("second-codes-later", "codes/"), ("second-new-codes", "codes/new/")):
        walker.open(name, f"/accounts/second/{path}")
    walker.open("second-code-confirm", "/accounts/code/again/")
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出").click()
    sign_in(page, login, password)
    walker.open("second-code", page.url)
    page.get_by_label("六位数字").fill("000000")
    walker.press("second-code-wrong", page.get_by_role("button", name="登录"))
    page.get_by_label("六位数字").fill(code)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/bumen/")
    walker.open("second-remove-confirm", "/accounts/second/remove/")
    page.get_by_label("密码").fill(password)
    walker.press("second-remove", page.get_by_role("button", name="继续"))
    page.get_by_role("button", name="移除").click()


def passkey(walker: Walker) -> None:
    """An account gets a passkey on a device that says yes to everything, signs in with it, and is rid of it again."""
    page, login = walker.page, "luru2"
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    says_yes = dict.fromkeys(
        ("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation"), True
    )
    device.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "internal", **says_yes}}
    )
    page.goto("/accounts/login/")
    port = urlsplit(page.url).port
    here = f"http://localhost:{port}"  # a passkey is of a name, never of a number
    page.goto(f"{here}/accounts/login/")
    password = told_password(page, login)
    _sign_in_here(walker, here, login, password)
    page.wait_for_url("**/bumen/")
    walker.open("passkeys-none", f"{here}/accounts/second/passkeys/")
    page.goto(f"{here}/accounts/second/passkeys/add/")
    page.get_by_label("密码").fill(password)
    walker.press("passkey-add", page.get_by_role("button", name="继续"))
    walker.press("passkey-codes", page.get_by_role("button", name="添加"))
    walker.open("second-with-passkey", f"{here}/accounts/second/")
    walker.open("passkeys", f"{here}/accounts/second/passkeys/")
    walker.open("passkey-again", f"{here}/accounts/code/passkey/")
    page.goto(f"{here}/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出").click()
    _sign_in_here(walker, here, login, password)
    walker.open("second-code-or-passkey", page.url)
    page.get_by_role("button", name="用通行密钥继续").click()
    page.wait_for_url("**/bumen/")
    page.goto(f"{here}/accounts/second/passkeys/")
    walker.follow("passkey-remove-confirm", "移除")
    page.get_by_label("密码").fill(password)
    walker.press("passkey-remove", page.get_by_role("button", name="继续"))
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="移除").click()
    page.get_by_text("还没有通行密钥").wait_for()


def _sign_in_here(walker: Walker, here: str, login: str, password: str) -> None:
    page = walker.page
    page.goto(f"{here}/accounts/login/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").click()
