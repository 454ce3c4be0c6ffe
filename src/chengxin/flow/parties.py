"""Whom a step is about: the subjects that rows name, what is new about them, and their events and rows."""

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Store
from chengxin.registers.changes import MAKES_VERSION
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.subjects.names.grams import grams_of
from chengxin.subjects.names.words import words_of
from chengxin.subjects.numbers import number_of, same_but_region, within_reformed
from chengxin.subjects.resolve import SEPARATOR, SUBJECTS
from chengxin.values.ids import new_ids
from chengxin.values.text import folded_names


def given(rows: pl.DataFrame, resource: Resource, role: str) -> pl.Series:
    """The distinct values that rows have in a role."""
    name = resource.role(role)
    return rows[name].drop_nulls().unique() if name and name in rows.columns else pl.Series([], dtype=pl.String)


def _listed(rows: pl.DataFrame, resource: Resource) -> pl.Series:
    """The former codes that registrations give."""
    texts = given(rows, resource, "former_codes")
    return texts.str.split(SEPARATOR).explode(empty_as_null=True).str.strip_chars().drop_nulls().unique()


def look_up(
    rows: pl.DataFrame, resource: Resource, catalogue: Catalogue, store: Store
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The subjects that these rows may name, and every asked number (`code`) → present code (`subject`)."""
    asked = rows.select(number_of(rows, resource).alias("code"))["code"].drop_nulls().unique()
    asked = pl.concat([asked, _listed(rows, resource)]).unique()
    found = store.subjects(asked)
    within = within_reformed(asked.filter(~asked.is_in(found["asked"].implode())), catalogue)
    twins = (
        store.subjects(within["organisation"])
        .rename({"asked": "organisation"})
        .join(within.rename({"code": "asked"}), on="organisation")
    )
    twins = twins.filter(same_but_region(pl.col("asked"), pl.col("code"), catalogue)).select(found.columns)
    found = pl.concat([found, twins])
    also = found.select(pl.col("asked").alias("code"), pl.col("code").alias("subject"))
    return found.drop("asked").unique("id", maintain_order=True), also


def without_past(rows: pl.DataFrame, resource: Resource, known: pl.DataFrame) -> pl.DataFrame:
    """Without registrations under a code that its subject no longer has: they say nothing about the present."""
    code = resource.role("subject_code")
    if resource.nature != "registration" or code is None:
        return rows
    former = known["former_codes"].explode(empty_as_null=True).drop_nulls()
    past = pl.col(code).is_in(pl.concat([former, _listed(rows, resource)]).implode()).fill_null(False)
    return rows.filter(~past)


_LONGEST_NUMBER = 32  # nothing longer is a number of anything
_LAST_WORD = [a for a in MAKES_VERSION if a != "late"]
_FACTS = ("name", "former_names", "former_codes", "status", "status_on")
_NAMES = ("name", "former_names", "code")  # what it is looked up by, part by part


def subjects_of(now: pl.DataFrame, known: pl.DataFrame, also: pl.DataFrame) -> pl.DataFrame:
    """All subjects after resolving, with `id`, and whether each is `new` or `changed`, or `named` otherwise than before.

    A code that nobody knows is the new code of the subject that one of its former codes leads to.
    """
    before = known.select(pl.col("code").alias("_of"), "id", *(pl.col(c).alias(f"_{c}") for c in _FACTS))
    listed = now.select(_told_by="code", code="former_codes").explode("code", empty_as_null=True)
    by_former = listed.join(also, on="code").unique("_told_by", keep="first", maintain_order=True)
    found = (
        now.join(also.rename({"subject": "_present"}), on="code", how="left", maintain_order="left")
        .join(
            by_former.select(pl.col("_told_by").alias("code"), "subject"), on="code", how="left", maintain_order="left"
        )
        .with_columns(pl.coalesce("_present", "subject", "code").alias("_of"))
        .join(before, on="_of", how="left", maintain_order="left")
    )
    fresh = found["id"].is_null()
    made = iter(new_ids(int(fresh.sum())).to_list())
    found = found.with_columns(
        pl.Series("id", [i or next(made) for i in found["id"]], dtype=pl.String), fresh.alias("new")
    )
    other = {c: ~pl.col(c).eq_missing(pl.col(f"_{c}")) for c in _FACTS} | {"code": pl.col("code") != pl.col("_of")}
    return found.with_columns(
        (~pl.col("new") & pl.any_horizontal(other.values())).alias("changed"),
        (pl.col("new") | pl.any_horizontal(other[c] for c in _NAMES)).alias("named"),
    ).select(*SUBJECTS, "id", "new", "changed", "named")


def heard(subjects: pl.DataFrame, versions: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """With the column `said`: a registration became the last word on it. Only then it is `changed`, and once."""
    if resource.nature != "registration":
        return subjects.with_columns(pl.lit(False).alias("changed"), pl.lit(False).alias("said"))
    last = versions.filter(pl.col("action").is_in(_LAST_WORD))["subject"]
    said = subjects.with_columns(pl.col("id").is_in(last.implode()).alias("said"))
    later = pl.col("changed").reverse().cum_sum().reverse().over("id")
    return said.with_columns(pl.col("changed") & pl.col("said")).with_columns(pl.col("changed") & (later == 1))


def persons_of(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Persons that rows are about: code (`person:token`), id, whether new."""
    about = rows.filter(pl.col("subject").str.starts_with("person:"))["subject"].unique(maintain_order=True)
    known = people.select(("person:" + pl.col("token")).alias("code"), "id")
    found = about.to_frame("code").join(known, on="code", how="left", maintain_order="left")
    made = iter(new_ids(found["id"].null_count()).to_list())
    fresh = found["id"].is_null()
    return found.with_columns(
        pl.Series("id", [i or next(made) for i in found["id"]], dtype=pl.String), fresh.alias("new")
    )


def subject_events(subjects: pl.DataFrame, persons: pl.DataFrame, common: Common) -> list[tuple[pl.DataFrame, bytes]]:
    """Subjects that are new or changed, as events with their leaves."""
    bound = subjects.filter(pl.col("new") | pl.col("changed"))
    texts = bound.select(
        "code", "name", "former_names", "former_codes", "status", pl.col("status_on").dt.to_string("%Y-%m-%d")
    )
    plain = bound.with_columns(
        pl.col("id").alias("about"),
        pl.col("id").alias("subject"),
        texts.to_struct().struct.json_encode().alias("content"),
        pl.lit(None, dtype=pl.Int64).alias("previous"),
        pl.lit(False).alias("person"),
    )
    fresh = persons.filter("new").select(
        pl.col("id").alias("about"),
        pl.col("id").alias("subject"),
        pl.lit("person").alias("kind"),
        pl.lit("").alias("content"),
        pl.lit(None, dtype=pl.Int64).alias("previous"),
        pl.lit(True).alias("person"),
    )
    kinds = [
        (Tag.SUBJECT_ADDED, plain.filter("new")),
        (Tag.SUBJECT_CHANGED, plain.filter("changed")),
        (Tag.SUBJECT_ADDED, fresh),
    ]
    return [events_of(tag, rows, common) for tag, rows in kinds if rows.height]


def subject_tables(subjects: pl.DataFrame, persons: pl.DataFrame, catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    """Subjects that are new or changed, as rows of the tables subject, subjectfact, namegram and identifier."""
    new, told = subjects.filter("new"), subjects.filter(pl.col("new") | pl.col("changed"))
    people = persons.filter("new")
    found_by_part = told.filter("named", kind="organisation").select("code", "name", "former_names", subject="id")
    facts = told.select(
        new_ids(told.height).alias("id"),
        pl.col("id").alias("subject"),
        "code",
        "name",
        folded_names(told["name"]).alias("fold"),
        _json_list("former_names"),
        _json_list("former_codes"),
        "status",
        "status_on",
    )
    named = subjects.filter(pl.col("new") | pl.col("said"))
    numbers = [
        _identifiers(named, "code", pl.col("code")),
        _identifiers(named.explode("former_codes", empty_as_null=True), "former", pl.col("former_codes")),
        _identifiers(named.explode("numbers", empty_as_null=True), "number", pl.col("numbers")),
        _identifiers(people, "person", pl.col("code").str.slice(7)),
    ]
    found = pl.concat(numbers).filter(pl.col("value").str.len_chars() <= _LONGEST_NUMBER)
    identifiers = found.unique("value", keep="first", maintain_order=True)
    return {
        "subject": pl.concat(
            [
                new.select("id", "register", "kind"),
                people.select("id", pl.lit("person").alias("register"), pl.lit("person").alias("kind")),
            ]
        ),
        "subjectfact": facts,
        "namegram": grams_of(found_by_part, words_of(catalogue)),
        "identifier": identifiers.select(new_ids(identifiers.height).alias("id"), "subject", "kind", "value"),
    }


def _identifiers(subjects: pl.DataFrame, kind: str, value: pl.Expr) -> pl.DataFrame:
    return subjects.select(pl.col("id").alias("subject"), pl.lit(kind).alias("kind"), value.alias("value"))


def _json_list(name: str) -> pl.Expr:
    quoted = (
        pl.col(name)
        .fill_null([])
        .list.eval(
            pl.lit('"')
            + pl.element().str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
            + pl.lit('"')
        )
    )
    return pl.concat_str(pl.lit("["), quoted.list.join(", "), pl.lit("]")).alias(name)
