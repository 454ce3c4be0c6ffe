"""Pictures of every page, wide and on a phone, into docs/pictures/, and the page that shows them: `make pictures`.

With `--png FOLDER` full-size PNG files go there instead, to be looked at closely.
"""

import base64
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser import walks
from tests.browser.chromium import PHONE, WIDE, somebody, started
from tests.browser.sites import HOUSE, make_empty, make_full, serving
from tests.browser.walker import Walker

PLACE = HOUSE / "docs" / "pictures"
PAGE = PLACE.parent / "pictures.md"
SHOWN = {"wide": (WIDE, 0.6, 1_500), "phone": (PHONE, 0.75, 1_100)}  # size, scale, px of height that are kept
QUALITY = 35
ONCE = re.compile("again|plain")  # states that look like another one
TITLES = {
    "public": "The public site",
    "wrong": "Where something is wrong, and choices of display",
    "department": "A department's desk: a clerk",
    "upload": "A department's desk: a file on its way",
    "reviewer": "A department's desk: the second person",
    "officer": "A department's desk: a check before a decision",
    "manager": "A department's desk: team and keys",
    "office": "The credit office's desk",
    "auditor": "The auditor",
    "guard": "Who runs and guards the platform",
    "company": "A company's own desk",
    "citizen": "A person's own desk",
    "account": "One's account",
    "second": "The second factor",
    "passkey": "A passkey",
}


class Camera:
    """Takes both pictures of a state; `png`: a folder for full ones, else small ones go to docs/."""

    def __init__(self, png: Path | None) -> None:
        self.png, self.taken = png, list[str]()

    def __call__(self, walker: Walker, name: str) -> None:
        if ONCE.search(name):
            return
        self.taken.append(name)
        for kind, (size, scale, most) in SHOWN.items():
            walker.page.set_viewport_size({"width": size[0], "height": size[1]})
            if self.png:
                walker.page.screenshot(path=self.png / f"{name}-{kind}.png", full_page=True, animations="disabled")
            else:
                (PLACE / f"{name}-{kind}.webp").write_bytes(_small(walker, size[0], scale, most))


def _small(walker: Walker, width: int, scale: float, most: int) -> bytes:
    height = walker.page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, most), "scale": scale}
    asked: dict[str, Any] = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip}
    told = walker.page.context.new_cdp_session(walker.page).send("Page.captureScreenshot", asked)
    return base64.b64decode(told["data"])


def main(png: Path | None, only: str) -> None:
    """Take all pictures, or those of the ways whose name holds `only`."""
    place = png or PLACE
    place.mkdir(parents=True, exist_ok=True)
    sections = _before()
    with tempfile.TemporaryDirectory() as folder, started() as browser:
        for kind, make, ways in (
            ("full", make_full, walks.FULL),
            ("empty", make_empty, walks.EMPTY),
        ):
            (Path(folder) / kind).mkdir()
            make(Path(folder) / kind)
            with serving(Path(folder) / kind / "site", Path(folder) / f"{kind}-served") as site:
                for name, (login, walk) in ways.items():
                    if not re.search(only, f"{kind}-{name}"):
                        continue
                    camera = Camera(png)
                    with somebody(browser, site, login) as page:
                        walk(Walker(page, camera))
                    sections[_title(kind, name)] = [line for one in camera.taken for line in _shown(one)]
    if not png:
        lines = ["# Pictures", "", "Made by `make pictures` on a made-up district; each page wide and on a phone.", ""]
        for title in (
            _title(kind, name) for kind, ways in (("full", walks.FULL), ("empty", walks.EMPTY)) for name in ways
        ):
            lines += [f"## {title}", "", *sections.get(title, []), ""]
        PAGE.write_text("\n".join(lines), "utf-8")


def _title(kind: str, name: str) -> str:
    return TITLES[name] if kind == "full" else f"Where nothing was sent yet: {name}"


def _before() -> dict[str, list[str]]:
    """By title what the page shows so far, so that a part of it can be made anew."""
    parts = PAGE.read_text("utf-8").split("\n## ")[1:] if PAGE.exists() else []
    return {head: [*body.strip("\n").split("\n"), ""] for head, _, body in (part.partition("\n") for part in parts)}


def _shown(name: str) -> list[str]:
    wide, phone = (f"pictures/{name}-{kind}.webp" for kind in SHOWN)
    return [f"**{name}**", "", f"![{name}, wide]({wide}) ![{name}, on a phone]({phone})", ""]


if __name__ == "__main__":
    given = sys.argv[1:]
    target = Path(given[given.index("--png") + 1]) if "--png" in given else None
    main(target, given[given.index("--only") + 1] if "--only" in given else "")
