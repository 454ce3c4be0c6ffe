"""Debian's Chromium, driven by Playwright: a fresh profile each time, nothing asked of the network but our own pages."""

import base64
import contextlib
import hashlib
import hmac
import re
import shutil
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.sites import Served

WIDE, PHONE = (1280, 900), (360, 740)
PATIENCE = 90_000  # ms that a page may take on a busy machine
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def program() -> str | None:
    """Where Chromium is; None if there is none."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


@contextlib.contextmanager
def started() -> Iterator[Browser]:
    """Chromium until the block ends."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), headless=True, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def somebody(
    browser: Browser, site: Served, login: str = "", size: tuple[int, int] = WIDE, script: bool = True
) -> Iterator[Page]:
    """A page of somebody with a browser of their own; signed in through the sign-in page if they have an account."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai",
        java_script_enabled=script, base_url=site.address, reduced_motion="reduce", accept_downloads=True,
        storage_state=site.signed_in.get(login),
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        if login and login not in site.signed_in:
            sign_in(page, login)
            site.signed_in[login] = context.storage_state()
        yield page
    finally:
        context.close()


def sign_in(page: Page, login: str, password: str = "") -> None:
    """By the form, with the password that a demonstration's page tells."""
    page.goto("/accounts/login/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password or told_password(page, login))
    with page.expect_navigation():
        page.get_by_role("button", name="登录").click()


def told_password(page: Page, login: str) -> str:
    """What the sign-in page of a demonstration tells of an account."""
    named = page.locator("tr", has=page.locator("th", has_text=re.compile(f"^{login}$")))
    return named.locator("td").first.inner_text().strip()


def code_now(secret: str) -> str:
    """What an authenticator shows for a secret at this moment (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.digest(key, (int(time.time()) // 30).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
