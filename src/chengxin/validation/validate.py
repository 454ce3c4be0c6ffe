"""Validate: raw rows become accepted rows and all findings of all rows, in one pass.

`validate_rows` looks at one row at a time; `repeated` (keys.py) at all rows of one subject. Both are functions on frames,
so a web form, a chunk of a file and a partition of a cluster are judged by the same code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

import polars as pl

from chengxin.intake.received import ANYTHING, Traits
from chengxin.standards.model import Rule
from chengxin.validation.findings import SCHEMA, filled, no_findings, sentence
from chengxin.validation.keys import keys_of, no_keys
from chengxin.validation.kinds import ASK_EMPTY, BY_KEY, FLAGGED, ROW, WHOLE, Check, check_for
from chengxin.validation.names import raw
from chengxin.validation.scene import HIDDEN_VALUE, Scene
from chengxin.validation.table import OUTSIDE, kept_fields, mended_table
from chengxin.values.errors import Said
from chengxin.values.series import FEW

_NOTHING = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True)
class Judged:
    """What came of some rows: typed rows that pass, findings, key hashes of the rows (for repeats), and counts."""

    accepted: pl.DataFrame
    findings: pl.DataFrame
    keys: pl.DataFrame
    received: int
    rejected: int
    held: int


def validate_rows(
    frame: pl.DataFrame, marks: pl.DataFrame, scene: Scene, part: int = 0, traits: Traits = ANYTHING
) -> Judged:
    """Judge raw rows. Source: the resource's standard in `scene`; the order and neighbours of rows do not matter.

    `traits`: what the reader saw that the rows can't hold, so that it need not be looked for.
    """
    table = mended_table(frame, marks, scene, traits)
    checks = _checks(scene, table)
    hits = table.select([c.mask.alias(str(i)) for i, c in enumerate(checks)])
    findings, unread = [_outside(marks, scene)], unread_rows(frame, marks)
    met: list[tuple[pl.Series, Check]] = []
    rejected = pl.Series([bool(scene.once("whole", lambda: whole_reasons(scene)))]).new_from_index(0, table.height)
    for hit, check in zip(hits.get_columns(), checks, strict=True):
        mask = hit if unread is None or check.rule.kind not in ASK_EMPTY else hit & ~unread
        if not mask.any():
            continue
        met.append((mask, check))
        if effective_severity(check.rule) == "reject":
            rejected = rejected | mask
        if check.mended is not None and check.rule.field:
            findings += _findings(table, met, scene)  # they speak of what stood there
            met = []
            table = table.with_columns(
                pl.when(mask).then(check.mended).otherwise(pl.col(check.rule.field)).alias(check.rule.field)
            )
    findings += _findings(table, met, scene)
    rows = table[["row", *(f.name for f in kept_fields(scene))]]
    held = marks.filter(pl.col("mark") == "row_hidden").height if marks.height else 0
    accepted = rows.filter(~rejected) if rejected.any() else rows
    return Judged(
        accepted=accepted,
        findings=pl.concat(findings),
        keys=keys_of(accepted, scene.resource, part) if accepted.height and _repeats_asked(scene) else no_keys(),
        received=frame.height + held,
        rejected=int(rejected.sum()),
        held=held,
    )


def unread_rows(frame: pl.DataFrame, marks: pl.DataFrame) -> pl.Series | None:
    """The rows of which the reader could make nothing: why so is all there is to say of them, not that each cell is empty."""
    if marks.is_empty():
        return None
    rows = marks.filter(pl.col("field").is_null() & ~pl.col("mark").is_in(OUTSIDE))["row"]
    if rows.is_empty():
        return None
    empty = frame.select(pl.all_horizontal(pl.exclude("row").is_null())).to_series()
    return frame["row"].is_in(rows.implode()) & empty


def _repeats_asked(scene: Scene) -> bool:
    return scene.once("repeats", lambda: any(r.kind in BY_KEY for r in rules_in_force(scene)))


def effective_severity(rule: Rule) -> str:
    """A rule whose facts are not of high confidence binds nobody: it only warns (design 1.6)."""
    return rule.severity if rule.confidence == "high" else "warn"


def rules_in_force(scene: Scene) -> Iterator[Rule]:
    """The rules of the resource that hold on the scene's day."""
    return (r for r in scene.resource.rules if r.in_force(scene.day))


