"""Recall a submission: what it added goes, what it superseded comes back as it was, untouched subjects keep their ids."""

from collections.abc import Callable

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import EVENTS, Common, bound_digests, events_of, joined
from chengxin.flow.record import VERSION
from chengxin.flow.store import Occasion, Step
from chengxin.site.folder import Site
from chengxin.site.store.bulk import Schema, chosen, rows_where
from chengxin.site.store.models import Submission, Waiting
from chengxin.site.store.registers import WHOLE, SiteStore
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_ids

_COLUMNS = ", ".join(f"r.{c}" for c in WHOLE)
# Current versions that came with these change sets, or with this submission and were brought back by another recall;
# what stood under their keys before and was never recalled; what is known of subjects likewise.
_AGAIN = "r.state = 'missing' OR r.since IN (SELECT number FROM store_changeset WHERE kind = 'recall')"
_OWN = (
    f"SELECT {_COLUMNS} FROM store_record r WHERE r.until IS NULL AND (r.since IN ({{numbers}}) "  # noqa: S608 - names of ours
    f"OR (r.resource = %s AND r.sender = %s AND r.source_order = %s AND ({_AGAIN})))"
)
_BEFORE = f"""
SELECT {_COLUMNS} FROM {{chosen}} c JOIN store_record r ON r.key = c.key
WHERE r.since NOT IN ({{numbers}}) AND NOT (r.resource = %s AND r.sender = %s AND r.source_order = %s)
AND NOT EXISTS (SELECT 1 FROM store_submission s WHERE s.state = 'recalled' AND s.resource = r.resource
                AND s.authority_id = r.sender AND s.source_order = r.source_order)
"""  # noqa: S608 - names of ours
_SOURCES = "SELECT id FROM store_recordsource WHERE since = %s AND until IS NULL"
_FACT: Schema = {
    "id": pl.String,
    "subject": pl.String,
    "code": pl.String,
    "name": pl.String,
    "fold": pl.String,
    "former_names": pl.String,
    "former_codes": pl.String,
    "status": pl.String,
    "status_on": pl.Date,
}
_FACT_COLUMNS = ", ".join(f"CAST(f.{c} AS text)" if c.startswith("former") else f"f.{c}" for c in _FACT)
_OWN_FACTS = f"SELECT {_FACT_COLUMNS} FROM store_subjectfact f WHERE f.since = %s AND f.until IS NULL"  # noqa: S608
_FACTS_BEFORE = (
    f"SELECT {_FACT_COLUMNS} FROM store_subjectfact f JOIN store_subjectfact n ON n.subject = f.subject "  # noqa: S608
    "AND n.since = %s AND n.until IS NULL WHERE f.until = %s AND f.since < f.until"
)
_STILL_NAMED = "SELECT DISTINCT r.subject FROM store_record r WHERE r.until IS NULL AND r.since <> %s"
_NUMBERS = "SELECT id, subject FROM store_identifier WHERE since = %s AND until IS NULL"


def take_back(site: Site, submission: Submission, by: str, reason: str) -> dict[str, int]:
    """Recall an effective submission; gives how many records went and how many came back. Raises Refused."""
    if submission.state != "effective" or submission.change_set is None:
        raise _not_effective()

    def changes() -> list[int]:
        if not Submission.objects.filter(id=submission.id, state="effective").exists():
            raise _not_effective()
        judged = Waiting.objects.filter(submission=submission, settled_in__isnull=False)
        return [n or 0 for n in (submission.change_set, *judged.values_list("settled_in", flat=True))]

    def finish() -> None:
        Submission.objects.filter(id=submission.id).update(state="recalled", reason=reason)
        Waiting.objects.filter(submission=submission, verdict="").update(verdict="recalled")

    return undo(site, changes, submission, by, reason, finish, submission.source_order)


