"""Numbers of reports: never alike, read however they are typed, and a slip of the pen is told from a false report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.reports.number import new_number, printed, read
from chengxin.values.errors import Refused


@given(st.binary(min_size=16, max_size=16))
def test_a_number_reads_as_it_is_printed_however_it_is_typed(bits: bytes) -> None:
    number = printed(bits)
    assert read(number) == read(f" {number.replace('-', ' ').lower()} ") == read(number.replace("0", "O")) == number
    assert len({printed(bits), printed(bytes(16))}) == (1 if bits == bytes(16) else 2)


def test_a_slip_of_the_pen_is_called_one() -> None:
    number = new_number()
    wrong = [
        number[:at] + ("Z" if number[at] != "Z" else "Y") + number[at + 1 :] for at in range(34) if number[at] != "-"
    ]
    refused = 0
    for one in [*wrong, number[:-1], number + "0", "", "什么", "U" * 28]:
        try:
            read(one)
        except Refused as refusal:
            refused += refusal.code == "mistyped"
    assert refused >= len(wrong) + 3  # of 4,096 slips one looks right


def test_numbers_are_never_alike() -> None:
    assert len({new_number() for _ in range(1000)}) == 1000


def test_what_is_no_number_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refused) as refusal:
        read("12345")
    assert "七组" in refusal.value.said.zh
