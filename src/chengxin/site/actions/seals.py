"""What seals the reports of this site, and where they are verified."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from chengxin.reports.seal import (
    CERTIFICATE,
    KEY,
    FileSeal,
    digest_of,
    load_certificate,
    load_seal,
    make_demo_seal,
    who_seals,
)
from chengxin.site.folder import Site
from chengxin.values.clock import LEGAL_ZONE
from chengxin.values.errors import Said


def seal_here(site: Site) -> FileSeal:
    """The seal of this site; a demonstration makes its own, which says what it is. Raises Refused."""
    _made_if_demo(site)
    changed = tuple(p.stat().st_mtime_ns if p.exists() else 0 for p in (site.seal / KEY, site.seal / CERTIFICATE))
    return _loaded(site.seal, changed)


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
    if site.about.demo and not site.about.seal:
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
