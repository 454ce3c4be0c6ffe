"""From the first page of a desk no link leads anybody to where he or she is refused, or to what is not there."""

import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.site.cast import PEOPLE
from tests.site.conftest import Cast, Stranger, fined, registered
from tests.site.work import checked

DESKS = re.compile(r"/(bumen|xinyongban|wode|accounts)/")
LINK = re.compile(r'href="([^"#]+)')
MOST = 120  # addresses of one person; of what differs by an identity alone a few are enough


@pytest.fixture
def at_work(stranger: Stranger, cast: Cast) -> Cast:
    """Desks with something on each: taken, refused, to review, waiting, a job that waits for its clerk."""
    stranger.desk.send("registration", [registered(n) for n in (1, 2)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(2, "示例字〔2026〕2号", CF_JDRQ="2026年13月")])
    stranger.desk.send("penalty", [fined(2, "示例字〔2026〕3号")], reviewed=False)
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕4号", CF_XDR_SHXYM=None, CF_XDR_GSZC="370215600000008")])
    checked(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕5号", CF_JDRQ="x"), fined(1, "示例字〔2026〕6号")])
    return cast


def led_to(page: Any, base: str) -> set[str]:
    found = {urljoin(base, html.unescape(h)) for h in LINK.findall(page.content.decode("utf-8", "replace"))}
    return {h for h in found if DESKS.match(h) and not re.search(r"[?&](lang|type|contrast)=|/logout/", h)}


@pytest.mark.parametrize("login", PEOPLE)
def test_no_link_leads_to_a_refusal(at_work: Cast, login: str) -> None:
    browser, wrong, shapes = at_work(login), [], dict[str, int]()
    todo = [str(browser.get("/accounts/login/").headers["Location"]), "/accounts/"]
    seen = set(todo)
    while todo and len(seen) < MOST:
        address = todo.pop()
        answer = browser.get(address, follow=True)
        if answer.status_code != 200:
            wrong.append((address, answer.status_code))
        elif answer.headers["Content-Type"].startswith("text/html"):
            for found in sorted(led_to(answer, address) - seen):
                shape = re.sub(r"[0-9a-f-]{32,36}|=[^&]*", "*", urlsplit(found).path + "?" + urlsplit(found).query)
                if shapes.setdefault(shape, 0) < 2:
                    shapes[shape] += 1
                    seen.add(found)
                    todo.append(found)
    assert wrong == []
    assert len(seen) > 4
