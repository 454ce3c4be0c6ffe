"""Commitments open with their salt and content only; entries show what the law lets them show."""

import hashlib
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.audit.canonical import canonical, read
from chengxin.audit.commitments import (
    Shown,
    commitment,
    commitment_in,
    commitments,
    entries,
    opens,
    person_entries,
)
from chengxin.audit.events import PERSON_TAG, Tag
from tests.audit.made import salt

SHOWN = Shown(Tag.RECORD_ADDED, 'penalty@2026-04-01 "x', "11370215MXFAK0X145", date(2026, 11, 24))
salts = st.binary(min_size=32, max_size=32)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def test_a_commitment_is_the_hash_that_the_paper_says() -> None:
    wanted = hashlib.sha256(b"chengxin/commitment/1\n" + salt(1) + b'{"a":1}').digest()
    assert commitment(salt(1), b'{"a":1}') == wanted


@given(st.lists(st.tuples(salts, st.binary(max_size=60)), max_size=5))
def test_many_commitments_are_the_single_ones(pairs: list[tuple[bytes, bytes]]) -> None:
    wanted = b"".join(commitment(s, c) for s, c in pairs)
    together, listed = b"".join(s for s, _ in pairs), [c for _, c in pairs]
    assert commitments(together, listed) == wanted
    assert commitments(together, pl.Series(listed, dtype=pl.Binary)) == wanted


def test_commitments_keep_their_order_over_many_steps() -> None:
    listed = [b"%d" % i for i in range(40_000)]
    together = b"".join(salt(i) for i in range(40_000))
    found = commitments(together, pl.Series(listed, dtype=pl.Binary))
    assert all(found[32 * i : 32 * i + 32] == commitment(salt(i), listed[i]) for i in (0, 16_383, 16_384, 39_999))


@given(salts, st.binary(min_size=1, max_size=40), st.integers(0, 10_000))
def test_an_entry_opens_only_with_its_salt_and_its_content(secret: bytes, content: bytes, bit: int) -> None:
    entry = entries(SHOWN, commitment(secret, content))[0]
    assert opens(entry, secret, content)
    assert not opens(entry, flipped(secret, bit), content)
    assert not opens(entry, secret, flipped(content, bit))
    assert not opens(entry, secret, content + b"\0")
    assert not opens(entry, secret + content, b"")  # no salt of another length


def test_the_entry_of_a_company_is_canonical_and_shows_item_body_and_day() -> None:
    first, second = entries(SHOWN, commitments(salt(1) + salt(2), [b"a", b"b"]), previous=[None, 7])
    wanted = {"event": "register:record:added", "item": 'penalty@2026-04-01 "x', "authority": "11370215MXFAK0X145"}
    wanted |= {"day": "2026-11-24", "format": "chengxin/entry/1", "commitment": commitment(salt(1), b"a").hex()}
    assert first == canonical(wanted)
    assert second == canonical({**wanted, "commitment": commitment(salt(2), b"b").hex(), "previous": 7})


def test_a_text_that_looks_like_a_commitment_does_not_mislead() -> None:
    sly = Shown(Tag.RECORD_ADDED, "x", '"commitment":"' + "0" * 64, date(2026, 11, 24))
    assert commitment_in(entries(sly, salt(1))[0]) == salt(1)


def test_the_entry_of_a_person_shows_a_week_and_nothing_else() -> None:
    (entry,) = person_entries(date(2027, 1, 1), salt(3))
    assert read(entry) == {
        "commitment": salt(3).hex(),
        "event": PERSON_TAG,
        "format": "chengxin/entry/1",
        "week": "2026-W53",
    }
    assert canonical(read(entry)) == entry


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        commitment(bytes(length), b"")
    with pytest.raises(ValueError, match="salt"):
        commitments(bytes(length), [b""])


def test_wrong_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        entries(SHOWN, bytes(33))
    with pytest.raises(ValueError, match="zip"):
        entries(SHOWN, bytes(64), previous=[1])


@pytest.mark.parametrize("entry", [b"", b"[]", b"{}", b'{"format":"chengxin/entry/1"}', b"\xff"])
def test_what_is_no_entry_has_no_commitment(entry: bytes) -> None:
    with pytest.raises(ValueError):
        commitment_in(entry)


def test_an_entry_in_another_spelling_is_no_entry() -> None:
    entry = entries(SHOWN, salt(1))[0]
    for other in (entry.replace(b":", b": ", 1), entry + b"\n", entry.replace(salt(1).hex().encode(), b"A" * 64)):
        with pytest.raises(ValueError, match="entry"):
            commitment_in(other)
