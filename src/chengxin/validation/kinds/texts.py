"""Kinds about free text."""

from dataclasses import replace

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.content import TELEPHONE, forbidden_titles, secret_clause
from chengxin.validation.kinds.check import Check, field_of, flagged, kind
from chengxin.validation.kinds.parties import subject_labels
from chengxin.validation.names import flag, raw
from chengxin.validation.scene import Scene


@kind("telephone_inside")
def _telephone_inside(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    check = flagged(rule, scene, columns)
    text = pl.col(raw(field_of(rule)))
    number = pl.coalesce(text.str.extract(TELEPHONE, 1), text.str.extract(TELEPHONE, 2))
    plain = number.str.replace_all(r"[-—－ .)）]", "")
    return check and Check(rule, check.mask, {"value": plain.str.replace(r"^([0-9０-９]{3,4})[0-9０-９]{4}", "$1****")})


@kind("forbidden_content")
def _forbidden_content(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, role = field_of(rule), scene.resource.role("subject_kind")
    person = pl.lit(scene.resource.subjects == ("person",))
    if role:
        person = (pl.col(role) == subject_labels(scene)["person"]).fill_null(False)
    masks = [pl.col(flag(name, rule.kind))] if flag(name, rule.kind) in columns else []
    if flag(name, "forbidden_of_person") in columns:
        masks.append(pl.col(flag(name, "forbidden_of_person")) & person)
    if not masks:
        return None
    zh, en, clause = forbidden_titles(pl.col(raw(name)), person, scene.catalogue, rule.id)
    return Check(rule, pl.any_horizontal(masks), {"limit": zh, "limit_en": en}, clause=clause)


@kind("secret_marking")
def _secret_marking(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    check = flagged(rule, scene, columns)
    return check and replace(check, clause=pl.lit(secret_clause(scene.catalogue, rule.id)))
