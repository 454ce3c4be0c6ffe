"""Keys of a site: one file outside the database, readable by its owner alone.

Wrapping keys (AES-256-GCM) wrap the data key of each person and seal kept files; the token key makes the blind index of
identity numbers (in `intake`); the log key signs checkpoints. A key file that others can read is refused.
"""

import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chengxin.audit.notes import Signer, parse_signer
from chengxin.values.errors import Refused, Said

NAME = "keys.json"
_NONCE = 12
_ID = 16  # characters of a key id


class _File(msgspec.Struct):
    wrapping: dict[str, str]  # id → 32 bytes in hex; the last one wraps anew
    token: str
    log: str


@dataclass(frozen=True)
class Keys:
    """The keys of one site; their values are in no `repr`."""

    wrapping: dict[str, bytes] = field(repr=False)
    token: bytes = field(repr=False)
    log: Signer = field(repr=False)

    @property
    def newest(self) -> str:
        """The id of the key that wraps anew."""
        return list(self.wrapping)[-1]

    def wrap(self, secret: bytes, about: str) -> tuple[bytes, str]:
        """`secret` sealed by the newest key and bound to `about` (its table and row), and that key's id."""
        return seal(self.wrapping[self.newest], secret, about), self.newest

    def wrap_named(self, secret: bytes, about: str) -> bytes:
        """`wrap` with the key's id in front."""
        sealed, by = self.wrap(secret, about)
        return by.encode() + sealed

    def unwrap_named(self, sealed: bytes, about: str) -> bytes:
        """What `wrap_named` sealed."""
        return self.unwrap(sealed[_ID:], sealed[:_ID].decode("ascii", "replace"), about)

    def unwrap(self, sealed: bytes, by: str, about: str) -> bytes:
        """The secret. Raises Refused (`sealed`) if the key is not here or the bytes belong elsewhere."""
        if by not in self.wrapping:
            raise Refused("sealed", _SEALED)
        return unseal(self.wrapping[by], sealed, about)


_SEALED = Said(
    "密文打不开：密钥不在，或内容被改动。", "What was sealed can't be opened: the key is not here, or it was changed."
)


def seal(key: bytes, secret: bytes, about: str) -> bytes:
    """AES-256-GCM under a fresh nonce, bound to `about`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What `seal` sealed. Raises Refused (`sealed`) for any change of key, bytes or place."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Refused("sealed", _SEALED) from error


def make_keys(folder: Path, origin: str) -> None:
    """Make the key file of a new site; one that is there is never touched."""
    path = folder / NAME
    if not path.exists():
        signer = Signer(origin, secrets.token_bytes(32))
        _write(path, _File({_key_id(): secrets.token_hex(32)}, secrets.token_hex(32), signer.secret_text()))


def load_keys(folder: Path) -> Keys:
    """The keys of a site. Raises Refused: no file, one that others can read, one that can't be understood."""
    path = folder / NAME
    try:
        mode = path.stat().st_mode
        found = msgspec.json.decode(path.read_bytes(), type=_File)
        wrapping = {name: bytes.fromhex(key) for name, key in found.wrapping.items()}
        keys = Keys(wrapping, bytes.fromhex(found.token), parse_signer(found.log))
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise Refused(
            "no-keys", Said(f"{folder} 中没有可用的密钥文件。", f"There is no usable key file in {folder}.")
        ) from error
    if stat.S_IMODE(mode) & 0o077:
        raise Refused(
            "keys-open",
            Said(f"{path} 他人可读，请 chmod 600 后再用。", f"Others can read {path}; chmod 600 it, then try again."),
        )
    return keys


def add_wrapping_key(folder: Path) -> Keys:
    """Put a fresh wrapping key last; the older ones stay until nothing is wrapped by them."""
    found = msgspec.json.decode((folder / NAME).read_bytes(), type=_File)
    found.wrapping[_key_id()] = secrets.token_hex(32)
    _write(folder / NAME, found)
    return load_keys(folder)


def drop_wrapping_keys(folder: Path, used: set[str]) -> None:
    """Forget the wrapping keys that wrap nothing any more; the newest stays."""
    found = msgspec.json.decode((folder / NAME).read_bytes(), type=_File)
    newest = list(found.wrapping)[-1]
    found.wrapping = {name: key for name, key in found.wrapping.items() if name in used or name == newest}
    _write(folder / NAME, found)


def _key_id() -> str:
    return secrets.token_hex(8)


def _write(path: Path, content: _File) -> None:
    """The whole file or nothing: a crash leaves the old one."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(msgspec.json.encode(content))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
