"""Recall a submission: what it added goes, what it superseded comes back as it was, untouched subjects keep their ids.

What others said again stands on their word (`standing`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import EVENTS, Common, bound_digests, events_of, joined
from chengxin.flow.record import VERSION
from chengxin.flow.store import Occasion, Step
from chengxin.site.actions.standing import facts, left, losing
from chengxin.site.folder import Site
from chengxin.site.store.bulk import chosen, rows_where
from chengxin.site.store.models import ChangeSet, Submission, Waiting
from chengxin.site.store.names import drop, unneeded
from chengxin.site.store.registers import SiteStore
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_ids

_PEOPLE = "SELECT s.id FROM {chosen} c JOIN store_subject s ON s.id = c.key WHERE s.kind = 'person'"
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
    for own in losing(numbers):
        gone, back = gone + own.height, back + left(own, numbers).height
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
        subjects = pl.Series(dtype=pl.String)
        for own in losing(numbers):
            stays = left(own, numbers)
            change.stage(_records(own, stays, common, store))
            gone, back = gone + own.height, back + stays.height
            subjects = pl.concat([subjects, own["subject"]]).unique()
        change.flush()
        for fallen, again, nowhere in facts(numbers, subjects):
            change.stage(_facts(fallen, again, nowhere))
            hints.append(unneeded(fallen, again))
        for number in numbers:
            marks = rows_where(_FINGERPRINTS, {"id": pl.String}, (number,))["id"]
            change.stage(Step({}, {"fingerprint": marks}, pl.DataFrame(schema=EVENTS), b""))
        change.stage(_told(submission, reason, common))

        def end() -> None:
            ChangeSet.objects.filter(number__in=numbers).update(undone_in=change.number)
            finish()

        change.finish = end
        change.after = lambda: drop(pl.concat(hints)) if hints else None
    return {"removed": gone - back, "restored": back}


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
    return Step(tables, {"record": own["id"]}, events, leaves)


def _people(records: pl.DataFrame) -> pl.Series:
    return rows_where(_PEOPLE.format(chosen=chosen(records["subject"], "uuid")), {"id": pl.String})["id"]


def _facts(fallen: pl.DataFrame, again: pl.DataFrame, nowhere: list[str]) -> Step:
    closed = {"subjectfact": fallen["subject"], "identifier": pl.Series(nowhere, dtype=pl.String)}
    back = again.with_columns(new_ids(again.height).alias("id"))
    return Step({"subjectfact": back}, closed, pl.DataFrame(schema=EVENTS), b"")


def _told(submission: Submission, reason: str, common: Common) -> Step:
    told = pl.DataFrame({"about": [submission.id.hex], "submission": [submission.id.hex], "reason": [reason]})
    rows = told.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(False).alias("person"))
    events, leaves = events_of(Tag.SUBMISSION_RECALLED, rows, common)
    return Step({}, {}, events, leaves)
