"""Where a reader of the registers stands: up to which change set, and who is judged to be the same as whom."""

from datetime import date

import polars as pl

from chengxin.site.store.bulk import one_trip
from chengxin.site.store.models import ChangeSet, Head

_MERGED = (
    "SELECT m.subject, m.target FROM store_merge m WHERE (m.subject = %s OR m.target = %s) "
    "AND m.since <= %s AND (m.until IS NULL OR m.until > %s) ORDER BY m.id"
)


def position(known: date | None) -> tuple[int, int]:
    """Up to which change set burdens count and rows end: now, or as it was known at the end of a day.

    Nothing counts that came after something of a later day, whatever day it bears itself.
    """
    head = Head.objects.get()
    if known is None:
        return head.included, head.committed
    later = ChangeSet.objects.filter(known_on__gt=known, number__lte=head.included).order_by("number").first()
    last = later.number - 1 if later else head.included
    return last, last


def merged_with(subject: str, included: int, committed: int) -> list[str]:
    """The subjects judged to be the same as this one, itself among them; first the one under whose name they are shown."""
    pairs = _pairs(subject, included, committed)
    if not pairs:
        return [subject]
    into = dict(pairs)
    while subject in into:
        subject = into[subject]
        into |= dict(_pairs(subject, included, committed))
    group = [subject]
    for one in group:  # grows while it is walked
        group += [merged for merged, target in _pairs(one, included, committed) if target == one]
    return group


def _pairs(subject: str, included: int, committed: int) -> list[tuple[str, str]]:
    """The merges that a subject is a side of: who was merged, into whom."""
    schema = {"subject": pl.String, "target": pl.String}
    rows = one_trip(_MERGED, schema, (subject, subject, included, committed))
    return [(row["subject"], row["target"]) for row in rows]
