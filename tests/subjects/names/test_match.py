"""How a name fits what was typed: folding changes nothing, one slip is found, what all names share is nothing."""

import random
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chengxin.subjects.names.grams import pairs
from chengxin.subjects.names.match import NEAR, fit
from chengxin.subjects.names.sound import heard, spelt
from chengxin.subjects.names.split import split
from chengxin.subjects.names.typed import typed
from chengxin.values.script import simpler
from chengxin.values.text import fold_name
from tests.subjects.names.made import MARKS, WORDS, fits, names, why

TRADITIONAL = {ord(simple): chr(wide) for wide, simple in simpler().items()}
WIDE = {n: n + 0xFEE0 for n in range(0x21, 0x7F)} | {0x20: 0x3000}


def widened(text: str, rng: random.Random) -> str:
    return text.translate(WIDE)


def bracketed(text: str, rng: random.Random) -> str:
    return text.translate(str.maketrans("（）()", rng.choice(["()()", "〔〕〔〕", "［］［］", "（）（）"])))


def traditional(text: str, rng: random.Random) -> str:
    return text.translate(TRADITIONAL)


def spaced(text: str, rng: random.Random) -> str:
    return "".join(c + rng.choice(["", "", " ", "\u3000", "\u200b", "·"]) for c in text)


def decomposed(text: str, rng: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


@given(names, st.permutations([widened, bracketed, traditional, spaced, decomposed]), st.randoms(use_true_random=False))
def test_width_bracket_script_and_blanks_in_any_order_change_nothing(name: str, ways: list, rng: random.Random) -> None:
    text = name
    for way in ways:
        text = way(text, rng)
    what, plain = typed(text, WORDS), typed(name, WORDS)
    assert (what.parts, what.equal, what.beginning) == (plain.parts, plain.equal, plain.beginning)
    assert why(text, name) in ("name", "script")
    assert fits(text, name).score >= 0.99


def slipped(core: str, slip: str, at: int, other: str) -> str:
    return {
        "wrong": core[:at] + other + core[at + 1 :],
        "missing": core[:at] + core[at + 1 :],
        "too many": core[:at] + other + core[at:],
        "swapped": core[:at] + core[at + 1 : at + 2] + core[at] + core[at + 2 :],
    }[slip]


@given(names, st.sampled_from(["wrong", "missing", "too many", "swapped"]), st.data())
def test_one_slip_in_the_trade_name_is_found_and_shares_something_looked_up(
    name: str, slip: str, data: st.DataObject
) -> None:
    parts = split(fold_name(name), WORDS)
    at = data.draw(st.integers(0, len(parts.mark) - 1))
    core = slipped(parts.core, slip, at, data.draw(st.sampled_from(MARKS)))
    text = parts.place + core + parts.form
    what = typed(text, WORDS)
    assume(what.parts.core == core and core != parts.core)
    found = fits(text, name)
    assert found and found.reason not in NEAR and found.score > 0.6
    sound = heard(parts.core, WORDS).sound
    assert set(what.equal) & set(pairs(parts)) or any(sound.startswith(b) for b in what.beginning)


@given(names)
def test_whole_pinyin_and_initials_are_found(name: str) -> None:
    parts = split(fold_name(name), WORDS)
    said = heard(parts.core, WORDS)
    whole = spelt(parts.plain.replace("(", "").replace(")", ""), WORDS)[0]
    for text, reason in ((said.sound, "pinyin"), (said.initials, "initials"), (whole, "pinyin")):
        what = typed(text.upper(), WORDS)
        assert any(s.startswith(b) for b in what.beginning for s in (said.sound, said.initials))
        assert why(text, name) == reason


@given(names, names)
def test_what_shares_place_and_form_alone_does_not_fit(name: str, other: str) -> None:
    own, theirs = split(fold_name(name), WORDS), split(fold_name(other), WORDS)
    assume(not set(own.mark) & set(theirs.mark))
    assume(not set(heard(own.mark, WORDS).sound) >= set(heard(theirs.mark, WORDS).sound))
    found = fits(name, other)
    assert found is None or found.reason in NEAR
    assert not set(pairs(own)) & set(pairs(theirs))


@pytest.mark.parametrize(
    "text",
    [
        "青岛",
        "有限公司",
        "青岛有限公司",
        "青岛市即墨区",
        "山东省青岛市股份有限公司",
        "海",
        "（）",
        "公司",
        "商贸有限公司",
    ],
)
def test_what_all_names_share_tells_nothing(text: str) -> None:
    assert not typed(text, WORDS).tells
    assert why(text, "青岛恒达商贸有限公司") == ""


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("青岛恒达商贸有限公司", "青岛恒达商贸有限公司", "name"),
        ("青島恒達商貿有限公司", "青岛恒达商贸有限公司", "script"),
        ("恒达商贸", "青岛恒达商贸有限公司", "core"),
        ("青岛恒达商贸", "青岛市即墨区恒达商贸股份有限公司", "core"),
        ("恒达商贸（青岛）有限公司", "青岛恒达商贸有限公司", "core"),
        ("恒达", "青岛恒达商贸有限公司", "part"),
        ("达商贸", "青岛恒达商贸有限公司", "part"),
        ("恒大商贸", "青岛恒达商贸有限公司", "sound"),
        ("衡达商贸有限公司", "青岛恒达商贸有限公司", "sound"),
        ("恒远商贸", "青岛恒达商贸有限公司", "character"),
        ("达恒商贸", "青岛恒达商贸有限公司", "character"),
        ("恒达源商贸", "青岛恒达商贸有限公司", "character"),
        ("恒达物流", "青岛恒达商贸有限公司", "mark"),
        ("hengda", "青岛恒达商贸有限公司", "pinyin"),
        ("Heng Da Shang Mao", "青岛恒达商贸有限公司", "pinyin"),
        ("qingdao hengda", "青岛恒达商贸有限公司", "pinyin"),
        ("HDSM", "青岛恒达商贸有限公司", "initials"),
        ("qdhdsmyxgs", "青岛恒达商贸有限公司", "initials"),
        ("changqinghui", "青岛长清会商贸有限公司", "pinyin"),
        ("zhangqinghui", "青岛长清会商贸有限公司", ""),
        ("ruifengkuaiji", "青岛瑞丰会计师事务所", "pinyin"),
        ("qingdaohaiyangxinyuan", "青岛海洋鑫源商贸有限公司", "pinyin"),
        ("商贸有限公司", "青岛恒达商贸有限公司", ""),
        ("石化销售", "中国石化销售有限公司", "core"),
        ("宏图食品", "青岛恒达商贸有限公司", ""),
        ("ABC商贸", "青岛ABC商贸有限公司", "core"),
        ("abc", "青岛ABC商贸有限公司", "part"),
    ],
)
def test_each_hit_says_why(text: str, name: str, reason: str) -> None:
    assert why(text, name) == reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wcsc", "青岛示例万成商超有限公司"),
        ("slwcsc", "青岛示例万成商超有限公司"),
        ("qdslwcsc", "青岛示例万成商超有限公司"),
        ("QDSLWCSCYXGS", "青岛示例万成商超有限公司"),
        ("jmqslwcsc", "青岛市即墨区示例万成商超有限公司"),
        ("qdsjmqslwcsczyhzs", "青岛市即墨区示例万成商超专业合作社"),
    ],
)
def test_initials_may_have_the_place_in_front(text: str, name: str) -> None:
    assert why(text, name) == "initials"
    assert why(text, name.replace("万", "恒")) == ""


