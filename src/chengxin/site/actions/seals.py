"""What seals the reports of this site, and where they are verified."""

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from chengxin.reports.card import Card, load_card
from chengxin.reports.seal import (
    CERTIFICATE,
    KEY,
    FileSeal,
    Seal,
    digest_of,
    load_certificate,
    load_seal,
    make_demo_seal,
    who_seals,
)
from chengxin.reports.stamps import stamper_at
from chengxin.site.folder import Site
from chengxin.values.clock import LEGAL_ZONE
from chengxin.values.errors import Refused, Said

PIN, PIN_FILE = "CHENGXIN_SEAL_PIN", "CHENGXIN_SEAL_PIN_FILE"  # of the card, if the key is on one; the file's wins


def seal_here(site: Site) -> Seal:
    """The seal of this site: on a card where site.json says so, else two files. A demonstration makes its own. Raises Refused."""
    _made_if_demo(site)
    stamper_here(site)  # what can't be stamped is refused before anything is in the log
    card = site.about.seal_card
    if card is not None:
        return load_card(site.seal / CERTIFICATE, Card(card.module, card.token, card.label), _pin())
    changed = tuple(p.stat().st_mtime_ns if p.exists() else 0 for p in (site.seal / KEY, site.seal / CERTIFICATE))
    return _loaded(site.seal, changed)


def stamper_here(site: Site) -> Any:
    """What puts a time stamp to a seal; None where site.json names no authority. Raises Refused."""
    return stamper_at(site.about.stamps) if site.about.stamps else None


def _pin() -> str:
    """The card's PIN, which stands in no file of the site. Raises Refused."""
    file = os.environ.get(PIN_FILE)
    try:
        pin = Path(file).read_text("utf-8").strip() if file else os.environ.get(PIN, "")
    except OSError:
        pin = ""
    if not pin:
        zh = f"没有印章卡的口令：请设环境变量 {PIN}，或用 {PIN_FILE} 指明存放口令的文件。"
        raise Refused(
            "no-pin", Said(zh, f"No PIN for the card of the seal: set {PIN}, or name its file in {PIN_FILE}.")
        )
    return pin


@dataclass(frozen=True)
class Shown:
    """The certificate that seals reports, as anybody may have it."""

    pem: bytes
    fingerprint: str  # SHA-256 of the certificate (DER), in pairs
    who: Said
    until: date


def certificate_here(site: Site) -> Shown:
    """The certificate of this site, for whoever verifies without it; the key is not touched. Raises Refused."""
    _made_if_demo(site)
    path = site.seal / CERTIFICATE
    return _shown(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _shown(path: Path, changed: int) -> Shown:
    certificate = load_certificate(path)
    der = certificate.public_bytes(Encoding.DER)
    until = certificate.not_valid_after_utc.astimezone(LEGAL_ZONE).date()
    return Shown(certificate.public_bytes(Encoding.PEM), digest_of(der).upper(), who_seals(der), until)


def _made_if_demo(site: Site) -> None:
    if site.about.demo and not site.about.seal and site.about.seal_card is None:
        make_demo_seal(site.seal, site.about.publisher)


@lru_cache(maxsize=4)
def _loaded(folder: Path, changed: tuple[int, ...]) -> FileSeal:
    """Checking a key takes a quarter of a second: once for each that there is."""
    return load_seal(folder)


def address_of(site: Site, number: str, here: str = "") -> str:
    """Where a report is verified: as the site is set up, for it is sealed and whoever asks names any host.

    `here`: scheme and host as its reader sees them, where the site does not say.
    """
    about = site.about
    base = about.address or (f"https://{about.hosts[0]}" if about.hosts else here or "http://localhost:8000")
    return f"{base.rstrip('/')}/verify/{number}/"
