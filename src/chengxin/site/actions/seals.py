"""What seals the reports of this site, and where they are verified."""

from functools import lru_cache
from pathlib import Path

from chengxin.reports.seal import CERTIFICATE, KEY, FileSeal, load_seal, make_demo_seal
from chengxin.site.folder import Site


def seal_here(site: Site) -> FileSeal:
    """The seal of this site; a demonstration makes its own, which says what it is. Raises Refused."""
    if site.about.demo and not site.about.seal:
        make_demo_seal(site.seal, site.about.publisher)
    changed = tuple(p.stat().st_mtime_ns if p.exists() else 0 for p in (site.seal / KEY, site.seal / CERTIFICATE))
    return _loaded(site.seal, changed)


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
