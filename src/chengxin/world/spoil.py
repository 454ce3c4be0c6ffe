"""How each kind of fault changes a row. A function changes the row in place and gives the faulty field, or None if the
row can't have this fault (nothing is changed then). An empty text as field means: the row as a whole.
"""

import re
from collections.abc import Callable
from datetime import date

from chengxin.standards.model import Field
from chengxin.values.identifiers import LOOKALIKES, USCC_ALPHABET
from chengxin.world import spoil_days
from chengxin.world.codes import identity_number
from chengxin.world.forms import FORMS
from chengxin.world.hand import Hand, Row
from chengxin.world.roster import departments

ZERO_WIDTH, PRIVATE_USE = "\u200b", "\ue4c6"


def _lookalike(letter: str) -> Callable[[Row, Hand], str | None]:
    def spoil(row: Row, hand: Hand) -> str | None:
        field, digit = hand.field("subject_code"), LOOKALIKES[letter]
        places = [n for n, c in enumerate(row[field]) if c == digit and n > 1]
        if not places:
            return None
        place = hand.pick(places)
        row[field] = row[field][:place] + letter + row[field][place + 1 :]
        return field

    return spoil


def _wrong_check(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_code")
    row[field] = row[field][:17] + hand.pick([c for c in USCC_ALPHABET if c != row[field][17]])
    return field


def _digits_lost(row: Row, hand: Hand) -> str | None:
    """A spreadsheet keeps fifteen digits; text exports show even fewer."""
    field = hand.field("subject_code")
    digits = f"{row[field][:8]}{int(hand.district.rng.integers(10**6, 10**7))}000"
    if not digits.isdigit():
        return None
    in_cell = FORMS[row["_form"]].container == "xlsx"
    row[field] = digits if in_cell else f"{int(digits) / 1e17:.5f}E+17"
    return field


def _old_number(row: Row, hand: Hand) -> str | None:
    field, old = hand.field("subject_code"), hand.truth(row, "former_codes")
    if not old:
        return None
    row[field] = old
    return field


def _code_spelled(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_code")
    row[field] = row[field].lower()
    return field


def _code_of_another(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_code")
    other = hand.pick(hand.codes.get(row[field][:2], []))
    if other is None or other == row["_index"] or not hand.is_registered(row):
        return None
    row[field] = hand.district.subjects["code"][other]
    return hand.field("subject_name")


def _name_brackets(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_name")
    if "（" not in row[field] or not hand.is_registered(row):
        return None
    row[field] = row[field].replace("（", "(").replace("）", ")")
    return field


def _name_former(row: Row, hand: Hand) -> str | None:
    former = hand.truth(row, "former_names")
    if not former or not hand.is_registered(row):
        return None
    row[hand.field("subject_name")] = former
    return hand.field("subject_name")


def _name_differs(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_name")
    if not row[field].endswith("有限公司") or "股份" in row[field] or not hand.is_registered(row):
        return None
    row[field] = row[field].removesuffix("有限公司") + "有限责任公司"
    return field


def _kind_disagrees(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_kind")
    swapped = {"法人及非法人组织": "个体工商户", "个体工商户": "法人及非法人组织"}.get(row[field])
    if swapped is None:
        return None
    row[field] = swapped
    return field


def _deregistered(row: Row, hand: Hand) -> str | None:
    prefix = row[hand.field("subject_code")][:2]
    subjects, decided = hand.district.subjects, hand.resource.role("decided_on")
    index = hand.pick(hand.dead)
    if (
        index is None
        or decided is None
        or subjects["code"][index][:2] != prefix
        or subjects["status_on"][index] >= row["_decided"]
    ):
        return None
    row |= {
        "_index": index,
        hand.field("subject_code"): subjects["code"][index],
        hand.field("subject_name"): subjects["name"][index],
    }
    number = hand.resource.role("registration_number")
    if number and number in row:
        row[number] = subjects["former_codes"][index]
    return hand.field("subject_code")


def _required_missing(row: Row, hand: Hand) -> str | None:
    def may_be_missing(field: Field) -> bool:
        return bool(field.constraints.required and field.kind == "text" and not field.fill and row.get(field.name))

    field: str | None = hand.pick([f.name for f in hand.resource.fields if may_be_missing(f)])
    if field:
        row[field] = None
    return field


def _fine_missing(row: Row, hand: Hand) -> str | None:
    rule = hand.rule("required_when")
    if rule is None or rule.field is None or not row.get(rule.field):
        return None
    if not any(word in (row.get(rule.params["other"]) or "") for word in rule.params.get("contains", [])):
        return None
    row[rule.field] = None
    return rule.field


def _yuan(row: Row, hand: Hand) -> str | None:
    rule = hand.rule("money_unit")
    if rule is None or rule.field is None:
        return None
    said = re.search(r"(\d+)元", row.get(rule.params["text"]) or "")
    if not said or not row.get(rule.field):
        return None
    row[rule.field] = said[1]
    return rule.field


def _separator(row: Row, hand: Hand) -> str | None:
    listed = [f for f in hand.resource.fields if f.separator and f.separator in (row.get(f.name) or "")]
    field = hand.pick(listed)
    if field is None:
        return None
    row[field.name] = row[field.name].replace(field.separator, hand.pick([",", ";"]))
    return str(field.name)


def _category_unknown(row: Row, hand: Hand) -> str | None:
    kind_field = hand.resource.role("subject_kind")
    listed = [
        f
        for f in hand.resource.fields
        if f.kind == "code" and row.get(f.name) and not f.private and f.name != kind_field
    ]
    field = hand.pick([f for f in listed if f.separator] or listed)
    if field is None:
        return None
    row[field.name] = "责令改正" if field.separator else "未分类"
    return str(field.name)


def _sender(row: Row, hand: Hand) -> str | None:
    field, name = hand.field("source_code"), hand.resource.role("source_name")
    other = hand.pick([d for d in departments() if d.code != row["_authority"]])
    row[field] = other.code
    if name and name in row:
        row[name] = other.name
    return field


def _simplified(row: Row, hand: Hand) -> str | None:
    """Only what may be decided on the spot: a warning, or a fine of at most 3,000 yuan (行政处罚法 Art. 51)."""
    field = hand.field("procedure")
    fine = [f.name for f in hand.resource.fields if f.kind == "money" and row.get(f.name)]
    if any(float(row[name]) > 0.3 for name in fine) or any(word in str(row) for word in ("吊销", "没收", "停产")):
        return None
    row[field] = "简易程序"
    return field


def _appended(kind: str, words: Callable[[Hand], str]) -> Callable[[Row, Hand], str | None]:
    def spoil(row: Row, hand: Hand) -> str | None:
        field = hand.texts(row, kind)
        if field:
            row[field] += words(hand)
        return field

    return spoil


def _somebody(hand: Hand) -> str:
    return identity_number(date(1980, 1, 1), int(hand.district.rng.integers(1000)))


def _minor(row: Row, hand: Hand) -> str | None:
    field = hand.field("person_number")
    row[field] = identity_number(date(row["_received"].year - 11, 6, 1), int(hand.district.rng.integers(1000)))
    return field


def _identity_wrong(row: Row, hand: Hand) -> str | None:
    field = hand.field("person_number")
    row[field] = row[field][:17] + hand.pick([c for c in "0123456789X" if c != row[field][17]])
    return field


def _invisible(row: Row, hand: Hand) -> str | None:
    field = hand.field("subject_name")
    row[field] = row[field][:2] + ZERO_WIDTH + row[field][2:]
    return field


def _cell_error(row: Row, hand: Hand) -> str | None:
    field = hand.texts(row, "cell_error")
    if field:
        row[field] = "#N/A"
    return field


def _whole_row(row: Row, hand: Hand) -> str | None:
    """Nothing in the row changes: what is wrong is where it stands, or that it stands there twice."""
    return ""


def _same_key_twice(row: Row, hand: Hand) -> str | None:
    """The field that will differ; only where the whole natural key is there."""
    key = [part for part in hand.resource.natural_key if not part.startswith("@")]
    others = [f for f in hand.resource.fields if f.kind == "text" and f.name not in key and row.get(f.name)]
    others = [f for f in others if len(row[f.name]) + 4 <= (f.constraints.maxLength or 10_000)]
    if not key or not all(row.get(part) for part in key):
        return None
    field = hand.pick(others)
    return None if field is None else str(field.name)


SPOIL: dict[str, Callable[[Row, Hand], str | None]] = {
    **{f"letter_{letter.lower()}": _lookalike(letter) for letter in LOOKALIKES},
    "wrong_check": _wrong_check,
    "digits_lost": _digits_lost,
    "old_number": _old_number,
    "code_spelled": _code_spelled,
    "code_of_another": _code_of_another,
    "name_brackets": _name_brackets,
    "name_former": _name_former,
    "name_differs": _name_differs,
    "kind_disagrees": _kind_disagrees,
    "deregistered": _deregistered,
    "date_impossible": spoil_days.date_impossible,
    "date_ambiguous": spoil_days.date_ambiguous,
    "date_spelled": spoil_days.date_spelled,
    "future": spoil_days.future,
    "end_before_start": spoil_days.end_before_start,
    "late": spoil_days.late,
    "publicity_too_long": spoil_days.publicity_too_long,
    "required_missing": _required_missing,
    "fine_missing": _fine_missing,
    "yuan": _yuan,
    "separator": _separator,
    "category_unknown": _category_unknown,
    "sender": _sender,
    "simplified": _simplified,
    "telephone": _appended("telephone_inside", lambda hand: "联系电话13800000000。"),
    "identity_inside": _appended("identity_inside", lambda hand: f"（身份证号{_somebody(hand)}）"),
    "forbidden": _appended("forbidden_content", lambda hand: "其从业人员测试甲患有精神分裂症。"),
    "minor": _minor,
    "identity_wrong": _identity_wrong,
    "invisible": _invisible,
    "private_use": _appended("private_use", lambda hand: PRIVATE_USE),
    "cell_error": _cell_error,
    "row_hidden": _whole_row,
    "same_row_twice": _whole_row,
    "same_key_twice": _same_key_twice,
}
