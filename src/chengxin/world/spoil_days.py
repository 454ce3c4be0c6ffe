"""Slips with days: unreadable, ambiguous, future, reversed, late, beyond the class. Same contract as `spoil.py`."""

from datetime import date, timedelta

import numpy as np

from chengxin.values.days import EPOCH
from chengxin.world.decisions import NO_END
from chengxin.world.hand import Hand, Row

_CLASSES_SINCE = date(2026, 4, 1)
_MONTHS = {"一般": 15, "严重": 40}


def date_impossible(row: Row, hand: Hand) -> str | None:
    """30 February of the year of the decision."""
    field = hand.field("decided_on")
    row[field] = f"{row['_decided'].year}-02-30"
    return field


def date_ambiguous(row: Row, hand: Hand) -> str | None:
    """Day and month that could be either way round."""
    field, day = hand.field("decided_on"), row["_decided"]
    if day.day > 12 or day.day == day.month:
        return None
    row[field] = f"{day.day:02d}/{day.month:02d}/{day.year}"
    return field


def date_spelled(row: Row, hand: Hand) -> str | None:
    """The date in Chinese words, as a document has it."""
    field, day = hand.field("decided_on"), row["_decided"]
    row[field] = f"{day.year}年{day.month}月{day.day}日"
    return field


def future(row: Row, hand: Hand) -> str | None:
    """A decision some weeks after the file came."""
    field, came = hand.field("decided_on"), row["came"] if "came" in row else row["_received"]
    row[field] = (came + timedelta(days=int(hand.district.rng.integers(10, 60)))).isoformat()
    return field


def end_before_start(row: Row, hand: Hand) -> str | None:
    """The end of a term before its beginning."""
    rule = hand.rule("not_before")
    if rule is None or rule.field is None or not row.get(rule.field) or not row.get(rule.params["other"]):
        return None
    start = date.fromisoformat(row[rule.params["other"]])
    row[rule.field] = (start - timedelta(days=int(hand.district.rng.integers(5, 60)))).isoformat()
    return rule.field


def late(row: Row, hand: Hand) -> str | None:
    """The decision and everything that hangs on its day lie months back; the class is that of the same rules."""
    decided, days = row["_decided"], hand.district.working_days
    place = int(np.searchsorted(days, (decided - EPOCH).days))
    before = EPOCH + timedelta(days=int(days[place - int(hand.district.rng.integers(20, 60))]))
    if (before >= _CLASSES_SINCE) != (decided >= _CLASSES_SINCE):
        return None
    for field in hand.resource.fields:
        if field.kind == "date" and row.get(field.name) not in (None, NO_END):
            # Months differ in length: an end of publicity goes back three days more, never to be too late.
            more = 3 if field.name == hand.resource.role("publicity_end") else 0
            moved = date.fromisoformat(row[field.name]) - (decided - before) - timedelta(days=more)
            row[field.name] = moved.isoformat()
    row["_decided"] = before
    return hand.field("decided_on")


def publicity_too_long(row: Row, hand: Hand) -> str | None:
    """An end of publicity some months beyond the longest of its class."""
    months = _MONTHS.get(row[hand.field("severity_class")])
    if months is None or row["_decided"] < _CLASSES_SINCE:
        return None
    end = row["_decided"] + timedelta(days=31 * months)
    row[hand.field("publicity_end")] = end.isoformat()
    return hand.field("publicity_end")
