"""One look at a block of bytes may see too much, never too little."""

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.intake import hiding, traits
from chengxin.intake.csv_file import read_regular
from chengxin.values.text import IDENTITY_MASK, INVISIBLE, INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT

WORDS = [
    *INVISIBLE,
    *map(chr, (0x20, 0x3000, 0xA0, 0x1680, 0x2000, 0x2009, 0x200A, 0x202F, 0x205F, 0x09, 0x0A)),
    *map(chr, (0xE000, 0xEFFF, 0xF000, 0xF8FF, 0xF0000, 0x10FFFD, 0x20000, 0xFFFD, 0xFF01, 0xB7, 0x2014, 0x201C)),
    *(
        "青岛",
        "某某有限公司",
        "、",
        "〔2026〕",
        "，",
        "1",
        "12",
        "3702150",
        "-",
        " ",
        "－",
        "　",
        "３",
        "１９９０",
        *"０．，／。·—–.,/_",
        "370282、19900101、0011",
        "370282,19900101",
        "1.2.3.4.5.6.7",
        "#",
        "#N/A",
    ),
    *("2026-03-10", "37021519900101123X", "3702 1519 9001 0112 3X", "X", IDENTITY_MASK, "é", "𠀀"),
]
ODD = "|".join([INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, IDENTITY_MASK])
CELLS = st.lists(st.sampled_from(WORDS) | st.characters(exclude_categories=["Cs"]), max_size=6).map("".join)
TABLES = st.integers(1, 4).flatmap(lambda w: st.lists(st.lists(CELLS, min_size=w, max_size=w), min_size=1, max_size=6))


@given(TABLES, st.sampled_from([",", "\t", ";"]), st.sampled_from([1 << 19, 64, 16, 7]))
def test_what_it_does_not_see_is_in_no_cell(rows: list[list[str]], delimiter: str, slice_size: int) -> None:
    stream = io.BytesIO()
    pl.DataFrame(rows, orient="row", schema=[f"c{i}" for i in range(len(rows[0]))]).write_csv(
        stream, include_header=False, separator=delimiter, quote_style="necessary"
    )
    read = read_regular(stream.getvalue(), delimiter, len(rows[0]))
    if read is None:
        return  # irregular text is read with care, and nobody looks at it as a whole
    frame, used = read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(traits, "_SLICE", slice_size)
        seen = traits.traits_of(stream.getvalue()[:used], delimiter, frame.height)
    cells = pl.concat([frame[c].drop_nulls() for c in frame.columns])
    assert seen.odd or not cells.str.contains(ODD).any()
    assert seen.loose or (cells == cells.str.strip_chars()).all()
    assert seen.numbers or not cells.str.contains(hiding._DETECTOR).any()
    assert seen.errors or not cells.str.starts_with("#").any()


@pytest.mark.parametrize(
    "text",
    [
        "甲公司,〔2026〕第1号,2026/03/10\n",
        "é·—“”𠀀,1234567890123\n",
        "a b,-\n",
        "2026/03/10,2027/03/10,2028/03/10\n",
        '"a,b",第1、2、3项，计12、5。,2027/03/10\n',
        '20260310,"见2,3项",20270310\n',
    ],
)
def test_ordinary_text_needs_no_second_look(text: str) -> None:
    assert traits.traits_of(text.encode() * 300, ",", 300) == traits.Traits(False, False, False, False)


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("甲\u200b公司,1\n", "odd"),
        ("甲公司 ,1\n", "loose"),
        ("\u3000甲公司,1\n", "loose"),
        ("\u20289.1E+17,1\n", "loose"),
        ("\v9.1E+17,1\n", "loose"),
        ("身份证3702 1519 9001 0112 3X,1\n", "numbers"),
        ("甲,370215１９９００１０１１２３X\n", "numbers"),
        ("甲,370215\u200b19900101123X\n", "numbers"),
        ("甲,370215\xa019900101123X\n", "numbers"),
        ('甲,"370215\n19900101123X"\n', "numbers"),
        ("甲,370215  19900101  123X\n", "numbers"),
        ("甲,370282.19900101.0011\n", "numbers"),
        ("甲,370282/19900101/0011\n", "numbers"),
        ("甲,370282、19900101、0011\n", "numbers"),
        ("甲,370282，19900101，0011\n", "numbers"),
        ("甲,370282．19900101．0011\n", "numbers"),
        ("甲,3。7。0。2。8。2。1。9。9。0。0。1。0。1。0。0。1。1\n", "numbers"),
        ("甲,370282—19900101—0011\n", "numbers"),
        ("甲,370282·19900101·0011\n", "numbers"),
        ('甲,"370282,19900101,0011"\n', "numbers"),
        ("甲,#N/A\n", "errors"),
    ],
)
def test_what_wants_a_second_look_is_seen_at_the_end_of_a_long_block(text: str, trait: str) -> None:
    lines = 20_000
    seen = traits.traits_of(("甲公司,〔2026〕第1号\n" * lines + text).encode(), ",", lines + 1)
    assert getattr(seen, trait)