def _checks(scene: Scene, table: pl.DataFrame) -> list[Check]:
    """The checks that a row can be hit by, in the order of the rules: an empty column is only asked whether it may be
    empty, and what a glance at whole columns rules out is not asked of rows."""
    rules, met, checks = scene.once("rules of rows", lambda: _of_rows(scene)), _met(table), []
    for name in rules:
        empty = name in scene.resource.by_name and table[raw(name)].null_count() == table.height
        columns = met.get(name, met[""])
        made = scene.once(("checks", name, columns, empty), partial(_of_field, scene, rules[name], columns, empty))
        checks += [(place, check) for place, check in made if check.idle is None or not check.idle(table)]
    return [check for _, check in sorted(checks, key=itemgetter(0))]


def _of_rows(scene: Scene) -> dict[str, list[tuple[int, Rule]]]:
    """Field (or `ROW`) → the rules that are asked of single rows, each with its place in the standard."""
    of: dict[str, list[tuple[int, Rule]]] = {}
    for place, rule in enumerate(rules_in_force(scene)):
        if rule.kind not in (*WHOLE, *BY_KEY, *OUTSIDE):
            of.setdefault(rule.field or ROW, []).append((place, rule))
    return of


def _of_field(
    scene: Scene, rules: list[tuple[int, Rule]], columns: frozenset[str], empty: bool
) -> list[tuple[int, Check]]:
    asked = [(place, r) for place, r in rules if not empty or r.kind in ASK_EMPTY or r.kind in FLAGGED]
    return [(place, check) for place, r in asked if (check := check_for(r, scene, columns)) is not None]


