"""A reviewed file becomes a change set: judged again as on its day, recorded part by part, told in its receipt."""

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chengxin.flow.judge import Outcome, judge
from chengxin.flow.record import Arrival, Recorded, missing_steps, step_of
from chengxin.flow.store import Occasion
from chengxin.site.actions import kept, quarantine, queue
from chengxin.site.actions.judging import known_for, sending_of, setting_for
from chengxin.site.folder import Site
from chengxin.site.store.known import Known
from chengxin.site.store.models import Submission
from chengxin.site.store.registers import SiteStore
from chengxin.site.store.staged import Staged
from chengxin.site.work import work_folder
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.values.clock import legal_today


def from_kept(
    site: Site, submission: Submission, at_hand: Path | None = None, again: bool = False, on: date | None = None
) -> None:
    """Judge the kept original (or the same file `at_hand`) again, as on its day, and record it."""
    catalogue = load_catalogue(submission.known_on)
    with (
        contextlib.nullcontext(at_hand)
        if at_hand
        else kept.opened(site, submission, "original", submission.name) as path,
        work_folder(site.folder) as folder,
    ):
        sending = sending_of(submission, path)
        known = known_for(path)
        setting = setting_for(site, sending, submission.authority, catalogue, submission.known_on, known)
        day = max(submission.known_on, on or legal_today())
        record(site, submission, judge(path, setting, folder), catalogue, day, known, again)


def record(
    site: Site,
    submission: Submission,
    outcome: Outcome,
    catalogue: Catalogue,
    day: date,
    known: Known | None,
    again: bool = False,
) -> None:
    """Verbs 3 and 4: the accepted rows, part by part, as one change set, known from `day` on.

    `again`: only the rows that were refused before.
    """
    store = SiteStore(site.folder, site.keys, known)
    resource = catalogue.resource(submission.resource)
    withheld = tuple(submission.review.get("withheld", ()))
    arrival = Arrival(resource, submission.authority_id, day, submission.source_order, withheld)
    occasion = Occasion(
        "submission",
        submission.reviewed_by,
        resource.name,
        submission.authority_id,
        day,
        submission=str(submission.id),
    )
    full = submission.mode == "full" and not again
    done = Recorded(full=full)
    refused = quarantine.rows(site, submission) if again else None
    try:
        with store.begin(occasion) as change:
            if not again and Submission.objects.filter(id=submission.id, state="effective").exists():
                raise _Recorded  # the same file was sent twice at once; the other one was first
            taken = 0
            for path in sorted((outcome.folder / "accepted").glob("*.parquet")):
                rows = pl.read_parquet(path)
                if refused is not None:
                    rows = rows.join(refused, on=["part", "row"], how="semi", maintain_order="left")
                if rows.height or refused is None:
                    taken += rows.height
                    change.stage(step_of(rows, arrival, catalogue, store, done))
            if full:
                for step in missing_steps(arrival, store, done):
                    change.stage(step)
            change.flush()
            queue.let_wait(site, submission, resource, done, change)
            if refused is None:
                change.finish = _finished(submission, done, change)
            else:
                change.finish = _taken_late(site, submission, taken, done, outcome)
    except _Recorded:
        submission.refresh_from_db()
        return
    if done.subjects:
        queue.retry(site, day)


def _finished(submission: Submission, done: Recorded, change: Staged) -> Callable[[], None]:
    def finish() -> None:
        waiting = sum(f.height for f in done.waiting)
        counts: dict[str, Any] = {
            **submission.counts,
            **done.actions,
            "waiting": waiting,
            "new_subjects": done.subjects,
        }
        Submission.objects.filter(id=submission.id).update(state="effective", counts=counts, change_set=change.number)
        submission.state, submission.counts, submission.change_set = "effective", counts, change.number

    return finish


def _taken_late(site: Site, submission: Submission, taken: int, done: Recorded, outcome: Outcome) -> Callable[[], None]:
    """Rows that a mended rule let in move from the refused to the accepted ones."""

    def finish() -> None:
        before = dict(submission.counts)
        waiting = sum(f.height for f in done.waiting)
        moved = {"accepted": taken, "rejected": -taken, "waiting": waiting, "new_subjects": done.subjects}
        for name, number in (moved | done.actions).items():
            before[name] = int(before.get(name, 0)) + number
        Submission.objects.filter(id=submission.id).update(counts=before)
        submission.counts = before
        quarantine.replace(site, submission, outcome)

    return finish


class _Recorded(Exception):  # noqa: N818 - it is an answer
    pass
