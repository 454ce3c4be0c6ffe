"""Somebody who opens page after page, and what is done with each: its source kept, looked at wide and narrow."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from tests.browser.checkers import axe
from tests.browser.chromium import PHONE, WIDE

Look = Callable[["Walker", str], None]
# What can be pressed and stands by itself, not inside a sentence, smaller than a finger needs at the least (WCAG 2.5.8).
_SMALL = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, .button')]
  .map(one => [one, (one.closest('label') ?? one).getBoundingClientRect()])
  .filter(([one, box]) => box.width && box.right > 0 && (box.width < 24 || box.height < 24))
  .map(([one, box]) => `${one.outerHTML.slice(0, 100)} ${box.width}x${box.height}`)"""
_SIDEWAYS = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > most + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120));
}"""


@dataclass
class Walker:
    """A page of somebody's browser; `look` is done with each state under its name."""

    page: Page
    look: Look
    sources: Path | None = None
    opened: dict[str, str] = field(default_factory=dict)  # name of a state → its path
    faults: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # what the browser complained of since the last page

    def __post_init__(self) -> None:
        self.page.on("console", self._noted)
        self.page.on("pageerror", lambda error: self.told.append(f"script: {error}"))

    def open(self, name: str, path: str, status: int = 200) -> None:
        """Open an address and look."""
        self._arrived(name, self.page.goto(path), status)

    def press(self, name: str, target: Locator, status: int = 200) -> None:
        """Press something that leads to a page, and look."""
        with self.page.expect_navigation() as led:
            target.click()
        self._arrived(name, led.value, status)

    def follow(self, name: str, text: str, status: int = 200) -> None:
        """Follow the first link whose text holds this, and look."""
        self.press(name, self.page.get_by_role("link", name=text).first, status)

    def wait_for(self, name: str, text: str) -> None:
        """Wait for a page that renews itself until it says this, and look."""
        self.page.get_by_text(text).first.wait_for()
        self.open(name, self.page.url)

    def _arrived(self, name: str, answer: Response | None, status: int) -> None:
        assert name not in self.opened, name
        assert answer is not None and answer.status == status, (name, self.page.url, answer and answer.status)
        self.opened[name] = urlsplit(self.page.url).path
        if self.sources is not None:
            (self.sources / f"{name}.html").write_text(answer.text(), "utf-8")
        self.look(self, name)

    def _noted(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not refused:
            self.told.append(f"console: {message.text}")


def examine(walker: Walker, name: str) -> None:
    """Look for faults at two widths."""
    for width, height in (PHONE, WIDE):
        walker.page.set_viewport_size({"width": width, "height": height})
        found = list(axe(walker.page))
        found += [f"sideways: {one}" for one in walker.page.evaluate(_SIDEWAYS)]
        found += [f"small: {one}" for one in walker.page.evaluate(_SMALL)]
        walker.faults += [f"{name} at {width}: {one}" for one in found]
    walker.faults += [f"{name}: {one}" for one in walker.told]
    walker.told.clear()


def identity(path: str) -> str:
    """The identity that an address ends with."""
    found = re.findall(r"[0-9a-f]{32}", path)
    assert found, path
    return str(found[-1])
