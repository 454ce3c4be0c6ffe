"""Recall a submission: what it added goes, what it superseded comes back as it was, untouched subjects keep their ids."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import EVENTS, Common, bound_digests, events_of, joined
from chengxin.flow.record import VERSION
from chengxin.flow.store import Occasion, Step
from chengxin.site.folder import Site
from chengxin.site.store.bulk import STEP, Schema, chosen, rows_where
from chengxin.site.store.models import ChangeSet, Submission, Waiting
from chengxin.site.store.names import drop, unneeded
from chengxin.site.store.registers import WHOLE, SiteStore
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_ids

_COLUMNS = ", ".join(f"r.{c}" for c in WHOLE)
# Current versions that these change sets said, part by part; what else was said under their keys and not taken back since;
# what is known of subjects likewise.
_PART = STEP // 4
_SAID: Schema = {**WHOLE, "said_in": pl.Int32}
_OWN = f"""
SELECT {_COLUMNS}, r.said_in FROM store_record r
WHERE r.until IS NULL AND r.said_in IN ({{numbers}}) AND r.id > %s ORDER BY r.id LIMIT %s
"""  # noqa: S608 - names of ours
_BEFORE = f"""
SELECT {_COLUMNS}, r.said_in FROM {{chosen}} c JOIN store_record r ON r.key = c.key AND r.until IS NOT NULL
JOIN store_changeset s ON s.number = r.said_in AND s.undone_in IS NULL WHERE r.said_in NOT IN ({{numbers}})
"""  # noqa: S608 - names of ours
_PEOPLE = "SELECT s.id FROM {chosen} c JOIN store_subject s ON s.id = c.key WHERE s.kind = 'person'"
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
_FINGERPRINTS = "SELECT id FROM store_fingerprint WHERE since = %s AND until IS NULL"


def take_back(site: Site, submission: Submission, by: str, reason: str) -> dict[str, int]:
    """Recall an effective submission; gives how many records went and how many came back. Raises Refused."""
    if submission.state != "effective" or submission.change_set is None:
        raise _not_effective()

    def changes() -> list[int]:
        if not Submission.objects.filter(id=submission.id, state="effective").exists():
            raise _not_effective()
        return _change_sets(submission)

    def finish() -> None:
        Submission.objects.filter(id=submission.id).update(state="recalled", reason=reason, answers=False)
        Waiting.objects.filter(submission=submission, verdict="").update(verdict="recalled")

    return undo(site, changes, submission, by, reason, finish)


@dataclass(frozen=True)
class Effects:
    """What a recall would do: records that go and of how many subjects, that come back as they were, rows that no longer wait."""

    removed: int
    restored: int
    subjects: int
    adverse: int
    waiting: int


def effects(submission: Submission) -> Effects:
    """What recalling a submission now would do; nothing is changed. Raises Refused if it is not in effect."""
    if submission.state != "effective":
        raise _not_effective()
    numbers = _change_sets(submission)
    gone = back = adverse = 0
    subjects = pl.Series(dtype=pl.String)
    for own in _own(numbers):
        gone, back = gone + own.height, back + _before(own, numbers).height
        adverse += own.filter(pl.col("adverse")).height
        subjects = pl.concat([subjects, own["subject"]]).unique()
    waiting = Waiting.objects.filter(submission=submission, verdict="").count()
    return Effects(gone - back, back, len(subjects), adverse, waiting)


def _change_sets(submission: Submission) -> list[int]:
    """What it said: its change sets that were not taken back."""
    said = ChangeSet.objects.filter(submission=submission, undone_in=None).exclude(kind="recall")
    return list(said.values_list("number", flat=True))


def undo(
    site: Site,
    changes: Callable[[], list[int]],
    submission: Submission,
    by: str,
    reason: str,
    finish: Callable[[], None],
) -> dict[str, int]:
    """Take change sets of a submission back, by one change set."""
    day = legal_today()
    common = Common(submission.resource, submission.authority_id, day)
    store = SiteStore(site.folder, site.keys)
    occasion = Occasion("recall", by, common.item, common.authority, day, reason, submission.id.hex)
    with store.begin(occasion) as change:
        numbers = changes()
        gone, back, hints = 0, 0, []
        for own in _own(numbers):
            before = _before(own, numbers)
            change.stage(_records(own, before, common, store))
            gone, back = gone + own.height, back + before.height
        for number in numbers:
            step, needless = _facts(number)
            change.stage(step)
            hints.append(needless)
        change.stage(_told(submission, reason, common))

        def end() -> None:
            ChangeSet.objects.filter(number__in=numbers).update(undone_in=change.number)
            finish()

        change.finish = end
        change.after = lambda: drop(pl.concat(hints))
    return {"removed": gone - back, "restored": back}


def _own(numbers: list[int]) -> Iterator[pl.DataFrame]:
    """The versions that go, in parts by id."""
    last = "0" * 32
    while numbers:
        part = rows_where(_OWN.format(numbers=_listed(numbers)), _SAID, (last, _PART))
        if part.is_empty():
            return
        yield part
        last = str(part["id"][-1])


def _before(own: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Under each key of the versions that go the last by its source's order that stays."""
    before = rows_where(_BEFORE.format(chosen=chosen(own["key"], "uuid"), numbers=_listed(numbers)), _SAID)
    return before.sort("source_order", "version").unique("key", keep="last", maintain_order=True)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _not_effective() -> Refused:
    return Refused(
        "not-effective", Said("只能撤回已生效的批次。", "Only a submission that has taken effect can be recalled.")
    )


