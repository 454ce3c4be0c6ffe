"""What the registers must hold, in plain words: a dictionary of acts and what was said of each, in the order of recording."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.store.cast import OWNER


@dataclass(frozen=True)
class Said:
    """One version of an act. `by`: the change set that brought it; `order`: its place in the source's own order."""

    content: tuple[Any, ...]
    state: str
    order: int
    sender: str
    by: int
    again: list[tuple[int, str]] = field(default_factory=list)  # who said it again, by which change set

    def voice(self, undone: set[int]) -> str:
        """On whose word it stands: its sender's rather than another's; nobody's if all who said it took it back."""
        if self.by not in undone:
            return self.sender
        said = [sender for by, sender in self.again if by not in undone]
        return self.sender if self.sender in said else next(iter(said), "")


@dataclass
class Act:
    """A decision about a firm: all that was said of it, and which of it holds."""

    firm: int
    decided: date
    last: date
    said: list[Said] = field(default_factory=list)
    now: Said | None = None


@dataclass
class Wait:
    """A row that waits: for its firm to register, or for a human."""

    act: str
    firm: int
    content: tuple[Any, ...]
    order: int
    sender: str
    batch: int
    coded: bool


def _what(now: Said | None, content: tuple[Any, ...], withdrawn: bool, order: int, sender: str) -> str:
    same = now is not None and (content[0], content[2:]) == (now.content[0], now.content[2:])  # whoever sends it
    if now is None:
        return "withdrawn" if withdrawn else "added"
    if order < now.order:
        return "unchanged" if same else "late"
    if now.state == "missing":
        return "withdrawn" if withdrawn else "returned"
    if same:
        return "unchanged"
    if now.state == "withdrawn" or now.sender == OWNER[0] != sender:  # the deciding body has spoken itself
        return "held"
    return "withdrawn" if withdrawn else "superseded"


@dataclass
class Model:
    """All of it. Change sets are numbered here as in the store; `undone` are those that were taken back."""

    acts: dict[str, Act] = field(default_factory=dict)
    firms: set[int] = field(default_factory=set)
    waiting: list[Wait] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    past: dict[date, dict[int, set[tuple[str, Any]]]] = field(default_factory=dict)

    def say(self, act: str, content: tuple[Any, ...], withdrawn: bool, order: int, sender: str, by: int) -> str:
        """One row that arrives; gives what becomes of it."""
        of = self.acts[act]
        what = _what(of.now, content, withdrawn, order, sender)
        if what == "unchanged" and of.now:
            of.now.again.append((by, sender))
        if what not in ("unchanged", "held"):
            of.said.append(Said(content, "withdrawn" if withdrawn else "in_force", order, sender, by))
            of.now = of.now if what == "late" else of.said[-1]
        return what

    def hide(self, sender: str, held: set[str], order: int, by: int) -> int:
        """A full feed that holds only these acts; gives how many are missing from now on. Of later words it says nothing."""
        gone = 0
        for name, of in self.acts.items():
            now = of.now
            if not now or now.sender != sender or now.order > order or name in held:
                continue
            if now.state == "missing":
                now.again.append((by, sender))
            if now.state == "in_force":
                of.now = Said(now.content, "missing", order, sender, by)
                of.said.append(of.now)
                gone += 1
        return gone

    def undo(self, changes: set[int]) -> None:
        """Take change sets back: what they said goes, and what was said before and stands comes back."""
        self.undone |= changes
        for of in self.acts.values():
            if not of.now or of.now.voice(self.undone) == of.now.sender:
                continue
            left = [s for s in of.said if s.voice(self.undone)]
            last = max((s.order for s in left), default=0)
            of.now = next((s for s in reversed(left) if s.order == last), None)  # of one order the last word
            if of.now:
                of.now = replace(of.now, sender=of.now.voice(self.undone))
                of.said.append(of.now)

    def seen(self, firm: int, on: date) -> set[tuple[str, Any]]:
        """The acts in a firm's file on a day, with their contents."""
        return {
            (name, of.now.content[0])
            for name, of in self.acts.items()
            if firm in self.firms and of.firm == firm and of.now and of.now.state == "in_force"
            if of.decided <= on <= of.last
        }

    def remember(self, today: date) -> None:
        """What is known at the end of this day, so far."""
        self.past[today] = {firm: self.seen(firm, date.max.replace(year=2026, month=5, day=1)) for firm in range(5)}
