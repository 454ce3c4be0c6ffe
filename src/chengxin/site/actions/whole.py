"""Whole lists: what one would make go missing, told before it is confirmed and before it is signed, and held if it is much.

It is worked out by the code that makes it so when the list is recorded (`flow.record`).
"""

from fractions import Fraction
from typing import Any

import polars as pl

from chengxin.flow.judge import Outcome
from chengxin.flow.record import Absent, Arrival, absent_of, keys_of
from chengxin.site.actions import kept
from chengxin.site.actions.judging import Sending, known_for
from chengxin.site.folder import Site
from chengxin.site.store.known import Known
from chengxin.site.store.models import Submission
from chengxin.site.store.registers import SiteStore
from chengxin.site.work import work_folder
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.values.clock import legal_today

MOST_GONE = Fraction(1, 3)  # of what is in force; a whole list that leaves out more waits for the credit office
WHAT, _NAME = "keys", "keys.parquet"


def keys(site: Site, sending: Sending, outcome: Outcome, catalogue: Catalogue, known: Known | None) -> pl.Series:
    """The keys of the records that the accepted rows are about."""
    store = SiteStore(site.folder, site.keys, known)
    arrival = _arrival(sending, catalogue)
    parts = sorted((outcome.folder / "accepted").glob("*.parquet"))
    found = [keys_of(pl.read_parquet(path), arrival, catalogue, store) for path in parts]
    return pl.concat(found) if found else pl.Series([], dtype=pl.String)


def absent(site: Site, sending: Sending, said: pl.Series, catalogue: Catalogue) -> Absent:
    """What this whole list would make go missing if it took effect now."""
    return absent_of(said, _arrival(sending, catalogue), SiteStore(site.folder, site.keys))


def told(site: Site, sending: Sending, outcome: Outcome, catalogue: Catalogue) -> dict[str, Any]:
    """For the clerk who is about to confirm it; nothing of what is no whole list."""
    if sending.mode != "full":
        return {}
    found = absent(site, sending, keys(site, sending, outcome, catalogue, known_for(sending.path)), catalogue)
    return {"whole": {"in_force": found.in_force, "gone": found.gone, "much": much(found)}}


def much(found: Absent) -> bool:
    """True if so much would go missing that the credit office looks into it first."""
    return found.gone > found.in_force * MOST_GONE


def keep(site: Site, submission: Submission, said: pl.Series) -> None:
    """Keep the keys until the review is signed, so that the reviewer is told how things stand then."""
    with work_folder(site.folder) as folder:
        said.to_frame("key").write_parquet(folder / _NAME)
        kept.keep(site, folder / _NAME, submission, WHAT, legal_today())


def now(site: Site, submission: Submission) -> Absent | None:
    """What a submission that waits would make go missing if it were signed now; None if it is no whole list."""
    if submission.mode != "full" or not kept.has(submission, WHAT):
        return None
    with kept.opened(site, submission, WHAT, _NAME) as path:
        said = pl.read_parquet(path, memory_map=False)["key"]
    resource = load_catalogue(submission.known_on).resource(submission.resource)
    arrival = Arrival(resource, submission.authority_id, submission.known_on, submission.source_order)
    return absent_of(said, arrival, SiteStore(site.folder, site.keys))


def _arrival(sending: Sending, catalogue: Catalogue) -> Arrival:
    """As it will arrive: without an order of its source it comes after all that came."""
    order = Submission.objects.count() if sending.source_order is None else sending.source_order
    return Arrival(catalogue.resource(sending.resource), sending.authority, catalogue.day, order)
