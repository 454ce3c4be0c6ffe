"""Events of a step: those about persons stand among entries that stand for nothing, and nobody can tell which."""

from datetime import date

import polars as pl
import pytest

from chengxin.audit.events import PADDING, Tag
from chengxin.flow.events import EVENTS, Common, events_of, leaves_of
from chengxin.values.ids import new_ids

COMMON = Common("penalty", "11370215MXFAK0X145", date(2026, 11, 24))


def about(count: int, person: bool) -> pl.DataFrame:
    rows = {"about": new_ids(count), "previous": [None] * count, "person": [person] * count, "subject": ["s"] * count}
    return pl.DataFrame(rows, schema_overrides={"previous": pl.Int64, "person": pl.Boolean, "subject": pl.String})


@pytest.mark.parametrize(("count", "whole"), [(0, 0), (1, 16), (15, 16), (16, 16), (17, 32)])
def test_events_about_persons_are_filled_up_to_sixteens(count: int, whole: int) -> None:
    rows = about(count, person=True)
    events, leaves = events_of(Tag.KEYS_DESTROYED, rows, COMMON)
    assert events.columns == list(EVENTS)
    assert (events.height, len(leaves)) == (whole, 32 * whole)
    assert leaves == leaves_of(events, COMMON)
    assert events["person"].all()
    real = events.filter(pl.col("tag") != PADDING)
    assert sorted(real["about"]) == sorted(rows["about"])
    assert events["commitment"].n_unique() == events["salt"].n_unique() == events["about"].n_unique() == whole


def test_events_about_others_are_as_many_as_they_are() -> None:
    assert events_of(Tag.KEYS_DESTROYED, about(5, person=False), COMMON)[0].height == 5


def test_an_event_about_a_person_stands_anywhere_in_its_run() -> None:
    places = set()
    for _ in range(40):
        events, _ = events_of(Tag.KEYS_DESTROYED, about(1, person=True), COMMON)
        places.add(events["tag"].to_list().index(str(Tag.KEYS_DESTROYED)))
    assert len(places) > 4
