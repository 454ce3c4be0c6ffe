"""The feed of changes and the snapshot: the gate's condition told in parts of bounded size, every record opened and cut.

Of what is gone only its id is told, and only if the outlet could ever have shown it. Entries are lines of JSON, made for
many rows at once.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from chengxin.audit.notes import Signer, sign_note
from chengxin.sharing.condition import At
from chengxin.sharing.feed import START, Place, Step
from chengxin.sharing.outlets import outlet_named
from chengxin.site.access import steps
from chengxin.site.access.asked import Asked, Who, place
from chengxin.site.access.cursors import Cursor, first, given, taken
from chengxin.site.access.looks import write_look
from chengxin.site.store import checked
from chengxin.standards.load import load_catalogue

MOST = 5_000  # entries in one part
AT_ONCE = 10_000  # records of a snapshot that are worked out at one time; more cost more in fresh memory than they save
SAME = "same_subjects"  # the name under which judgements that two subjects are one stand beside the resources
_UPWARD = "upper_platform"


@dataclass(frozen=True)
class Part:
    """Some entries of the feed in order, the cursor after them, whether more is to be told now, how many do not fit the log."""

    lines: list[bytes]
    cursor: str
    more: bool
    withheld: int
    held: Place  # of which all is told once this part is

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries as plain data."""
        return [msgspec.json.decode(line) for line in self.lines]


def upward(outlet: str, who: Who) -> Asked:
    """A request by the upper platform at one of its outlets, now."""
    at = place()
    return Asked(outlet_named(outlet), at, load_catalogue(at.day), _UPWARD, who=who)


def allows(asked: Asked) -> str:
    """A digest of what the gate allows at an outlet: another one, and a feed can't be told on from where it was."""
    said = sorted(
        (resource, kind.value, sorted(a.fields), sorted(a.columns), repr(a.condition))
        for (resource, kind), a in asked.answers().items()
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def now_at(asked: Asked) -> Place:
    """The place of a request, with the last word about what does not fit the log."""
    return Place(asked.at.included, asked.at.committed, asked.at.day, checked.last_word())


def read_cursor(asked: Asked, key: bytes, text: str, now: Place) -> Cursor:
    """The cursor that this outlet gave. Raises Refused (see `cursors.taken`)."""
    days = asked.catalogue.tables["exchange"]["feed"]["cursor_days"]
    outlet = asked.outlet.name.replace(".snapshot", ".feed")
    return taken(text, key, outlet, allows(_at_feed(asked)), now, days)


def cursor_here(asked: Asked, key: bytes) -> str:
    """The cursor of who holds all of a snapshot that begins now: its feed goes on from there."""
    feed, now = _at_feed(asked), now_at(asked)
    return given(_way(first(feed.outlet.name, allows(feed)), now, now), key)


def _at_feed(asked: Asked) -> Asked:
    """The same request at the feed that belongs to a snapshot."""
    return replace(asked, outlet=outlet_named(asked.outlet.name.replace(".snapshot", ".feed")))


def changes(asked: Asked, key: bytes, since: str | None = None, most: int = MOST) -> Part:
    """The next entries of the feed after a cursor, at most `most`; without one from the beginning.

    Raises Refused (`cursor-bad`, `cursor-stale`, `cursor-ahead`, `cursor-expired`).
    """
    now, name = now_at(asked), asked.outlet.name
    cursor = read_cursor(asked, key, since, now) if since else first(name, allows(asked))
    if cursor.held == cursor.wanted:  # nothing is half told: the way leads to now
        # Who holds nothing need not be told what did not fit before.
        held = replace(START, checked=now.checked) if cursor.held == START else cursor.held
        cursor = _way(cursor, held, now)
    write_look(asked, [])
    lines: list[bytes] = []
    withheld = 0
    listed = list(Step)
    for step in listed[listed.index(cursor.step) :]:
        told = steps.TOLD[step](asked, cursor, now, most - len(lines))
        lines, withheld = lines + told.lines, withheld + told.withheld
        if told.more:
            cursor = msgspec.structs.replace(cursor, step=step, after=told.after)
            return Part(lines, given(cursor, key), True, withheld, cursor.held)
        cursor = msgspec.structs.replace(cursor, step=step, after=None)
    there = cursor.wanted
    return Part(lines, given(_way(cursor, there, there), key), there != now, withheld, there)


def _way(cursor: Cursor, held: Place, wanted: Place) -> Cursor:
    """The cursor at the beginning of another way."""
    return msgspec.structs.replace(cursor, held=held, wanted=wanted, step=Step.GONE, after=None)


def named_sets(asked: Asked) -> list[str]:
    """What a snapshot can be asked for by name: the resources that the outlet shows, and which subjects are one."""
    return [*sorted({resource for resource, _ in asked.answers()}), SAME]


def snapshot(asked: Asked, most: int = AT_ONCE, of: str | None = None) -> Iterator[list[bytes]]:
    """All that the outlet shows at the request's place, by id, in parts of at most `most` lines: what the feed folds to.

    `of`: of one resource, or `SAME`.
    """
    write_look(asked, [])
    return _snapshot(asked, most, of)


def _snapshot(asked: Asked, most: int, of: str | None) -> Iterator[list[bytes]]:
    if of != SAME:
        yield from steps.shown_now(asked, most, of)
    if of in (None, SAME):
        yield from steps.same_now(asked, most)


def signed_note(signer: Signer, at: At, count: int, digest: str, of: str | None = None) -> bytes:
    """The note that vouches for a snapshot: day, place, count, SHA-256 of its lines."""
    name = f"{signer.name}/snapshot" + (f"/{of}" if of else "")
    return sign_note(f"{name}\n{at.day} {at.included} {at.committed}\n{count}\nsha256 {digest}\n", [signer])
