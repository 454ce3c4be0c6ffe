"""Check characters: known codes, made codes of every registering department, and every single slip of the pen."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.values.identifiers import (
    ORGANISATION_ALPHABET,
    REGISTERING_DEPARTMENTS,
    USCC_ALPHABET,
    identity_18,
    identity_born,
    identity_check_character,
    is_uscc,
    organisation_check_character,
    organisation_code_valid,
    registration_check_digit,
    registration_number_valid,
    uscc_check_character,
    uscc_expected_character,
    uscc_inner_valid,
    uscc_valid,
)

# Two published codes of GB 32100-2015 samples; the rest belong to the invented series MXFAK that no office issues.
PUBLISHED = ["12440300MB2C92173E", "11230500001755309F"]
INVENTED = [
    *("11370215MXFAK0X145", "11370215MXFAK0X220", "11370215MXFAK0X30T", "11370215MXFAK0X49P", "11370215MXFAK0X57J"),
    *("11370215MXFAK0X65D", "11370215MXFAK0X738", "11370215MXFAK0X813", "11370215MXFAK0X9XT", "11370215MXFAK0XA8T"),
    *("12370215MXFAK23D7J", "31370215MXFAK23X0E", "51370215MXFAK1Y050", "52370215MXFAK1YY3M", "53370215MXFAK21J3Q"),
    *("91370215MXFAK0655H", "91370215MXFAK00148", "92370215MXFAK1T469", "92370215MXFAK1RX0T", "93370215MXFAK1L376"),
]
DIGITS = "0123456789"


def codes() -> st.SearchStrategy[str]:
    """Sound unified social credit codes of every registering department."""
    body = st.tuples(
        st.sampled_from(REGISTERING_DEPARTMENTS),
        st.sampled_from(USCC_ALPHABET),
        st.text(DIGITS, min_size=6, max_size=6),
        st.text(USCC_ALPHABET, min_size=9, max_size=9),
    ).map("".join)
    return body.map(lambda b: b + uscc_check_character(b))


def one(check: object, code: str) -> bool:
    """A column function asked about one code."""
    return bool(check(pl.Series([code], dtype=pl.String))[0])  # type: ignore[operator]


@pytest.mark.parametrize("code", [*PUBLISHED, *INVENTED])
def test_known_codes_are_sound(code: str) -> None:
    assert is_uscc(code)
    assert one(uscc_valid, code)


def test_every_code_of_the_invented_series_holds_a_sound_organisation_code() -> None:
    assert uscc_inner_valid(pl.Series(INVENTED)).all()


def test_a_code_with_a_foreign_check_character_is_not_sound() -> None:
    assert not is_uscc("12440300MB2C92173A")
    assert not one(uscc_valid, "12440300MB2C92173A")
    assert uscc_expected_character(pl.Series(["12440300MB2C92173A"])).to_list() == ["E"]


@pytest.mark.parametrize("department", list(REGISTERING_DEPARTMENTS))
@pytest.mark.parametrize("kind", list("12359"))
def test_codes_of_every_registering_department_are_sound(department: str, kind: str) -> None:
    body = f"{department}{kind}370215MXFAK0001"
    code = body + uscc_check_character(body)
    assert is_uscc(code)
    assert one(uscc_valid, code)


@pytest.mark.parametrize("other", sorted(set(ORGANISATION_ALPHABET) - set(REGISTERING_DEPARTMENTS)))
def test_no_other_first_character_is_sound(other: str) -> None:
    assert not any(is_uscc(f"{other}1370215MXFAK0001{check}") for check in USCC_ALPHABET)


@given(codes())
def test_every_single_changed_character_is_detected(code: str) -> None:
    wrong = [code[:i] + c + code[i + 1 :] for i in range(18) for c in ORGANISATION_ALPHABET if c != code[i]]
    assert not uscc_valid(pl.Series(wrong)).any()
    assert not any(is_uscc(w) for w in wrong)


@given(codes(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_detected(code: str, at: int) -> None:
    exchanged = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert exchanged == code or not one(uscc_valid, exchanged)


LIKE_CODES = st.one_of(
    codes(),
    st.text(USCC_ALPHABET, min_size=16, max_size=19),
    st.text(max_size=20),
    st.text("9Ａ１３中\u0661", max_size=18),
    st.none(),
)


@given(st.lists(LIKE_CODES, max_size=30))
def test_the_column_agrees_with_the_single_code(given_codes: list[str | None]) -> None:
    column = pl.Series(given_codes, dtype=pl.String)
    assert uscc_valid(column).to_list() == [None if c is None else is_uscc(c) for c in given_codes]


@given(st.lists(LIKE_CODES, max_size=30))
def test_no_column_function_raises_for_any_text(given_codes: list[str | None]) -> None:
    column = pl.Series(given_codes, dtype=pl.String)
    for check in (
        uscc_valid,
        uscc_inner_valid,
        organisation_code_valid,
        registration_number_valid,
        uscc_expected_character,
    ):
        assert len(check(column)) == len(given_codes)


def test_null_stays_null_and_an_empty_column_stays_empty() -> None:
    for check in (uscc_valid, organisation_code_valid, registration_number_valid):
        assert check(pl.Series([None], dtype=pl.String)).to_list() == [None]
        assert check(pl.Series([], dtype=pl.String)).to_list() == []


def test_organisation_codes_of_the_standard_kind_are_told_apart() -> None:
    assert organisation_check_character("MXFAK001") == "4"
    assert [organisation_check_character(b) for b in ("MB2C9217", "00175530")] == ["3", "9"]
    column = pl.Series(["MXFAK0014", "MXFAK0015", "001755309", "MXFAK001", "", "中文字", None])
    assert organisation_code_valid(column).to_list() == [True, False, True, False, False, False, None]


@given(st.text(ORGANISATION_ALPHABET, min_size=8, max_size=8))
def test_every_made_organisation_code_is_sound_and_no_other_check_character_is(body: str) -> None:
    right = organisation_check_character(body)
    verdicts = organisation_code_valid(pl.Series([body + c for c in ORGANISATION_ALPHABET])).to_list()
    assert [c for c, ok in zip(ORGANISATION_ALPHABET, verdicts, strict=True) if ok] == [right]


@given(st.text(DIGITS, min_size=14, max_size=14))
def test_registration_numbers_have_one_check_digit_and_every_changed_digit_is_detected(body: str) -> None:
    number = body + registration_check_digit(body)
    assert one(registration_number_valid, number)
    wrong = [number[:i] + d + number[i + 1 :] for i in range(15) for d in DIGITS if d != number[i]]
    assert not registration_number_valid(pl.Series(wrong)).any()


def test_old_registration_numbers_of_thirteen_digits_pass_and_other_lengths_do_not() -> None:
    column = pl.Series(["3702822800001", "370282280000", "37028228000012", "３７０２８２２８０００01", "370282280000x"])
    assert registration_number_valid(column).to_list() == [True, False, False, False, False]


def test_the_worked_example_of_iso_7064_holds() -> None:
    # ISO 7064 MOD 11,10: the check digit makes the running product end in 1.
    body = "11000000000001"
    product = 10
    for digit in body + registration_check_digit(body):
        rest = (product + int(digit)) % 10 or 10
        product = rest * 2 % 11
    assert rest == 1


@given(st.text(DIGITS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(DIGITS))
def test_a_changed_digit_changes_the_check_character_of_an_identity_number(body: str, at: int, digit: str) -> None:
    changed = body[:at] + digit + body[at + 1 :]
    assert (identity_check_character(body) == identity_check_character(changed)) == (body == changed)


def test_identity_numbers_of_fifteen_digits_become_eighteen() -> None:
    # A number of no region: 000000, born 1980-01-01.
    old = "000000800101001"
    assert identity_18(old) == "00000019800101001" + identity_check_character("00000019800101001")
    assert identity_18(identity_18(old)) == identity_18(old)


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("000000199002290010", None),
        ("000000200002290010", date(2000, 2, 29)),
        ("000000198013010010", None),
        ("000000800101001", date(1980, 1, 1)),
        ("000000801301001", None),
    ],
)
def test_the_birth_date_is_read_from_both_lengths(number: str, born: date | None) -> None:
    assert identity_born(number) == born


@pytest.mark.prove
@settings(max_examples=1_000, deadline=None)
@given(codes())
def test_a_long_run_finds_no_single_slip_that_passes(code: str) -> None:
    wrong = [code[:i] + c + code[i + 1 :] for i in range(18) for c in ORGANISATION_ALPHABET if c != code[i]]
    assert not uscc_valid(pl.Series(wrong)).any()
