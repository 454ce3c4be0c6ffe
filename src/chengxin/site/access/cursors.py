"""Cursors of the feed: how far a reader is, in a text that only this site can make and only its outlet takes back."""

import base64
import binascii
import hmac
from datetime import date

import msgspec

from chengxin.sharing.feed import START, Place, Step
from chengxin.values.errors import Refused, Said

_MARK = 16  # bytes of the HMAC that go along
_BAD = Said(
    "游标无效：不是本接口给出的，或已被改动。请用最近一次得到的游标，或从头获取。",
    "This cursor is not one that this feed gave, or it was changed. Use the last one you were given, or begin anew.",
)
_STALE = Said(
    "游标已过期：可提供的数据项或信息类已变化。请重新加载快照后继续。",
    "This cursor is too old: what may be shown has changed since. Load a snapshot and go on from there.",
)
_AHEAD = Said(
    "游标晚于本站现有数据。请确认站点是否正确；如站点曾恢复备份，请重新加载快照。",
    "This cursor is ahead of this site. Check the address; if the site was restored, load a snapshot.",
)
_EXPIRED = Said(
    "游标已超过 {days} 天。请重新加载快照后继续。",
    "This cursor is more than {days} days old. Load a snapshot and go on from there.",
)


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """All of `held`, and of the way to `wanted` the steps before `step` and of it up to `after`. No way begun: they are equal."""

    outlet: str
    allows: str  # what the gate allowed when it was given, as a digest
    held: Place
    wanted: Place
    step: Step = Step.GONE
    after: tuple[int | date, str] | None = None


def first(outlet: str, allows: str) -> Cursor:
    """The cursor of a reader who holds nothing."""
    return Cursor(outlet, allows, START, START)


def given(cursor: Cursor, key: bytes) -> str:
    """The cursor as a text for an address: letters, digits, - and _."""
    said = msgspec.json.encode(cursor)
    return base64.urlsafe_b64encode(_mark(key, said) + said).decode().rstrip("=")


def taken(text: str, key: bytes, outlet: str, allows: str, now: Place, days: int) -> Cursor:
    """The cursor in a text. Raises Refused: `cursor-bad` (foreign, changed, of another outlet), `cursor-stale`,
    `cursor-ahead`, `cursor-expired` (of a place more than `days` ago)."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        if not hmac.compare_digest(data[:_MARK], _mark(key, data[_MARK:])):
            raise ValueError("not signed by this site")
        cursor = msgspec.json.decode(data[_MARK:], type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise Refused("cursor-bad", _BAD) from error
    if cursor.outlet != outlet:
        raise Refused("cursor-bad", _BAD)
    if cursor.allows != allows:
        raise Refused("cursor-stale", _STALE)
    if _ahead(cursor.wanted, now):
        raise Refused("cursor-ahead", _AHEAD)
    if cursor.wanted != START and (now.day - cursor.wanted.day).days > days:
        raise Refused("cursor-expired", _EXPIRED.filled(days=days))
    return cursor


def _ahead(there: Place, here: Place) -> bool:
    later = (there.included > here.included, there.committed > here.committed, there.day > here.day)
    return any(later) or there.checked > here.checked


def key_of(token: bytes) -> bytes:
    """The key of cursors, from the site's token key."""
    return hmac.digest(token, b"feed cursor", "sha256")


def _mark(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")[:_MARK]
