"""Kept files: originals and quarantined rows under random names, encrypted, each with a key of its own, destroyed in time."""

import contextlib
import os
import secrets
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chengxin.site.folder import Site
from chengxin.site.store.models import Kept
from chengxin.site.work import work_folder
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

_PIECE = 4 << 20
_TAG = 16
_GRACE = 86_400  # seconds after which a file that no row names was left by a crash


def keep(site: Site, path: Path, submission: str, what: str, today: date) -> None:
    """Seal a copy of `path`; what a crash leaves of it is swept up by `sweep`."""
    name = new_id()
    key = secrets.token_bytes(32)
    target = _place(site, name)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    cipher = AESGCM(key)
    with path.open("rb") as source, target.open("wb") as stream:
        for place, piece, last in _pieces(source, _PIECE):
            stream.write(cipher.encrypt(place.to_bytes(12, "big"), piece, _bound(name, last)))
        stream.flush()
        os.fsync(stream.fileno())  # acknowledged, it survives a fall of the machine
    wrapped, by = site.keys.wrap(key, f"kept {name}")
    destroy_on = today + timedelta(days=site.about.keep_days)
    Kept.objects.create(
        id=name, submission_id=submission, what=what, wrapped=wrapped, wrapped_by=by, destroy_on=destroy_on
    )


@contextlib.contextmanager
def opened(site: Site, submission: str, what: str, name: str) -> Iterator[Path]:
    """The kept file in the clear, in a private folder, for as long as the block lasts. Raises Refused if it is gone."""
    kept = Kept.objects.filter(submission_id=uuid.UUID(submission), what=what).first()
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
        path = folder / Path(name).name
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
