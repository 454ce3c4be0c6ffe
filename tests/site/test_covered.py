"""How far a body has told: zero reports carry on from a file and from each other, over weekends but over no working day."""

from datetime import date

import pytest

from chengxin.site.access.covered import gap_after, zeros_until
from chengxin.standards.load import load_catalogue
from tests.site.conftest import DAY

CALENDAR = load_catalogue(DAY).calendar


def march(day: int) -> date:
    return date(2026, 3, day)  # 2026-03-02 is a Monday


@pytest.mark.parametrize(
    ("file", "zeros", "until"),
    [
        (2, [(3, 6)], 6),
        (2, [(3, 6), (9, 13)], 13),  # over a weekend
        (2, [(9, 13), (3, 6)], 13),  # in whatever order they were signed
        (2, [(4, 6)], None),  # a working day lies between
        (2, [(3, 4), (6, 6)], 4),
        (2, [(1, 4), (2, 3)], 4),  # they may overlap
        (5, [(2, 3)], None),  # the file tells more
        (None, [(3, 4), (9, 10)], 4),  # the first word begins
    ],
)
def test_zero_reports_carry_on_without_a_gap(file: int | None, zeros: list[tuple[int, int]], until: int | None) -> None:
    periods = [(march(since), march(end)) for since, end in zeros]
    found = zeros_until(march(file) if file else None, periods, CALENDAR)
    assert found == (march(until) if until else None)


def test_a_gap_is_told_with_its_days() -> None:
    assert gap_after(march(4), [(march(2), march(4)), (march(9), march(9))]) == (march(5), march(8))
    assert gap_after(march(4), [(march(2), march(4))]) is None
    assert gap_after(None, [(march(2), march(4))]) is None
