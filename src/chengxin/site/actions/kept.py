"""Kept files: originals and quarantined rows under random names, encrypted, each with a key of its own, destroyed in time.

They belong to a submission, or to a job at a desk."""

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chengxin.site.folder import Site
from chengxin.site.store.models import Job, Kept, Submission
from chengxin.site.work import work_folder
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id
from chengxin.values.text import fitting_name

Owner = Submission | Job
_PIECE = 4 << 20
_TAG = 16
_GRACE = 86_400  # seconds after which a file that no row names was left by a crash


class Sealer:
    """Seals what is written to it, piece by piece, so that nothing of it ever lies in the clear; then `keep` or `discard` it."""

    def __init__(self, site: Site) -> None:
        self._site, self._name, self._key, self._kept = site, new_id(), secrets.token_bytes(32), False
        self._waiting, self._place, self.size, self._digest = bytearray(), 0, 0, hashlib.sha256()
        target = _place(site, self._name)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        self._stream = target.open("wb")

    def write(self, piece: bytes) -> None:
        """Take some bytes."""
        self._digest.update(piece)
        self.size += len(piece)
        self._waiting += piece
        while len(self._waiting) > _PIECE:  # the last piece is told when all has come
            self._seal(bytes(self._waiting[:_PIECE]))
            del self._waiting[:_PIECE]

    @property
    def digest(self) -> str:
        """SHA-256 of what was written, in hex."""
        return self._digest.hexdigest()

    def keep(self, of: Owner, what: str, today: date) -> None:
        """What was written is kept for `of`; acknowledged, it survives a fall of the machine."""
        self._seal(bytes(self._waiting), last=True)
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._kept = True
        wrapped, by = self._site.keys.wrap(self._key, f"kept {self._name}")
        destroy_on = today + timedelta(days=self._site.about.keep_days)
        Kept.objects.create(
            id=self._name, what=what, wrapped=wrapped, wrapped_by=by, destroy_on=destroy_on, **_belongs(of)
        )

    def discard(self) -> None:
        """Forget what was written, unless it is kept."""
        if not self._kept:
            self._stream.close()
            _place(self._site, self._name).unlink(missing_ok=True)

    def _seal(self, piece: bytes, last: bool = False) -> None:
        place = self._place.to_bytes(12, "big")
        self._stream.write(AESGCM(self._key).encrypt(place, piece, _bound(self._name, last)))
        self._place += 1


def keep(site: Site, path: Path, of: Owner, what: str, today: date) -> None:
    """Seal a copy of `path`; what a crash leaves of it is swept up by `sweep`."""
    sealer = Sealer(site)
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            sealer.write(piece)
    sealer.keep(of, what, today)


def replace(site: Site, path: Path, of: Owner, what: str, today: date) -> None:
    """Keep this in place of what was kept under the same word; the earlier file goes at once."""
    forget(site, of, what)
    keep(site, path, of, what, today)


def forget(site: Site, of: Owner, *what: str) -> None:
    """Destroy what is kept of `of` under these words."""
    for kept in Kept.objects.filter(what__in=what, **_belongs(of)):
        place = _place(site, kept.id.hex)
        kept.delete()
        place.unlink(missing_ok=True)


def rename(of: Owner, before: str, now: str) -> None:
    """What was kept under one word is kept under another."""
    Kept.objects.filter(what=before, **_belongs(of)).update(what=now)


def has(of: Owner, what: str) -> bool:
    """True if something is kept under this word."""
    return Kept.objects.filter(what=what, **_belongs(of)).exists()


def _belongs(of: Owner) -> dict[str, Any]:
    return {"job": of} if isinstance(of, Job) else {"submission": of}


@contextlib.contextmanager
def opened(site: Site, of: Owner, what: str, name: str) -> Iterator[Path]:
    """The kept file in the clear, in a private folder, for as long as the block lasts. Raises Refused if it is gone."""
    kept = Kept.objects.filter(what=what, **_belongs(of)).order_by("-id").first()
    if kept is None or not _place(site, kept.id.hex).exists():
        raise Refused(
            "not-kept",
            Said(
                "原件已按期销毁，请重新报送。",
                "The original was destroyed when its days were over; please send it again.",
            ),
        )
    cipher = AESGCM(site.keys.unwrap(bytes(kept.wrapped), kept.wrapped_by, f"kept {kept.id.hex}"))
    with work_folder(site.folder) as folder:
        path = folder / fitting_name(Path(name).name)
        try:
            with _place(site, kept.id.hex).open("rb") as source, path.open("wb") as stream:
                for place, piece, last in _pieces(source, _PIECE + _TAG):
                    stream.write(cipher.decrypt(place.to_bytes(12, "big"), piece, _bound(kept.id.hex, last)))
        except InvalidTag as error:
            raise Refused(
                "kept-changed",
                Said(
                    "留存的原件已损坏或被改动，请重新报送。",
                    "The kept original was damaged or changed; please send it again.",
                ),
            ) from error
        yield path


def sweep(site: Site, today: date) -> int:
    """Destroy what is past its day, and files that no row names; gives how many."""
    gone = 0
    for kept in Kept.objects.filter(destroy_on__lt=today):
        _place(site, kept.id.hex).unlink(missing_ok=True)
        kept.delete()
        gone += 1
    named = {k.hex for k in Kept.objects.values_list("id", flat=True)}
    for path in (site.folder / "kept").glob("*"):
        if path.name not in named and path.stat().st_mtime < time.time() - _GRACE:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Pieces of at most `size` bytes with their places; the last says that it is. An empty stream is one empty piece."""
    place, piece = 0, stream.read(size)
    while following := stream.read(size):
        yield place, piece, False
        place, piece = place + 1, following
    yield place, piece, True


def _bound(name: str, last: bool) -> bytes:
    """What a piece is bound to beside its place: no piece of another file fits here, and none can be cut off at the end."""
    return f"{name} {'last' if last else 'more'}".encode()


def _place(site: Site, name: str) -> Path:
    return site.folder / "kept" / name
