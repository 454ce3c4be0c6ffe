"""The feed, folded, is what the gate allows: for any history, any stops on the way and pages told twice."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from chengxin.sharing.condition import Condition, Effect, Grade, Scope, States, Window, chosen
from chengxin.sharing.feed import START, Entry, Place, Step, between, fold, standing
from chengxin.sharing.terms import COLUMNS, as_polars
from chengxin.standards.readers import Kind

FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 8).map(lambda n: FIRST + timedelta(n))
CONDITION = Condition(
    "penalty", Kind.ORGANISATION, States.IN_FORCE, Grade.PUBLISHED, Window.WITHIN, Effect.INCLUDED, Scope.ALL
)
VERSION = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["organisation", "organisation", "person"]),
        "resource": st.sampled_from(["penalty", "penalty", "permit"]),
        "state": st.sampled_from(["in_force", "in_force", "missing", "masked", "repaired", "withdrawn"]),
        "published": st.booleans(),
        "draft": st.sampled_from([False, False, True]),
        "decided_on": st.none() | DAYS,
        "last_day": st.none() | DAYS,
        "since": st.integers(1, 9),
        "lives": st.none() | st.integers(1, 6),
    }
)
STOP = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.booleans())


def _frame(versions: list[dict[str, object]]) -> pl.DataFrame:
    rows = []
    for place, version in enumerate(versions):
        lives = version.pop("lives")
        until = None if lives is None else int(str(version["since"])) + int(str(lives))
        rows.append({**dict.fromkeys(COLUMNS), **version, "until": until, "id": str(place)})
    return pl.DataFrame(rows, schema={**COLUMNS, "id": pl.String})


def _told(frame: pl.DataFrame, held: Place, wanted: Place, now: Place) -> list[Entry]:
    told: list[Entry] = []
    for step, term in between([CONDITION], held, wanted, now).items():
        op = "gone" if step is Step.GONE else "put"
        told += frame.filter(as_polars(term)).select("id", "last_day", pl.lit(op).alias("op")).to_dicts()
    return told


@given(st.lists(VERSION, max_size=12), st.lists(STOP, min_size=1, max_size=6))
def test_the_feed_folded_is_what_the_gate_allows(
    versions: list[dict[str, object]], stops: list[tuple[int, int, int, int, bool]]
) -> None:
    frame = _frame(versions)
    held: dict[str, Entry] = {}
    place, last = START, Place(0, 0, FIRST)
    for more, ahead, days, later, twice in stops:
        included = last.included + more
        committed = max(last.committed, included + ahead)
        wanted = Place(included, committed, last.day + timedelta(days))
        # It is told while the registers move on: `now` is later than where the way leads.
        now = Place(included + later, committed + later, wanted.day + timedelta(later))
        told = _told(frame, place, wanted, now)
        fold(held, told)
        if twice:
            fold(held, told)
        place, last = wanted, wanted
    fold(held, _told(frame, place, now, now))
    allowed = frame.filter(as_polars(chosen([CONDITION], now.at)))["id"]
    assert {e["id"] for e in standing(held, now.day)} == set(allowed)


@given(st.lists(VERSION, max_size=12), st.integers(0, 9), st.integers(0, 9))
def test_nobody_is_told_the_end_of_what_was_never_shown(
    versions: list[dict[str, object]], first: int, more: int
) -> None:
    frame = _frame(versions)
    held, wanted = Place(first, first, FIRST), Place(first + more, first + more, FIRST)
    gone = {e["id"] for e in _told(frame, held, wanted, wanted) if e["op"] == "gone"}
    hidden = ~pl.col("published") | pl.col("draft") | (pl.col("state") != "in_force") | (pl.col("kind") == "person")
    assert not gone & set(frame.filter(hidden)["id"])
