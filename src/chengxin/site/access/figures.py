"""Figures of a body about what it sent: each number with the rows behind it, by the same gate as the rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.site.access.asked import Asked
from chengxin.site.access.kept import kept
from chengxin.site.access.sent import allowed
from chengxin.site.store.bulk import few_where
from chengxin.site.store.models import Submission

# The day on which each record came first, however often it was corrected since; earlier versions by the index of subjects.
_FIRST = """FROM store_record r JOIN store_subject s ON s.id = r.subject
JOIN store_changeset c ON c.number = CASE WHEN r.version = 1 THEN r.said_in ELSE
(SELECT min(f.said_in) FROM store_record f WHERE f.subject = r.subject AND f.key = r.key) END
WHERE {where} AND r.decided_on IS NOT NULL AND c.known_on >= %s"""
_COUNTED = "SELECT r.resource, r.decided_on, c.known_on, count(*) " + _FIRST + " GROUP BY 1, 2, 3"
_LISTED = (
    "SELECT r.id, r.decided_on, c.known_on, r.document "
    + _FIRST
    + " AND r.resource = %s ORDER BY c.known_on DESC, r.id"
)


@dataclass(frozen=True)
class Came:
    """Records decided on one day that came first on another."""

    resource: str
    decided: date
    received: date
    n: int


@dataclass(frozen=True)
class Late:
    """One record, with its number if it is not about a person."""

    id: str
    decided: date
    received: date
    document: str | None


def came(asked: Asked, since: date) -> list[Came]:
    """When the body's records in force were decided and when they came, from a day on; kept for the body until more comes."""
    return kept(asked, ("came", f"{since:%Y%m}"), lambda: _came(asked, since))


def _came(asked: Asked, since: date) -> list[Came]:
    where = asked.where()
    schema = {"resource": pl.String, "decided": pl.Date, "received": pl.Date, "n": pl.Int64}
    rows = few_where(_COUNTED.format(where=where.sql), schema, [*where.values, since.isoformat()])
    return [Came(r["resource"], r["decided"], r["received"], r["n"]) for r in rows]


def listed(asked: Asked, resource: str, since: date) -> list[Late]:
    """The same, one by one, of one resource; of organisations alone."""
    where = asked.where(lambda name, kind: name == resource and kind.value != "person")
    schema = {"id": pl.String, "decided": pl.Date, "received": pl.Date, "document": pl.String}
    rows = few_where(_LISTED.format(where=where.sql), schema, [*where.values, since.isoformat(), resource])
    return [Late(r["id"], r["decided"], r["received"], r["document"]) for r in rows]


def counted(asked: Asked, since: date) -> dict[str, Counter[str]]:
    """Rows of the body's files by resource: received, accepted, rejected, duplicate, unchanged, from a day on."""
    found: dict[str, Counter[str]] = {}
    for row in files(asked, since):
        counts = found.setdefault(row.resource, Counter())
        counts.update({k: int(v) for k, v in row.counts.items() if isinstance(v, int)})
        counts["files"] += 1
    return found


def files(asked: Asked, since: date, resource: str = "") -> Sequence[Submission]:
    """The files themselves, newest first."""
    rows = allowed(asked, Submission.objects.filter(known_on__gte=since).exclude(state__in=["recalled", "returned"]))
    return list((rows.filter(resource=resource) if resource else rows).order_by("-known_on", "-received_at"))
