"""Resolve by exact number: code, former code, older number. An adverse record is never attached by name.

Known subjects are a frame: code, name, kind (organisation | sole_trader), former_names, former_codes, status, status_on,
and `numbers`, older numbers that a registration has just told.
A row about nobody known makes a new subject only if it is a registration or a permit (design, section 5).
"""

from dataclasses import dataclass

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.subjects.numbers import JUDGED, number_of, older_numbers
from chengxin.values.text import folded_lists, folded_names

SUBJECTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "register": pl.String,
    "former_names": pl.List(pl.String),
    "former_codes": pl.List(pl.String),
    "status": pl.String,
    "status_on": pl.Date,
    "numbers": pl.List(pl.String),
}
SEPARATOR = "；"


@dataclass(frozen=True)
class Resolved:
    """`rows` with a `subject` column (its present code), `waiting` rows with a `reason`, and all `subjects` now known."""

    rows: pl.DataFrame
    waiting: pl.DataFrame
    subjects: pl.DataFrame


def no_subjects() -> pl.DataFrame:
    """An empty table of subjects."""
    return pl.DataFrame(schema=SUBJECTS)


def register_of(code: pl.Expr, catalogue: Catalogue) -> pl.Expr:
    """Which of the three registers a code's first two characters name: enterprises (with sole traders) or others."""
    enterprises = list(catalogue.tables["uscc_kinds"]["enterprise_register"])
    return pl.when(code.str.slice(0, 2).is_in(enterprises)).then(pl.lit("enterprise")).otherwise(pl.lit("other"))


def about_person(resource: Resource, catalogue: Catalogue) -> pl.Expr:
    """True for a row about a natural person: its kind of party says so, or nothing but a person's number names it.

    A number given beside an organisation's code is the operator's or representative's, and changes nothing.
    """
    if resource.subjects == ("person",):
        return pl.lit(True)
    number, code, kind = (resource.role(r) for r in ("person_number", "subject_code", "subject_kind"))
    if number is None:
        return pl.lit(False)
    alone = pl.col(number).is_not_null() & (pl.col(code).is_null() if code else pl.lit(True))
    if kind is None:
        return alone
    label = next(v.label for v in catalogue.code_list("subject_kind").values if v.code == "person")
    return (pl.col(kind) == label).fill_null(False) | (pl.col(kind).is_null() & alone)


def _role(resource: Resource, role: str, dtype: pl.DataType | type[pl.DataType] = pl.String) -> pl.Expr:
    name = resource.role(role)
    return pl.col(name) if name else pl.lit(None, dtype=dtype)


def _listed(text: pl.Expr) -> pl.Expr:
    return text.str.split(SEPARATOR).list.eval(pl.element().str.strip_chars()).list.drop_nulls()


def _as_subjects(rows: pl.DataFrame, resource: Resource, catalogue: Catalogue) -> pl.DataFrame:
    code = _role(resource, "subject_code")
    return rows.select(
        code.alias("code"),
        _role(resource, "subject_name").alias("name"),
        pl.when(code.str.slice(0, 2).is_in(list(catalogue.tables["uscc_kinds"]["sole_traders"])))
        .then(pl.lit("sole_trader"))
        .otherwise(pl.lit("organisation"))
        .alias("kind"),
        register_of(code, catalogue).alias("register"),
        _listed(_role(resource, "former_names")).alias("former_names"),
        _listed(_role(resource, "former_codes")).alias("former_codes"),
        _role(resource, "status").alias("status"),
        _role(resource, "status_on", pl.Date).alias("status_on"),
        older_numbers(rows, resource).alias("numbers"),
    ).filter(pl.col("code").is_not_null())


def no_numbers() -> pl.DataFrame:
    """An empty table of numbers and the present codes (`subject`) that they lead to."""
    return pl.DataFrame(schema={"code": pl.String, "subject": pl.String})


def resolve(
    rows: pl.DataFrame,
    resource: Resource,
    subjects: pl.DataFrame,
    catalogue: Catalogue,
    also: pl.DataFrame | None = None,
) -> Resolved:
    """Accepted rows of one resource against the subjects known so far; any split by subject gives the same result.

    `also`: more numbers (`code`) and the present codes of the subjects they lead to (`subject`), where a store knows them.
    """
    person = about_person(resource, catalogue)
    also = no_numbers() if also is None else also
    if resource.makes_subjects:
        told = _as_subjects(rows.filter(~person), resource, catalogue).unique("code", keep="last")
        if resource.nature == "registration":
            subjects = pl.concat([subjects.join(told, on="code", how="anti"), told])
        else:
            unknown = told.join(spellings(subjects), on="code", how="anti").join(also, on="code", how="anti")
            subjects = pl.concat([subjects, unknown])
    return _attach(rows, resource, subjects, person, also)


def spellings(subjects: pl.DataFrame) -> pl.DataFrame:
    """Every code a subject ever had, and the numbers it just told → its present code and name."""
    who: list[pl.Expr] = [pl.col("code").alias("subject"), pl.col("name").alias("known_name"), pl.col("former_names")]
    listed = [
        subjects.select(pl.col(name).alias("code"), *who).explode("code", empty_as_null=True)
        for name in ("former_codes", "numbers")
    ]
    every = pl.concat([subjects.select("code", *who), *listed]).filter(pl.col("code").is_not_null())
    return every.unique("code", keep="first", maintain_order=True)


def _folded(name: pl.Expr) -> pl.Expr:
    return name.map_batches(folded_names, return_dtype=pl.String)


def _attach(
    rows: pl.DataFrame, resource: Resource, subjects: pl.DataFrame, person: pl.Expr, also: pl.DataFrame
) -> Resolved:
    known = spellings(subjects)
    more = also.join(known, on="code", how="anti").join(known.drop("code").unique("subject"), on="subject")
    known = pl.concat([known, more.select(known.columns)]).rename({"code": "@code"})
    judged = pl.col(JUDGED) if JUDGED in rows.columns else pl.lit(None, dtype=pl.String)
    found = rows.with_columns(number_of(rows, resource).alias("@code")).join(
        known, on="@code", how="left", maintain_order="left"
    )
    found = found.with_columns(folded_lists(found["former_names"]).alias("former_names"))
    own = _folded(_role(resource, "subject_name"))
    former = pl.col("former_names").list.contains(own)
    agrees = (own == _folded(pl.col("known_name"))) | former.fill_null(False)
    adverse = resource.polarity == "adverse"
    reason = (
        pl.when(person)
        .then(None)
        .when(pl.col("@code").is_null())
        .then(pl.lit("no_code"))
        .when(pl.col("subject").is_null())
        .then(pl.lit("unknown_code"))
        .when(~agrees.fill_null(True) & adverse & judged.is_null())
        .then(pl.lit("name_disagrees"))
    )
    # A person's record has no public handle here: it is kept for the register of persons and never found by code.
    token = _role(resource, "person_number")
    found = found.with_columns(
        reason.alias("reason"), pl.when(person).then("person:" + token).otherwise("subject").alias("subject")
    )
    kept = found.drop("@code", "known_name", "former_names")
    return Resolved(
        rows=kept.filter(pl.col("reason").is_null() & pl.col("subject").is_not_null()).drop("reason"),
        waiting=kept.filter(pl.col("reason").is_not_null()).drop("subject"),
        subjects=subjects,
    )
