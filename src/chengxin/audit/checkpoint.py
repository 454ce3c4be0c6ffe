"""Checkpoints (C2SP tlog-checkpoint): the signed word of a log about its size and root on a certain moment."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chengxin.audit.notes import Signer, Verifier, exact64, malformed, open_note, sign_note
from chengxin.values.errors import Said

# Shown beside every checkpoint until bodies that do not report to the platform's owner sign it too (trust 4.5).
NOT_YET_INDEPENDENT = Said("尚未独立见证", "not yet independent")

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """Which log (its origin), how many leaves, the root over them (32 bytes); extension lines say what nobody audits."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The text that is signed. Raises ValueError for an empty line, a line break or a root that is not 32 bytes."""
    lines = [
        checkpoint.origin,
        str(checkpoint.size),
        base64.b64encode(checkpoint.root).decode(),
        *checkpoint.extensions,
    ]
    if not all(lines) or any("\n" in line for line in lines) or len(checkpoint.root) != 32 or checkpoint.size < 0:
        raise ValueError("not a checkpoint")
    return "\n".join(lines) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text says. Raises Refused (`note-malformed`)."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise malformed("缺少日志名、条数或根哈希", "no origin, size and root")
    try:
        root = exact64(lines[2])
    except ValueError:
        root = b""
    if len(root) != 32:
        raise malformed("缺少根哈希", "no root")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer]) -> bytes:
    """The signed checkpoint, to be published. Raises ValueError like `checkpoint_text`.

    Whether it is consistent with all that were signed before is for the caller to know (INV-44).
    """
    return sign_note(checkpoint_text(checkpoint), signers)


def open_checkpoint(note: bytes, log: Verifier, others: Sequence[Verifier] = ()) -> tuple[Checkpoint, list[Verifier]]:
    """The checkpoint and those of the known keys that signed it; the log's own key must be among them and name the origin.

    Raises Refused: `note-malformed`, `note-wrong-signature`, `note-unsigned`.
    """
    open_note(note, [log])  # the log's own signature is there, whoever else signed
    text, signed = open_note(note, [log, *others])
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != log.name:
        raise malformed("出自另一日志", "the origin is another log's")
    return checkpoint, signed
