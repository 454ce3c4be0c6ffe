"""A site's folder: making one, opening one. Django is set up here and nowhere else."""

import contextlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import django
import msgspec

from chengxin.site.keys import NAME as KEY_FILE
from chengxin.site.keys import Keys, load_keys, make_keys
from chengxin.site.work import clear
from chengxin.values.errors import Refused, Said

NAME = "site.json"


class SealCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the key of the seal is if not in a file (PKCS#11): `module`, a library; `token` and `label` of the key on it."""

    module: str
    token: str
    label: str


class About(msgspec.Struct, frozen=True):
    """What a site says of itself. `demo`: made-up data; commands may speak for any authority.

    `hosts`: names under which its pages answer; `address`: where readers find it (https://credit.example), by default the
    first of `hosts`; `proxied`: a proxy in front ends TLS and sets X-Forwarded-Proto;
    `seal`: folder of the certificate that seals reports (of the site itself where empty); `seal_card`: where its key is, if
    not beside it; `stamps`: address of the authority that puts time stamps to seals;
    `at_once`: bytes up to which what a program sends is judged while it waits; more becomes a job (202);
    `publisher` and `licence`: who gives the open data away, and under which licence (its SPDX name).
    """

    origin: str
    demo: bool = False
    keep_days: int = 30
    hosts: tuple[str, ...] = ()
    address: str = ""
    proxied: bool = False
    publisher: str = "信用主管部门 (credit office)"
    licence: str = "CC-BY-4.0"
    seal: str = ""
    seal_card: SealCard | None = None
    stamps: str = ""
    at_once: int = 1 << 20


@dataclass(frozen=True)
class Site:
    """An open site."""

    folder: Path
    about: About
    keys: Keys

    @property
    def headings(self) -> Path:
        """Where what each authority's headings mean is remembered."""
        return self.folder / "headings"

    @property
    def seal(self) -> Path:
        """Where the certificate and the key lie that seal reports."""
        return Path(self.about.seal) if self.about.seal else self.folder / "seal"


def make_site(folder: Path, about: About) -> Site:
    """A new site in an empty folder: key file with safe rights, tables. Raises Refused if something else is there."""
    if folder.exists() and any(folder.iterdir()) and not (folder / NAME).exists():
        raise Refused("folder-in-use", Said(f"{folder} 里有别的东西。", f"{folder} holds something else."))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_keys(folder, about.origin)
    if not (folder / NAME).exists():
        (folder / NAME).write_bytes(msgspec.json.encode(about))
    _set_up(folder)
    from django.core.management import call_command  # noqa: PLC0415 - Django is ready only now

    call_command("migrate", verbosity=0)
    from chengxin.site.store.models import Head  # noqa: PLC0415

    Head.objects.get_or_create(id=1)
    return open_site(folder, settle=False)


def open_site(folder: Path, settle: bool = True) -> Site:
    """The site in a folder, put right if a crash left something (`settle`). Raises Refused if there is none."""
    path = folder / NAME
    if not path.exists():
        raise Refused(
            "no-site",
            Said(
                f"{folder} 不是站点目录。先用 chengxin site new {folder} 建一个。",
                f"{folder} is no site. Make one: chengxin site new {folder}",
            ),
        )
    about = about_of(folder)
    _set_up(folder)
    site = Site(folder, about, load_keys(folder))
    if settle:
        _settle(site)
    return site


def about_of(folder: Path) -> About:
    """What the site in a folder says of itself. Raises OSError and msgspec.DecodeError."""
    return msgspec.json.decode((folder / NAME).read_bytes(), type=About)


def folder_here() -> Path:
    """The folder of the site that is open in this process."""
    return Path(os.environ["CHENGXIN_SITE"])


def site_here() -> Site:
    """The site that is open in this process, for a request: nothing is put right, keys are read when their file changed.

    Raises Refused if its keys can't be used.
    """
    folder = folder_here()
    return _known(folder, (folder / KEY_FILE).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _known(folder: Path, changed: int) -> Site:
    return Site(folder, about_of(folder), load_keys(folder))


def _settle(site: Site) -> None:
    """Put right what a crash left. Where that can't be done now, readers go on, and the next writer says why."""
    from django.db import Error  # noqa: PLC0415 - Django is ready only now

    from chengxin.site.actions.confirmations import written  # noqa: PLC0415
    from chengxin.site.store.registers import SiteStore  # noqa: PLC0415

    with contextlib.suppress(OSError, Error, Refused):
        clear(site.folder)
        SiteStore(site.folder, site.keys).settle()
        written(site)


def _set_up(folder: Path) -> None:
    os.environ["CHENGXIN_SITE"] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengxin.site.settings")
    django.setup()
    from django.db import connection  # noqa: PLC0415 - Django is ready only now

    file = str(folder.resolve() / "chengxin.sqlite3")
    if connection.vendor == "sqlite" and str(connection.settings_dict["NAME"]) != file:
        connection.close()  # another site was open in this process
        connection.settings_dict["NAME"] = file
