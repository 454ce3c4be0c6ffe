"""The canonical form: RFC 8785 but for NFC and fractions, one form for one value, rows like single values."""

import json
import unicodedata
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.audit.canonical import LARGEST, PLAIN, canonical, canonical_rows, read

text = st.text(max_size=8) | st.text('e\u0301ÅA\u030a福\ufa1b가\u11a8\n"\\/<\u0001\u007f', max_size=4)
leaf = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | text
values = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))


def typed(value: Any) -> Any:
    """A value such that True and 1 differ, orders of keys do not, and text is in NFC."""
    if isinstance(value, dict):
        return {nfc(key): typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value), nfc(value) if isinstance(value, str) else value


def nfc(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def formed(value: Any) -> bytes | None:
    try:
        return canonical(value)
    except ValueError:  # two keys that are one in NFC
        return None


# Inputs of the RFC (3.2.2, 3.2.3, with integers) and of its reference test data, in our words where these have fractions.
SAMPLES = [
    (
        '{"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}',
        '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ),
    (  # the RFC's example of order; its U+FB33 is not NFC, so another character from there stands in for it
        '{"\\u20ac":"Euro","\\r":"CR","\\ufb21":"Alef","1":"One","\\ud83d\\ude00":"Smile","\\u0080":"Control","\\u00f6":"o"}',
        '{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro","😀":"Smile","\ufb21":"Alef"}',
    ),
    (
        '{"1": {"f": {"f": "hi","F": 5} ,"\\n": 56}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}',
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}',
    ),
    ('[56, {"d": true, "10": null, "1": [ ]}]', '[56,{"1":[],"10":null,"d":true}]'),
    ('["e\\u0301", "\\u212b", "\\ufa1b"]', '["é","Å","福"]'),  # NFC, where the RFC leaves text alone
    ('"\\b\\f\\t\\u0000\\u001f\\u007f\\u2028"', '"\\b\\f\\t\\u0000\\u001f\u007f\u2028"'),
    ("[9007199254740991, -9007199254740991, -0]", "[9007199254740991,-9007199254740991,0]"),
]


@pytest.mark.parametrize(("given_text", "wanted"), SAMPLES)
def test_samples_have_the_form_of_the_rfc(given_text: str, wanted: str) -> None:
    assert canonical(read(given_text.encode())) == wanted.encode()


@given(values, values)
def test_two_values_have_one_form_only_if_they_are_one(first: Any, second: Any) -> None:
    forms = formed(first), formed(second)
    if None not in forms:
        assert (forms[0] == forms[1]) == (typed(first) == typed(second))


@given(values)
def test_what_was_written_is_read_back_and_written_the_same(value: Any) -> None:
    form = formed(value)
    if form is not None:
        assert typed(read(form)) == typed(value)
        assert canonical(read(form)) == form


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.5,
        [float("nan")],
        2**53,
        {"a": -(2**53)},
        date(2026, 1, 1),
        b"a",
        {1: "a"},
        "\ud800",
        {"\udfff": 1},
        {"é": 1, "e\u0301": 2},
        {"a": object()},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"",
        b"{",
        b"\xff",
        b'"\\ud800"',
        b"[" * 100_000,
        b"9" * 5000,
        b"[" * 40 + b"]" * 40,
        b'{"\\u00e9":1,"e\\u0301":2}',
        b"9007199254740992",
    ],
)
def test_json_that_has_no_canonical_form_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read(data)


rows = st.lists(
    st.fixed_dictionaries(
        {
            "处": st.none() | text,
            "\ufb21": st.none() | text,
            "😀": st.none() | st.booleans(),
            "a": st.integers(-LARGEST, LARGEST),
        }
    ),
    max_size=4,
)


@given(rows)
def test_rows_in_bulk_have_the_form_of_single_values(listed: list[dict[str, Any]]) -> None:
    schema = {"处": pl.String, "\ufb21": pl.String, "😀": pl.Boolean, "a": pl.Int64}
    frame = pl.DataFrame(listed, schema=schema)
    assert canonical_rows(frame).to_list() == [canonical(row) for row in listed]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"a": [1.5]}),
        pl.DataFrame({"a": [date(2026, 1, 1)]}),
        pl.DataFrame({"a": [[1]]}),
        pl.DataFrame({"a": [0, 2**53]}),
        pl.DataFrame({"a": [0, -(2**53)]}),
        pl.DataFrame({"a": [2**64 - 1]}, schema={"a": pl.UInt64}),
        pl.DataFrame({"é": [1], "e\u0301": [2]}),
    ],
)
def test_rows_without_a_canonical_form_are_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(ValueError):
        canonical_rows(frame)


def test_plain_text_needs_no_second_look() -> None:
    characters = pl.Series([chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000])
    plain = set(characters.filter(characters.str.contains(f"^[{PLAIN}]$")))
    parts = [unicodedata.decomposition(c).split() for c in characters if not unicodedata.is_normalized("NFD", c)]
    joins_to_the_left = {chr(int(part[1], 16)) for part in parts if len(part) == 2}
    assert len(plain) > 21_000
    assert all(unicodedata.is_normalized("NFC", c) and not unicodedata.combining(c) for c in plain)
    assert not plain & joins_to_the_left


def test_a_value_may_be_nested_as_deep_as_a_report_is() -> None:
    value = json.loads("[" * 30 + "]" * 30)
    assert read(canonical(value)) == value
