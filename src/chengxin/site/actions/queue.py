"""Rows that wait for a human: kept sealed, looked at again when their subject becomes known, judged, and judged back.

A judgement is same, different or unsure. It is never made by name alone: whoever says `same` names the subject's code, and
their name and the change set stand beside it, so that it can be undone exactly.
"""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.db import transaction

from chengxin.flow.record import Arrival, Recorded, step_of
from chengxin.flow.store import Occasion
from chengxin.sharing.pairs import Duty
from chengxin.site.actions.two_people import must_be_two
from chengxin.site.folder import Site
from chengxin.site.store.bulk import put_rows, rows_where
from chengxin.site.store.models import Submission, Waiting
from chengxin.site.store.registers import SiteStore
from chengxin.site.store.staged import Staged
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Resource
from chengxin.subjects.numbers import JUDGED, number_of
from chengxin.validation.looks import MONEY
from chengxin.validation.table import TYPES
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_ids
from chengxin.values.text import folded_names

VERDICTS = ("same", "different", "unsure")
SYSTEM = "系统：代码已登记 (the code is registered now)"  # as it is kept
_SYSTEM = Said("系统：代码已登记", "The system: the code is registered now")


def let_wait(site: Site, submission: Submission, resource: Resource, done: Recorded, change: Staged) -> None:
    """Keep the rows that wait, sealed, with the subjects their names lead to."""
    for rows in done.waiting:
        ids = new_ids(rows.height)
        texts = rows.drop("reason").to_struct().struct.json_encode().to_list()
        sealed = [site.keys.wrap_named(t.encode(), f"waiting {i}") for t, i in zip(texts, ids.to_list(), strict=True)]
        name = resource.role("subject_name")
        columns = {
            "id": ids,
            "row": rows["row"].cast(pl.Int32),
            "reason": rows["reason"],
            "code": rows.select(number_of(rows, resource).alias("code"))["code"],
            "sealed": pl.Series(sealed, dtype=pl.Binary),
            "candidates": _candidates(rows[name]) if name else pl.Series(["[]"] * rows.height),
        }
        same = {"submission_id": submission.id.hex, "resource": submission.resource, "verdict": "", "judged_by": ""}
        constants = [pl.lit(value).alias(key) for key, value in same.items()]
        number = pl.lit(change.number, dtype=pl.Int32).alias("change_set")
        with transaction.atomic():
            put_rows("store_waiting", pl.DataFrame(columns).with_columns(*constants, number))


def _candidates(names: pl.Series) -> pl.Series:
    """For each name the codes of subjects that are or were called so, as JSON."""
    folds = folded_names(names)
    marks = ", ".join(["%s"] * len(folds.unique()))
    sql = f"SELECT fold, code FROM store_subjectfact WHERE until IS NULL AND fold IN ({marks})"  # noqa: S608 - placeholders
    known = rows_where(sql, {"fold": pl.String, "code": pl.String}, [f or "" for f in folds.unique()])
    by_fold: dict[str, list[str]] = {}
    for fold, code in known.iter_rows():
        by_fold.setdefault(fold, []).append(code)
    return pl.Series([json.dumps(sorted(by_fold.get(fold or "", []))) for fold in folds], dtype=pl.String)


def retry(site: Site, day: date) -> int:
    """Record rows that waited for a code that is registered now: the order of arrival does not matter. Gives how many."""
    sql = """SELECT w.id FROM store_waiting w JOIN store_identifier i ON i.value = w.code AND i.until IS NULL
             WHERE w.verdict = '' AND w.reason = 'unknown_code'"""
    ids = rows_where(sql, {"id": pl.String})["id"].to_list()
    return _settle(site, Waiting.objects.filter(id__in=ids).select_related("submission"), SYSTEM, None, day)


def listing() -> list[Waiting]:
    """What waits, oldest first."""
    return list(Waiting.objects.filter(verdict__in=["", "unsure"]).select_related("submission").order_by("id"))


def judged_by(waiting: Waiting) -> Said:
    """Who judged a row, as it is shown."""
    return _SYSTEM if waiting.judged_by == SYSTEM else Said(waiting.judged_by, waiting.judged_by)


def judge(site: Site, waiting_id: str, verdict: str, by: str, code: str | None = None, second: str = "") -> Waiting:
    """A human's judgement; `same` needs the code of the subject and records the row.

    About an adverse row it takes effect with the name of a `second` person only (`needs_second`). Raises Refused.
    """
    waiting = check(waiting_id, verdict, code)
    if needs_second(waiting, verdict):
        _check_second(by, second)
    judges = f"{by}；{second}" if second else by
    if verdict == "same":
        if not _settle(site, [waiting], judges, code, legal_today()):
            raise Refused(
                "still-waits",
                Said(f"代码 {code} 没有对应的主体，或仍不能入库。", f"The row can't be recorded under {code}."),
            )
    else:
        Waiting.objects.filter(id=waiting.id).update(verdict=verdict, judged_by=judges)
    return _found(waiting_id)


