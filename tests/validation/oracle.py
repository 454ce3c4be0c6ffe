"""An oracle: the rules of a resource applied to one row at a time, in plain Python, as they read in the catalogue.

It knows nothing of columns, frames or speed. Where it and the engine disagree, one of them misreads the catalogue.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from chengxin.standards.model import CodeList, Field, Rule
from chengxin.validation.content import TELEPHONE
from chengxin.validation.dates import read_date
from chengxin.validation.money import read_amount
from chengxin.validation.scene import Scene
from chengxin.values.identifiers import is_uscc, organisation_check_character, registration_check_digit
from chengxin.values.script import in_simplified
from chengxin.values.text import IDENTITY_MASK, INVISIBLE_CLASS, PRIVATE_USE_CLASS, fold_name, nfkc
from tests.validation.rows import UNREAD, Made, cases_once

Found = set[tuple[str, str | None]]
YES, NO = {"是", "true", "1", "y", "yes", "有", "已送达", "t"}, {"否", "false", "0", "n", "no", "无", "未送达", "f"}


@dataclass
class Cell:
    """A cell after reading: the text, the value, and what was met on the way."""

    text: str | None = None
    value: Any = None
    met: set[str] = field(default_factory=set)


def add_months(day: date, months: int) -> date:
    """The corresponding day, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def organisation_code(code: str) -> bool:
    return bool(re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code)) and organisation_check_character(code[:8]) == code[8]


def registration_number(code: str) -> bool:
    old = re.fullmatch(r"[0-9]{13}", code)
    new = re.fullmatch(r"[0-9]{15}", code)
    return bool(old) or bool(new and registration_check_digit(code[:14]) == code[14])


def _alike(value: str) -> str:
    return in_simplified("".join(nfkc(value).upper().split()))


def read_code(text: str, codes: CodeList, separator: str | None) -> str | None:
    """A value of the list, or several of them, or None."""

    def single(piece: str) -> str | None:
        if codes.open_tail and piece.startswith((codes.open_tail, codes.open_tail.replace("-", "—"))):
            return piece
        for spelling, stored in codes.spellings.items():
            if _alike(piece) == _alike(spelling):
                return stored
        return None

    if single(text) is not None or not separator:
        return single(text)
    for marks in ("；;", "；;，,|/\n+", "；;，,|/\n+、", "；;，,|/\n+、 \u3000和及"):
        pieces = [single(p) for p in re.split(f"[{re.escape(marks)}]", text) if p.strip()]
        if pieces and all(pieces):
            return separator.join(dict.fromkeys(p for p in pieces if p))
    return None


