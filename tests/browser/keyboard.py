"""Somebody without a mouse: Tab, Enter, Space, letters. Each stop must be seen."""

from playwright.sync_api import Locator, Page

MOST = 400  # stops on the way to one control
# What a sighted person sees of the focus: an outline of two pixels or more around something that is on the screen.
_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return 'nothing';
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return ring && inside ? '' : `${at.outerHTML.slice(0, 120)} ring ${ring} inside ${inside}`;
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the control has the focus; every stop on the way shows where one is."""
    target.wait_for(state="attached")
    for _ in range(MOST):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        unseen = page.evaluate(_SEEN)
        assert unseen in ("", "nothing"), f"{page.url}: the focus can't be seen: {unseen}"
    raise AssertionError(f"{page.url}: {target} is out of the keyboard's reach")


def enter(page: Page, target: Locator) -> None:
    """Open a link or press a button, and wait for what follows."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, target: Locator) -> None:
    """Tick a box, choose one of several, or open what is folded."""
    tab_to(page, target)
    page.keyboard.press("Space")


def write(page: Page, target: Locator, text: str) -> None:
    """Write into a field, over what stands there."""
    tab_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, option: str) -> None:
    """Choose in a list by its first letters."""
    tab_to(page, target)
    for _ in range(MOST):
        if target.evaluate("one => one.selectedOptions[0]?.textContent.trim()") == option:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{option} is not to be chosen")
