"""Signed notes and checkpoints: the published example, every flipped bit, several signers, malformed ones refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.audit.checkpoint import (
    NOT_YET_INDEPENDENT,
    Checkpoint,
    checkpoint_text,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from chengxin.audit.notes import Signer, Verifier, open_note, parse_signer, parse_verifier, sign_note
from chengxin.values.errors import Refused
from tests.audit.made import LOG, VECTORS

VECTOR = json.loads((VECTORS / "signed_note.json").read_text("utf-8"))
WITNESS = Signer("audit-office.example/witness", bytes(31) + b"\1")
POINT = Checkpoint(LOG.name, 70_000, bytes(range(32)))
SIGNED = sign_checkpoint(POINT, [LOG])


def refusal(note: bytes, *known: Verifier) -> str:
    with pytest.raises(Refused) as refused:
        open_note(note, known)
    return refused.value.code


@pytest.mark.parametrize("vector", VECTOR["signed_notes"], ids=lambda v: v["name"])
def test_published_notes(vector: dict[str, str]) -> None:
    key = parse_verifier(vector["vkey"])
    assert str(key) == vector["vkey"]
    if vector["valid"]:
        assert open_note(vector["note"].encode(), [key]) == ("This is an example message.\n", [key])
    else:
        assert refusal(vector["note"].encode(), key)


def test_the_published_checkpoint_is_read() -> None:
    text = VECTOR["checkpoint_text_example"].partition("\n\n")[0] + "\n"
    point, wanted = parse_checkpoint(text), VECTOR["checkpoint_expect"]
    assert (point.origin, point.size) == (wanted["origin"], wanted["size"])
    assert checkpoint_text(point) == text


def test_keys_survive_as_text_and_a_secret_is_not_shown() -> None:
    assert parse_verifier(str(LOG.verifier)) == LOG.verifier
    assert parse_signer(LOG.secret_text()) == LOG
    assert "seed" not in repr(LOG)


@pytest.mark.parametrize("text", ["", "a+b", "PRIVATE+KEY+x+00000000+AA==", LOG.secret_text()[:-1], LOG.secret_text()])
def test_a_text_that_is_not_a_public_key_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="bad-key"):
        parse_verifier(text)


@pytest.mark.parametrize("place", range(len("jimo.example/events"), len(str(LOG.verifier))))
def test_a_key_with_any_character_changed_is_refused(place: int) -> None:
    text = str(LOG.verifier)
    with pytest.raises(Refused, match="bad-key"):
        parse_verifier(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])


def test_a_signer_whose_id_is_wrong_is_refused_without_being_shown() -> None:
    text = LOG.secret_text().replace(LOG.verifier.key_id.hex(), "00000000")
    with pytest.raises(Refused) as refused:
        parse_signer(text)
    assert LOG.secret_text()[-20:] not in str(refused.value)


@given(st.integers(0, 8 * len(SIGNED) - 1))
def test_any_flipped_bit_in_a_checkpoint_is_refused(bit: int) -> None:
    wrong = bytearray(SIGNED)
    wrong[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refused):
        open_checkpoint(bytes(wrong), LOG.verifier)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_not_a_note_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        open_checkpoint(data, LOG.verifier)
    with pytest.raises(Refused):
        open_checkpoint(data + b"\n\n" + SIGNED.rpartition(b"\n\n")[2], LOG.verifier)


def test_a_signature_by_an_unknown_key_is_ignored_and_one_by_a_known_key_must_fit() -> None:
    both = sign_checkpoint(POINT, [WITNESS, LOG])
    assert open_checkpoint(both, LOG.verifier) == (POINT, [LOG.verifier])
    assert open_checkpoint(both, LOG.verifier, [WITNESS.verifier]) == (POINT, [WITNESS.verifier, LOG.verifier])
    stale = sign_checkpoint(Checkpoint(LOG.name, 1, bytes(32)), [WITNESS]).rpartition(b"\n\n")[2]
    assert open_checkpoint(SIGNED + stale, LOG.verifier)[1] == [LOG.verifier]
    assert refusal(SIGNED + stale, LOG.verifier, WITNESS.verifier) == "note-wrong-signature"


def test_a_witness_alone_does_not_make_a_checkpoint() -> None:
    with pytest.raises(Refused, match="note-unsigned"):
        open_checkpoint(sign_checkpoint(POINT, [WITNESS]), LOG.verifier, [WITNESS.verifier])


def test_a_key_signs_for_its_own_log_only() -> None:
    with pytest.raises(Refused, match="note-malformed"):
        open_checkpoint(sign_checkpoint(Checkpoint("other.example", 1, bytes(32)), [LOG]), LOG.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "o\n1\n",
        "\n1\nAAAA\n",
        "o\n01\n" + "A" * 43 + "=\n",
        "o\n-1\n" + "A" * 43 + "=\n",
        "o\n1\nAAAA\n",
        "o\n1\n" + "A" * 42 + "B=\n",
        "o\n1\n" + "A" * 43 + "=\n\n",
        "o\n" + "9" * 30 + "\n" + "A" * 43 + "=\n",
        "o\n１\n" + "A" * 43 + "=\n",
        "o\n1\n" + "A" * 43 + "\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="note-malformed"):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "spoilt",
    [
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED.replace(b"\n\n", b"\n"),
        b"\0" + SIGNED,
        b"\xff" + SIGNED,
        SIGNED + SIGNED.rpartition(b"\n\n")[2] * 100,
        SIGNED + b"\xe2\x80\x94 a AAAA\n",
        b"x" * 1_000_001,
    ],
)
def test_a_malformed_note_is_refused(spoilt: bytes) -> None:
    assert refusal(spoilt, LOG.verifier) == "note-malformed"


@pytest.mark.parametrize(
    "point",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", 1, b""),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, bytes(32), ("",)),
        Checkpoint("a\t", 1, bytes(32)),
    ],
)
def test_what_is_no_checkpoint_is_not_signed(point: Checkpoint) -> None:
    with pytest.raises(ValueError):
        sign_checkpoint(point, [LOG])


def test_nothing_is_signed_by_nobody_or_under_a_name_with_blanks() -> None:
    for signers in ([], [Signer("a b", bytes(32))], [Signer("a+b", bytes(32))]):
        with pytest.raises(ValueError):
            sign_note("text\n", signers)


def test_extension_lines_are_kept_and_the_label_stands_in_both_languages() -> None:
    point = Checkpoint(LOG.name, 0, bytes(32), ("one", "two"))
    assert open_checkpoint(sign_checkpoint(point, [LOG]), LOG.verifier)[0] == point
    assert (NOT_YET_INDEPENDENT.zh, NOT_YET_INDEPENDENT.en) == ("尚未独立见证", "not yet independent")