@pytest.mark.parametrize("text", ["hdslwcsc", "dlslwcsc"])
def test_initials_of_another_place_are_another_name(text: str) -> None:
    assert why(text, "青岛示例万成商超有限公司") == ""


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("即墨宏图商贸有限公司", "即墨宏图商贸有限公司（即墨分公司）", "branch"),
        ("即墨宏图商贸有限公司即墨分公司", "即墨宏图商贸有限公司（市南分公司）", "branch"),
        ("即墨宏图商贸有限公司", "青岛宏图商贸有限公司（即墨分公司）", "core"),
        ("即墨宏图商贸有限公司", "即墨宏图商贸股份有限公司", "core"),
    ],
)
def test_a_branch_is_told_as_one(one: str, other: str, reason: str) -> None:
    assert why(one, other) == why(other, one) == reason


def test_a_former_name_fits_a_little_less_and_is_told() -> None:
    now, before = (
        fits("宏图商贸", "青岛宏图商贸有限公司"),
        fits("宏图商贸", "青岛恒达商贸有限公司", "青岛宏图商贸有限公司"),
    )
    assert before.former == "青岛宏图商贸有限公司" and before.reason == now.reason and before.score < now.score


@pytest.mark.parametrize("part", ["91370215", "MXFA0001", "370215MXFA", "A00015", "000158", "91370215MXFA00015"])
def test_any_six_characters_of_a_code_fit(part: str) -> None:
    assert why(part, "青岛恒达商贸有限公司") == "code-part"
    assert why(part.lower(), "青岛恒达商贸有限公司") == "code-part"


@pytest.mark.parametrize("part", ["MXFAUW", "XFAPEDC", "xfauwpe", "MXFAPEDCX"])
def test_letters_alone_may_be_part_of_a_code_and_still_a_name(part: str) -> None:
    what = typed(part, WORDS)
    assert what.number == part.upper() and what.letters[0] == part.lower()
    assert not typed("qdhdsm", WORDS).number  # a code has no S
    assert fit(what, [f"91370215{part.upper():0<9}X"], ["青岛恒达商贸有限公司"], WORDS).reason == "code-part"


@pytest.mark.parametrize("text", ["91370215MXFA000159", "370282", "000000", "A0001"])
def test_other_numbers_do_not(text: str) -> None:
    assert why(text, "青岛恒达商贸有限公司") == ""


@given(st.text(max_size=150))
def test_anything_may_be_typed(text: str) -> None:
    fits(text, "青岛恒达商贸有限公司", "青岛恒达合伙企业（有限合伙）")
