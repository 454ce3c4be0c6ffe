"""Proof that the public log holds the issue of a report: C2SP tlog-proof, with what opens the entry as its extra data.

Who has the proof, the JSON and the log's key needs nothing else, and no network.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengxin.audit.canonical import canonical
from chengxin.audit.checkpoint import open_checkpoint
from chengxin.audit.commitments import opens
from chengxin.audit.events import Tag
from chengxin.audit.merkle import leaf_hash
from chengxin.audit.notes import Verifier
from chengxin.audit.proofs import verify_inclusion
from chengxin.values.errors import Refused

_FIRST = "c2sp.org/tlog-proof@v1"
LONGEST = 64_000


@dataclass(frozen=True)
class Entry:
    """An entry of the log with what opens it."""

    index: int
    entry: bytes
    salt: bytes
    content: Mapping[str, object]


def proof_text(entry: Entry, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The proof as a file."""
    extra = {
        "entry": entry.entry.decode(),
        "salt": base64.b64encode(entry.salt).decode(),
        "content": dict(entry.content),
    }
    lines = [
        _FIRST,
        f"extra {_text64(canonical(extra))}",  # type: ignore[arg-type]
        f"index {entry.index}",
        *(_text64(one) for one in hashes),
    ]
    return "\n".join([*lines, "", ""]).encode() + checkpoint


def proves(proof: bytes, content: bytes, log: Verifier) -> bool:
    """True if the log of this key holds the issue of a report whose JSON is just these bytes. False for whatever is no proof."""
    try:
        return _proves(proof, content, log)
    except (Refused, ValueError, KeyError, TypeError, AttributeError):
        return False


def _proves(proof: bytes, content: bytes, log: Verifier) -> bool:
    if len(proof) > LONGEST:
        return False
    head, between, note = proof.partition(b"\n\n")
    first, extra, index, *hashes = head.decode("ascii").split("\n")
    if first != _FIRST or not between or not extra.startswith("extra ") or not index.startswith("index "):
        return False
    told = json.loads(base64.b64decode(extra.removeprefix("extra "), validate=True))
    entry, salt = told["entry"].encode(), base64.b64decode(told["salt"], validate=True)
    said = told["content"]
    if said["event"] != str(Tag.REPORT_ISSUED) or said["digest"] != hashlib.sha256(content).hexdigest():
        return False
    checkpoint, _ = open_checkpoint(note, log)
    siblings = [base64.b64decode(one, validate=True) for one in hashes]
    at = int(index.removeprefix("index "))
    return opens(entry, salt, canonical(said)) and verify_inclusion(
        leaf_hash(entry), at, checkpoint.size, siblings, checkpoint.root
    )


def _text64(data: bytes) -> str:
    return base64.b64encode(data).decode()
