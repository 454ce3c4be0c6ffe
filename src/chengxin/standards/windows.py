"""How long a record may be shown: the three classes, their last days, the hard end (catalogue/cn/severity.yaml).

Months are calendar months; the day of the document does not count, the corresponding day is the last one, inclusive
(民法典 Arts. 201, 202). Each function gives an expression, so one record and a million are the same question.
"""

from datetime import date
from typing import Any

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource, Rule


def after_months(start: pl.Expr, months: int) -> pl.Expr:
    """The last day of a term of `months` that begins on the day after `start`; a missing day is the month's last."""
    return start.dt.offset_by(f"{months}mo")


def hard_end(decided_on: pl.Expr, act_ended_on: pl.Expr, catalogue: Catalogue) -> pl.Expr:
    """The day after which nothing may be shown or used: five years from the end of the act, else from the decision."""
    years = int(catalogue.tables["severity"]["hard_end"]["years"])
    return after_months(pl.coalesce(act_ended_on, decided_on), years * 12)


def longest_publication(
    decided_on: pl.Expr, severity_class: pl.Expr, act_ended_on: pl.Expr, catalogue: Catalogue
) -> pl.Expr:
    """The last day a penalty may be published: the class maximum and the hard end, whichever is earlier.

    `severity_class` holds labels (轻微, 一般, 严重); without one the widest class bounds it. For decisions made before
    2026-04-01 the old maximum is computed too and the earlier end holds (confidence of the transition: low, milder wins).
    """
    table: dict[str, Any] = catalogue.tables["severity"]
    classes = table["classes"].values()
    widest = max(int(c["max_months"]) for c in classes)
    end = after_months(decided_on, widest)
    for entry in classes:
        end = (
            pl.when(severity_class == entry["label"])
            .then(after_months(decided_on, int(entry["max_months"])))
            .otherwise(end)
        )
    before: dict[str, Any] = table["before"]
    changed_on: date = before["decided_before"]
    old_end = after_months(decided_on, int(before["max_months"]))
    end = pl.when(decided_on < changed_on).then(pl.min_horizontal(end, old_end)).otherwise(end)
    return pl.min_horizontal(end, hard_end(decided_on, act_ended_on, catalogue))


def published_class(severity_class: pl.Expr, catalogue: Catalogue) -> pl.Expr:
    """True if records of this class are published at all; minor and unconfirmed ones are not."""
    shown = [c["label"] for c in catalogue.tables["severity"]["classes"].values() if c["published"]]
    return severity_class.is_in(shown).fill_null(False)


def withdrawn(roles: dict[str, str], catalogue: Catalogue) -> pl.Expr:
    """True for a decision that its body has revoked (山东省社会信用条例 Art. 40): it is shown nowhere."""
    table = catalogue.tables["severity"]["withdrawn"]
    name = roles.get(table["role"])
    if name is None:
        return pl.lit(False)
    text = pl.col(name).fill_null("")
    return text.str.contains_any(table["words"]) & ~text.str.contains_any(table["not"])


def never_adverse(columns: list[str], roles: dict[str, str], catalogue: Catalogue) -> pl.Expr:
    """True for penalties that the province keeps out of dishonesty information (山东省社会信用条例 Art. 13)."""
    verdict = pl.lit(False)
    for condition in catalogue.tables["severity"]["never_adverse"]:
        name = condition.get("field") or roles.get(condition["role"], "")
        if name in columns:
            verdict = verdict | (pl.col(name).cast(pl.String) == condition["equals"]).fill_null(False)
    return verdict


def prompt_rule(resource: Resource, day: date) -> Rule | None:
    """The rule that says within how many working days a decision must have been told, if there is one on the day."""
    found = (r for r in resource.rules if r.kind == "lateness" and r.in_force(day))
    return next((r for r in found if r.field == resource.role("decided_on")), None)


def first_prompt_day(resource: Resource, catalogue: Catalogue, told_on: date) -> date | None:
    """The earliest decision that is told in time if it is told on this day; None: the resource has no term."""
    rule = prompt_rule(resource, told_on)
    return None if rule is None else catalogue.calendar.first_day_within(int(rule.params["working_days"]), told_on)
