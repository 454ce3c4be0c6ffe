"""Dates: every spelling that has one reading is taken, two readings are asked back, and nothing is guessed."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.validation.dates import NO_END, Reading, read_date
from tests.validation.mending import CATALOGUE, Seen, mended

NO_END_WORDS = frozenset(CATALOGUE.tables["empty_words"]["no_end"])
EMPTY = CATALOGUE.tables["empty_words"]["words"]
DECIDED = CATALOGUE.resource("penalty").by_name["CF_JDRQ"]
THE_DAY = date(2025, 3, 7)
FIRST_MOMENT, LAST_MOMENT = datetime.fromisoformat("1955-01-01"), datetime.fromisoformat("2090-01-01")
SEPARATORS = ["-", "/", ".", " ", " - "]


def column_of(texts: list[str | None]) -> Seen:
    """A column of dates, mended as validation mends it."""
    return mended(DECIDED, texts)


@pytest.mark.parametrize(
    "text",
    [
        *("2025-03-07", "2025/03/07", "2025.03.07", "2025 03 07", "20250307", "2025-3-7", "2025/3/7", "2025.3.7"),
        *("2025年3月7日", "2025年03月07日", "2025年3月7号", "2025年3月7", "2025 年 3 月 7 日", "２０２５年３月７日"),
        *("二〇二五年三月七日", "二零二五年三月七日", "二○二五年三月七号", "２０２５－０３－０７", "2025-3/7"),
        *("2025-03-07 10:30", "2025-03-07T10:30:00", "2025-03-07 00:00:00.000", "2025/3/7 0:00:00"),
        *("2025-03-07T10:30:00+08:00", "2025-03-06T16:00:00Z", "2025-03-06T16:00:00.000Z", "2025-03-07T15:59:59Z"),
        *("7 Mar 2025", "Mar 7, 2025", "March 7th, 2025", "7-March-2025", "2025-Mar-07", "07mar2025"),
        *("'2025-03-07", '"2025-03-07"', " 2025-03-07 ", "45723", "45723.5"),
        *("2025年3月7日星期五", "2025-03-07（周五）", "二O二五年三月七日", "贰零贰伍年叁月柒日"),
        *("2025年3月7日上午9时30分", "2025-03-07 09时", "2025年3月7日 下午3点05分20秒"),
    ],
)
def test_every_spelling_with_one_reading_is_taken(text: str) -> None:
    assert read_date(text).day == THE_DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二五年十二月三十一日", date(2025, 12, 31)),
        ("二〇二五年十月二十日", date(2025, 10, 20)),
        ("二〇二五年十一月十日", date(2025, 11, 10)),
        ("31/12/2025", date(2025, 12, 31)),
        ("12/31/2025", date(2025, 12, 31)),
        ("25.3.2025", date(2025, 3, 25)),
        ("5/5/2025", date(2025, 5, 5)),
        ("2024-02-29", date(2024, 2, 29)),
        ("36526", date(2000, 1, 1)),
        ("29 February 2024", date(2024, 2, 29)),
    ],
)
def test_other_days_are_read_as_certainly(text: str, day: date) -> None:
    assert read_date(text).day == day


@pytest.mark.parametrize(
    "text", ["03/04/2025", "3-4-2025", "3.4.2025", "12/11/2025", "25-03-07", "25年3月7日", "03/04/25", "25/3/7"]
)
def test_what_can_be_read_in_two_ways_is_asked_back(text: str) -> None:
    reading = read_date(text)
    assert reading.day is None
    assert reading.problem == "date_ambiguous"


def test_both_readings_are_suggested() -> None:
    assert read_date("03/04/2025").suggestion == "2025-03-04 / 2025-04-03"
    assert read_date("26-11-20").suggestion == "2026-11-20 / 2020-11-26"
    assert read_date("26年11月20日").suggestion == "2026-11-20"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "20250230",
            "31/02/2025",
            "二〇二五年二月三十日",
            "2025年3月",
            "2025",
        ),
        *(
            "Decision 3 2025",
            "Mars 7 2025",
            "Mar 7 25",
            "March 2025",
            "7 Mar 2025 or later",
            "处罚 7 Mar 2025",
            "19999",
            "73051",
        ),
        *(
            "去年",
            "2025-03-07至2026-03-07",
            "2025-03-07 25:00",
            "+2025-03-07",
            "-2025-03-07",
            "12025-03-07",
            "٢٠٢٥-٠٣-٠٧",
            "2025年3月7日星期四",
            "",
        ),
    ],
)
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    assert read_date(text) == Reading(None, "date_unreadable")


@pytest.mark.parametrize("text", sorted(NO_END_WORDS))
def test_words_and_numbers_for_no_end_give_the_agreed_last_day(text: str) -> None:
    assert read_date(text, NO_END_WORDS).day == NO_END
    assert column_of([text]).values.to_list() == [NO_END]


@pytest.mark.parametrize("text", ["长期", "永久"])
def test_no_end_is_no_date_where_nobody_said_so(text: str) -> None:
    assert read_date(text).problem == "date_unreadable"


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)), st.sampled_from(SEPARATORS), st.booleans())
def test_every_day_is_read_from_a_year_first_spelling(day: date, separator: str, padded: bool) -> None:
    parts = (
        [f"{day.year}", f"{day.month:02}", f"{day.day:02}"] if padded else [str(day.year), str(day.month), str(day.day)]
    )
    assert read_date(separator.join(parts)).day == day
    assert read_date(f"{parts[0]}年{parts[1]}月{parts[2]}日").day == day


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_serial_numbers_of_spreadsheets_count_from_the_end_of_1899(day: date) -> None:
    assert read_date(str((day - date(1899, 12, 30)).days)).day == day


@given(st.integers(1, 31), st.integers(1, 31), st.integers(1950, 2099), st.sampled_from(["/", "-", "."]))
def test_a_year_at_the_end_is_taken_only_when_one_reading_is_a_day(
    first: int, second: int, year: int, mark: str
) -> None:
    readings = set()
    for month, day in ((first, second), (second, first)):
        try:
            readings.add(date(year, month, day))
        except ValueError:
            continue
    expected = next(iter(readings)) if len(readings) == 1 else None
    reading = read_date(f"{first}{mark}{second}{mark}{year}")
    assert reading.day == expected
    assert (reading.problem == "date_ambiguous") == (len(readings) == 2)


@given(st.integers(0, 99), st.integers(1, 31), st.integers(1, 31), st.sampled_from(["/", "-", "."]))
def test_a_year_of_two_digits_is_never_taken(a: int, b: int, c: int, mark: str) -> None:
    assert read_date(f"{a:02}{mark}{b:02}{mark}{c:02}").day is None
    assert column_of([f"{a:02}{mark}{b:02}{mark}{c:02}"]).values.to_list() == [None]


@given(st.datetimes(FIRST_MOMENT, LAST_MOMENT), st.integers(-12, 14))
def test_an_instant_with_a_zone_falls_on_its_day_in_shanghai(moment: datetime, hours: int) -> None:
    sign, size = ("-" if hours < 0 else "+"), abs(hours)
    legal = (moment - timedelta(hours=hours) + timedelta(hours=8)).date()
    assert read_date(f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{size:02}:00").day == legal


DATE_LIKE = st.text("0123456789年月日-/.: TZ十一二〇长期+'Mar٢", max_size=20)
PLAUSIBLE = st.tuples(
    st.sampled_from(["2025", "25", "1899", "1900", "9999", "0025", "+2025", "-2025", "20", "2099", "2100"]),
    st.sampled_from(["-", "/", ".", " ", "- ", "年"]),
    st.sampled_from(["1", "02", "13", "3", "003", "+3"]),
    st.sampled_from(["-", "/", ".", "月", " -"]),
    st.sampled_from(["1", "29", "31", "007", "7日", "7 10:00", " 7", "7T20:00:00Z"]),
).map("".join)
ANY_TEXT = st.one_of(DATE_LIKE, PLAUSIBLE, st.text(max_size=12), st.sampled_from(sorted(NO_END_WORDS)))


@given(ANY_TEXT)
def test_any_text_is_either_a_day_or_has_a_problem(text: str) -> None:
    reading = read_date(text, NO_END_WORDS)
    assert (reading.day is None) == (reading.problem is not None)


def check_column(texts: list[str | None]) -> None:
    """The quick reading of a column and the careful one of a single text must say the same."""
    column = column_of(texts)
    cleaned = column.text.to_list()
    wanted = [None if t is None else read_date(t, NO_END_WORDS) for t in cleaned]
    assert column.values.cast(pl.String).to_list() == [str(w.day) if w and w.day else None for w in wanted]
    for problem in ("date_unreadable", "date_ambiguous"):
        mask = column.met[problem][0].to_list() if problem in column.met else [False] * len(texts)
        assert mask == [bool(w and w.problem == problem) for w in wanted]


@given(st.lists(st.one_of(st.none(), ANY_TEXT), min_size=1, max_size=30))
def test_a_column_reads_as_single_texts_do(texts: list[str | None]) -> None:
    check_column(texts)


@pytest.mark.prove
@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(st.none(), ANY_TEXT), min_size=1, max_size=60))
def test_a_long_run_finds_no_column_that_reads_otherwise(texts: list[str | None]) -> None:
    check_column(texts)


@pytest.mark.parametrize("word", EMPTY)
def test_words_for_nothing_are_an_empty_date(word: str) -> None:
    column = column_of([word])
    assert column.values.to_list() == [None]
    assert column.text.to_list() == [None]
    assert column.met == {}


def test_what_was_understood_is_told_and_what_needed_no_understanding_is_not() -> None:
    column = column_of(["2025-03-07", "2025/3/7", "2025年3月7日", None])
    mask, said = column.met["told_date"]
    assert mask.to_list() == [False, False, True, False]
    assert said is not None
    assert said[2] == "2025-03-07"
