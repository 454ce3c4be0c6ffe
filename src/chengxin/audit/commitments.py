"""Commitments to contents, and the entries of the log that carry them (trust 4.2).

An entry holds nothing of a record but SHA-256(tag || 32 random bytes || canonical content). Once the random bytes are
destroyed nothing opens it. A company's entry shows which event, item and body, and the day; a person's shows the week.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.audit.canonical import canonical, read
from chengxin.audit.events import PERSON_TAG, Tag

COMMITMENT = b"chengxin/commitment/1\n"
ENTRY = "chengxin/entry/1"
SALT = 32
_BLANK = "0" * 64
_STEP = 16_384  # contents that are Python objects at one time: a longer list of them is slower to make and to drop


@dataclass(frozen=True)
class Shown:
    """What an entry about a company, a body or the office shows beside its commitment; see `events.COMMON`."""

    event: Tag
    item: str
    authority: str
    day: date


def commitment(salt: bytes, content: bytes) -> bytes:
    """32 bytes that bind `content` (canonical bytes) and hide it. Raises ValueError unless `salt` has 32 bytes."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes, not {len(salt)}")
    return hashlib.sha256(COMMITMENT + salt + content).digest()


def commitments(salts: bytes, contents: Sequence[bytes] | pl.Series) -> bytes:
    """`commitment` of n contents (a Binary series has no null) with n*32 bytes of salts: n*32 bytes, in order.

    Raises ValueError if the counts differ.
    """
    if len(salts) != SALT * len(contents):
        raise ValueError(f"{len(contents)} contents need {SALT * len(contents)} bytes of salt, not {len(salts)}")
    return b"".join(
        _committed(salts[SALT * at : SALT * (at + _STEP)], contents[at : at + _STEP])
        for at in range(0, len(contents), _STEP)
    )


def entries(shown: Shown, committed: bytes, previous: Sequence[int | None] | None = None) -> list[bytes]:
    """Entries of events of one kind in one change set, one for each 32 bytes of `committed`.

    `previous`: index in the log of the event before about the same thing (None: none). Raises ValueError on a wrong length.
    """
    facts = {"event": str(shown.event), "item": shown.item, "authority": shown.authority, "day": shown.day.isoformat()}
    head, tail = _around_commitment(facts)
    places = _places(committed)
    if previous is None:
        return [head + place + tail for place in places]
    # `previous` sorts last, so it can be put in before the closing brace.
    tails = [tail if p is None else b'%b,"previous":%d}' % (tail[:-1], p) for p in previous]
    return [head + place + end for place, end in zip(places, tails, strict=True)]


def person_entries(day: date, committed: bytes) -> list[bytes]:
    """Entries of events about persons: week and commitment, nothing else. 32 random bytes make one that stands for nothing."""
    year, week, _ = day.isocalendar()
    head, tail = _around_commitment({"event": PERSON_TAG, "week": f"{year}-W{week:02d}"})
    return [head + place + tail for place in _places(committed)]


def commitment_in(entry: bytes) -> bytes:
    """The commitment of an entry. Raises ValueError if this is not the canonical form of an entry of this format."""
    read_back = read(entry)
    if not isinstance(read_back, dict) or read_back.get("format") != ENTRY or canonical(read_back) != entry:
        raise ValueError("not an entry of this log")
    text = read_back.get("commitment")
    if not isinstance(text, str) or len(text) != 64 or text.strip("0123456789abcdef"):
        raise ValueError("no commitment in the entry")
    return bytes.fromhex(text)


def opens(entry: bytes, salt: bytes, content: bytes) -> bool:
    """True if the entry commits to this content (canonical bytes) with this salt. Raises ValueError like `commitment_in`."""
    return len(salt) == SALT and commitment(salt, content) == commitment_in(entry)


def _committed(salts: bytes, contents: Sequence[bytes] | pl.Series) -> bytes:
    sha, tag = hashlib.sha256, COMMITMENT
    pairs = zip(range(0, len(salts), SALT), contents, strict=True)
    return b"".join([sha(tag + salts[at : at + SALT] + content).digest() for at, content in pairs])


def _around_commitment(facts: dict[str, str]) -> tuple[bytes, bytes]:
    whole = canonical({**facts, "format": ENTRY, "commitment": _BLANK})
    mark = f'"commitment":"{_BLANK}'.encode()  # inside a text the quotes would be escaped: it occurs once
    head, _, tail = whole.partition(mark)
    return head + mark[: -len(_BLANK)], tail


def _places(committed: bytes) -> list[bytes]:
    if len(committed) % 32:
        raise ValueError("commitments have 32 bytes each")
    hexed = committed.hex().encode()
    return [hexed[i : i + 64] for i in range(0, len(hexed), 64)]
