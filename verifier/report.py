"""Checks a credit report by the two files that are attached to it, without the log: beside `verify.py`, and like it on its own.

    python report.py report.json report.tlog-proof --key VKEY

VKEY is the key of the log that the report's issuer keeps. One line, Chinese and English. Exit: 0 it holds, 1 otherwise.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from verify import (
    COMMITMENT,
    NOTE_LIMIT,
    Key,
    Said,
    Wrong,
    check_signature,
    exact64,
    leaf_hash,
    load,
    parse_checkpoint,
    parse_key,
    read_bytes,
    say,
)

PROOF, ISSUED, LIMIT = "c2sp.org/tlog-proof@v1", "reports:report:issued", 64 << 20


class Proof(NamedTuple):
    """What a proof says: the entry and its place, what opens it, the way up, and the signed note."""

    first: str
    index: int
    entry: bytes
    commitment: str
    salt: bytes
    content: bytes  # canonical
    event: str
    digest: str
    siblings: list[bytes]
    note: bytes


def parse_proof(text: bytes) -> Proof:
    """A C2SP tlog-proof whose extra data opens the entry."""
    try:
        head, _, note = text.partition(b"\n\n")
        first, extra, place, *lines = head.decode("ascii").split("\n")
        opening = load(exact64(extra.removeprefix("extra ")))
        entry, salt, said = opening["entry"].encode(), exact64(opening["salt"]), opening["content"]
        whole = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        index, siblings = int(place.removeprefix("index ")), [exact64(line) for line in lines]
        commitment = str(load(entry)["commitment"])
        return Proof(first, index, entry, commitment, salt, whole, said["event"], said["digest"], siblings, note)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Wrong("证明文件格式有误", "the proof is malformed") from None


def climbed(leaf: bytes, index: int, size: int, siblings: list[bytes]) -> bytes:
    """The root that the siblings give for this leaf (RFC 9162, 2.1.3.2); nothing where their number is wrong."""
    at, last = index, size - 1
    for sibling in siblings:
        if last == 0:
            return b""
        if at & 1 or at == last:
            leaf = hashlib.sha256(b"\1" + sibling + leaf).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + sibling).digest()
        at, last = at >> 1, last >> 1
    return leaf if last == 0 else b""


def check_report(report: Path, proof: Path, key: Key) -> Said:
    """The log holds the issue of a report with these very bytes: digest, commitment, entry, place, signed root."""
    told = parse_proof(read_bytes(proof, NOTE_LIMIT))
    checkpoint = parse_checkpoint(told.note)
    check_signature(checkpoint, key)
    digest = hashlib.sha256(read_bytes(report, LIMIT)).hexdigest()
    if (told.first, told.event, told.digest) != (PROOF, ISSUED, digest):
        raise Wrong("证明说的不是这份报告", "the proof is about another content")
    if len(told.salt) != 32 or told.commitment != hashlib.sha256(COMMITMENT + told.salt + told.content).hexdigest():
        raise Wrong("日志条目与内容不符", "the entry does not commit to this content")
    size = checkpoint.size
    if not 0 <= told.index < size or climbed(leaf_hash(told.entry), told.index, size, told.siblings) != checkpoint.root:
        raise Wrong("条目不在签名的日志里", "the entry is not under the signed root")
    return f"公开日志第 {told.index} 条是这份报告的出具", f"entry {told.index} of the log is the issue of this report"


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 if it holds, 1 if not or if it can't be checked."""
    parser = argparse.ArgumentParser(description="核验信用报告 / check a credit report")
    parser.add_argument("report", type=Path)
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", required=True)
    given = parser.parse_args(arguments)
    try:
        return int(not say(True, check_report(given.report, given.proof, parse_key(given.key))))
    except Exception as error:  # whatever the files hold, the answer is a sentence
        said = (f"未能核验（{type(error).__name__}）", f"could not be checked ({type(error).__name__})")
        return int(not say(False, error.args if isinstance(error, Wrong) else said))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
