"""What a kind of rule makes: a Check, expressions on a mended table; and what all kinds share.

An expression sees one row at a time, so any split of the rows gives the same findings. Kinds that mending has already
met (see `mend.py`) or that only the reader knows (marks) stand in the table as flags and share one function.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.names import flag, hint, raw
from chengxin.validation.scene import HIDDEN_VALUE, Scene
from chengxin.values.errors import Said

ROW = "@row"  # the name under which flags of a whole row stand
EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)


Idle = Callable[[pl.DataFrame], bool]


@dataclass(frozen=True)
class Check:
    """Where a rule is hit, what the sentence needs to know there, what is suggested, and what is put in place.

    `idle`: a glance at whole columns of the table; where it holds, no row is hit and the mask need not be computed.
    `clause`: what the finding rests on where that differs from row to row; else it is the rule's.
    """

    rule: Rule
    mask: pl.Expr
    parts: dict[str, pl.Expr | Said] = field(default_factory=dict)
    suggestion: pl.Expr | None = None
    mended: pl.Expr | None = None
    idle: Idle | None = None
    clause: pl.Expr | None = None

    @cached_property
    def needs(self) -> list[str]:
        """The columns that sentence and suggestion are made from: of a wide table only these are taken for the hits."""
        made = [*self.parts.values(), self.suggestion, self.clause]
        names = {"row"} | {n for e in made if isinstance(e, pl.Expr) for n in e.meta.root_names()}
        return sorted(names)


Kind = Callable[[Rule, Scene, frozenset[str]], Check | None]
KINDS: dict[str, Kind] = {}
FLAGGED = (
    *("told_invisible", "told_spaces", "told_date", "told_money", "told_code_value", "told_filled"),
    *("private_use", "garbled", "date_unreadable", "date_ambiguous", "money_unreadable", "money_range", "money_scale"),
    *("flag_unreadable", "year_unreadable", "number_cell", "digits_lost", "cell_error", "formula_without_value"),
    *("cell_too_long", "row_too_wide", "row_too_long", "quote_unclosed", "bytes_undecodable", "not_an_object"),
    *("name_twice", "row_hidden", "row_not_data", "identity_inside"),
)
WHOLE = ("may_report", "column_missing")  # said once for the file; every row falls with it
BY_KEY = ("same_row_twice", "same_key_twice")  # need all rows of a subject: see keys.py
# Kinds that have something to say of an empty cell, or of one whose value was taken out at reading.
ASK_EMPTY = (
    *("required", "required_for", "required_when", "told_filled", "never_adverse"),
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
        return flagged(rule, scene, columns)
    return KINDS[rule.kind](rule, scene, columns)


def field_of(rule: Rule) -> str:
    """The field a rule looks at, or the name under which facts about the whole row stand."""
    return rule.field or ROW


def shown_value(rule: Rule, scene: Scene) -> pl.Expr | Said:
    """The value of the rule's field as a sentence may show it."""
    name = field_of(rule)
    return scene.shown(scene.resource.by_name[name], pl.col(raw(name)))


def least(name: str, passes: Callable[[Any], bool]) -> Idle:
    """The least value of the column passes, or there is none."""
    return lambda table: (value := table[name].min()) is None or passes(value)


def most(name: str, passes: Callable[[Any], bool]) -> Idle:
    """The greatest value of the column passes, or there is none."""
    return lambda table: (value := table[name].max()) is None or passes(value)


def filled(column: str) -> Idle:
    """No cell of the column is empty."""
    return lambda table: not table[column].null_count()


def holds(column: str) -> Idle:
    """A Boolean column is false nowhere (it may be null)."""
    return lambda table: bool(table[column].all(ignore_nulls=True))


def other_parts(rule: Rule, scene: Scene) -> dict[str, pl.Expr | Said]:
    """Name and value of the other field a rule compares with, for the sentence."""
    other = str(rule.params["other"])
    return {"other": scene.title(other), "other_value": scene.shown(scene.resource.by_name[other], pl.col(raw(other)))}


def unflagged(name: str, kinds: tuple[str, ...], columns: frozenset[str]) -> pl.Expr:
    """True where none of `kinds` was met in the field: what was already said is not said twice."""
    met = [pl.col(flag(name, k)) for k in kinds if flag(name, k) in columns]
    return ~pl.any_horizontal(met) if met else pl.lit(True)


def flagged(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    """The Check for a kind that stands in the table as a flag, or None if it was met nowhere."""
    name = field_of(rule)
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
