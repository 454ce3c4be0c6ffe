"""Keys of persons: wrapped anew under a fresh key, or destroyed, which erases what is held about the person."""

from collections.abc import Callable
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import QuerySet

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Occasion, Step
from chengxin.intake.identity import normalised, token
from chengxin.site.actions.reports import BY_PERSON, destroy_files
from chengxin.site.folder import Site
from chengxin.site.keys import Keys, add_wrapping_key, drop_wrapping_keys
from chengxin.site.store.models import Draft, Identifier, Kept, PersonKey, Record, Report, Waiting
from chengxin.site.store.persons import data_key
from chengxin.site.store.registers import SiteStore, opened_text
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

_STEP = 500
Wrapped = PersonKey | Kept | Report


def rotate(site: Site, tell: Callable[[int, int], None] | None = None) -> int:
    """Wrap everything that is wrapped under a fresh key, then forget the old ones; can be stopped and begun again."""
    keys = add_wrapping_key(site.folder)
    newest, done = keys.newest, 0
    tables: tuple[tuple[type[Wrapped], str], ...] = ((PersonKey, "person-key"), (Kept, "kept"), (Report, "report"))
    total = sum(_wrapped(table).exclude(wrapped_by=newest).count() for table, _ in tables)
    for table, word in tables:
        while rows := _older(table, newest):
            with transaction.atomic():
                for row in rows:
                    _again(keys, row, f"{word} {row.pk.hex}")
            done += len(rows)
            if tell:
                tell(done, total)
    whole: tuple[type[Waiting] | type[Draft], ...] = (Waiting, Draft)
    for of in whole:
        for one in of.objects.iterator(_STEP):
            about = f"{of.__name__.lower()} {one.pk.hex}"
            one.sealed = keys.wrap_named(keys.unwrap_named(bytes(one.sealed), about), about)
            one.save(update_fields=["sealed"])
            done += 1
    drop_wrapping_keys(site.folder, {newest})
    return done


def open_person(site: Site, person: str) -> list[str]:
    """The contents of a person's current records, in the clear. Raises Refused (`erased`) once the key is destroyed.

    Only for the person and those the statute names, through the gate; nothing here decides that.
    """
    key = _data_key(site, person)
    rows = Record.objects.filter(subject=person, until=None)
    return [opened_text(key, r.content, r.id.hex) for r in rows]


def _data_key(site: Site, person: str) -> bytes:
    key = data_key(site.keys, person)
    if key is None:
        raise Refused(
            "erased", Said("该人的密钥已销毁，内容不可恢复。", "This person's key was destroyed; nothing can be read.")
        )
    return key


def person_of(site: Site, number: str) -> str:
    """The subject that a person's number leads to. Raises Refused; the number is in no message."""
    found = Identifier.objects.filter(
        kind="person", value=token(site.keys.token, normalised(number)), until=None
    ).first()
    if found is None:
        raise Refused("no-person", Said("没有与该证件号码对应的信息。", "Nothing is held under this number."))
    return found.subject.hex


def destroy(site: Site, person: str, by: str, reason: str, authority: str) -> None:
    """Destroy a person's key: what is held about them can never be read again, and the log still verifies."""
    day = legal_today()
    common = Common("person", authority, day)
    told = pl.DataFrame({"about": [person], "subject": [person]})
    rows = told.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(True).alias("person"))
    events, leaves = events_of(Tag.KEYS_DESTROYED, rows, common)
    store = SiteStore(site.folder, site.keys)
    with store.begin(Occasion("erasure", by, common.item, authority, day, reason)) as change:
        change.stage(Step({}, {}, events, leaves))

        def finish() -> None:
            PersonKey.objects.filter(subject=person).delete()

        change.finish = finish
    # Nothing opens them any more; nor is what nobody can read kept.
    destroy_files(site, Report.objects.filter(subject=person, kept=True))


def _older(table: type[Wrapped], newest: str) -> list[Wrapped]:
    return list(_wrapped(table).exclude(wrapped_by=newest)[:_STEP])


def _wrapped(table: type[Wrapped]) -> QuerySet[Any]:
    """Rows that a wrapping key wraps: not a report that was never made, nor one that a person's data key wraps."""
    rows = table.objects.all()
    return rows.exclude(wrapped_by__in=("", BY_PERSON)) if table is Report else rows


def _again(keys: Keys, row: Wrapped, about: str) -> None:
    secret = keys.unwrap(bytes(row.wrapped), row.wrapped_by, about)
    row.wrapped, row.wrapped_by = keys.wrap(secret, about)
    row.save(update_fields=["wrapped", "wrapped_by"])
