"""What is read out of the database in bulk is what is in it, whatever stands in a text."""

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