def _records(own: pl.DataFrame, before: pl.DataFrame, common: Common, store: SiteStore) -> Step:
    last = own.select("key", pl.col("id").alias("now"), (pl.col("version") + 1).alias("version"), "subject")
    people = _people(own)
    back = before.drop("version").join(last.drop("subject"), on="key", maintain_order="left")
    back = back.with_columns(new_ids(back.height).alias("id"), pl.col("id").alias("_was"))
    kept = store.carried(back["subject"], back["_was"], back["id"], back["content"])
    back = back.with_columns(kept.alias("content"))
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
    tables = {"record": back.select(*VERSION, "said_in")}
    return Step(tables, {"record": own["id"], "recordsource": pl.Series(dtype=pl.String)}, events, leaves)


def _people(records: pl.DataFrame) -> pl.Series:
    return rows_where(_PEOPLE.format(chosen=chosen(records["subject"], "uuid")), {"id": pl.String})["id"]


def _facts(number: int) -> tuple[Step, pl.DataFrame]:
    """What was known of subjects before; and by what nobody needs to look them up any more."""
    own = rows_where(_OWN_FACTS, _FACT, (number,))
    before = rows_where(_FACTS_BEFORE, _FACT, (number, number))
    named = rows_where(_STILL_NAMED, {"subject": pl.String}, (number,))["subject"]
    fresh = own.join(before, on="subject", how="anti")
    leaves_register = fresh.filter(~pl.col("subject").is_in(named.implode()))["subject"]
    numbers = rows_where(_NUMBERS, {"id": pl.String, "subject": pl.String}, (number,))
    as_before = pl.concat([before["subject"], leaves_register])
    closed = {
        "subjectfact": as_before,
        "identifier": numbers.filter(pl.col("subject").is_in(as_before.implode()))["id"],
        "fingerprint": rows_where(_FINGERPRINTS, {"id": pl.String}, (number,))["id"],
        "recordsource": rows_where(_SOURCES, {"id": pl.String}, (number,))["id"],
    }
    back = before.with_columns(new_ids(before.height).alias("id"))
    gone = own.filter(pl.col("subject").is_in(as_before.implode()))
    return Step({"subjectfact": back}, closed, pl.DataFrame(schema=EVENTS), b""), unneeded(gone, before)


def _told(submission: Submission, reason: str, common: Common) -> Step:
    told = pl.DataFrame({"about": [submission.id.hex], "submission": [submission.id.hex], "reason": [reason]})
    rows = told.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(False).alias("person"))
    events, leaves = events_of(Tag.SUBMISSION_RECALLED, rows, common)
    return Step({}, {}, events, leaves)
