"""Keys of persons: wrapped anew under a fresh key, or destroyed, which erases what is held about the person."""

from collections.abc import Callable

from django.db import transaction

from chengxin.site.folder import Site
from chengxin.site.keys import Keys, add_wrapping_key, drop_wrapping_keys
from chengxin.site.store.models import Kept, PersonKey, Waiting

_STEP = 500


def rotate(site: Site, tell: Callable[[int, int], None] | None = None) -> int:
    """Wrap everything that is wrapped under a fresh key, then forget the old ones; can be stopped and begun again."""
    keys = add_wrapping_key(site.folder)
    newest, done = keys.newest, 0
    total = PersonKey.objects.exclude(wrapped_by=newest).count() + Kept.objects.exclude(wrapped_by=newest).count()
    for table, word in ((PersonKey, "person-key"), (Kept, "kept")):
        while rows := _older(table, newest):
            with transaction.atomic():
                for row in rows:
                    _again(keys, row, f"{word} {row.pk.hex}")
            done += len(rows)
            if tell:
                tell(done, total)
    for waiting in Waiting.objects.iterator(_STEP):
        about = f"waiting {waiting.id.hex}"
        waiting.sealed = keys.wrap_named(keys.unwrap_named(bytes(waiting.sealed), about), about)
        waiting.save(update_fields=["sealed"])
        done += 1
    drop_wrapping_keys(site.folder, {newest})
    return done


def _older(table: type[PersonKey] | type[Kept], newest: str) -> list[PersonKey | Kept]:
    return list(table.objects.exclude(wrapped_by=newest)[:_STEP])


def _again(keys: Keys, row: PersonKey | Kept, about: str) -> None:
    secret = keys.unwrap(bytes(row.wrapped), row.wrapped_by, about)
    row.wrapped, row.wrapped_by = keys.wrap(secret, about)
    row.save(update_fields=["wrapped", "wrapped_by"])
