"""A site with the cast, seen by a stranger's browser: no account, no script."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.site.cast import PASSWORD, Cast, people
from tests.store.conftest import (
    DAY,
    NUMBER,
    OTHER,
    OWNER,
    PERSON,
    Desk,
    code_of,
    desk,
    empty_database,
    fined,
    firm,
    quick,
    registered,
)

__all__ = [
    "DAY",
    "NUMBER",
    "OTHER",
    "OWNER",
    "PASSWORD",
    "PERSON",
    "Cast",
    "Desk",
    "Stranger",
    "code_of",
    "desk",
    "empty_database",
    "fined",
    "firm",
    "quick",
    "registered",
]

CHOICE = re.compile(r"[?&](lang|type|contrast)=")
HIT = re.compile(r'href="([^"#]*)')


def text_of(answer: Any) -> str:
    """What an answer says; of a zip what its files say."""
    if not answer.streaming:
        return str(answer.content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        return "\n".join(found.read(name).decode("utf-8", "replace") for name in found.namelist())


@dataclass
class Stranger:
    """Somebody at a browser on the legal day."""

    client: Any
    desk: Desk
    pages: dict[str, Any] = field(default_factory=dict)

    def get(self, address: str, status: int = 200, **more: Any) -> str:
        """The text of a page that answers with this status; other kinds of file as they are."""
        answer = self.client.get(address, **more)
        assert answer.status_code == status, (address, answer.status_code, answer.headers.get("Location"))
        self.pages[address] = answer
        return text_of(answer)

    def page(self, number: int, **more: Any) -> str:
        return self.get(f"/subjects/{code_of(number)}/", **more)

    def walk(self, *starts: str) -> dict[str, Any]:
        """All pages and files that links lead to from here, each opened once."""
        todo, seen = list(starts), {}
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen[address] = answer = self.client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            if answer["Content-Type"].startswith("text/html"):
                links = (html.unescape(link) for link in HIT.findall(answer.content.decode()))
                here = address.partition("?")[0]
                links = (here + link if link.startswith("?") else link for link in links)
                todo += [
                    link
                    for link in links
                    if link.startswith("/") and not CHOICE.search(link) and not link.startswith("/static/")
                ]
        return seen

    def records(self, page: str) -> list[str]:
        """Addresses of the records that a page shows."""
        return sorted(set(re.findall(r'href="(/records/[0-9a-f]{32}/)"', page)))


@pytest.fixture
def stranger(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stranger]:
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    from django.core.cache import caches
    from django.test import Client

    caches["pages"].clear()  # another test's site was at the same place in its log
    yield Stranger(Client(HTTP_HOST="localhost"), desk)


@pytest.fixture
def cast(stranger: Stranger, quick_hash: None) -> Cast:
    return people()


@pytest.fixture
def quick_hash() -> Iterator[None]:
    """Passwords are hashed quickly."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def on(monkeypatch: pytest.MonkeyPatch, day: object) -> None:
    """Let it be another day; no job runs."""
    monkeypatch.setenv("CHENGXIN_TODAY", str(day))


@pytest.fixture
def ours(stranger: Stranger) -> Any:
    """A program of the owner, on a site with a little in it."""
    from tests.site.programs import program

    stranger.desk.send("registration", [registered(n) for n in (1, 2)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    return program(stranger)