def check(waiting_id: str, verdict: str, code: str | None) -> Waiting:
    """The row, if this may be said of it. Raises Refused."""
    waiting = _found(waiting_id)
    if verdict not in VERDICTS or (verdict == "same") != bool(code):
        raise Refused(
            "verdict",
            Said(
                "裁定应为 same（须给出代码）、different 或 unsure。",
                "The verdict is same (with a code), different or unsure.",
            ),
        )
    if waiting.verdict not in ("", "unsure"):
        raise Refused("judged", Said("该行已裁定。", "This row was judged before."))
    return waiting


def needs_second(waiting: Waiting, verdict: str) -> bool:
    """True if a second person must confirm: what settles an adverse row, either way."""
    resource = load_catalogue(waiting.submission.known_on).resource(waiting.resource)
    return resource.polarity == "adverse" and verdict in ("same", "different")


def _check_second(by: str, second: str) -> None:
    if not second:
        said = Said("失信信息的归属须由第二人复核。", "An adverse row takes a second person.")
        raise Refused("second-person", said)
    must_be_two(Duty.JUDGE, by, Duty.JUDGE_AGAIN, second)


def unjudge(site: Site, waiting_id: str, by: str, reason: str) -> Waiting:
    """Take a judgement back: what was recorded by it goes, and the row waits again."""
    from chengxin.site.actions.recall import undo  # noqa: PLC0415 - it uses this module's words

    waiting = _found(waiting_id)
    if not waiting.verdict:
        raise Refused("not-judged", Said("该行尚未裁定。", "This row was not judged."))
    settled = waiting.settled_in

    def finish() -> None:
        Waiting.objects.filter(id=waiting.id).update(verdict="", judged_by="", settled_in=None)

    if settled is None:
        finish()
    else:
        undo(site, lambda: [settled], waiting.submission, by, reason, finish)
    return _found(waiting_id)


def _found(waiting_id: str) -> Waiting:
    try:
        return Waiting.objects.select_related("submission").get(id=waiting_id)
    except (Waiting.DoesNotExist, ValidationError) as error:
        raise Refused("no-row", Said(f"没有待认定的行 {waiting_id}。", f"No row {waiting_id} waits.")) from error


def _settle(site: Site, rows: Iterable[Waiting], by: str, code: str | None, day: date) -> int:
    """Record waiting rows, each submission's in a change set of its own; rows that must still wait do so."""
    settled = 0
    by_submission: dict[Any, list[Waiting]] = {}
    for row in rows:
        by_submission.setdefault(row.submission, []).append(row)
    for submission, group in by_submission.items():
        for waiting in group:
            settled += _record(site, submission, waiting, by, code, max(day, submission.known_on))
    return settled


def _record(site: Site, submission: Submission, waiting: Waiting, by: str, code: str | None, day: date) -> int:
    """Record a row on the day on which it was judged; what was known before that day stays what was known."""
    catalogue = load_catalogue(submission.known_on)
    resource = catalogue.resource(waiting.resource)
    row = opened(site, waiting)
    if code is not None:
        row = row.with_columns(pl.lit(code).alias(JUDGED))
    arrival = Arrival(resource, submission.authority_id, day, submission.source_order)
    occasion = Occasion("judgement", by, resource.name, submission.authority_id, day, submission=submission.id.hex)
    store, done = SiteStore(site.folder, site.keys), Recorded()
    try:
        with store.begin(occasion) as change:
            if not Waiting.objects.filter(id=waiting.id, verdict__in=["", "unsure"]).exists():
                raise _StillWaits  # somebody else has judged it meanwhile
            change.stage(step_of(row, arrival, catalogue, store, done))
            if done.waiting:
                raise _StillWaits

            def finish() -> None:
                verdict = {"verdict": "same", "judged_by": by, "settled_in": change.number}
                Waiting.objects.filter(id=waiting.id).update(**verdict)

            change.finish = finish
    except _StillWaits:
        if code is None and done.waiting:  # it waits for something else now, and needs a human
            Waiting.objects.filter(id=waiting.id).update(reason=done.waiting[0]["reason"][0])
        return 0
    return 1


def opened(site: Site, waiting: Waiting) -> pl.DataFrame:
    """The row as it was before it was sealed: one row, typed. Whoever shows it asks the gate first."""
    text = site.keys.unwrap_named(bytes(waiting.sealed), f"waiting {waiting.id.hex}").decode()
    return _typed(json.loads(text), load_catalogue(waiting.submission.known_on).resource(waiting.resource))


class _StillWaits(Exception):  # noqa: N818 - it is an answer
    pass


def _typed(values: dict[str, Any], resource: Resource) -> pl.DataFrame:
    """An accepted row as it was before it was sealed."""
    columns = [pl.Series("row", [values.get("row")], dtype=pl.UInt32)]
    for of in resource.fields:
        if of.drop or of.name not in values:
            continue
        dtype, value = TYPES.get(of.kind, pl.String), values[of.name]
        if value is not None and dtype == pl.Date:
            value = date.fromisoformat(value)
        elif value is not None and dtype == MONEY:
            value = Decimal(str(value))
        columns.append(pl.Series(of.name, [value], dtype=dtype))
    return pl.DataFrame(columns)
