"""The gate's condition on one record and on a million is one condition: Polars and SQL choose the same rows."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.sharing.condition import At, Condition, Effect, Grade, Scope, States, Window, chosen
from chengxin.sharing.terms import COLUMNS, AllOf, AnyOf, AtLeast, AtMost, Empty, OneOf, Term, as_polars, as_sql
from chengxin.standards.readers import Kind

DAY, NUMBER = date(2026, 3, 10), 7
US, THEM = "11370215MXFAK0X145", "11370215MXFAK0X220"
SUBJECTS = ("0" * 31 + "1", "f" * 32)
DAYS = [date(1, 1, 1), DAY - timedelta(1), DAY, DAY + timedelta(1), date(2099, 12, 31), date(9999, 12, 31)]
NUMBERS = [0, NUMBER - 2, NUMBER - 1, NUMBER, NUMBER + 1, 2**31 - 1]
WORDS = {
    "kind": list(map(str, Kind)),
    "resource": ["penalty", "permit"],
    "subject": list(SUBJECTS),
    "state": ["in_force", "repaired", "withdrawn", "missing", "masked", "destroyed"],
    "severity": ["轻微", "一般", "严重", "待认定"],
    "sender": [US, THEM],
    "authority_code": [US, THEM],
}
SOUND: dict[str, Any] = {
    "kind": "organisation",
    "resource": "penalty",
    "subject": SUBJECTS[0],
    "state": "in_force",
    "severity": "一般",
    "adverse": True,
    "published": True,
    "draft": False,
    "decided_on": DAY - timedelta(1),
    "last_day": DAY + timedelta(1),
    "sender": US,
    "authority_code": US,
    "since": NUMBER,
    "until": None,
}
SQL_TYPES = {pl.Boolean: "BOOLEAN", pl.Date: "DATE", pl.Int32: "INTEGER", pl.String: "TEXT"}


def values_of(column: str, dtype: Any) -> list[Any]:
    return WORDS.get(column) or {pl.Boolean: [True, False], pl.Date: DAYS, pl.Int32: NUMBERS}[dtype]


# Mostly as a published record has it, so that what is chosen is seldom nothing.
CELLS = {c: st.sampled_from([*[SOUND[c]] * 30, None, *values_of(c, t)]) for c, t in COLUMNS.items()}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=30)
CONDITIONS = st.builds(
    Condition, st.sampled_from(WORDS["resource"]), *(st.sampled_from(list(e)) for e in (Kind, States, Grade, Window, Effect, Scope))
)  # fmt: skip
MOMENTS = st.builds(
    At,
    st.sampled_from(DAYS),
    st.sampled_from([NUMBER - 1, NUMBER]),
    st.just(NUMBER),
    st.sampled_from([None, US]),
    st.sampled_from([None, SUBJECTS[0]]),
    st.sampled_from([None, SUBJECTS[1]]),
)


def any_term() -> st.SearchStrategy[Term]:
    def leaf(column: str) -> st.SearchStrategy[Term]:
        values = values_of(column, COLUMNS[column])
        one = st.builds(OneOf, st.just(column), st.lists(st.sampled_from(values), max_size=3).map(tuple))
        forms: list[st.SearchStrategy[Term]] = [one, st.just(Empty(column))]
        if COLUMNS[column] in (pl.Date, pl.Int32):
            forms += [st.builds(f, st.just(column), st.sampled_from(values)) for f in (AtLeast, AtMost)]
        return st.one_of(forms)

    leaves = st.sampled_from(sorted(COLUMNS)).flatmap(leaf)
    return st.recursive(
        leaves, lambda t: st.builds(AllOf, st.lists(t, max_size=3).map(tuple)) | st.builds(AnyOf, st.lists(t, max_size=3).map(tuple))
    )  # fmt: skip


def table_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=COLUMNS).with_row_index("row")


def by_polars(term: Term, frame: pl.DataFrame) -> list[int]:
    return sorted(frame.filter(as_polars(term))["row"].to_list())


class Database:
    """A database with a table of records, the same way on both engines."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection, self.mark = connection, mark
        typed = ", ".join(f'"{c}" {SQL_TYPES[t]}' for c, t in COLUMNS.items())
        self.connection.execute(f'CREATE TEMPORARY TABLE records ("row" INTEGER, {typed})')

    def chooses(self, term: Term, frame: pl.DataFrame) -> list[int]:
        self.connection.execute("DELETE FROM records")
        marks = ", ".join([self.mark] * frame.width)
        plain = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
        for row in plain.iter_rows():
            self.connection.execute(f"INSERT INTO records VALUES ({marks})", row)
        where = as_sql(term)
        query = f'SELECT "row" FROM records WHERE {where.sql}'.replace("%s", self.mark)
        return sorted(row for (row,) in self.connection.execute(query, where.values).fetchall())


@contextmanager
def database(engine: str) -> Iterator[Database]:
    if engine == "sqlite":
        connection = sqlite3.connect(":memory:")
        yield Database(connection, "?")
        connection.close()
    else:
        with psycopg.connect(os.environ["CHENGXIN_DATABASE"]) as server:
            yield Database(server, "%s")
            server.rollback()


POSTGRES = pytest.mark.skipif("CHENGXIN_DATABASE" not in os.environ, reason="no PostgreSQL named")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=POSTGRES)])
def records(request: pytest.FixtureRequest) -> Iterator[Database]:
    with database(request.param) as found:
        yield found


