"""Receipts of checks, for the body that asked: one by its number, its last ones."""

import uuid

from chengxin.site.store.models import Check


def receipt_of(identity: str, body: str) -> Check | None:
    """The receipt if this body asked; None as if it were not there."""
    return Check.objects.filter(id=uuid.UUID(identity), body=body).first() if body else None


def receipts(body: str, who: str | None = None, most: int = 50) -> list[Check]:
    """The last receipts of a body, of one account or key if named; newest first."""
    rows = Check.objects.filter(body=body, **({"who": who} if who else {}))
    return list(rows.order_by("-at", "-id")[:most])
