"""Looks for whoever audits: who looked through which outlet for what, when, at how many; never at whom, never what was read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min

from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.store.models import Look

EACH = 100


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty: all."""

    outlet: str = ""
    reader: str = ""
    purpose: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


def looks(asked: Asked, wanted: Wanted, page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """One line a request, newest first: a request about many is one set-Look with how many. And how many lines there are.

    The page itself is a Look, written before anything is read.
    """
    write_look(asked, [])
    if not asked.answers():
        return [], 0
    rows = Look.objects.all()
    for name in ("outlet", "reader", "purpose", "who"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    rows = rows.filter(at__date__gte=wanted.since) if wanted.since else rows
    rows = rows.filter(at__date__lte=wanted.until) if wanted.until else rows
    named = ("request", "outlet", "reader", "who", "body", "purpose", "ground")
    lines = rows.order_by().values(*named).annotate(when=Min("at"), n=Count("subject")).order_by("-when", "request")
    return list(lines[(page - 1) * EACH : page * EACH]), rows.aggregate(n=Count("request", distinct=True))["n"]


def by_outlet(asked: Asked, since: date) -> list[dict[str, Any]]:
    """How many requests went through each outlet for each purpose, from a day on; the most first."""
    if not asked.answers():
        return []
    rows = Look.objects.filter(at__date__gte=since).order_by().values("outlet", "reader", "purpose")
    counted = rows.annotate(n=Count("request", distinct=True), subjects=Count("subject", distinct=True))
    return [dict(row) for row in counted.order_by(-F("n"))]
