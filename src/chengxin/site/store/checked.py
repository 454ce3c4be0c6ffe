"""What was found not to fit the log, and what fits it again: numbered words, for readers who hold what was told before."""

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from chengxin.site.store.bulk import Schema, few_where, one_ahead, rows_where
from chengxin.site.store.models import Checked
from chengxin.site.store.proof import LOGGED, LOGGED_FROM, LOGGED_SQL
from chengxin.site.store.registers import WHOLE
from chengxin.site.store.sound import sound

_DOUBTED = """SELECT c.record FROM store_checked c WHERE c.fits = %s
AND NOT EXISTS (SELECT 1 FROM store_checked l WHERE l.record = c.record AND l.number > c.number)"""
_WORDS = """SELECT c.number, c.record, c.fits FROM store_checked c
WHERE c.number > %s AND c.number <= %s ORDER BY c.number LIMIT %s"""
WORD: Schema = {"number": pl.Int32, "record": pl.String, "fits": pl.Boolean}
_TRIES = 5
_ALL: Schema = {**WHOLE, **LOGGED, "kind": pl.String}
_CURRENT = f"""SELECT {", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL}, s.kind
FROM store_record r JOIN store_subject s ON s.id = r.subject {LOGGED_FROM} AND e.about > %s
WHERE r.until IS NULL AND c.number <= (SELECT included FROM store_head) AND r.id > %s ORDER BY r.id LIMIT %s"""  # noqa: S608 - names of ours
_AT_ONCE = 20_000


def last_word() -> int:
    """The number of the last word; 0 before the first."""
    return Checked.objects.aggregate(last=Max("number"))["last"] or 0


def doubted() -> frozenset[str]:
    """The records of which the last word is that they do not fit."""
    return frozenset(row["record"] for row in few_where(_DOUBTED, {"record": pl.String}, [False]))


def words(after: int, until: int, most: int) -> pl.DataFrame:
    """The words after one number up to another, in order, at most `most`."""
    return rows_where(_WORDS, WORD, [after, until, most])


def note(found: dict[str, bool]) -> None:
    """Write of records whether they fit, where that is news.

    The number is the next after all that are committed: whoever writes at the same time waits for its key and counts anew,
    so no reader passes over a word that comes later.
    """
    for left in range(_TRIES, -1, -1):
        known = doubted()
        news = [(record, fits) for record, fits in found.items() if fits == (record in known)]
        if not news:
            return
        try:
            with transaction.atomic():
                first, at = last_word() + 1, timezone.now()
                Checked.objects.bulk_create(
                    Checked(number=first + place, record=record, fits=fits, at=at)
                    for place, (record, fits) in enumerate(news)
                )
            return
        except IntegrityError:
            if not left:
                raise


def look_through() -> tuple[int, list[str]]:
    """Hold every current record against the log, also those that no outlet shows; gives how many, and which do not fit.

    Of organisations and sole traders it is noted, so that who was told of them hears that they are gone. Of people no feed
    ever told.
    """
    count, lost = 0, list[str]()

    def after(last: pl.DataFrame | None) -> pl.DataFrame:
        begin = "0" * 32 if last is None else str(last["id"][-1])
        return rows_where(_CURRENT, _ALL, [begin, begin, _AT_ONCE])

    for rows in one_ahead(after):
        fits = rows.select("id", "kind").with_columns(sound(rows).alias("fits"))
        told, known = fits.filter(pl.col("kind") != "person"), doubted()
        note({i: ok for i, ok in told.select("id", "fits").iter_rows() if ok == (i in known)})
        lost += fits.filter(~pl.col("fits"))["id"].to_list()
        count += rows.height
    return count, lost
