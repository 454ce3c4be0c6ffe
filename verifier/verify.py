"""Checks a published log on its own: shares no code with the platform, needs Python 3.11 and `cryptography`.

    python verify.py LOGDIR --key VKEY [--previous CHECKPOINT] [--opening opening.json]

LOGDIR is a folder in C2SP tlog-tiles layout. One line per check, Chinese and English. Exit: 0 all hold, 1 otherwise.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

COMMITMENT, ENTRY, PERSON = b"chengxin/commitment/1\n", "chengxin/entry/1", "person:event:recorded"
NOTE_LIMIT, TILE_LIMIT, BUNDLE_LIMIT = 1_000_000, 256 * 32, 257 * (2 + 0xFFFF)
Said = tuple[str, str]
Key = tuple[str, bytes, bytes]  # name, the four bytes that mark its signatures, 32 bytes of Ed25519


class Wrong(Exception):  # noqa: N818 - it is an answer
    """A check does not hold; its `args` say why, in Chinese and English."""


class Checkpoint(NamedTuple):
    """A checkpoint, the bytes that were signed, and its signature lines as (name, id and signature)."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signatures: list[tuple[str, bytes]]


def exact64(text: str) -> bytes:
    """Standard base64 in its one exact spelling, else nothing."""
    with contextlib.suppress(ValueError):
        data = base64.b64decode(text, validate=True)
        return data if base64.b64encode(data) == text.encode() else b""
    return b""


def read_bytes(path: Path, limit: int) -> bytes:
    """A plain file of at most `limit` bytes."""
    with contextlib.suppress(OSError, ValueError):
        if path.is_file() and path.stat().st_size <= limit:
            with path.open("rb") as file:
                return file.read(limit)
    raise Wrong(f"文件 {path} 缺失、过大或无法读取", f"file {path} is missing, too large or can't be read")


def parse_key(text: str) -> Key:
    """`name+id+base64` after C2SP signed-note, Ed25519 only."""
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text.strip())
    data = exact64(match[3]) if match else b""
    if match and len(data) == 33 and data[0] == 1:
        key_id = hashlib.sha256(match[1].encode() + b"\n" + data).digest()[:4]
        if key_id.hex() == match[2]:
            return match[1], key_id, data[1:]
    raise Wrong("--key 不是 Ed25519 验证密钥", "--key is not an Ed25519 verifier key")


def parse_checkpoint(note: bytes) -> Checkpoint:
    """A signed note whose text is a checkpoint; the last blank line parts text and signatures."""
    text, blank, tail = note.decode().rpartition("\n\n")
    lines, marks = text.split("\n"), tail.split("\n")
    last, matches = marks.pop(), [re.fullmatch(r"— ([^\s+]+) (\S+)", mark) for mark in marks]
    signatures = [(match[1], exact64(match[2])) for match in matches if match]
    whole = 1 <= len(signatures) == len(marks) <= 100 and all(len(data) > 4 for _, data in signatures)
    sized = len(lines) >= 3 and all(lines) and re.fullmatch("0|[1-9][0-9]{0,18}", lines[1], re.ASCII)
    root = exact64(lines[2]) if sized else b""
    if last or not blank or not whole or len(root) != 32 or re.search(rb"[\x00-\x09\x0b-\x1f]", note):
        raise Wrong("检查点格式有误", "the checkpoint is malformed")
    return Checkpoint(lines[0], int(lines[1]), root, text.encode() + b"\n", signatures)


def check_signature(checkpoint: Checkpoint, key: Key) -> Said:
    """The key signed this checkpoint, every one of its signatures fits, and the origin is its name."""
    if Ed25519PublicKey is None:
        raise Wrong("签名未核验：请先安装 cryptography", "signature NOT checked: first pip install cryptography")
    mine = [data[4:] for name, data in checkpoint.signatures if (name, data[:4]) == key[:2]]
    if not mine or checkpoint.origin != key[0]:
        raise Wrong("检查点没有该密钥的签名，或出自另一日志", "not signed by this key, or of another log")
    try:
        for signature in mine:
            Ed25519PublicKey.from_public_bytes(key[2]).verify(signature, checkpoint.signed)
    except InvalidSignature:
        raise Wrong("签名与检查点内容不符", "the signature does not fit the checkpoint") from None
    return f"检查点签名有效，共 {checkpoint.size} 条", f"checkpoint signed by the key, {checkpoint.size} entries"


