"""Signed notes (C2SP signed-note): a text and the Ed25519 signatures of those who vouch for it.

Keys are text as the Go tools write them: a verifier is `name+id+base64(type, public key)`, a signer
`PRIVATE+KEY+name+id+base64(type, seed)`, the id being 8 hex digits. A note from outside that is not well formed, or
not signed as it must be, raises Refused.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chengxin.values.errors import Refused, Said

MOST_SIGNATURES = 100
LONGEST = 1_000_000
_ED25519 = b"\1"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) (\S+)")

_MALFORMED = Said("签名文书格式有误：{why}。", "The signed note is malformed: {why_en}.")
_WRONG = Said("密钥“{name}”的签名与内容不符。", "The signature by key '{name}' does not fit the text.")
_UNSIGNED = Said("没有任何已知密钥的签名。", "No known key has signed this note.")
_BAD_KEY = Said("密钥文本无法识别。", "This text is not a key.")


@dataclass(frozen=True)
class Verifier:
    """A public key (32 bytes) and the name it goes by."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that mark the key's signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_text64(_ED25519 + self.public)}"


@dataclass(frozen=True)
class Signer:
    """A private key: its seed of 32 random bytes, which `repr` does not show, and the name it goes by."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """The text that `parse_signer` reads. Whoever has it can sign."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_text64(_ED25519 + self.seed)}"


def parse_verifier(text: str) -> Verifier:
    """The public key in a verifier's text. Raises Refused (`bad-key`) for any other text or a wrong id."""
    name, key_id, public = _key_parts(text)
    verifier = Verifier(name, public)
    if verifier.key_id != key_id:
        raise Refused("bad-key", _BAD_KEY)
    return verifier


def parse_signer(text: str) -> Signer:
    """The private key in a signer's text. Raises Refused (`bad-key`), and never shows the text."""
    if not text.startswith("PRIVATE+KEY+"):
        raise Refused("bad-key", _BAD_KEY)
    name, key_id, seed = _key_parts(text.removeprefix("PRIVATE+KEY+"))
    signer = Signer(name, seed)
    if signer.verifier.key_id != key_id:
        raise Refused("bad-key", _BAD_KEY)
    return signer


def sign_note(text: str, signers: Sequence[Signer]) -> bytes:
    """The note: `text`, a blank line, one line for each signer. Raises ValueError for a text or name that no note can carry."""
    if not text.endswith("\n") or _CONTROL.search(text) or not signers:
        raise ValueError("a note is text that ends its last line, without control characters, signed by someone")
    if not all(_NAME.fullmatch(signer.name) for signer in signers):
        raise ValueError("the name of a key has no blanks, no plus and no control characters")
    return "".join([text, "\n", *(_line(text, signer) for signer in signers)]).encode()


def open_note(note: bytes, known: Iterable[Verifier]) -> tuple[str, list[Verifier]]:
    """The text of a note and those of the known keys that signed it, at least one.

    Signatures by other keys are ignored. Raises Refused: `note-malformed`, `note-wrong-signature` if one by a known key
    does not fit, `note-unsigned` if there is none.
    """
    text, lines = _split(note)
    keys = {(key.name, key.key_id): key for key in known}
    signed: list[Verifier] = []
    for line in lines:
        name, key_id, signature = _parse_line(line)
        key = keys.get((name, key_id))
        if key is None:
            continue
        if not _fits(key, signature, text.encode()):
            raise Refused("note-wrong-signature", _WRONG.filled(name=name))
        signed += [] if key in signed else [key]
    if not signed:
        raise Refused("note-unsigned", _UNSIGNED)
    return text, signed


def malformed(why: str, why_en: str) -> Refused:
    """The refusal of a note that is not well formed, with the reason in both languages."""
    return Refused("note-malformed", _MALFORMED.filled(why=why, why_en=why_en))


def exact64(text: str) -> bytes:
    """The bytes of standard base64 in its one exact spelling. Raises ValueError for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if _text64(data) != text:
        raise ValueError("base64 with stray bits")
    return data


def _text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _key_parts(text: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
    try:
        data = exact64(match[3]) if match else b""
    except ValueError:
        data = b""
    if not match or len(data) != 33 or data[:1] != _ED25519:
        raise Refused("bad-key", _BAD_KEY)
    return match[1], bytes.fromhex(match[2]), data[1:]


def _line(text: str, signer: Signer) -> str:
    signature = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(text.encode())
    return f"— {signer.name} {_text64(signer.verifier.key_id + signature)}\n"


def _split(note: bytes) -> tuple[str, list[str]]:
    """The text and the signature lines: the last blank line parts them."""
    if len(note) > LONGEST:
        raise malformed("过长", "too long")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise malformed("不是 UTF-8 编码", "not UTF-8") from None
    text, blank, signatures = whole.rpartition("\n\n")
    lines = signatures.split("\n")
    if not blank or lines.pop() or not 1 <= len(lines) <= MOST_SIGNATURES or _CONTROL.search(whole):
        raise malformed("缺少正文、空行或签名", "no text, blank line and signatures")
    return text + "\n", lines


def _parse_line(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE.fullmatch(line)
    try:
        data = exact64(match[2]) if match else b""
    except ValueError:
        data = b""
    if not match or len(data) < 5:
        raise malformed("签名行", "a signature line")
    return match[1], data[:4], data[4:]


def _fits(key: Verifier, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
    except InvalidSignature:
        return False
    return True
