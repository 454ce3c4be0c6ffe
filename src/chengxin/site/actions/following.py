"""What bodies took over of the feed, and what of it they confirm to have applied."""

import uuid

import msgspec
from django.db import transaction
from django.utils import timezone

from chengxin.sharing.feed import Place
from chengxin.site.store.models import Taker
from chengxin.values.ids import new_id


def told(body: str, outlet: str, place: Place) -> None:
    """Write how far a body was told at an outlet, before the answer leaves; who was told further stays there."""
    now = timezone.now()
    fresh = {
        "id": uuid.UUID(new_id()),
        "began": place.committed,
        "began_checked": place.checked,
        "told_included": place.included,
        "told_at": now,
    }
    row, made = Taker.objects.get_or_create(authority_id=body, outlet=outlet, defaults=fresh)
    if not made and row.told_included < place.included:
        Taker.objects.filter(id=row.id, told_included__lt=place.included).update(
            told_included=place.included, told_at=now
        )


def confirm(body: str, outlet: str, place: Place) -> Place:
    """Write that a body has applied all up to a place; gives what is confirmed, which never goes back."""
    told(body, outlet, place)
    with transaction.atomic():
        row = Taker.objects.select_for_update().get(authority_id=body, outlet=outlet)
        before = row.place
        if before is None or _further(place, before):
            row.confirmed, row.confirmed_at = msgspec.to_builtins(place), timezone.now()
            row.save(update_fields=["confirmed", "confirmed_at"])
            return place
        if before == place:  # said again: it is still there
            Taker.objects.filter(id=row.id).update(confirmed_at=timezone.now())
    return before


def _further(there: Place, here: Place) -> bool:
    return (there.included, there.committed, there.checked, there.day) > (
        here.included,
        here.committed,
        here.checked,
        here.day,
    )