def path_of(kind: str, index: int, width: int) -> str:
    """The name of a tile (`kind` is its level) or of a bundle (`entries`)."""
    digits = str(index).zfill((len(str(index)) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    number = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{kind}/{number}" + ("" if width == 256 else f".p/{width}")


def items(folder: Path, kind: str, index: int, count: int) -> list[bytes]:
    """The hashes of a tile or the entries of a bundle, in a tree with `count` of them."""
    width = min(256, count - 256 * index)
    part, whole = path_of(kind, index, width), path_of(kind, index, 256)
    if (folder / part).is_file():
        return cut(kind, folder / part)
    if (folder / whole).is_file():  # a whole file may stand for its part
        return cut(kind, folder / whole)[:width]
    raise Wrong(f"缺少文件 {part}", f"no file {part}")


def cut(kind: str, path: Path) -> list[bytes]:
    """What a file holds. Whatever is cut off at its end counts as one more item, a wrong one."""
    if kind != "entries":
        data = read_bytes(path, TILE_LIMIT)
        return [data[i : i + 32] for i in range(0, len(data), 32)]
    data, at, found = read_bytes(path, BUNDLE_LIMIT), 0, list[bytes]()
    while at < len(data) and len(found) < 512:
        start, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2], "big")
        found.append(data[start:at] if at <= len(data) else b"cut off" + data[start:])
    return found


