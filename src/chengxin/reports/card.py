"""A seal whose key is on a card or in an HSM (PKCS#11) and never leaves it; needs python-pkcs11, which is not among our own."""

import threading
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from chengxin.reports.seal import load_certificate
from chengxin.values.errors import Refused, Said

_TRIED = b"chengxin: is this the key of this certificate?"


@dataclass(frozen=True)
class Card:
    """Where the key is: the module (a library of the maker's), the label of the token and of the key on it."""

    module: str
    token: str
    label: str


_WRONG: set[tuple[Card, str]] = set()  # PINs that a card refused: tried again and again they would lock it


@dataclass(frozen=True)
class CardSeal:
    """A seal on a card, in one session that is opened once. A `reports.seal.Seal`."""

    certificate: bytes
    card: Card
    key: Any = field(repr=False, compare=False)
    mechanism: Any = field(repr=False, compare=False)
    _one: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """See `Seal`. A session signs one thing at a time. Raises Refused if the card does not."""
        try:
            with self._one:
                return bytes(self.key.sign(data, mechanism=self.mechanism))
        except Exception as error:  # whatever its maker's library raises
            _opened.cache_clear()  # the next one looks whether it is there again
            raise _not_there(self.card, type(error).__name__) from error


def load_card(certificate: Path, card: Card, pin: str) -> CardSeal:
    """The seal whose certificate (PEM) lies at a path and whose key is on a card. Raises Refused: no such card or key, no pair."""
    return _opened(certificate, certificate.stat().st_mtime_ns if certificate.exists() else 0, card, pin)


@lru_cache(maxsize=4)
def _opened(path: Path, changed: int, card: Card, pin: str) -> CardSeal:
    certificate = load_certificate(path)
    try:
        library = import_module("pkcs11")
    except ImportError as error:
        zh = "印章密钥在卡或密码机上，需要 python-pkcs11：请安装后重启。"
        raise Refused("no-pkcs11", Said(zh, "The key of the seal is on a card: install python-pkcs11.")) from error
    if (card, pin) in _WRONG:
        raise _not_there(card, "PinIncorrect")
    try:
        session = library.lib(card.module).get_token(token_label=card.token).open(user_pin=pin)
        key = session.get_key(object_class=library.ObjectClass.PRIVATE_KEY, label=card.label)
    except Exception as error:
        if type(error).__name__ == "PinIncorrect":
            _WRONG.add((card, pin))
        raise _not_there(card, type(error).__name__) from error
    seal = CardSeal(certificate.public_bytes(Encoding.DER), card, key, library.Mechanism.SHA256_RSA_PKCS)
    public = certificate.public_key()
    try:
        if not isinstance(public, rsa.RSAPublicKey):
            raise InvalidSignature
        public.verify(seal.sign(_TRIED), _TRIED, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        zh = f"{path} 不是卡上密钥“{card.label}”的证书（RSA）。"
        raise Refused("no-seal", Said(zh, f"{path} is not the certificate (RSA) of the key {card.label!r}.")) from error
    return seal


def _not_there(card: Card, kind: str) -> Refused:
    """Of what the library says only the kind: its words may hold anything."""
    zh = f"印章卡打不开（{kind}）。请核对 site.json 中的模块、令牌“{card.token}”、密钥“{card.label}”和口令。"
    en = f"The card of the seal does not open ({kind}). Check module, token {card.token!r}, key {card.label!r} and PIN."
    return Refused("no-card", Said(zh, en))
