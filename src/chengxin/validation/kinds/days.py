"""Kinds about days: their order, their distance, and the last day that the law allows."""

import polars as pl

from chengxin.standards.model import Rule
from chengxin.standards.windows import longest_publication, never_adverse
from chengxin.validation.kinds.check import (
    EARLIEST,
    LATEST,
    Check,
    field_of,
    kind,
    least,
    most,
    other_parts,
    shown_value,
)
from chengxin.validation.scene import Scene
from chengxin.values.errors import Said


@kind("date_range")
def _date_range(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name = field_of(rule)
    begins, ends = least(name, lambda day: day >= EARLIEST), most(name, lambda day: day <= LATEST)
    outside = (~pl.col(name).is_between(EARLIEST, LATEST)).fill_null(False)
    return Check(rule, outside, {"value": shown_value(rule, scene)}, idle=lambda t: begins(t) and ends(t))


@kind("not_in_future")
def _not_in_future(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    today = Said(str(scene.day), str(scene.day))
    late, parts = (pl.col(field_of(rule)) > scene.day).fill_null(False), {"value": shown_value(rule, scene)}
    return Check(rule, late, parts | {"limit": today}, idle=most(field_of(rule), lambda day: day <= scene.day))


@kind("not_before")
def _not_before(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(field_of(rule)) < pl.col(str(rule.params["other"]))).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene), **other_parts(rule, scene)})


@kind("not_after")
def _not_after(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    mask = (pl.col(field_of(rule)) > pl.col(str(rule.params["other"]))).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene), **other_parts(rule, scene)})


@kind("lateness")
def _lateness(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    allowed = int(rule.params["working_days"])
    calendar = scene.catalogue.calendar
    first_timely = calendar.first_day_within(allowed, scene.day)
    day = pl.col(field_of(rule))
    passed = day.map_batches(lambda s: calendar.column_between(s, scene.day), return_dtype=pl.Int64)
    limits = {"limit": Said(str(scene.day), str(scene.day)), "other": Said(str(allowed), str(allowed))}
    if calendar.is_provisional(scene.day.year):
        limits["reason"] = Said(
            "该年放假安排尚未公布，按周末推算。", " The holidays of that year are not yet published."
        )
    parts = {"value": shown_value(rule, scene), "expected": passed, **limits}
    return Check(
        rule, (day < first_timely).fill_null(False), parts, idle=least(field_of(rule), lambda day: day >= first_timely)
    )


@kind("publicity_end")
def _publicity_end(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    ended = scene.resource.role("act_ended_on")
    decided, name, grade = pl.col(str(rule.params["other"])), field_of(rule), str(rule.params["class"])
    allowed = longest_publication(
        decided, pl.col(grade), pl.col(ended) if ended else pl.lit(None, dtype=pl.Date), scene.catalogue
    )
    zh = pl.concat_str(pl.lit("“"), pl.col(grade).fill_null("未定级"), pl.lit("”类"))
    en = pl.concat_str(pl.lit("class "), pl.col(grade).fill_null("not given"))
    parts: dict[str, pl.Expr | Said] = {
        "value": shown_value(rule, scene),
        "expected": allowed,
        "reason": zh,
        "reason_en": en,
    }
    # Where the hard end had passed before the decision there is no publicity at all, and so no last day of it.
    mended = pl.when(decided.is_null() | (allowed >= decided)).then(allowed)
    return Check(rule, (pl.col(name) > allowed).fill_null(False), parts, allowed.cast(pl.String), mended)


@kind("never_adverse")
def _never_adverse(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    return Check(rule, never_adverse(list(columns), scene.resource.roles, scene.catalogue))


@kind("list_known")
def _list_known(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    known = [key for key, entry in scene.catalogue.tables["lists"]["lists"].items() if entry["confidence"] == "high"]
    mask = (~pl.col(field_of(rule)).is_in(known)).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene)})


@kind("list_term")
def _list_term(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    start, which = pl.col(str(rule.params["other"])), pl.col(str(rule.params["list"]))
    allowed: pl.Expr = pl.lit(None, dtype=pl.Date)
    for key, entry in scene.catalogue.tables["lists"]["lists"].items():
        months = (entry.get("term") or {}).get("months")
        if months:
            allowed = pl.when(which == key).then(start.dt.offset_by(f"{months}mo")).otherwise(allowed)
    mask = (pl.col(field_of(rule)) > allowed).fill_null(False)
    return Check(rule, mask, {"value": shown_value(rule, scene), "expected": allowed}, allowed.cast(pl.String), allowed)
