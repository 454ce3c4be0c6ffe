"""Objections: a closed table of moves, terms in working days, statements that may be shown."""

from datetime import date, timedelta
from itertools import product

import pytest

from chengxin.redress.objection import MOVES, Move, Party, State, clock, moved, moves_of
from chengxin.redress.statement import statement_of
from chengxin.standards.load import load_catalogue
from chengxin.standards.redress import objection_terms
from chengxin.values.errors import Refused

CATALOGUE = load_catalogue(date(2026, 3, 10))
TERMS, CALENDAR = objection_terms(CATALOGUE), CATALOGUE.calendar


def test_what_is_decided_can_t_be_moved_and_what_is_going_can_always_be_decided() -> None:
    for state in State:
        ends = {MOVES[state, move][1] for move in Move if (state, move) in MOVES}
        assert bool(ends) is state.going
        assert not state.going or {State.UPHELD, State.REJECTED, State.TAKEN_BACK} <= ends


def test_each_move_is_one_party_s_alone() -> None:
    for state, move, party in product(State, Move, Party):
        allowed = (state, move) in MOVES and MOVES[state, move][0] is party
        assert (move in moves_of(state, party)) is allowed
        if allowed:
            assert moved(state, move, party) is MOVES[state, move][1]
        else:
            with pytest.raises(Refused, match="no-move"):
                moved(state, move, party)


@pytest.mark.parametrize(
    ("received", "last"), [(date(2026, 3, 10), date(2026, 3, 13)), (date(2026, 3, 13), date(2026, 3, 18))]
)
def test_the_term_is_counted_in_working_days_from_the_day_after(received: date, last: date) -> None:
    told = clock(TERMS, CALENDAR, received, False, received)
    assert (told.last_day, told.left) == (last, TERMS.own_days)
    assert clock(TERMS, CALENDAR, received, True, received).last_day > last


def test_holidays_do_not_count_and_make_up_days_do() -> None:
    holiday = next(d for d in sorted(CALENDAR.holidays) if d.year == 2026 and d.weekday() < 5)
    makeup = next(d for d in sorted(CALENDAR.makeup_days) if d.year == 2026)
    assert clock(TERMS, CALENDAR, holiday - timedelta(days=1), False, holiday).left == TERMS.own_days
    assert clock(TERMS, CALENDAR, makeup - timedelta(days=1), False, makeup).left == TERMS.own_days - 1


def test_days_past_the_term_are_told_as_late() -> None:
    told = clock(TERMS, CALENDAR, date(2026, 3, 10), False, date(2026, 3, 17))
    assert told.left == -2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "statement"),
        ("字" * (TERMS.statement + 1), "statement"),
        ("请核对\x00", "statement"),
        ("请与13800000000联系", "statement-telephone_inside"),
        ("本人身患重病，请核对", "statement-forbidden_content"),
        ("身份证11010119900307123X有误", "statement-identity"),
    ],
)
def test_a_statement_that_may_not_be_shown_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        statement_of(text, CATALOGUE)
    assert refused.value.code == code


def test_a_statement_is_kept_as_it_is_said() -> None:
    assert (
        statement_of("  罚款已于三月缴清。\n\n 金额应为五千元。 ", CATALOGUE) == "罚款已于三月缴清。\n金额应为五千元。"
    )
