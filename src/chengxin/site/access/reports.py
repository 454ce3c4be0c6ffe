"""What a report is made of: rows that the gate let out, who it is, which bodies sent what; and whether that changed since."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from chengxin.reports.compose import Known, Placed
from chengxin.reports.report import Dispute, Source
from chengxin.reports.report import Subject as Told
from chengxin.sharing.condition import At
from chengxin.site.access.asked import Asked, anybody, marks
from chengxin.site.access.disputes import Disputed, disputes
from chengxin.site.access.reading import Seen, and_withheld, once_each
from chengxin.site.access.subjects import Subject, led_to, same_as, with_same
from chengxin.site.store.bulk import Schema, few_where
from chengxin.standards.readers import View

# By body and kind: first and last day of what counts at a place in the log; what was taken back later counted then.
_SOURCES = """SELECT a.name, s.resource, min(s.known_on), max(s.known_on) FROM store_submission s
JOIN store_authority a ON a.code = s.authority_id JOIN store_changeset c ON c.number = s.change_set
WHERE c.number <= %s AND (c.undone_in IS NULL OR c.undone_in > %s) AND s.state IN ('effective', 'recalled')
GROUP BY a.name, s.resource ORDER BY a.name, s.resource"""
_SOURCE: Schema = {"body": pl.String, "resource": pl.String, "since": pl.Date, "last": pl.Date}
_SIZE = "SELECT first_index + events FROM store_changeset WHERE number = %s"
_SHOWN = """SELECT r.id, r.key, r.since, r.resource, r.decided_on, r.last_day, r.authority, r.source FROM store_record r
JOIN store_subject s ON s.id = r.subject
WHERE r.subject IN ({marks}) AND {where}"""
_SHOWN_ROW: Schema = {
    "id": pl.String,
    "key": pl.String,
    "since": pl.Int32,
    "resource": pl.String,
    "decided_on": pl.Date,
    "last_day": pl.Date,
} | {
    "authority": pl.String,
    "source": pl.String,
}


@dataclass(frozen=True)
class About:
    """A subject with those judged to be the same, the rows that the gate let out of them, and what is known beside."""

    group: list[Subject]
    rows: Sequence[Seen]
    known: Known


def group_of(asked: Asked, code: str) -> list[Subject]:
    """The organisation or sole trader that a code leads to, with those judged to be the same; nobody if it leads nowhere."""
    found = led_to(asked, code)
    return with_same(asked, found[0]) if found else []


def about(asked: Asked, group: list[Subject]) -> About:
    """All that a report of the group may be made of, at the place of the request. The Look is written first."""
    if asked.outlet.view is View.SELF:  # each of them is the reader itself
        parts = [and_withheld(replace(asked, at=replace(asked.at, me=one.id)), [one.id]) for one in group]
    else:
        parts = [and_withheld(asked, [one.id for one in group])]
    rows = once_each([row for seen, _ in parts for row in seen])
    at = asked.at
    known = Known(
        subject=_told(group),
        sources=sources(at, {resource for resource, _ in asked.answers()}),
        included=at.included,
        committed=at.committed,
        log_size=_size(at.included),
        withheld=sum(len(withheld) for _, withheld in parts),
        disputes={row.id: _dispute(row.dispute) for row in rows if row.dispute},
    )
    return About(group, rows, known)


def _dispute(mark: Disputed) -> Dispute:
    """A report goes from hand to hand: a statement that the subject does not want shown stays out of its own report too."""
    return Dispute(mark.since, mark.statement if mark.shown else "")


def sources(at: At, resources: Iterable[str]) -> tuple[Source, ...]:
    """Which bodies have sent which of these resources, at a place in the log."""
    wanted = set(resources)
    rows = few_where(_SOURCES, _SOURCE, [at.included, at.committed])
    return tuple(Source(**row) for row in rows if row["resource"] in wanted)


InScope = Callable[[Placed], bool]


def changed(subject: str, then: At, now: At, in_scope: InScope) -> bool:
    """True if what anybody may see of the subject, of what is in scope, is another set of versions now than it was then.

    It tells yes or no and reads no content. What is for the subject alone is not looked at.
    """
    return _shown(subject, then, in_scope) != _shown(subject, now, in_scope)


def _shown(subject: str, at: At, in_scope: InScope) -> set[str]:
    asked = anybody("public.verify", at)
    group = [one.id for one in same_as(asked, subject)] or [subject]
    where = asked.where()
    rows = few_where(_SHOWN.format(marks=marks(group), where=where.sql), _SHOWN_ROW, [*group, *where.values])
    marked = disputes(at, rows)
    placed = (Placed(r["resource"], r["decided_on"], r["last_day"], r["authority"] or r["source"] or "") for r in rows)
    shown = (r for r, one in zip(rows, placed, strict=True) if in_scope(one))
    return {f"{r['id']} disputed" if r["id"] in marked else r["id"] for r in shown}


def _told(group: list[Subject]) -> Told:
    first, *others = group
    return Told(
        first.code,
        first.name,
        first.kind.value,
        first.status,
        first.status_on,
        first.former_names,
        first.former_codes,
        tuple(other.code for other in others),
    )


def _size(included: int) -> int:
    rows = few_where(_SIZE, {"size": pl.Int64}, [included])
    return int(rows[0]["size"]) if rows and rows[0]["size"] is not None else 0
