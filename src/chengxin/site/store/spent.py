"""Counters that all processes share: one row a name, of the window that it was last seen in."""

import polars as pl

from chengxin.site.store.bulk import few_where
from chengxin.site.store.models import Spent

_TAKE = """INSERT INTO store_spent (name, "window", used) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET
used = CASE WHEN store_spent."window" = excluded."window" THEN store_spent.used + excluded.used ELSE excluded.used END,
"window" = excluded."window" RETURNING used"""


def take(name: str, window: int, share: int) -> int:
    """Take a share of a window; gives how much of it all have taken by now, this share included."""
    return int(few_where(_TAKE, {"used": pl.Int64}, (name, window, share))[0]["used"])


def forget(window: int) -> None:
    """Forget the windows before this one: of who asked when nothing is kept."""
    Spent.objects.filter(window__lt=window).delete()