class Oracle:
    """One row in one scene."""

    def __init__(self, row: Made, scene: Scene) -> None:
        self.row, self.scene, self.resource = row, scene, scene.resource
        self.words = scene.catalogue.tables["empty_words"]
        self.cells = {f.name: self.read(f) for f in self.resource.fields}
        self.fill()

    # Reading

    def read(self, of: Field) -> Cell:
        raw = self.row.cells.get(of.name)
        if of.kind == "identity":
            return Cell(raw, raw)
        if raw is None:
            return Cell()
        seen = re.sub(INVISIBLE_CLASS, "", raw)
        text = seen.strip()
        nothing = text == "" or (of.kind not in ("text", "name", "document") and text in self.words["words"])
        if nothing:
            return Cell()
        cell = Cell(text, text)
        if seen != raw:
            cell.met.add("told_invisible")
        if text != seen:
            cell.met.add("told_spaces")
        self.look(cell, of)
        getattr(self, f"read_{of.kind}", lambda *_: None)(cell, of)
        return cell

    def look(self, cell: Cell, of: Field) -> None:
        text = cell.text or ""
        looks = {
            "private_use": re.search(PRIVATE_USE_CLASS, text),
            "garbled": "\ufffd" in text,
            "identity_inside": IDENTITY_MASK in text,
        }
        if of.kind == "text":
            table = self.scene.catalogue.tables["forbidden"]
            harmless = [w for c in table["categories"].values() for w in c.get("harmless") or ()]
            rest = re.sub("|".join(re.escape(w) for w in harmless if w in text) or "(?!)", "□", text)
            for applies, kind in (("all", "forbidden_content"), ("person", "forbidden_of_person")):
                words = [w for c in table["categories"].values() if c["applies_to"] == applies for w in c["words"]]
                looks[kind] = any(w in rest for w in words)
            looks["secret_marking"] = any(w in text for w in table["secret_marks"]["words"])
            looks["telephone_inside"] = re.search(TELEPHONE, text)
        cell.met |= {kind for kind, hit in looks.items() if hit}

    def read_uscc(self, cell: Cell, of: Field) -> None:
        tidy = re.sub("[ \\-'’‘`\"\t\u3000]", "", nfkc(cell.text or "").upper())
        changed = tidy != cell.text or "told_spaces" in cell.met
        cell.met.discard("told_spaces")
        cell.value = tidy or None
        if not tidy:
            cell.text = None
        elif changed:
            cell.met.add("told_code_form")

    read_organisation_code = read_registration_number = read_uscc

    def read_date(self, cell: Cell, of: Field) -> None:
        reading = read_date(cell.text or "", frozenset(self.words["no_end"]))
        cell.value = reading.day
        plain = re.fullmatch(r"(19|20)\d\d([-/])\d{1,2}\2\d{1,2}", cell.text or "")
        cell.met |= {reading.problem} if reading.problem else set() if plain else {"told_date"}

    def read_money(self, cell: Cell, of: Field) -> None:
        amount = read_amount(cell.text or "")
        cell.value = amount.value
        plain = re.fullmatch(r"[0-9]{1,11}(\.[0-9]+)?", cell.text or "")
        cell.met |= {amount.problem} if amount.problem else set() if plain else {"told_money"}

    def read_code(self, cell: Cell, of: Field) -> None:
        codes = self.scene.catalogue.code_list(of.codes or "")
        cell.value = read_code(cell.text or "", codes, of.separator)
        own = {s for v in codes.values for s in (v.code, v.label) if s}
        if cell.value is None:
            cell.met.add("code_list")
        elif cell.value != cell.text and cell.text not in own:
            cell.met.add("told_code_value")

    def read_flag(self, cell: Cell, of: Field) -> None:
        lower = (cell.text or "").lower()
        cell.value = True if lower in YES else False if lower in NO else None
        if cell.value is None:
            cell.met.add("flag_unreadable")

    def fill(self) -> None:
        code = self.cells[self.resource.roles["subject_code"]].value
        kind = self.kind_of(code) if code and re.fullmatch("[0-9A-Z]{18}", code) else None
        answers = {"sender_code": self.scene.sender_code, "sender_name": self.scene.sender_name, "subject_kind": kind}
        for of in self.resource.fields:
            answer = answers[of.fill] if of.fill else None
            if answer and self.cells[of.name].text is None:
                self.cells[of.name] = Cell(answer, answer, {"told_filled"})

    # What the rules ask

    def label(self, kind: str) -> str:
        return next(v.label for v in self.scene.catalogue.code_list("subject_kind").values if v.code == kind)

    def kind_of(self, code: str) -> str:
        sole = self.scene.catalogue.tables["uscc_kinds"]["sole_traders"]
        return self.label("sole_trader" if code[:2] in sole else "organisation")

    def sound(self, code: str | None) -> bool:
        return code is not None and (is_uscc(code) or code in self.scene.confirmed_codes)

    def old_number(self, code: str | None) -> bool:
        return code is not None and (bool(re.fullmatch("[0-9]{13}|[0-9]{15}", code)) or organisation_code(code))

    def marked(self, name: str | None, *kinds: str) -> bool:
        return any((name, k) in self.row.marks for k in kinds)

    def registered(self, code: str | None) -> dict[str, Any] | None:
        known = cases_once(self.resource.name).get("registration") or []
        return next((r for r in known if r["code"] == code), None)

    def owner(self, name: str) -> str | None:
        known = cases_once(self.resource.name).get("registration") or []
        owners = [r["code"] for r in known if fold_name(r["name"]) == fold_name(name)]
        return owners[0] if len(owners) == 1 else None

    def allowed_publicity(self, rule: Rule) -> date | None:
        table, decided = self.scene.catalogue.tables["severity"], self.value(rule.params["other"])
        ended, grade = self.value(self.resource.roles["act_ended_on"]), self.value(rule.params["class"])
        hard = add_months(ended or decided, 12 * table["hard_end"]["years"]) if ended or decided else None
        if decided is None:
            return hard
        most = {c["label"]: c["max_months"] for c in table["classes"].values()}
        ends = [add_months(decided, most.get(grade, max(most.values()))), hard]
        if decided < table["before"]["decided_before"]:
            ends.append(add_months(decided, table["before"]["max_months"]))
        return min(e for e in ends if e)

    def value(self, name: str | None) -> Any:
        return self.cells[name].value if name else None

    # The rules

    def hit(self, rule: Rule) -> bool:
        judge: Callable[[Rule], bool] | None = getattr(self, f"is_{rule.kind}", None)
        if judge is not None:
            return bool(judge(rule))
        if self.marked(rule.field, rule.kind):
            return True
        if rule.kind.startswith("identity_") and rule.kind != "identity_inside":
            return self.row.states.get(rule.field or "") == rule.kind.removeprefix("identity_")
        return rule.field is not None and rule.kind in self.cells[rule.field].met

    def is_required(self, rule: Rule) -> bool:
        name = rule.field or ""
        if self.resource.by_name[name].kind == "identity":
            return self.row.states.get(name) is None
        return self.cells[name].text is None and not self.marked(name, *UNREAD)

    def is_required_for(self, rule: Rule) -> bool:
        party = self.value(self.resource.roles["subject_kind"])
        if party not in [self.label(s) for s in rule.params["subjects"]] or not self.is_required(rule):
            return False
        old = [self.resource.role(r) for r in ("registration_number", "organisation_code")]
        known = any(self.cells[name].text is not None for name in old if name)
        return not (rule.field == self.resource.role("subject_code") and known)

    def other_contains(self, rule: Rule) -> bool:
        other = self.value(rule.params["other"])
        return other is not None and any(w in other for w in rule.params["contains"])

    def is_required_when(self, rule: Rule) -> bool:
        return self.other_contains(rule) and self.is_required(rule)

    def is_positive_when(self, rule: Rule) -> bool:
        amount = self.value(rule.field)
        return amount is not None and amount <= 0 and self.other_contains(rule)

    def is_amount_without_category(self, rule: Rule) -> bool:
        amount, other = self.value(rule.field), self.value(rule.params["other"])
        return amount is not None and amount > 0 and other is not None and not self.other_contains(rule)

    def is_max_length(self, rule: Rule) -> bool:
        return len(self.cells[rule.field or ""].text or "") > rule.params["limit"]

    def is_uscc(self, rule: Rule) -> bool:
        name = rule.field or ""
        code = self.value(name)
        if code is None or self.sound(code) or self.marked(name, "digits_lost", *UNREAD):
            return False
        if code == self.resource.by_name[name].placeholder:
            return False
        if any(r.kind == "old_number" and r.field == name for r in self.resource.rules) and self.old_number(code):
            return False
        return not (name == self.resource.roles["subject_code"] and code == IDENTITY_MASK)

    def is_uscc_inner(self, rule: Rule) -> bool:
        code = self.value(rule.field)
        return self.sound(code) and not organisation_code(code[8:17])

    def is_uscc_kind(self, rule: Rule) -> bool:
        code = self.value(rule.field)
        return self.sound(code) and code[:2] not in self.scene.catalogue.tables["uscc_kinds"]["kinds"]

    def is_organisation_code(self, rule: Rule) -> bool:
        code = self.value(rule.field)
        return code is not None and not organisation_code(code) and not self.marked(rule.field, "digits_lost")

    def is_registration_number(self, rule: Rule) -> bool:
        code = self.value(rule.field)
        return code is not None and not registration_number(code) and not self.marked(rule.field, "digits_lost")

    def is_old_number(self, rule: Rule) -> bool:
        return self.old_number(self.value(rule.field))

    def is_forbidden_content(self, rule: Rule) -> bool:
        met = self.cells[rule.field or ""].met
        person = self.value(self.resource.roles["subject_kind"]) == self.label("person")
        return "forbidden_content" in met or (person and "forbidden_of_person" in met)

    def is_code_list(self, rule: Rule) -> bool:
        met = self.cells[rule.field or ""].met
        return "code_list" in met and not met & {"garbled", "private_use"}

    def is_told_code_form(self, rule: Rule) -> bool:
        return "told_code_form" in self.cells[rule.field or ""].met and not self.refused_as("uscc", rule)

    def refused_as(self, kind: str, rule: Rule) -> bool:
        """Whether another rule refuses the same field."""
        return any(r.kind == kind and r.field == rule.field and self.hit(r) for r in self.resource.rules)

    def is_date_range(self, rule: Rule) -> bool:
        day = self.value(rule.field)
        return day is not None and not date(1949, 10, 1) <= day <= date(2099, 12, 31)

    def is_not_in_future(self, rule: Rule) -> bool:
        day = self.value(rule.field)
        return day is not None and day > self.scene.day

    def is_lateness(self, rule: Rule) -> bool:
        day = self.value(rule.field)
        known = self.scene.catalogue.calendar
        return day is not None and (
            day.year < known.first_year or known.working_days_between(day, self.scene.day) > rule.params["working_days"]
        )

    def is_not_before(self, rule: Rule) -> bool:
        day, other = self.value(rule.field), self.value(rule.params["other"])
        return day is not None and other is not None and day < other

    def is_not_after(self, rule: Rule) -> bool:
        day, other = self.value(rule.field), self.value(rule.params["other"])
        return day is not None and other is not None and day > other

    def stated(self, rule: Rule) -> list[tuple[Decimal, str]]:
        """Amounts in digits that the text states: (number, unit). Of Chinese numerals the rows made here hold 伍佰."""
        text = (self.cells[rule.params["text"]].text or "").replace("伍佰", "500")
        return [(Decimal(n.replace(",", "")), u) for n, u in re.findall(r"(\d[\d,]*(?:\.\d+)?)\s*(万?)元", text)]

    def is_money_unit(self, rule: Rule) -> bool:
        amount = self.value(rule.field)
        if amount is None or amount < 1:
            return False
        stated = self.stated(rule)
        right = any(n * (10_000 if u else 1) == amount * 10_000 for n, u in stated)
        return (amount, "") in stated and not right

    def is_money_unlikely(self, rule: Rule) -> bool:
        amount = self.value(rule.field)
        if amount is None or amount < rule.params["above"]:
            return False
        stated = any(n * (10_000 if u else 1) == amount * 10_000 for n, u in self.stated(rule))
        return not (stated or self.refused_as("money_unit", rule))

    def is_subject_kind(self, rule: Rule) -> bool:
        code, said = self.value(rule.params["other"]), self.value(rule.field)
        return self.sound(code) and said is not None and said != self.kind_of(code)

    def is_sender(self, rule: Rule) -> bool:
        code = self.value(rule.field)
        return self.scene.sender_code is not None and code is not None and code != self.scene.sender_code

    def is_authority_code(self, rule: Rule) -> bool:
        own, name = self.scene.sender_name, self.cells[rule.params["other"]].text
        same = self.value(rule.field) is not None and self.value(rule.field) == self.scene.sender_code
        return bool(own and same and name is not None and fold_name(name) != fold_name(own))

    def is_publicity_end(self, rule: Rule) -> bool:
        day, allowed = self.value(rule.field), self.allowed_publicity(rule)
        return day is not None and allowed is not None and day > allowed

    def is_never_adverse(self, rule: Rule) -> bool:
        undone = "X_QW_ZX" in self.resource.by_name and self.value("X_QW_ZX") is True
        return self.value(rule.field) == "简易程序" or undone

    def name_differs(self, rule: Rule) -> bool:
        known, name = self.registered(self.value(rule.params["other"])), self.value(rule.field)
        if known is None or name is None:
            return False
        return fold_name(name) not in {fold_name(n) for n in (known["name"], *known["former_names"])}

    def is_name_of_code(self, rule: Rule) -> bool:
        return self.name_differs(rule) and self.owner(self.value(rule.field)) not in (
            None,
            self.value(rule.params["other"]),
        )

    def is_name_differs(self, rule: Rule) -> bool:
        return self.name_differs(rule) and self.owner(self.value(rule.field)) is None

    def is_name_brackets(self, rule: Rule) -> bool:
        known, name = self.registered(self.value(rule.params["other"])), self.value(rule.field)
        return bool(known and name and name != known["name"] and fold_name(name) == fold_name(known["name"]))

    def is_name_former(self, rule: Rule) -> bool:
        known, name = self.registered(self.value(rule.params["other"])), self.value(rule.field)
        if known is None or name is None or fold_name(name) == fold_name(known["name"]):
            return False
        return fold_name(name) in {fold_name(n) for n in known["former_names"]}

    def is_deregistered(self, rule: Rule) -> bool:
        known, day = self.registered(self.value(rule.field)), self.value(rule.params["other"])
        ended = known is not None and known["status"] in ("注销", "吊销", "撤销")
        return bool(ended and known and known["status_on"] and day and day > known["status_on"])


def expected(row: Made, scene: Scene) -> Found:
    """(kind, field) of every rule that this row breaks or that tells something about it."""
    oracle = Oracle(row, scene)
    by_file = ("may_report", "column_missing", "same_row_twice", "same_key_twice")
    rules = [r for r in scene.resource.rules if r.kind not in by_file and r.in_force(scene.day)]
    return {(r.kind, r.field) for r in rules if oracle.hit(r)}
