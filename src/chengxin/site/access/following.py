"""Who follows the feed, how far behind its word is, and what was lifted that it has not confirmed to have dropped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from chengxin.sharing.feed import Place
from chengxin.sharing.outlets import OUTLETS, outlet_named
from chengxin.site.access.asked import Asked, Who
from chengxin.site.access.feeding import now_at
from chengxin.site.access.steps import lifted
from chengxin.site.store.models import ChangeSet, Checked, Taker
from chengxin.standards.readers import View
from chengxin.values.errors import Said

MOST = 1_000  # liftings that are counted
_PURPOSES = {View.PUBLISHED: "publicity", View.UPLOADED: "upper_platform"}


@dataclass(frozen=True)
class Follower:
    """One body at one outlet. `behind`: change sets it has not confirmed; `lifted`: what must go there and is not confirmed
    to be gone (at most `MOST`), the oldest `since` when; `late`: for longer than the catalogue allows."""

    body: str
    body_name: str
    outlet: Said
    told_at: datetime
    confirmed: Place | None
    confirmed_at: datetime | None
    behind: int
    lifted: int
    since: datetime | None
    late: bool


def within_hours(asked: Asked) -> int:
    """Within how many hours what was lifted should be confirmed to be gone."""
    return int(asked.catalogue.tables["exchange"]["feed"]["confirm_within_hours"])


def followers(asked: Asked) -> list[Follower]:
    """Everybody who follows, who is late first. Counts and days alone, for whoever watches over the intake."""
    rows = Taker.objects.select_related("authority").filter(authority__active=True, outlet__in=OUTLETS)
    found = [_follower(asked, row) for row in rows]
    return sorted(found, key=lambda f: (not f.late, -f.lifted, f.body_name, f.outlet.en))


def _follower(asked: Asked, row: Taker) -> Follower:
    outlet, last = outlet_named(row.outlet), row.place
    there = Asked(outlet, asked.at, asked.catalogue, _PURPOSES[outlet.view], who=Who("office"))
    now, checked = now_at(there), last.checked if last else 0
    # What had ended before its first request it was never told of.
    held = Place(row.told_included, max(last.committed if last else 0, row.began), now.day, checked)
    ended = lifted(there, held, now, MOST)
    doubted = list(
        Checked.objects.filter(fits=False, number__gt=max(checked, row.began_checked)).order_by("number")[:MOST]
    )
    times = [ChangeSet.objects.get(number=ended[0]).known_at] if ended else []
    since = min([*times, *(word.at for word in doubted[:1])], default=None)
    behind = max(0, now.included - (last.included if last else 0))
    late = since is not None and since < timezone.now() - timedelta(hours=within_hours(asked))
    return Follower(
        row.authority_id, row.authority.name, outlet.said, row.told_at, last, row.confirmed_at, behind,
        len(ended) + len(doubted), since, late,
    )  # fmt: skip
