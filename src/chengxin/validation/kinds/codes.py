"""Kinds about codes: of organisations, of persons' papers, of code lists."""

import re
from dataclasses import replace

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.kinds.check import (
    KINDS,
    UNREAD,
    Check,
    Kind,
    field_of,
    flagged,
    holds,
    kind,
    shown_value,
    unflagged,
)
from chengxin.validation.mend import by_distinct, tidied_code
from chengxin.validation.names import flag, raw
from chengxin.validation.scene import Scene
from chengxin.values.errors import Said
from chengxin.values.identifiers import (
    LOOKALIKES,
    REGISTERING_DEPARTMENTS,
    SMALL_LOOKALIKES,
    USCC_ALPHABET,
    organisation_code_valid,
    registration_number_valid,
    uscc_expected_character,
    uscc_valid,
)
from chengxin.values.series import certain, put
from chengxin.values.text import IDENTITY_MASK


def _is_old_number(name: str) -> pl.Expr:
    code = pl.col(name)
    return (
        code.str.contains(r"^([0-9]{13}|[0-9]{15})$")
        | code.map_batches(organisation_code_valid, return_dtype=pl.Boolean)
    ).fill_null(False)


def confirmed_sound(name: str, scene: Scene) -> pl.Expr:
    """True for a sound code or one that an officer confirmed; null for an empty cell."""
    sound = pl.col(flag(name, "sound"))
    return sound | pl.col(name).is_in(list(scene.confirmed_codes)) if scene.confirmed_codes else sound


@kind("uscc")
def _uscc(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    code = pl.col(name)
    typed = pl.col(raw(name)).map_batches(_read_small, return_dtype=pl.String)
    suggestion = pl.coalesce(
        pl.when(likely.map_batches(uscc_valid, return_dtype=pl.Boolean)).then(likely)
        for likely in (text.str.replace_many(LOOKALIKES) for text in (code, typed))
    )
    if "@owner" in columns and name == scene.resource.role("subject_code"):
        suggestion = pl.coalesce(suggestion, pl.col("@owner"))
    zh, en = _uscc_reasons(code)
    parts = {"value": shown_value(rule, scene), "reason": zh, "reason_en": en}
    return Check(rule, _unsound(name, scene, columns), parts, suggestion, idle=holds(flag(name, "sound")))


def _unsound(name: str, scene: Scene, columns: frozenset[str]) -> pl.Expr:
    """Where a code is refused."""
    code = pl.col(name)
    mask = (~confirmed_sound(name, scene)).fill_null(False) & unflagged(name, ("digits_lost", *UNREAD), columns)
    placeholder = scene.resource.by_name[name].placeholder
    if placeholder:
        mask = mask & (code != placeholder)
    if any(r.kind == "old_number" and r.field == name for r in scene.resource.rules):
        mask = mask & ~_is_old_number(name)
    if name == scene.resource.role("subject_code"):
        mask = mask & (code != IDENTITY_MASK)
    return mask


@kind("told_code_form")
def _told_code_form(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    """A code that is refused is not told as mended beside that."""
    check, name = flagged(rule, scene, columns), field_of(rule)
    refused = any(r.kind == "uscc" and r.field == name for r in scene.resource.rules)
    return check and replace(check, mask=check.mask & ~_unsound(name, scene, columns)) if refused else check


def _read_small(typed: pl.Series) -> pl.Series:
    """Codes as they were typed, tidied after small letters were read as the digits that they look like; null where none is."""
    some = certain(typed.str.contains_any(list(SMALL_LOOKALIKES)))
    read = by_distinct(typed.filter(some).str.replace_many(SMALL_LOOKALIKES), tidied_code, pl.String)
    return put(pl.Series([None], dtype=pl.String).new_from_index(0, len(typed)), some, read)


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
    name = field_of(rule)
    mask = confirmed_sound(name, scene) & ~pl.col(flag(name, "inner"))
    return Check(rule, mask.fill_null(False), {"value": shown_value(rule, scene)}, idle=holds(flag(name, "inner")))


@kind("uscc_kind")
def _uscc_kind(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    code = pl.col(field_of(rule))
    kinds = "|".join(map(re.escape, scene.catalogue.tables["uscc_kinds"]["kinds"]))
    mask = (confirmed_sound(field_of(rule), scene) & ~code.str.contains(f"^(?:{kinds})")).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene), "limit": code.str.slice(0, 2)})


@kind("organisation_code")
def _organisation_code(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    sound = pl.col(field_of(rule)).map_batches(organisation_code_valid, return_dtype=pl.Boolean)
    mask = (~sound).fill_null(False) & unflagged(field_of(rule), ("digits_lost",), columns)
    return Check(rule, mask, {"value": shown_value(rule, scene)})


@kind("registration_number")
def _registration_number(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    sound = pl.col(field_of(rule)).map_batches(registration_number_valid, return_dtype=pl.Boolean)
    mask = (~sound).fill_null(False) & unflagged(field_of(rule), ("digits_lost",), columns)
    return Check(rule, mask, {"value": shown_value(rule, scene)})


@kind("old_number")
def _old_number(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    suggestion = pl.col("@owner") if "@owner" in columns else None
    told = flag(name, "sound")  # a sound code is no old number
    idle = holds(told) if told in columns else None
    return Check(rule, _is_old_number(name), {"limit": pl.col(name).str.len_chars()}, suggestion, idle=idle)


def _identity(state: str) -> Kind:
    def check(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
        column = f"{field_of(rule)}?"
        return Check(rule, (pl.col(column) == state).fill_null(False)) if column in columns else None

    return check


for _state in ("shape", "birth", "check", "minor"):
    KINDS[f"identity_{_state}"] = _identity(_state)


@kind("code_list")
def _code_list(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    if flag(name, "code_list") not in columns:
        return None
    codes = scene.catalogue.code_list(scene.resource.by_name[name].codes or "")
    labels = [v.label if codes.stores == "label" or not v.code else f"{v.code}（{v.label}）" for v in codes.values]
    limit = "、".join(labels[:16]) + ("…" if len(labels) > 16 else "")
    unknown = pl.col(flag(name, "code_list")) & unflagged(name, ("garbled", "private_use"), columns)
    return Check(rule, unknown, {"value": shown_value(rule, scene), "limit": Said(limit, limit)})
