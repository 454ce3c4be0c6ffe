"""What a cheap look passes over, a costly one would not have found."""

import re
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.intake.received import ANYTHING
from chengxin.validation.amounts import PLAIN_YUAN, Stated, stated_amounts
from chengxin.validation.content import has_any
from chengxin.validation.looks import Wanted, few_looks, first_look, wanted
from chengxin.validation.scene import Scene
from chengxin.validation.table import mended_table
from chengxin.validation.validate import _met, _of_field, _of_rows, validate_rows
from chengxin.values.series import FEW
from chengxin.values.text import INVISIBLE
from tests.validation.rows import Made, base_of, handed_over, many_rows

PIECES = st.sampled_from([*INVISIBLE, *" \u3000\xa0\n\t\ue000\ufffd-无", "佛教徒", "电话13800001111", "公司", "1"])
CELLS = st.lists(st.none() | st.lists(PIECES, max_size=5).map("".join), min_size=1, max_size=6)


@pytest.mark.parametrize("day_or_text", ["CF_SY", "CF_JDRQ"])
def test_few_cells_are_looked_at_as_many_are(day_or_text: str, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for("penalty")
    want = wanted(scene.resource.by_name[day_or_text], scene.asked, scene.catalogue, ANYTHING)

    @given(CELLS)
    def alike(cells: list[str | None]) -> None:
        values = pl.Series(day_or_text, cells, dtype=pl.String)
        many = values.to_frame().select(first_look(day_or_text, want))
        few = pl.DataFrame(few_looks(values, want))
        assert few.equals(many) or (not few.width and not any(many[c].any() for c in many.columns)), (few, many)

    alike()


def test_nothing_is_looked_for_where_nothing_is_wanted() -> None:
    assert few_looks(pl.Series("a", [" \u200b"]), Wanted("", False, ())) == []


@given(CELLS)
def test_a_word_is_found_in_few_texts_as_in_many(cells: list[str | None]) -> None:
    texts, words = pl.Series(cells, dtype=pl.String), ["佛教", "公司", "-"]
    many = has_any(pl.concat([texts, pl.Series(["x"] * FEW)]), words)
    assert has_any(texts, words).to_list() == many.head(len(cells)).to_list()


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_what_a_glance_rules_out_hits_no_row(name: str, scene_for: Callable[..., Scene]) -> None:
    scene = scene_for(name)
    frame, marks = handed_over(many_rows(scene.resource, 200, seed=3), scene.resource)
    ruled_out = 0
    for start, size in [*((n, 1) for n in range(120)), (120, 5), (125, 70)]:
        piece = frame.slice(start, size)
        table = mended_table(piece, marks.filter(pl.col("row").is_in(piece["row"].implode())), scene)
        met = _met(table)
        for field, rules in _of_rows(scene).items():
            for _, check in _of_field(scene, rules, met.get(field, met[""]), empty=False):
                if check.idle is not None and check.idle(table):
                    ruled_out += 1
                    assert not table.select(check.mask.any()).item(), (check.rule.id, piece.to_dicts())
    assert ruled_out > 1000


@given(st.lists(st.sampled_from([*"0123456789０９,. ，零伍佰元万亿", "元"]), max_size=8).map("".join))
def test_a_text_without_plain_yuan_states_none(text: str) -> None:
    assert re.search(PLAIN_YUAN, text) or not any(stated.plain for stated in stated_amounts(text))


def test_full_width_figures_are_figures() -> None:
    assert stated_amounts("罚款５００元，没收１．５万元") == (Stated(500, True), Stated(15000, False))


@pytest.mark.parametrize(
    "words",
    ["罚款5000元", "罚款５０００元", "罚款5000.00元", "罚款 5,000 元", "罚款5000.0圆", "罚款伍仟圆整"],
)
def test_yuan_in_a_column_of_ten_thousands_is_seen_however_the_text_writes_it(
    words: str, scene_for: Callable[..., Scene]
) -> None:
    scene = scene_for("penalty")
    cells = base_of("penalty") | {"CF_NR": words, "CF_NR_FK": "5000"}
    found = validate_rows(*handed_over([Made(cells)], scene.resource), scene).findings
    told = found.filter(pl.col("rule") == "penalty.fine-in-yuan")
    assert told["suggestion"].to_list() == ["0.5"]
