"""Forbidden pairs: what one person may not do in one case, and may not hold at all."""

from itertools import product

import pytest

from chengxin.sharing.pairs import PAIRS, Duty, Reach, pair_forbidden
from chengxin.standards.load import load_catalogue
from tests.conftest import DAY


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (Duty.SUBMIT, Duty.REVIEW),
        (Duty.PROPOSE, Duty.DECIDE),
        (Duty.SUBMIT, Duty.OBJECTION),
        (Duty.REVIEW, Duty.OBJECTION),
        (Duty.DECIDE, Duty.REPAIR),
        (Duty.PUBLISH, Duty.SECRECY),
        (Duty.GIVE_ROLE, Duty.TAKE_ROLE),
        (Duty.PAPER, Duty.PAPER_AGAIN),
    ],
)
def test_one_person_does_not_do_both_in_one_case_but_may_in_two(done: Duty, wanted: Duty) -> None:
    assert pair_forbidden(done, wanted, same_case=True)
    assert pair_forbidden(wanted, done, same_case=True)
    assert pair_forbidden(done, wanted, same_case=False) is None


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(Duty.KEYS, Duty.AUDIT), (Duty.SECURITY, Duty.AUDIT), (Duty.RUN, Duty.AUDIT), (Duty.RUN, Duty.READ)],
)
def test_some_duties_are_never_held_by_one_person(held: Duty, wanted: Duty) -> None:
    assert pair_forbidden(held, wanted, same_case=False)
    assert pair_forbidden(wanted, held, same_case=True)


def test_every_pair_of_duties_has_an_answer_and_a_duty_is_no_pair_with_itself() -> None:
    forbidden = [(a, b) for a, b in product(Duty, Duty) if pair_forbidden(a, b, same_case=True)]
    assert len(forbidden) == 2 * len(PAIRS)
    assert not [a for a, b in forbidden if a is b]


def test_every_duty_stands_in_a_pair_and_every_clause_in_the_catalogue() -> None:
    assert {d for p in PAIRS for d in (p.first, p.second)} == set(Duty)
    for pair in PAIRS:
        assert pair.said.zh
        assert pair.said.en
        assert pair.clause is None or load_catalogue(DAY).clause(pair.clause).law.in_force(DAY)
    assert {p.reach for p in PAIRS} == set(Reach)
