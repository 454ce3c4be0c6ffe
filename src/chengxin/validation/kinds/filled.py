"""Kinds about cells that must be filled, or must agree with another being filled; and their length."""

import re

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.kinds.check import (
    UNREAD,
    Check,
    field_of,
    filled,
    kind,
    least,
    most,
    other_parts,
    shown_value,
    unflagged,
)
from chengxin.validation.names import raw
from chengxin.validation.scene import Scene
from chengxin.values.errors import Said
from chengxin.values.series import FEW


@kind("required")
def _required(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    if name in scene.missing:
        return None  # said once for the column
    told = f"{name}?" if f"{name}?" in columns else raw(name)
    return Check(rule, pl.col(told).is_null() & unflagged(name, UNREAD, columns), idle=filled(told))


@kind("required_for")
def _required_for(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    role = scene.resource.role("subject_kind")
    if role is None:
        return None
    names = {v.code: v for v in scene.catalogue.code_list("subject_kind").values}
    wanted = [names[s] for s in rule.params["subjects"]]
    check = _required(rule, scene, columns)
    limit = Said("、".join(v.label for v in wanted), "、".join(v.label for v in wanted))
    limit_en = Said(limit.zh, ", ".join(v.en for v in wanted))
    mask = pl.any_horizontal([pl.col(role) == v.label for v in wanted]).fill_null(False)
    if rule.field == scene.resource.role("subject_code"):  # an organisation may still be known by an old number only
        old = [scene.resource.role(r) for r in ("registration_number", "organisation_code")]
        mask = mask & pl.all_horizontal([pl.col(raw(name)).is_null() for name in old if name] or [pl.lit(True)])
    return check and Check(rule, check.mask & mask, {"limit": limit, "limit_en": limit_en}, idle=check.idle)


def _contains(rule: Rule) -> pl.Expr:
    words = "|".join(re.escape(str(word)) for word in rule.params["contains"])
    return pl.col(str(rule.params["other"])).str.contains(words).fill_null(False)


def _words(rule: Rule) -> Said:
    words = [str(w) for w in rule.params.get("contains") or rule.params.get("equals") or ()]
    return Said("/".join(words), "/".join(words))


@kind("required_when")
def _required_when(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    if "equals" in rule.params:
        when = pl.col(str(rule.params["other"])).cast(pl.String).is_in(list(rule.params["equals"])).fill_null(False)
    else:
        when = _contains(rule)
    mask = pl.col(raw(name)).is_null() & when & unflagged(name, UNREAD, columns)
    parts: dict[str, pl.Expr | Said] = {"limit": _words(rule), "other": scene.title(str(rule.params["other"]))}
    return Check(rule, mask, parts, idle=filled(raw(name)))


@kind("positive_when")
def _positive_when(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    mask = (pl.col(name) <= 0).fill_null(False) & _contains(rule)
    parts = {"limit": _words(rule), "value": shown_value(rule, scene), **other_parts(rule, scene)}
    return Check(rule, mask, parts, idle=least(name, lambda amount: amount > 0))


@kind("amount_without_category")
def _amount_without_category(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, other = field_of(rule), pl.col(str(rule.params["other"]))
    mask = (pl.col(name) > 0).fill_null(False) & other.is_not_null() & ~_contains(rule)
    parts = {"limit": _words(rule), "value": shown_value(rule, scene), **other_parts(rule, scene)}
    return Check(rule, mask, parts, idle=most(name, lambda amount: amount <= 0))


@kind("max_length")
def _max_length(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    limit, text = int(rule.params["limit"]), raw(field_of(rule))
    long = (pl.col(text).str.len_chars() > limit).fill_null(False)
    return Check(rule, long, {"limit": Said(str(limit), str(limit))}, idle=lambda table: longest(table[text]) <= limit)


def longest(texts: pl.Series) -> int:
    """A length that no text exceeds, in characters: bytes are counted at once."""
    if len(texts) < FEW:
        return max((len(text) for text in texts.to_list() if text is not None), default=0)
    most = texts.str.len_bytes().max()
    return most if isinstance(most, int) else 0
