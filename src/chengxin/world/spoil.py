"""How each kind of fault changes a row. A function changes the row in place and gives the faulty field, or None if the
row can't have this fault (nothing is changed then). An empty text as field means: the row as a whole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from chengxin.standards.model import Field, Resource, Rule
from chengxin.values.identifiers import LOOKALIKES, USCC_ALPHABET
from chengxin.world.codes import identity_number
from chengxin.world.district import District
from chengxin.world.forms import FORMS
from chengxin.world.roster import departments

Row = dict[str, Any]
_CLASSES_SINCE = date(2026, 4, 1)
_MONTHS = {"一般": 15, "严重": 40}
_NO_END = "2099-12-31"
ZERO_WIDTH, PRIVATE_USE = "\u200b", "\ue4c6"


@dataclass(frozen=True)
class Hand:
    """What a slip of the hand needs to know: the district, the resource, and which codes are surely registered."""

    district: District
    resource: Resource
    registered: frozenset[str]

    @cached_property
    def codes(self) -> dict[str, list[int]]:
        """Registered subjects by the first two characters of their code."""
        found: dict[str, list[int]] = {}
        for index, code in enumerate(self.district.subjects["code"].to_list()):
            if code in self.registered:
                found.setdefault(code[:2], []).append(index)
        return found

    @cached_property
    def dead(self) -> list[int]:
        """Registered subjects that ceased."""
        gone = np.flatnonzero((self.district.subjects["status"] == "注销").to_numpy()).tolist()
        return [i for i in gone if self.district.subjects["code"][i] in self.registered]

    def pick(self, things: list[Any]) -> Any:
        """One of the things, or None if there are none."""
        return things[int(self.district.rng.integers(len(things)))] if things else None

    def field(self, role: str) -> str:
        """The field that plays a role; only asked for roles the table of dirt needs."""
        return self.resource.roles[role]

    def rule(self, kind: str) -> Rule | None:
        """A rule of that kind, if the resource has one."""
        return self.pick([rule for rule in self.resource.rules if rule.kind == kind])

    def texts(self, row: Row, kind: str) -> str | None:
        """A filled free-text field that a rule of that kind looks at."""
        ruled = {rule.field for rule in self.resource.rules if rule.kind == kind}
        return self.pick(
            [f.name for f in self.resource.fields if f.kind == "text" and f.name in ruled and row.get(f.name)]
        )

    def is_registered(self, row: Row) -> bool:
        """True if the register as sent will know the row's subject."""
        return bool(row["_index"] >= 0 and row[self.field("subject_code")] in self.registered)

    def truth(self, row: Row, column: str) -> Any:
        """What the true register says about the row's subject."""
        return self.district.subjects[column][row["_index"]] if row["_index"] >= 0 else None


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


def _date_impossible(row: Row, hand: Hand) -> str | None:
    field = hand.field("decided_on")
    row[field] = f"{row['_decided'].year}-02-30"
    return field


def _date_ambiguous(row: Row, hand: Hand) -> str | None:
    field, day = hand.field("decided_on"), row["_decided"]
    if day.day > 12 or day.day == day.month:
        return None
    row[field] = f"{day.day:02d}/{day.month:02d}/{day.year}"
    return field


def _date_spelled(row: Row, hand: Hand) -> str | None:
    field, day = hand.field("decided_on"), row["_decided"]
    row[field] = f"{day.year}年{day.month}月{day.day}日"
    return field


def _future(row: Row, hand: Hand) -> str | None:
    field = hand.field("decided_on")
    row[field] = (row["_received"] + timedelta(days=int(hand.district.rng.integers(10, 60)))).isoformat()
    return field


def _end_before_start(row: Row, hand: Hand) -> str | None:
    rule = hand.rule("not_before")
    if rule is None or rule.field is None or not row.get(rule.field) or not row.get(rule.params["other"]):
        return None
    start = date.fromisoformat(row[rule.params["other"]])
    row[rule.field] = (start - timedelta(days=int(hand.district.rng.integers(5, 60)))).isoformat()
    return rule.field


def _late(row: Row, hand: Hand) -> str | None:
    """The decision and everything that hangs on its day lie months back; the class is that of the same rules."""
    decided, days = row["_decided"], hand.district.working_days
    place = int(np.searchsorted(days, (decided - date(1970, 1, 1)).days))
    before = date(1970, 1, 1) + timedelta(days=int(days[place - int(hand.district.rng.integers(20, 60))]))
    if (before >= _CLASSES_SINCE) != (decided >= _CLASSES_SINCE):
        return None
    for field in hand.resource.fields:
        if field.kind == "date" and row.get(field.name) not in (None, _NO_END):
            # Months differ in length: an end of publicity is put three days earlier still, so that it is never too late.
            more = 3 if field.name == hand.resource.role("publicity_end") else 0
            moved = date.fromisoformat(row[field.name]) - (decided - before) - timedelta(days=more)
            row[field.name] = moved.isoformat()
    row["_decided"] = before
    return hand.field("decided_on")


def _publicity_too_long(row: Row, hand: Hand) -> str | None:
    months = _MONTHS.get(row[hand.field("severity_class")])
    if months is None or row["_decided"] < _CLASSES_SINCE:
        return None
    end = row["_decided"] + timedelta(days=31 * months)
    row[hand.field("publicity_end")] = end.isoformat()
    return hand.field("publicity_end")


def _required_missing(row: Row, hand: Hand) -> str | None:
    def may_be_missing(field: Field) -> bool:
        return bool(field.constraints.required and field.kind == "text" and not field.fill and row.get(field.name))

    field: str | None = hand.pick([f.name for f in hand.resource.fields if may_be_missing(f)])
    if field:
        row[field] = None
    return field


def _fine_missing(row: Row, hand: Hand) -> str | None:
    rule = hand.rule("required_when")
    if rule is None or not row.get(rule.field or ""):
        return None
    if not any(word in (row.get(rule.params["other"]) or "") for word in rule.params.get("contains", [])):
        return None
    row[rule.field] = None
    return rule.field


def _yuan(row: Row, hand: Hand) -> str | None:
    rule = hand.rule("money_unit")
    if rule is None or rule.field is None:
        return None
    for word in rule.params["words"]:
        said = re.search(word + r"[^\d；]{0,6}(\d+)元", row.get(rule.params["text"]) or "")
        if said and row.get(rule.field):
            row[rule.field] = said[1]
            return rule.field
    return None


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


def _row_hidden(row: Row, hand: Hand) -> str | None:
    return ""


def _same_row_twice(row: Row, hand: Hand) -> str | None:
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
    "date_impossible": _date_impossible,
    "date_ambiguous": _date_ambiguous,
    "date_spelled": _date_spelled,
    "future": _future,
    "end_before_start": _end_before_start,
    "late": _late,
    "publicity_too_long": _publicity_too_long,
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
    "row_hidden": _row_hidden,
    "same_row_twice": _same_row_twice,
    "same_key_twice": _same_key_twice,
}