def every(folder: Path, kind: str, count: int, change: Callable[[bytes], bytes]) -> tuple[list[bytes], Wrong | None]:
    """All items of a level, changed one by one, up to the first file that is missing or can't be read."""
    found: list[bytes] = []
    try:
        for index in range(-(-count // 256)):
            found += map(change, items(folder, kind, index, count))
    except Wrong as fault:
        return found, fault
    return found, None


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry (RFC 6962)."""
    return hashlib.sha256(b"\0" + entry).digest()


def check_entries(folder: Path, size: int, found: list[bytes], fault: Wrong | None) -> Said:
    """Every entry hashes to its place in the lowest tiles; names what was changed, removed or put in."""
    stored, other = every(folder, "0", size, bytes)
    zh, en = difference(found, stored) if found != stored else ("", "")
    if fault := fault or other:
        raise Wrong(f"{fault.args[0]} {zh}", f"{fault.args[1]} {en}")
    if zh or len(found) != size:
        raise Wrong(zh or f"应有 {size} 条", en or f"{size} entries expected")
    return f"{size} 条内容与底层哈希块一致", f"{size} entries agree with the lowest tiles"


def difference(found: list[bytes], stored: list[bytes]) -> Said:
    """Where two lists of leaf hashes part, in words; indexes count from 0."""
    if len(found) == len(stored):
        changed = [i for i, (a, b) in enumerate(zip(found, stored, strict=True)) if a != b]
        named = ", ".join(map(str, changed[:5]))
        return f"第 {named} 条被改动（共 {len(changed)} 条）", f"changed: entry {named} ({len(changed)} in all)"
    shorter = min(len(found), len(stored))
    first = next((i for i in range(shorter) if found[i] != stored[i]), shorter)
    last = next((i for i in range(shorter - first) if found[-1 - i] != stored[-1 - i]), shorter - first)
    gone, put = len(stored) - last - first, len(found) - last - first
    span = f"{first}-{first + max(gone, put) - 1}" if max(gone, put) > 1 else f"{first}"
    zh, en = ("被替换", "replaced") if gone and put else ("被删除", "removed") if gone else ("系插入", "inserted")
    return f"第 {span} 条{zh}", f"{en}: entry {span}"


def paired(hashes: list[bytes]) -> list[bytes]:
    """One step up the tree; a last hash without a partner goes up as it is."""
    pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
    return pairs + hashes[len(pairs) * 2 :]


def check_tiles(folder: Path, size: int, hashes: list[bytes]) -> Said:
    """The upper tiles are what the entries give."""
    level = 0
    while size >> 8 * (level + 1):
        level += 1
        for _ in range(8):
            hashes = paired(hashes)
        stored, fault = every(folder, str(level), size >> 8 * level, bytes)
        if fault:
            raise fault
        if stored != hashes[: size >> 8 * level]:
            at = next((i for i, (a, b) in enumerate(zip(hashes, stored, strict=False)) if a != b), len(stored))
            span = f"{at << 8 * level}-{(at + 1 << 8 * level) - 1}"
            raise Wrong(f"第 {level} 级哈希块与第 {span} 条不符", f"level {level} does not fit entries {span}")
    return f"各级哈希块一致（{level + 1} 级）", f"tiles of {level + 1} level(s) agree"


def check_root(checkpoint: Checkpoint, hashes: list[bytes]) -> Said:
    """The first entries of the log have the root that the checkpoint says."""
    level = hashes[: checkpoint.size]
    while len(level) > 1:
        level = paired(level)
    if len(hashes) < checkpoint.size or (level or [hashlib.sha256().digest()])[0] != checkpoint.root:
        raise Wrong("内容与检查点的根哈希不符", "the entries do not give the root of the checkpoint")
    return f"前 {checkpoint.size} 条与根哈希一致", f"the first {checkpoint.size} entries give the root"


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different, in canonical order."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be")))


def integer(text: str) -> int:
    """A number as canonical contents have it; fractions are refused."""
    if not -(2**53) < int(text) < 2**53:
        raise ValueError
    return int(text)


def load(data: bytes) -> Any:
    """JSON with keys in canonical order, so that writing it gives RFC 8785; text is taken as it is."""
    return json.loads(data, object_pairs_hook=once, parse_int=integer, parse_float=integer, parse_constant=integer)


def check_opening(folder: Path, size: int, path: Path) -> Said:
    """The entry at the index commits to the content with the salt, and shows nothing that the content denies."""
    try:
        opening = load(read_bytes(path, NOTE_LIMIT))
        index, salt, content = opening["index"], exact64(opening["salt"]), opening["content"]
        whole = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        if not 0 <= index < size:
            raise IndexError
        shown = load(items(folder, "entries", index // 256, size)[index % 256])
        commitment, hidden = shown.pop("commitment"), ("event", "week") if shown["event"] == PERSON else ()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Wrong("开示文件格式有误，或没有该条", "the opening is malformed, or there is no such entry") from None
    if len(salt) != 32 or commitment != hashlib.sha256(COMMITMENT + salt + whole).hexdigest():
        raise Wrong(f"第 {index} 条与开示内容不符", f"entry {index} does not commit to this content")
    if any({**content, "format": ENTRY}.get(name) != shown[name] for name in shown if name not in hidden):
        raise Wrong(f"第 {index} 条所示与内容不一", f"entry {index} shows what the content denies")
    return f"第 {index} 条即所开示的内容", f"entry {index} commits to the opened content"


def check_previous(path: Path, key: Key, hashes: list[bytes]) -> Said:
    """The older checkpoint is signed by the same key, and its tree is the beginning of this one."""
    older = parse_checkpoint(read_bytes(path, NOTE_LIMIT))
    check_signature(older, key)
    zh, en = check_root(older, hashes)
    return f"旧检查点相符：{zh}", f"consistent with the older checkpoint: {en}"


def say(holds: bool, said: Said) -> bool:
    """One line, without what could disturb a terminal."""
    line = f"{'[通过 OK]' if holds else '[不符 FAIL]'} {said[0].strip()} / {said[1].strip()}"
    sys.stdout.write("".join(c if c.isprintable() else "?" for c in line) + "\n")
    return holds


def holds(check: Callable[..., Said], *about: Any) -> bool:
    """Makes one check and tells how it went."""
    try:
        return say(True, check(*about))
    except Wrong as wrong:
        return say(False, wrong.args)


def verify(folder: Path, vkey: str, previous: Path | None, opening: Path | None) -> bool:
    """Makes all checks, tells each, and gives True if all hold."""
    key, checkpoint = parse_key(vkey), parse_checkpoint(read_bytes(folder / "checkpoint", NOTE_LIMIT))
    size, (hashes, fault) = checkpoint.size, every(folder, "entries", checkpoint.size, leaf_hash)
    results = [holds(check_signature, checkpoint, key), holds(check_entries, folder, size, hashes, fault)]
    results += [holds(check_tiles, folder, size, hashes)] if len(hashes) == size else []
    results += [holds(check_root, checkpoint, hashes)]
    results += [holds(check_previous, previous, key, hashes)] if previous else []
    results += [holds(check_opening, folder, size, opening)] if opening else []
    return all(results)


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 if all checks hold, 1 if not or if they can't be made."""
    parser = argparse.ArgumentParser(description="核验公开日志 / check a published log")
    parser.add_argument("logdir", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--previous", type=Path)
    parser.add_argument("--opening", type=Path)
    given = parser.parse_args(arguments)
    try:
        return 0 if verify(given.logdir, given.key, given.previous, given.opening) else 1
    except Exception as error:  # whatever the folder holds, the answer is a sentence
        said = (f"未能核验（{type(error).__name__}）", f"could not be checked ({type(error).__name__})")
        return int(not say(False, error.args if isinstance(error, Wrong) else said))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
