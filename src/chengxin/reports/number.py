"""The number of a report: 128 random bits with twelve that tell a slip of the pen, in seven groups of four."""

import hashlib
import re
import secrets

from chengxin.values.errors import Refused, Said
from chengxin.values.text import nfkc

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they read like others
_READ = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LENGTH, _CHECK = 28, 12
_BETWEEN = re.compile(r"[\s\-‐-―－]+")


def new_number() -> str:
    """A number that nobody can guess, as it is printed."""
    return printed(secrets.token_bytes(16))


def printed(bits: bytes) -> str:
    """16 bytes as they are printed: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`."""
    value = int.from_bytes(bits, "big") << _CHECK | _check(bits)
    text = "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    return "-".join(text[at : at + 4] for at in range(0, _LENGTH, 4))


def read(typed: str) -> str:
    """The number that was typed, as it is printed. Raises Refused (`mistyped`) if it can be no number of a report."""
    plain = _BETWEEN.sub("", nfkc(typed)).upper()
    if len(plain) == _LENGTH and all(letter in _READ for letter in plain):
        value = 0
        for letter in plain:
            value = value << 5 | _READ[letter]
        bits = (value >> _CHECK).to_bytes(16, "big")
        if _check(bits) == value & ((1 << _CHECK) - 1):
            return printed(bits)
    raise Refused(
        "mistyped",
        Said(
            "编号不完整或有错字：应为七组、每组四个字母或数字，印在报告每页下方。请对照报告再填一次。",
            "The number is not whole or mistyped: seven groups of four, printed at the foot of each page. Compare and type again.",
        ),
    )


def _check(bits: bytes) -> int:
    return int.from_bytes(hashlib.sha256(bits).digest()[:2], "big") >> (16 - _CHECK)
