"""Kinds about cells that must be filled, or must agree with another being filled; and their length."""

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.kinds.check import UNREAD, Check, field_of, kind, other_parts, shown_value, unflagged
from chengxin.validation.mend import raw
from chengxin.validation.scene import Scene
from chengxin.values.errors import Said


@kind("required")
def _required(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    if name in scene.missing:
        return None  # said once for the column
    state = f"{name}?"
    empty = pl.col(state if state in columns else raw(name)).is_null()
    return Check(rule, empty & unflagged(name, UNREAD, columns))


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
    mask = pl.col(role).is_in([v.label for v in wanted]).fill_null(False)
    if rule.field == scene.resource.role("subject_code"):  # an organisation may still be known by an old number only
        old = [scene.resource.role(r) for r in ("registration_number", "organisation_code")]
        mask = mask & pl.all_horizontal([pl.col(raw(name)).is_null() for name in old if name] or [pl.lit(True)])
    return check and Check(rule, check.mask & mask, {"limit": limit, "limit_en": limit_en})


def _contains(rule: Rule) -> pl.Expr:
    return pl.col(str(rule.params["other"])).str.contains_any(list(rule.params["contains"])).fill_null(False)


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
    return Check(rule, mask, {"limit": _words(rule), "other": scene.title(str(rule.params["other"]))})


@kind("positive_when")
def _positive_when(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(field_of(rule)) <= 0).fill_null(False) & _contains(rule)
    return Check(rule, mask, {"limit": _words(rule), "value": shown_value(rule, scene), **other_parts(rule, scene)})


@kind("amount_without_category")
def _amount_without_category(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    other = pl.col(str(rule.params["other"]))
    mask = (pl.col(field_of(rule)) > 0).fill_null(False) & other.is_not_null() & ~_contains(rule)
    return Check(rule, mask, {"limit": _words(rule), "value": shown_value(rule, scene), **other_parts(rule, scene)})


@kind("max_length")
def _max_length(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    limit = int(rule.params["limit"])
    text = pl.col(raw(field_of(rule)))
    # Bytes are counted at once, characters only where there are more bytes than the limit.
    long = (
        pl.when(text.str.len_bytes() > limit)
        .then(text.str.len_chars() > limit)
        .otherwise(pl.lit(False))
        .fill_null(False)
    )
    return Check(rule, long, {"limit": Said(str(limit), str(limit))})
