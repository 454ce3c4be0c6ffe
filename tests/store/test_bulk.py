"""What is read out of the database in bulk is what is in it, whatever stands in a text."""

from datetime import date

import polars as pl
import pytest

from tests.store.conftest import Desk

ODD = [
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\\",
        "\\\\",
        "\\N",
        "\\n",
        "\\\\n",
        "a\\tb\tc",
        '"',
        '""',
        "'",
        ",",
        "\x0b\x08\x0c",
        "\u2028",
    ),
    *("e\u0301", "𠮷", "\\x41", "{}", '{"a":"\\"引\\\\号\\"\\n"}', "t", "1", "2026-03-10", "-", "\\."),
    "0190f3b2-7c1d-7e2a-9b3c-1234567890ab",
]


@pytest.mark.parametrize("text", ODD)
def test_a_text_comes_back_as_it_is(desk: Desk, text: str) -> None:
    from chengxin.site.store.bulk import rows_where

    schema = {"one": pl.String, "two": pl.String}
    found = rows_where("SELECT CAST(%s AS text), CAST(NULL AS text)", schema, [text])
    digits = text.replace("-", "") if len(text) == 36 else text  # of an id PostgreSQL gives the digits
    assert found.rows() in ([(text, None)], [(digits, None)])
    assert rows_where("SELECT CAST(%s AS text)", {"one": pl.String}, [text])["one"].to_list() == [found["one"][0]]


def test_many_texts_at_once_each_in_its_place(desk: Desk) -> None:
    from chengxin.site.store.bulk import few_where, rows_where

    sql = " UNION ALL ".join(["SELECT CAST(%s AS integer), CAST(%s AS text)"] * len(ODD)) + " ORDER BY 1"
    schema = {"at": pl.Int64, "text": pl.String}
    values = [value for pair in enumerate(ODD) for value in pair]
    assert rows_where(sql, schema, values).to_dicts() == few_where(sql, schema, values)
    assert rows_where(sql, schema, values)["text"].to_list() == ODD


def test_nothing_found_is_an_empty_frame_and_one_empty_cell_is_a_row(desk: Desk) -> None:
    from chengxin.site.store.bulk import rows_where

    schema = {"a": pl.Int32, "b": pl.Boolean, "c": pl.Binary, "d": pl.Date}
    sql = "SELECT 1, s.fits, NULL, NULL FROM store_checked s"
    assert rows_where(sql, schema).schema == schema
    assert rows_where("SELECT CAST(NULL AS text)", {"a": pl.String})["a"].to_list() == [None]


def test_what_was_said_again_is_looked_up_by_record_and_not_gone_through(desk: Desk) -> None:
    from django.db import connection

    from chengxin.flow.store import Occasion
    from chengxin.site.actions import standing
    from chengxin.site.store import registers
    from chengxin.site.store.bulk import chosen, on_postgres, tell_planner

    if on_postgres():
        pytest.skip("its planner counts the rows on both sides")
    for number in (1, 2):
        registers._announce(Occasion("submission", "甲", "penalty", "1", date(2026, 3, 10)), number)
    tell_planner()  # there are few change sets: it looks cheap to go through them first
    keys = chosen(pl.Series(["0" * 32]), "uuid")
    statements = [registers._CURRENT.format(chosen=keys), standing._LEFT.format(chosen=keys, numbers="0")]
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute("EXPLAIN QUERY PLAN " + sql, ["x"] * sql.count("%s"))
            looked = [row[3] for row in cursor.fetchall() if row[3].startswith(("SEARCH a", "SCAN a"))]
            assert looked and all("store_saidagain_key" in how for how in looked), looked
