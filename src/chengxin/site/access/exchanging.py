"""The exchange with the upper platform: whose rows came back, what the packages came to, what was compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from chengxin.site.access.asked import Asked, marks
from chengxin.site.access.sent import allowed
from chengxin.site.store.bulk import rows_where
from chengxin.site.store.models import Package, Reconciled, Returned
from chengxin.standards.model import Resource

_MOST = 500  # values in one statement
_OWNERS = "SELECT r.id, r.sender, r.resource FROM store_record r WHERE r.id IN ({marks})"
_ENDED = "SELECT r.id FROM store_record r WHERE r.until IS NOT NULL AND r.id IN ({marks})"


@dataclass(frozen=True)
class Fault:
    """One row that the upper platform returned. `over`: the version is no longer current, so it was seen to."""

    package: int
    row: int
    record: str
    resource: Resource
    field: str
    field_title: str
    rule: str
    message: str
    at: datetime
    over: bool


def owners(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Which body sent each of these versions, and of which resource it is; one that is not there is left out."""
    schema, wanted = dict.fromkeys(("id", "sender", "resource"), pl.String), list(dict.fromkeys(ids))
    found: dict[str, tuple[str, str]] = {}
    for at in range(0, len(wanted), _MOST):
        part = wanted[at : at + _MOST]
        rows = rows_where(_OWNERS.format(marks=marks(part)), schema, part)
        found |= {i: (sender, resource) for i, sender, resource in rows.iter_rows()}
    return found


def returned(asked: Asked, most: int) -> tuple[list[Fault], int]:
    """Rows of the reader's own that came back, newest first, and how many there are in all."""
    rows = allowed(asked, Returned.objects.select_related("package"), "authority")
    listed = list(rows.order_by("-at", "resource", "row")[:most])
    ids = [row.record.hex for row in listed]
    ended = set(rows_where(_ENDED.format(marks=marks(ids)), {"id": pl.String}, ids)["id"]) if ids else set()
    return [_fault(asked, row, row.record.hex in ended) for row in listed], rows.count()


def _fault(asked: Asked, row: Returned, over: bool) -> Fault:
    resource = asked.catalogue.resources[row.resource]
    field = resource.by_name.get(row.field)
    return Fault(
        row.package.number, row.row, row.record.hex, resource, row.field, field.title if field else row.field, row.rule,
        row.message, row.at, over,
    )  # fmt: skip


def packages(most: int) -> list[Package]:
    """The last packages, newest first: counts alone."""
    return list(Package.objects.order_by("-number")[:most])


def compared() -> Reconciled | None:
    """The last comparison with what the upper platform holds."""
    return Reconciled.objects.select_related("package").order_by("-at").first()