def undo(
    site: Site,
    changes: Callable[[], list[int]],
    submission: Submission,
    by: str,
    reason: str,
    finish: Callable[[], None],
    source_order: int = -1,
) -> dict[str, int]:
    """Take change sets of a submission back, by one change set; `source_order`: and all else that came with it."""
    day = legal_today()
    common = Common(submission.resource, submission.authority_id, day)
    store = SiteStore(site.folder, site.keys)
    occasion = Occasion("recall", by, common.item, common.authority, day, reason, submission.id.hex)
    with store.begin(occasion) as change:
        numbers = changes()
        own, before = _own_and_before(numbers, submission, source_order)
        change.stage(_records(own, before, common, store))
        for number in numbers:
            change.stage(_facts(number))
        change.stage(_told(submission, reason, common))
        change.finish = finish
    return {"removed": own.height - before.height, "restored": before.height}


def _own_and_before(numbers: list[int], submission: Submission, source_order: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The versions that go, and under each of their keys the last by its source's order that stays."""
    listed = ", ".join(map(str, numbers))
    whose = (submission.resource, submission.authority_id, source_order)
    own = rows_where(_OWN.format(numbers=listed), WHOLE, whose)
    if own.is_empty():
        return own, own
    before = rows_where(_BEFORE.format(chosen=chosen(own["key"], "uuid"), numbers=listed), WHOLE, whose)
    return own, before.sort("source_order", "version").unique("key", keep="last", maintain_order=True)


def _not_effective() -> Refused:
    return Refused(
        "not-effective", Said("只能撤回已生效的批次。", "Only a submission that has taken effect can be recalled.")
    )


def _records(own: pl.DataFrame, before: pl.DataFrame, common: Common, store: SiteStore) -> Step:
    last = own.select("key", pl.col("id").alias("now"), (pl.col("version") + 1).alias("version"), "subject")
    people = _people(own)
    back = before.drop("version").join(last.drop("subject"), on="key", maintain_order="left")
    back = back.with_columns(new_ids(back.height).alias("id"))
    gone = last.join(before, on="key", how="anti", maintain_order="left").with_columns(pl.col("now").alias("about"))
    indexes = store.log_indexes(own["id"]).rename({"about": "now"})
    parts = []
    for tag, rows in ((Tag.RECORD_REMOVED, gone), (Tag.RECORD_RECALLED, back)):
        told = rows.join(indexes, on="now", how="left", maintain_order="left").with_columns(
            pl.col("key").alias("record"), pl.col("subject").is_in(people.implode()).alias("person")
        )
        if tag == Tag.RECORD_RECALLED and rows.height:
            told = told.with_columns(pl.col("id").alias("about"), bound_digests(rows).alias("content"))
        parts += [events_of(tag, group, common) for _, group in told.group_by("person", maintain_order=True)]
    events, leaves = joined(parts)
    tables = {"record": back.select(VERSION)}
    return Step(tables, {"record": own["id"], "recordsource": pl.Series(dtype=pl.String)}, events, leaves)


def _people(records: pl.DataFrame) -> pl.Series:
    found = rows_where("SELECT id FROM store_subject WHERE kind = 'person'", {"id": pl.String})
    return found["id"].filter(found["id"].is_in(records["subject"].unique().implode()))


def _facts(number: int) -> Step:
    own = rows_where(_OWN_FACTS, _FACT, (number,))
    before = rows_where(_FACTS_BEFORE, _FACT, (number, number))
    named = rows_where(_STILL_NAMED, {"subject": pl.String}, (number,))["subject"]
    fresh = own.join(before, on="subject", how="anti")
    leaves_register = fresh.filter(~pl.col("subject").is_in(named.implode()))["subject"]
    numbers = rows_where(_NUMBERS, {"id": pl.String, "subject": pl.String}, (number,))
    closed = {
        "subjectfact": pl.concat([before["subject"], leaves_register]),
        "identifier": numbers.filter(pl.col("subject").is_in(leaves_register.implode()))["id"],
        "recordsource": rows_where(_SOURCES, {"id": pl.String}, (number,))["id"],
    }
    back = before.with_columns(new_ids(before.height).alias("id"))
    return Step({"subjectfact": back}, closed, pl.DataFrame(schema=EVENTS), b"")


def _told(submission: Submission, reason: str, common: Common) -> Step:
    told = pl.DataFrame({"about": [submission.id.hex], "submission": [submission.id.hex], "reason": [reason]})
    rows = told.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(False).alias("person"))
    events, leaves = events_of(Tag.SUBMISSION_RECALLED, rows, common)
    return Step({}, {}, events, leaves)
