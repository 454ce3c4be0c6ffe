"""Confirming drafts of the law for this site, by document and date, and revoking that: each a change in the log."""

import uuid
from collections.abc import Callable
from datetime import date

import polars as pl
from django.db import IntegrityError
from django.utils import timezone

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Occasion, Step
from chengxin.site import confirmed as copy
from chengxin.site.folder import Site
from chengxin.site.store.models import Confirmation
from chengxin.site.store.registers import SiteStore
from chengxin.standards.confirmed import Confirmed, Draft, drafts
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id


def draft_of(kind: str, name: str) -> Draft:
    """The draft of today's catalogue. Raises Refused where it is none, or none any longer."""
    for draft in drafts(load_catalogue(legal_today())):
        if (draft.kind, draft.name) == (kind, name):
            return draft
    raise Refused("no-draft", Said("目录里没有这个草案，或已确认。", "There is no such draft, or it was confirmed."))


def dated(document: str, on: str) -> date:
    """The day of the document by which a draft is confirmed. Raises Refused if document or day is missing or to come."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = date.max
    if not document.strip() or day > legal_today():
        raise Refused(
            "document", Said("请写明文号和不晚于今天的成文日期。", "Name the document and its day, not one to come.")
        )
    return day


def confirm(site: Site, kind: str, name: str, document: str, on: str, by: str, second: str) -> Confirmation:
    """It binds from today on, never before. Raises Refused."""
    draft_of(kind, name)
    row = Confirmation(
        id=uuid.UUID(new_id()), kind=kind, name=name, document=document.strip(), document_on=dated(document, on),
        since=legal_today(), confirmed_by=by, second=second, at=timezone.now(),
    )  # fmt: skip
    _logged(site, row, f"{by}；{second}", f"{document.strip()}（{on}）", row.save)
    return row


def revoke(site: Site, identity: str, by: str, reason: str) -> None:
    """It is a draft again from today on: what is milder takes effect at once, and waits for nobody. Raises Refused."""
    row = Confirmation.objects.filter(id=uuid.UUID(identity), revoked_on=None).first()
    if row is None:
        raise Refused("no-confirmation", Said("没有这次确认，或已撤销。", "It was not confirmed, or was revoked."))
    row.revoked_on, row.revoked_by, row.revoked_reason = legal_today(), by, reason.strip()
    _logged(site, row, by, f"撤销：{reason.strip()}", row.save)


def written(site: Site) -> None:
    """Write the copy that every process reads."""
    rows = Confirmation.objects.order_by("at")
    copy.write(site.folder, [Confirmed(r.kind, r.name, r.since, r.revoked_on) for r in rows])


def _logged(site: Site, row: Confirmation, by: str, said: str, finish: Callable[[], None]) -> None:
    """One change set with one event, and the row with it."""
    day = legal_today()
    told = pl.DataFrame(
        {"about": [row.id.hex], "what": [f"{row.kind}:{row.name}"], "document": [said], "dated": [str(row.document_on)]}
    ).with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(False).alias("person"))
    events, leaves = events_of(Tag.DRAFT_CONFIRMED, told, Common("catalogue", "", day))
    occasion = Occasion("confirmation", by, "catalogue", "", day, said)
    try:
        with SiteStore(site.folder, site.keys).begin(occasion, at_once=True) as change:
            change.stage(Step({}, {}, events, leaves))
            change.finish = finish
    except IntegrityError as error:
        raise Refused("confirmed", Said("已有人确认。", "Somebody has confirmed it meanwhile.")) from error
    written(site)
