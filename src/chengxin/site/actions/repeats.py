"""Requests that are sent again: by an idempotency key the first answer is kept for some days, and there is one at a time."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from chengxin.site.store.models import Repeat
from chengxin.values.errors import Refused, Said

DAYS = 7
STALE = timedelta(minutes=15)  # after which a request that never ended is taken for dead


@dataclass(frozen=True)
class Kept:
    """The answer that was given."""

    status: int
    answer: str


def begin(body: str, key: str, digest: str) -> tuple[str, Kept | None]:
    """Begin a request of `body` with its key: a handle, or the answer that was given to the same before.

    Raises Refused: `in-progress`, or `idempotency-reuse` for another content under the same key.
    """
    handle = hashlib.sha256(f"{body}\n{key}".encode()).hexdigest()
    now = timezone.now()
    Repeat.objects.filter(at__lt=now - timedelta(days=DAYS)).delete()
    try:
        with transaction.atomic():
            Repeat.objects.create(id=handle, digest=digest, at=now)
        return handle, None
    except IntegrityError:
        return handle, _known(handle, digest)


def _known(handle: str, digest: str) -> Kept | None:
    row = Repeat.objects.filter(id=handle).first()
    if row is not None and row.digest != digest:
        zh = "这个幂等键已用于另一份内容。内容不同请换一个键。"
        raise Refused("idempotency-reuse", Said(zh, "This key was used for another content; take another key."))
    if row is not None and row.status is not None:
        return Kept(row.status, row.answer)
    now = timezone.now()
    if row is None or not Repeat.objects.filter(id=handle, status=None, at__lt=now - STALE).update(at=now):
        zh = "同一请求正在处理，请稍后再问。"
        raise Refused("in-progress", Said(zh, "The same request is being handled; ask again in a moment."))
    return None


def finish(handle: str, status: int, answer: str) -> None:
    """Keep the answer."""
    Repeat.objects.filter(id=handle).update(status=status, answer=answer)


def give_up(handle: str) -> None:
    """It came to nothing: the key may be used again."""
    Repeat.objects.filter(id=handle, status=None).delete()