def _met(table: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Field (or `ROW`) → the columns that a rule of it may look for: what was met in it, and what is known of every row."""
    always = {name for name in table.columns if "~" not in name and not name.endswith(("!", "?"))}
    of: dict[str, set[str]] = {"": set()}
    for name in table.columns:
        if name not in always and not name.endswith("!"):
            of.setdefault(re.split("[~?]", name)[0], set()).add(name)
    return {name: frozenset(always | met) for name, met in of.items()}


def _findings(table: pl.DataFrame, met: list[tuple[pl.Series, Check]], scene: Scene) -> Iterator[pl.DataFrame]:
    """What is said of the rows under each mask. Of few rows everything is said in one query: each costs more than they do."""
    if table.height >= FEW:
        for mask, check in met:
            needed = pl.DataFrame([table[name] for name in check.needs])
            hits = needed if mask.all() else needed.filter(mask)
            yield hits.select(scene.once(("said", id(check)), lambda c=check: _said(c, scene)))  # type: ignore[misc]
    elif met:
        said = [
            scene.once(("said", id(check), "few"), lambda c=check: _varying(c, scene))  # type: ignore[misc]
            for _, check in met
        ]
        told_apart = (one.alias(f"{i} {j}") for i, of in enumerate(said) for j, one in enumerate(of))
        rows, *varying = (column.to_list() for column in table.select("row", *told_apart).get_columns())
        lines, cells = [], iter(varying)
        for (mask, check), of in zip(met, said, strict=True):
            column, rule, severity, clause, field = _constants(check.rule, scene)
            told = [next(cells) for _ in of]
            lines += [
                (row, column, rule, severity, zh, en, suggestion, *(law or (clause,)), field, "")
                for row, hit, zh, en, suggestion, *law in zip(rows, mask.to_list(), *told, strict=True)
                if hit
            ]
        yield pl.DataFrame(lines, schema=SCHEMA, orient="row")


def _said(check: Check, scene: Scene) -> list[pl.Expr]:
    """The columns of a finding of this check. (Kept by `id`: the check itself is kept with the scene.)"""
    return _shape(check.rule, scene, *_varying(check, scene))


def _varying(check: Check, scene: Scene) -> list[pl.Expr]:
    """What differs from row to row: the sentence in both languages, the suggestion, and of some checks the clause."""
    rule = check.rule
    title = scene.title(rule.field)
    constants = {"title": title} | {k: v for k, v in check.parts.items() if isinstance(v, Said)}
    private = rule.field is not None and scene.resource.by_name[rule.field].private
    if private:
        constants["value"] = HIDDEN_VALUE
    # Of a private field is told that it was mended: neither what stood there nor what stands there now.
    hidden = private and rule.kind.startswith("told_") and "expected" in check.parts
    kind = "told_of_private" if hidden else rule.kind
    said = filled(rule.message or scene.catalogue.message(kind), constants)
    varying = {k: v for k, v in check.parts.items() if isinstance(v, pl.Expr)}
    suggestion = _NOTHING if check.suggestion is None or private else check.suggestion
    told = [sentence(said.zh, varying), sentence(said.en, varying), suggestion]
    return told if check.clause is None else [*told, check.clause]


def _constants(rule: Rule, scene: Scene) -> tuple[str | None, str, str, str, str | None]:
    """What is the same for every row: column, rule, severity, clause, field."""
    clause = scene.catalogue.clause(rule.clause, rule.id).zh
    return scene.title(rule.field).zh or None, rule.id, effective_severity(rule), clause, rule.field


def _shape(
    rule: Rule,
    scene: Scene,
    zh: pl.Expr,
    en: pl.Expr,
    suggestion: pl.Expr = _NOTHING,
    law: pl.Expr | None = None,
) -> list[pl.Expr]:
    column, name, severity, clause, field = _constants(rule, scene)
    found = {
        "row": pl.col("row").cast(pl.UInt32),
        "column": pl.lit(column, dtype=pl.String),
        "rule": pl.lit(name),
        "severity": pl.lit(severity),
        "message_zh": zh,
        "message_en": en,
        "suggestion": suggestion,
        "clause": pl.lit(clause) if law is None else law,
        "field": pl.lit(field, dtype=pl.String),
        "part": pl.lit(""),
    }
    return [found[name].alias(name) for name in SCHEMA]


def _rule(scene: Scene, kind: str) -> Rule:
    return next(r for r in scene.resource.rules if r.kind == kind)


def _outside(marks: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """Findings for rows that are not in the frame: hidden ones and those that are no records."""
    found = [no_findings()]
    for kind in OUTSIDE if marks.height else ():
        rows = marks.filter(pl.col("mark") == kind).select("row").unique()
        if rows.height:
            said = scene.catalogue.message(kind)
            found.append(rows.select(_shape(_rule(scene, kind), scene, pl.lit(said.zh), pl.lit(said.en))))
    return pl.concat(found)


def repeat_findings(repeats: pl.DataFrame, scene: Scene, parts: Sequence[str] = ()) -> pl.DataFrame:
    """Findings for the rows that `keys.repeated` gave (of one part). `parts`: the names of all; a row of another is told by it."""
    found, row = [no_findings()], pl.col("other").cast(pl.String)
    name = pl.col("other_part").replace_strict(dict(enumerate(parts)), default="", return_dtype=pl.String)
    beyond = (pl.col("other_part") != pl.col("part")) & (name != "")
    here = pl.concat_str(pl.lit("第 "), row, pl.lit(" 行")), pl.concat_str(pl.lit("row "), row)
    there = (
        pl.concat_str(pl.lit("“"), name, pl.lit("”"), here[0]),
        pl.concat_str(here[1], pl.lit(" of “"), name, pl.lit("”")),
    )
    where_zh, where_en = (pl.when(beyond).then(far).otherwise(near) for far, near in zip(there, here, strict=True))
    for (kind,), group in repeats.group_by("kind"):
        said = scene.catalogue.message(str(kind))
        zh, en = sentence(said.zh, {"limit": where_zh}), sentence(said.en, {"limit": where_en})
        found.append(group.select(_shape(_rule(scene, str(kind)), scene, zh, en)))
    return pl.concat(found)


def whole_reasons(scene: Scene) -> list[tuple[Rule, Said, str | None]]:
    """Why no row of this file can be taken, if so: (rule, sentence, field). Said once, not on every row."""
    reasons: list[tuple[Rule, Said, str | None]] = []
    rules = list(rules_in_force(scene))
    for name in scene.missing:
        rule = next(r for r in rules if r.kind == "required" and r.field == name)
        said = filled(scene.catalogue.message("column_missing"), {"title": scene.title(name)})
        reasons.append((rule, said, name))
    for rule in rules:
        if rule.kind == "may_report" and scene.may_report is not None and scene.resource.name not in scene.may_report:
            sender = f"{scene.sender_name or ''} {scene.sender_code or ''}".strip()
            parts = {"value": Said(sender, sender), "expected": scene.resource.title}
            reasons.append((rule, filled(rule.message or scene.catalogue.message("may_report"), parts), None))
    return reasons


def whole_findings(scene: Scene, heading_row: int | None) -> pl.DataFrame:
    """`whole_reasons` as findings at the heading row."""
    at = pl.DataFrame({"row": pl.Series([heading_row], dtype=pl.UInt32)})
    shaped = [
        at.select(_shape(rule, scene, pl.lit(said.zh), pl.lit(said.en))) for rule, said, _ in whole_reasons(scene)
    ]
    return pl.concat([no_findings(), *shaped])