@given(ROWS, st.lists(CONDITIONS, max_size=4), MOMENTS)
def test_polars_and_sql_choose_the_same_records(
    records: Database, rows: list[dict[str, Any]], conditions: list[Condition], at: At
) -> None:
    frame, term = table_of(rows), chosen(conditions, at)
    assert records.chooses(term, frame) == by_polars(term, frame)


@given(ROWS, any_term())
def test_polars_and_sql_agree_on_any_term(records: Database, rows: list[dict[str, Any]], term: Term) -> None:
    frame = table_of(rows)
    assert records.chooses(term, frame) == by_polars(term, frame)


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_polars_and_sql_agree_on_every_single_cell(records: Database, column: str) -> None:
    cells = [None, *values_of(column, COLUMNS[column])]
    frame = table_of([{column: cell} for cell in cells])
    terms: list[Term] = [Empty(column), *(OneOf(column, (v,)) for v in cells[1:])]
    if COLUMNS[column] in (pl.Date, pl.Int32):
        terms += [form(column, v) for form in (AtLeast, AtMost) for v in cells[1:]]
    for term in terms:
        assert records.chooses(term, frame) == by_polars(term, frame)


def test_every_condition_compiles_on_both_and_its_text_holds_no_value() -> None:
    frame = table_of([])
    for parts in product(Kind, States, Grade, Window, Effect, Scope):
        term = chosen([Condition("penalty", *parts)], At(DAY, NUMBER, NUMBER, US, SUBJECTS[0], SUBJECTS[0]))
        assert by_polars(term, frame) == []
        where = as_sql(term)
        assert where.sql.count("%s") == len(where.values)
        assert not any(isinstance(v, str) and v in where.sql for v in where.values)


PUBLIC = Condition(
    "penalty", Kind.ORGANISATION, States.IN_FORCE, Grade.PUBLISHED, Window.WITHIN, Effect.INCLUDED, Scope.ALL
)


def sees(condition: Condition, at: At | None = None, **cells: Any) -> bool:
    at = at or At(DAY, NUMBER, NUMBER, US, SUBJECTS[0], SUBJECTS[0])
    return by_polars(chosen([condition], at), table_of([SOUND | cells])) == [0]


@pytest.mark.parametrize(
    "cells",
    [
        *({"state": s} for s in ("repaired", "withdrawn", "missing", "masked", "destroyed", None)),
        {"published": False},
        {"draft": True},
        {"draft": None},
        {"last_day": DAY - timedelta(1)},
        {"decided_on": DAY + timedelta(1)},
        {"since": NUMBER + 1},
        {"until": NUMBER},
        {"kind": "person"},
        {"kind": "sole_trader"},
        {"kind": None},
    ],
    ids=str,
)
def test_what_the_public_never_sees(cells: dict[str, Any]) -> None:
    assert sees(PUBLIC)
    assert not sees(PUBLIC, **cells)


def test_the_last_day_is_inclusive_and_a_record_without_one_does_not_end() -> None:
    assert sees(PUBLIC, last_day=DAY)
    assert sees(PUBLIC, last_day=None)
    assert sees(PUBLIC, decided_on=DAY)


def test_a_burden_waits_for_the_log_and_its_end_waits_for_nothing() -> None:
    waiting = At(DAY, included=NUMBER - 1, committed=NUMBER)
    assert not sees(PUBLIC, waiting, since=NUMBER)
    assert not sees(PUBLIC, waiting, since=NUMBER - 2, until=NUMBER)
    assert sees(PUBLIC, waiting, since=NUMBER - 1, until=NUMBER + 1)


def of(**parts: Any) -> Condition:
    from dataclasses import replace

    return replace(PUBLIC, **parts)


def test_an_unconfirmed_or_minor_penalty_is_not_shared_and_what_has_no_class_is() -> None:
    shared = of(grade=Grade.SHARED)
    assert sees(shared, severity="严重")
    assert not sees(shared, severity="待认定", adverse=False, published=False)
    assert not sees(shared, severity="轻微", adverse=False, published=False)
    assert sees(shared, severity=None, adverse=False, published=False)
    assert not sees(shared, severity=None, adverse=False, draft=True)


def test_nobody_in_particular_owns_nothing_and_is_no_subject() -> None:
    for scope in (Scope.OWN, Scope.ONE, Scope.OWN_ONE, Scope.SELF):
        assert sees(of(scope=scope))
        assert not sees(of(scope=scope), At(DAY, NUMBER, NUMBER))
    assert sees(of(scope=Scope.OWN), sender=THEM)
    assert not sees(of(scope=Scope.OWN), sender=THEM, authority_code=None)
    assert not sees(of(scope=Scope.OWN_ONE), subject=SUBJECTS[1])


def test_whom_it_is_about_does_not_make_a_reader_itself() -> None:
    asked = At(DAY, NUMBER, NUMBER, subject=SUBJECTS[0], me=SUBJECTS[1])
    assert not sees(of(scope=Scope.SELF), asked)
    assert sees(of(scope=Scope.SELF), asked, subject=SUBJECTS[1])


def test_alike_conditions_of_many_resources_are_one_term() -> None:
    term = chosen([of(resource=r) for r in ("penalty", "permit", "penalty")], At(DAY, NUMBER, NUMBER))
    assert isinstance(term, AnyOf)
    assert len(term.terms) == 1
    assert as_sql(term).values.count("permit") == 1
