"""The kinds of rule the engine knows. Each turns one rule of the catalogue into one Check: expressions on a mended table.

An expression sees one row at a time, so any split of the rows gives the same findings. Kinds that mending has already
met (see `mend.py`) or that only the reader knows (marks) stand in the table as flags and share one function.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from chengxin.standards.model import Rule
from chengxin.standards.windows import longest_publication
from chengxin.validation.content import TELEPHONE, forbidden_titles
from chengxin.validation.mend import flag, hint, nowhere, put, raw
from chengxin.validation.registration import ENDED
from chengxin.validation.scene import HIDDEN_VALUE, Scene
from chengxin.values.errors import Said
from chengxin.values.identifiers import (
    LOOKALIKES,
    REGISTERING_DEPARTMENTS,
    USCC_ALPHABET,
    organisation_code_valid,
    registration_number_valid,
    uscc_expected_character,
    uscc_valid,
)
from chengxin.values.text import IDENTITY_MASK, fold_name, folded_names

ROW = "@row"  # the name under which flags of a whole row stand
EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Check:
    """Where a rule is hit, what the sentence needs to know there, what is suggested, and what is put in place."""

    rule: Rule
    mask: pl.Expr
    parts: dict[str, pl.Expr | Said] = field(default_factory=dict)
    suggestion: pl.Expr | None = None
    mended: pl.Expr | None = None

    @cached_property
    def needs(self) -> list[str]:
        """The columns that sentence and suggestion are made from: of a wide table only these are taken for the hits."""
        made = [*self.parts.values(), self.suggestion]
        names = {"row"} | {n for e in made if isinstance(e, pl.Expr) for n in e.meta.root_names()}
        return sorted(names)


Kind = Callable[[Rule, Scene, frozenset[str]], Check | None]
KINDS: dict[str, Kind] = {}
FLAGGED = (
    *("told_invisible", "told_spaces", "told_code_form", "told_date", "told_money", "told_code_value", "told_filled"),
    *("private_use", "garbled", "date_unreadable", "date_ambiguous", "money_unreadable", "money_range", "money_scale"),
    *("flag_unreadable", "year_unreadable", "number_cell", "digits_lost", "cell_error", "formula_without_value"),
    *("cell_too_long", "row_too_wide", "row_too_long", "quote_unclosed", "bytes_undecodable", "not_an_object"),
    *("row_hidden", "row_not_data", "identity_inside", "secret_marking"),
)
WHOLE = ("may_report", "column_missing")  # said once for the file; every row falls with it
BY_KEY = ("same_row_twice", "same_key_twice")  # need all rows of a subject: see keys.py
# Kinds that have something to say of an empty cell, or of one whose value was taken out at reading.
ASK_EMPTY = (
    *("required", "required_for", "required_when", "told_filled"),
    *("identity_shape", "identity_birth", "identity_check", "identity_minor"),
)
UNREAD = ("cell_error", "formula_without_value", "cell_too_long")


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register the function for a kind of rule."""

    def register(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return register


def check_for(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    """The Check of one rule on a table with these columns, or None where it has nothing to look at."""
    if rule.kind in FLAGGED:
        return _flagged(rule, scene, columns)
    return KINDS[rule.kind](rule, scene, columns)


def _field(rule: Rule) -> str:
    return rule.field or ROW


def _value(rule: Rule, scene: Scene) -> pl.Expr | Said:
    name = _field(rule)
    return scene.shown(scene.resource.by_name[name], pl.col(raw(name)))


def _other(rule: Rule, scene: Scene) -> dict[str, pl.Expr | Said]:
    other = str(rule.params["other"])
    return {"other": scene.title(other), "other_value": scene.shown(scene.resource.by_name[other], pl.col(raw(other)))}


def _no_flag(name: str, kinds: tuple[str, ...], columns: frozenset[str]) -> pl.Expr:
    return ~pl.any_horizontal([pl.lit(False), *(pl.col(flag(name, k)) for k in kinds if flag(name, k) in columns)])


def _flagged(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    if flag(name, rule.kind) not in columns:
        return None
    said = pl.col(hint(name, rule.kind)) if hint(name, rule.kind) in columns else None
    parts: dict[str, pl.Expr | Said] = {}
    if name in scene.resource.by_name:
        of = scene.resource.by_name[name]
        detail = rule.kind in ("number_cell", "digits_lost", "cell_error") and said is not None
        parts["value"] = scene.shown(of, said if detail and said is not None else pl.col(raw(name)))
        if said is not None:
            parts["expected"] = HIDDEN_VALUE if of.private else said.str.slice(0, 40)
    suggest = (
        said
        if rule.kind in ("date_ambiguous", "told_date", "told_money", "told_code_form", "told_code_value")
        else None
    )
    return Check(rule, pl.col(flag(name, rule.kind)), parts, suggest)


@kind("required")
def _required(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    if name in scene.missing:
        return None  # said once for the column
    state = f"{name}?"
    empty = pl.col(state if state in columns else raw(name)).is_null()
    return Check(rule, empty & _no_flag(name, UNREAD, columns))


@kind("required_for")
def _required_for(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    role = scene.resource.role("subject_kind")
    if role is None:
        return None
    names = {v.code: v for v in scene.catalogue.code_list("subject_kind").values}
    wanted = [names[s] for s in rule.params["subjects"]]
    check = _required(rule, scene, columns)
    limit = Said("、".join(v.label for v in wanted), ", ".join(v.en for v in wanted))
    mask = pl.col(role).is_in([v.label for v in wanted]).fill_null(False)
    return check and Check(rule, check.mask & mask, {"limit": limit, "limit_en": limit})


def _contains(rule: Rule) -> pl.Expr:
    return pl.col(str(rule.params["other"])).str.contains_any(list(rule.params["contains"])).fill_null(False)


def _words(rule: Rule) -> Said:
    words = [str(w) for w in rule.params.get("contains") or rule.params.get("equals") or ()]
    return Said("/".join(words), "/".join(words))


@kind("required_when")
def _required_when(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    if "equals" in rule.params:
        when = pl.col(str(rule.params["other"])).cast(pl.String).is_in(list(rule.params["equals"])).fill_null(False)
    else:
        when = _contains(rule)
    mask = pl.col(raw(name)).is_null() & when & _no_flag(name, UNREAD, columns)
    return Check(rule, mask, {"limit": _words(rule), "other": scene.title(str(rule.params["other"]))})


@kind("positive_when")
def _positive_when(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(_field(rule)) <= 0).fill_null(False) & _contains(rule)
    return Check(rule, mask, {"limit": _words(rule), "value": _value(rule, scene), **_other(rule, scene)})


@kind("amount_without_category")
def _amount_without_category(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    other = pl.col(str(rule.params["other"]))
    mask = (pl.col(_field(rule)) > 0).fill_null(False) & other.is_not_null() & ~_contains(rule)
    return Check(rule, mask, {"limit": _words(rule), "value": _value(rule, scene), **_other(rule, scene)})


@kind("max_length")
def _max_length(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    limit = int(rule.params["limit"])
    text = pl.col(raw(_field(rule)))
    # Bytes are counted at once, characters only where there are more bytes than the limit.
    long = (
        pl.when(text.str.len_bytes() > limit)
        .then(text.str.len_chars() > limit)
        .otherwise(pl.lit(False))
        .fill_null(False)
    )
    return Check(rule, long, {"limit": Said(str(limit), str(limit))})


def _is_old_number(name: str) -> pl.Expr:
    code = pl.col(name)
    return (
        code.str.contains(r"^([0-9]{13}|[0-9]{15})$")
        | code.map_batches(organisation_code_valid, return_dtype=pl.Boolean)
    ).fill_null(False)


def _is_uscc(name: str, scene: Scene) -> pl.Expr:
    """True for a sound code or one that an officer confirmed; null for an empty cell."""
    sound = pl.col(flag(name, "sound"))
    return sound | pl.col(name).is_in(list(scene.confirmed_codes)) if scene.confirmed_codes else sound


@kind("uscc")
def _uscc(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    code = pl.col(name)
    mask = (~_is_uscc(name, scene)).fill_null(False) & _no_flag(name, ("digits_lost", *UNREAD), columns)
    placeholder = scene.resource.by_name[name].placeholder
    if placeholder:
        mask = mask & (code != placeholder)
    if any(r.kind == "old_number" and r.field == name for r in scene.resource.rules):
        mask = mask & ~_is_old_number(name)
    if name == scene.resource.role("subject_code"):
        mask = mask & (code != IDENTITY_MASK)
    likely = code.str.replace_many(LOOKALIKES)
    suggestion: pl.Expr = pl.when(likely.map_batches(uscc_valid, return_dtype=pl.Boolean)).then(likely)
    if "@owner" in columns and name == scene.resource.role("subject_code"):
        suggestion = pl.coalesce(suggestion, pl.col("@owner"))
    zh, en = _uscc_reasons(code)
    return Check(rule, mask, {"value": _value(rule, scene), "reason": zh, "reason_en": en}, suggestion)


def _uscc_reasons(code: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    length = code.str.len_chars()
    expected = code.map_batches(uscc_expected_character, return_dtype=pl.String)
    cases = [
        (length != 18, ("应为 18 位，实为 ", length, " 位"), ("it has ", length, " characters, not 18")),
        (
            code.str.contains(f"[^{USCC_ALPHABET}]"),
            ("含有代码中不用的字符（不用 I、O、S、V、Z）",),
            ("it holds characters that codes never use (I, O, S, V, Z)",),
        ),
        (
            ~code.str.contains(f"^[{REGISTERING_DEPARTMENTS}]"),
            ("首位不是登记管理部门代码",),
            ("the first character is no registering department",),
        ),
        (
            ~code.str.contains(r"^..[0-9]{6}"),
            ("第3至8位应为行政区划数字",),
            ("positions 3 to 8 must be the digits of a region",),
        ),
        (pl.lit(True), ("校验位不符，按前 17 位应为 ", expected), ("the check character should be ", expected)),
    ]
    zh: pl.Expr = pl.lit("")
    en: pl.Expr = pl.lit("")
    for case, said_zh, said_en in reversed(cases):
        zh = pl.when(case).then(_joined(said_zh)).otherwise(zh)
        en = pl.when(case).then(_joined(said_en)).otherwise(en)
    return zh, en


def _joined(pieces: tuple[str | pl.Expr, ...]) -> pl.Expr:
    return pl.concat_str([p.cast(pl.String) if isinstance(p, pl.Expr) else pl.lit(p) for p in pieces])


@kind("uscc_inner")
def _uscc_inner(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    mask = _is_uscc(name, scene) & ~pl.col(flag(name, "inner"))
    return Check(rule, mask.fill_null(False), {"value": _value(rule, scene)})


@kind("uscc_kind")
def _uscc_kind(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    code = pl.col(_field(rule))
    kinds = list(scene.catalogue.tables["uscc_kinds"]["kinds"])
    mask = (_is_uscc(_field(rule), scene) & ~code.str.slice(0, 2).is_in(kinds)).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene), "limit": code.str.slice(0, 2)})


@kind("organisation_code")
def _organisation_code(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    sound = pl.col(_field(rule)).map_batches(organisation_code_valid, return_dtype=pl.Boolean)
    mask = (~sound).fill_null(False) & _no_flag(_field(rule), ("digits_lost",), columns)
    return Check(rule, mask, {"value": _value(rule, scene)})


@kind("registration_number")
def _registration_number(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    sound = pl.col(_field(rule)).map_batches(registration_number_valid, return_dtype=pl.Boolean)
    mask = (~sound).fill_null(False) & _no_flag(_field(rule), ("digits_lost",), columns)
    return Check(rule, mask, {"value": _value(rule, scene)})


@kind("old_number")
def _old_number(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    suggestion = pl.col("@owner") if "@owner" in columns else None
    return Check(rule, _is_old_number(name), {"limit": pl.col(name).str.len_chars()}, suggestion)


def _identity(state: str) -> Kind:
    def check(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
        column = f"{_field(rule)}?"
        return Check(rule, (pl.col(column) == state).fill_null(False)) if column in columns else None

    return check


for _state in ("shape", "birth", "check", "minor"):
    KINDS[f"identity_{_state}"] = _identity(_state)


@kind("telephone_inside")
def _telephone_inside(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    check = _flagged(rule, scene, columns)
    number = pl.col(raw(_field(rule))).str.extract(TELEPHONE).str.replace_all(r"[- ]", "")
    return check and Check(rule, check.mask, {"value": number.str.replace(r"^(\d{3})\d{4}", "$1****")})


@kind("forbidden_content")
def _forbidden_content(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, role = _field(rule), scene.resource.role("subject_kind")
    masks = [pl.col(flag(name, rule.kind))] if flag(name, rule.kind) in columns else []
    if flag(name, "forbidden_of_person") in columns:
        person = pl.lit(scene.resource.subjects == ("person",))
        if role:
            person = (pl.col(role) == subject_labels(scene)["person"]).fill_null(False)
        masks.append(pl.col(flag(name, "forbidden_of_person")) & person)
    if not masks:
        return None
    zh, en = forbidden_titles(pl.col(raw(name)), scene.catalogue)
    return Check(rule, pl.any_horizontal(masks), {"limit": zh, "limit_en": en})


@kind("code_list")
def _code_list(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = _field(rule)
    if flag(name, "code_list") not in columns:
        return None
    codes = scene.catalogue.code_list(scene.resource.by_name[name].codes or "")
    labels = [v.label if codes.stores == "label" or not v.code else f"{v.code}（{v.label}）" for v in codes.values]
    limit = "、".join(labels[:16]) + ("…" if len(labels) > 16 else "")
    return Check(rule, pl.col(flag(name, "code_list")), {"value": _value(rule, scene), "limit": Said(limit, limit)})


@kind("date_range")
def _date_range(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    day = pl.col(_field(rule))
    return Check(rule, (~day.is_between(EARLIEST, LATEST)).fill_null(False), {"value": _value(rule, scene)})


@kind("not_in_future")
def _not_in_future(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    today = Said(str(scene.day), str(scene.day))
    return Check(
        rule, (pl.col(_field(rule)) > scene.day).fill_null(False), {"value": _value(rule, scene), "limit": today}
    )


@kind("not_before")
def _not_before(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(_field(rule)) < pl.col(str(rule.params["other"]))).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene), **_other(rule, scene)})


@kind("not_after")
def _not_after(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(_field(rule)) > pl.col(str(rule.params["other"]))).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene), **_other(rule, scene)})


@kind("lateness")
def _lateness(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    allowed = int(rule.params["working_days"])
    calendar = scene.catalogue.calendar
    first_timely = calendar.first_day_within(allowed, scene.day)
    day = pl.col(_field(rule))
    passed = day.map_batches(lambda s: calendar.column_between(s, scene.day), return_dtype=pl.Int64)
    limits = {"limit": Said(str(scene.day), str(scene.day)), "other": Said(str(allowed), str(allowed))}
    return Check(
        rule, (day < first_timely).fill_null(False), {"value": _value(rule, scene), "expected": passed, **limits}
    )


@kind("money_unit")
def _money_unit(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, text = _field(rule), raw(str(rule.params["text"]))
    limit = float(rule.params["unlikely_above"])
    amount = pl.col(name).cast(pl.Float64)
    said, unit = _said_amount(pl.col(text), list(rule.params["words"]))
    same_in_yuan = (said == amount) & (unit == "元")
    confirmed = (said == amount) & (unit == "万元")

    def look(rows: pl.Series) -> pl.Series:
        """The text is read only where the amount could be yuan: the same number stands before 元, or it is very large."""
        table = rows.struct.unnest()
        written = pl.concat_str(pl.col(raw(name)).str.replace(r"\.0+$", ""), pl.lit("元"))
        plain = pl.col(text).str.replace_all(",", "")
        near = table.select(
            ((amount >= 1) & (plain.str.contains(written, literal=True) | (amount >= limit))).fill_null(False)
        ).to_series()
        verdict = table.filter(near).select(
            (same_in_yuan | ((amount >= limit) & ~confirmed.fill_null(False))).fill_null(False)
        )
        return put(nowhere(near), near, verdict.to_series())

    mask = pl.struct(name, raw(name), text).map_batches(look, return_dtype=pl.Boolean)
    same = same_in_yuan.fill_null(False)
    zh = (
        pl.when(same).then(pl.lit("内容中写的是同数的元")).otherwise(pl.lit("数额异常；若确为此数，请在内容中写明金额"))
    )
    unusual = "unusually large; if it is right, state the amount in the content"
    en = pl.when(same).then(pl.lit("the text gives the same number in yuan")).otherwise(pl.lit(unusual))
    parts = {"value": _value(rule, scene), "reason": zh, "reason_en": en}
    return Check(rule, mask, parts, (amount / 10_000).cast(pl.String))


def _said_amount(text: pl.Expr, words: list[str]) -> tuple[pl.Expr, pl.Expr]:
    """The first amount that a text states after one of `words`: its number and its unit (元 or 万元)."""
    pattern = rf"(?:{'|'.join(words)})[^\d，。；;]*(\d[\d,]*(?:\.\d+)?)\s*(万?元)"
    number = text.str.extract(pattern, 1).str.replace_all(",", "").cast(pl.Float64, strict=False)
    return number, text.str.extract(pattern, 2)


@kind("subject_kind")
def _subject_kind(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    other = str(rule.params["other"])
    expected = subject_kind_of(pl.col(other), scene)
    mask = (_is_uscc(other, scene) & (pl.col(_field(rule)) != expected)).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene), "expected": expected}, expected)


def subject_labels(scene: Scene) -> dict[str | None, str]:
    """organisation, sole_trader, person → the label that stands in the data."""
    return {v.code: v.label for v in scene.catalogue.code_list("subject_kind").values}


def subject_kind_of(code: pl.Expr, scene: Scene) -> pl.Expr:
    """The label of the party's kind that a unified social credit code tells by its first two characters."""
    labels = subject_labels(scene)
    sole = list(scene.catalogue.tables["uscc_kinds"]["sole_traders"])
    return (
        pl.when(code.str.slice(0, 2).is_in(sole))
        .then(pl.lit(labels["sole_trader"]))
        .otherwise(pl.lit(labels["organisation"]))
    )


@kind("sender")
def _sender(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if scene.sender_code is None:
        return None
    expected = f"{scene.sender_name or ''} {scene.sender_code}".strip()
    mask = (pl.col(_field(rule)) != scene.sender_code).fill_null(False)
    return Check(
        rule, mask, {"value": _value(rule, scene), "expected": Said(expected, expected)}, pl.lit(scene.sender_code)
    )


@kind("authority_code")
def _authority_code(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if scene.sender_code is None or scene.sender_name is None:
        return None
    other = pl.col(raw(str(rule.params["other"])))
    own = fold_name(scene.sender_name)
    differs = other.map_batches(lambda s: folded_names(s) != own, return_dtype=pl.Boolean)
    same_code = (pl.col(_field(rule)) == scene.sender_code).fill_null(False)
    named = Said(scene.sender_name, scene.sender_name)
    parts = {"value": _value(rule, scene), "expected": named, **_other(rule, scene)}
    return Check(rule, same_code & differs.fill_null(False), parts)


@kind("publicity_end")
def _publicity_end(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    ended = scene.resource.role("act_ended_on")
    decided, name, grade = pl.col(str(rule.params["other"])), _field(rule), str(rule.params["class"])
    allowed = longest_publication(
        decided, pl.col(grade), pl.col(ended) if ended else pl.lit(None, dtype=pl.Date), scene.catalogue
    )
    zh = pl.concat_str(pl.lit("“"), pl.col(grade).fill_null("未定级"), pl.lit("”类"))
    en = pl.concat_str(pl.lit("class "), pl.col(grade).fill_null("not given"))
    parts: dict[str, pl.Expr | Said] = {
        "value": _value(rule, scene),
        "expected": allowed,
        "reason": zh,
        "reason_en": en,
    }
    # Where the hard end had passed before the decision there is no publicity at all, and so no last day of it.
    mended = pl.when(decided.is_null() | (allowed >= decided)).then(allowed)
    return Check(rule, (pl.col(name) > allowed).fill_null(False), parts, allowed.cast(pl.String), mended)


@kind("never_adverse")
def _never_adverse(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    return Check(rule, (pl.col(_field(rule)) == "简易程序").fill_null(False))


def _name_parts(rule: Rule, scene: Scene) -> dict[str, pl.Expr | Said]:
    return {"value": _value(rule, scene), "expected": pl.col("@name"), **_other(rule, scene)}


def _differs() -> pl.Expr:
    former = pl.col("@former_folds").list.contains(pl.col("@own_fold")).fill_null(False)
    return (pl.col("@own_fold") != pl.col("@fold")).fill_null(False) & ~former


@kind("name_of_code")
def _name_of_code(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if "@owner" not in columns:
        return None
    foreign = pl.col("@owner").is_not_null() & (pl.col("@owner") != pl.col(str(rule.params["other"])))
    return Check(rule, _differs() & foreign.fill_null(False), _name_parts(rule, scene), pl.col("@owner"))


@kind("name_differs")
def _name_differs(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if "@owner" not in columns:
        return None
    return Check(rule, _differs() & pl.col("@owner").is_null(), _name_parts(rule, scene), pl.col("@name"))


@kind("name_brackets")
def _name_brackets(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if "@owner" not in columns:
        return None
    mask = (pl.col(_field(rule)) != pl.col("@name")) & (pl.col("@own_fold") == pl.col("@fold"))
    return Check(rule, mask.fill_null(False), _name_parts(rule, scene), pl.col("@name"), pl.col("@name"))


@kind("name_former")
def _name_former(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if "@owner" not in columns:
        return None
    former = pl.col("@former_folds").list.contains(pl.col("@own_fold")) & (pl.col("@own_fold") != pl.col("@fold"))
    return Check(rule, former.fill_null(False), _name_parts(rule, scene))


@kind("deregistered")
def _deregistered(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if "@status" not in columns:
        return None
    other = pl.col(str(rule.params["other"]))
    mask = (pl.col("@status").is_in(ENDED) & (other > pl.col("@status_on"))).fill_null(False)
    return Check(rule, mask, {"expected": pl.col("@status"), "limit": pl.col("@status_on"), **_other(rule, scene)})


@kind("list_known")
def _list_known(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    known = [key for key, entry in scene.catalogue.tables["lists"]["lists"].items() if entry["confidence"] == "high"]
    mask = (~pl.col(_field(rule)).is_in(known)).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene)})


@kind("list_term")
def _list_term(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    start, which = pl.col(str(rule.params["other"])), pl.col(str(rule.params["list"]))
    allowed: pl.Expr = pl.lit(None, dtype=pl.Date)
    for key, entry in scene.catalogue.tables["lists"]["lists"].items():
        months = (entry.get("term") or {}).get("months")
        if months:
            allowed = pl.when(which == key).then(start.dt.offset_by(f"{months}mo")).otherwise(allowed)
    mask = (pl.col(_field(rule)) > allowed).fill_null(False)
    return Check(rule, mask, {"value": _value(rule, scene), "expected": allowed}, allowed.cast(pl.String), allowed)
