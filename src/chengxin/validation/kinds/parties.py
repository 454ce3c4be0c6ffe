"""Kinds about who it is: the party and its registration, the sender and the deciding body."""

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.kinds.check import Check, field_of, kind, other_parts, shown_value
from chengxin.validation.kinds.codes import confirmed_sound
from chengxin.validation.names import raw
from chengxin.validation.registration import ENDED
from chengxin.validation.scene import Scene
from chengxin.values.errors import Said
from chengxin.values.text import fold_name, folded_names


@kind("subject_kind")
def _subject_kind(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    other = str(rule.params["other"])
    expected = subject_kind_of(pl.col(other), scene)
    mask = (confirmed_sound(other, scene) & (pl.col(field_of(rule)) != expected)).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene), "expected": expected}, expected)


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
    mask = (pl.col(field_of(rule)) != scene.sender_code).fill_null(False)
    return Check(
        rule, mask, {"value": shown_value(rule, scene), "expected": Said(expected, expected)}, pl.lit(scene.sender_code)
    )


@kind("authority_code")
def _authority_code(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    if scene.sender_code is None or scene.sender_name is None:
        return None
    other = pl.col(raw(str(rule.params["other"])))
    own = fold_name(scene.sender_name)
    differs = other.map_batches(lambda s: folded_names(s) != own, return_dtype=pl.Boolean)
    same_code = (pl.col(field_of(rule)) == scene.sender_code).fill_null(False)
    named = Said(scene.sender_name, scene.sender_name)
    parts = {"value": shown_value(rule, scene), "expected": named, **other_parts(rule, scene)}
    written, said = raw(str(rule.params["other"])), scene.sender_name
    return Check(rule, same_code & differs.fill_null(False), parts, idle=lambda t: bool((t[written] == said).all()))


def _name_parts(rule: Rule, scene: Scene) -> dict[str, pl.Expr | Said]:
    return {"value": shown_value(rule, scene), "expected": pl.col("@name"), **other_parts(rule, scene)}


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
    mask = (pl.col(field_of(rule)) != pl.col("@name")) & (pl.col("@own_fold") == pl.col("@fold"))
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
    return Check(rule, mask, {"expected": pl.col("@status"), "limit": pl.col("@status_on"), **other_parts(rule, scene)})
