"""Record: resolved rows of any resource become records of one shape; the later version of a decision replaces the earlier.

A record keeps what every page must show (ux, decision 3): source, dates, clause, last day. Its last day is computed from
the standards, never stored as a state: whoever reads compares days.
"""

from datetime import date

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.standards.windows import hard_end, longest_publication, never_adverse, published_class, withdrawn
from chengxin.validation.keys import SUBJECT, key_part

RECORDS = {
    "resource": pl.String,
    "subject": pl.String,
    "key": pl.String,
    "document": pl.String,
    "list": pl.String,
    "authority": pl.String,
    "authority_code": pl.String,
    "source": pl.String,
    "decided_on": pl.Date,
    "known_on": pl.Date,
    "class": pl.String,
    "adverse": pl.Boolean,
    "published": pl.Boolean,
    "draft": pl.Boolean,
    "withdrawn": pl.Boolean,
    "last_day": pl.Date,
    "clause": pl.String,
    "content": pl.String,
    "sequence": pl.UInt64,
}


def no_records() -> pl.DataFrame:
    """An empty table of records."""
    return pl.DataFrame(schema=RECORDS)


def _role(resource: Resource, role: str, dtype: pl.DataType | type[pl.DataType] = pl.String) -> pl.Expr:
    name = resource.role(role)
    return pl.col(name) if name else pl.lit(None, dtype=dtype)


def _key(resource: Resource, subject: str) -> pl.Expr:
    parts = [pl.col(subject) if n == SUBJECT else key_part(resource, n) for n in resource.natural_key]
    return pl.concat_str([pl.lit(resource.name), *(p.fill_null("") for p in parts)], separator="|")


def _grade(resource: Resource, columns: list[str], catalogue: Catalogue) -> pl.Expr:
    """The severity class of a penalty: the explicit field, else 待认定. Nothing is inferred (design, section 5)."""
    if resource.severity is None:
        return pl.lit(None, dtype=pl.String)
    table = catalogue.tables["severity"]
    given = pl.coalesce(_role(resource, "severity_class"), pl.lit(table["unconfirmed"]["label"]))
    return pl.when(never_adverse(columns, resource.roles, catalogue)).then(pl.lit("不作为失信信息")).otherwise(given)


def last_day(resource: Resource, catalogue: Catalogue) -> pl.Expr:
    """The last day, inclusive, on which a record may be shown or used; null = no end."""
    decided, ended = _role(resource, "decided_on", pl.Date), _role(resource, "act_ended_on", pl.Date)
    ends = [_role(resource, "ends_on", pl.Date)]
    if resource.severity is not None:
        grade = _role(resource, "severity_class")
        ends = [_role(resource, "publicity_end", pl.Date), longest_publication(decided, grade, ended, catalogue)]
    elif resource.polarity == "adverse":
        ends.append(hard_end(decided, ended, catalogue))
    removed = _role(resource, "removed_on", pl.Date).dt.offset_by("-1d")
    no_end = pl.date(2099, 12, 31)
    last = pl.min_horizontal([*ends, removed])
    return pl.when(last < no_end).then(last)


def _draft(resource: Resource, catalogue: Catalogue) -> pl.Expr:
    """True if the facts behind a record are not of high confidence: shown, but it binds nobody (design 1.6)."""
    which = resource.role("list")
    lists = catalogue.tables["lists"]["lists"]
    unsure = [key for key, entry in lists.items() if entry["confidence"] != "high"]
    fixed = resource.draft or any(name in unsure for name in resource.lists if not which)
    return pl.col(which).is_in(unsure).fill_null(True) | fixed if which else pl.lit(fixed)


_ABSENT = r',?"[A-Za-z_0-9]+":null'


def _content(rows: pl.DataFrame, resource: Resource) -> pl.Expr:
    """All that is kept of a row as one JSON object: its fields in the order of the standard, the empty ones left out.

    It does not depend on the other rows, so that the same row in any file has the same content.
    """
    names = [f.name for f in resource.fields if not f.drop and f.name in rows.columns]
    filled = [name for name in names if rows[name].null_count() < rows.height]
    if not filled:
        return pl.lit("{}")
    text = pl.struct(filled).struct.json_encode()
    if any(rows[name].null_count() for name in filled):  # a quote inside a text is written \\", so this is no text
        text = text.str.replace_all(_ABSENT, "").str.replace("{,", "{", literal=True)
    return text


def as_records(
    rows: pl.DataFrame, resource: Resource, catalogue: Catalogue, known_on: date, sequence: int, key_of: str = "subject"
) -> pl.DataFrame:
    """Resolved rows (typed columns and `subject`) as records; `sequence` orders what was received on one day.

    `key_of`: the column that stands for the subject in the natural key; a store has an id that outlives a code.
    """
    grade = _grade(resource, rows.columns, catalogue)
    adverse = pl.lit(resource.polarity == "adverse")
    public = pl.lit(resource.disclosure == "public") & ~pl.col("subject").str.starts_with("person:")
    if resource.severity is not None:
        adverse = published_class(grade, catalogue)
        public = public & adverse
    return rows.select(
        pl.lit(resource.name).alias("resource"),
        "subject",
        _key(resource, key_of).alias("key"),
        _role(resource, "document").alias("document"),
        _role(resource, "list").cast(pl.String).alias("list"),
        _role(resource, "authority_name").alias("authority"),
        _role(resource, "authority_code").alias("authority_code"),
        _role(resource, "source_name").alias("source"),
        _role(resource, "decided_on", pl.Date).cast(pl.Date).alias("decided_on"),
        pl.lit(known_on).alias("known_on"),
        grade.alias("class"),
        adverse.alias("adverse"),
        public.alias("published"),
        _draft(resource, catalogue).alias("draft"),
        withdrawn(resource.roles, catalogue).alias("withdrawn"),
        last_day(resource, catalogue).cast(pl.Date).alias("last_day"),
        pl.lit(catalogue.clause(resource.clause).zh).alias("clause"),
        _content(rows, resource).alias("content"),
        (pl.lit(sequence << 32, dtype=pl.UInt64) + pl.int_range(pl.len(), dtype=pl.UInt64)).alias("sequence"),
    )


def current(records: pl.DataFrame, known: date | None = None) -> pl.DataFrame:
    """The state, as known on a day (None: all that is known): one row per key, the latest version, none withdrawn.

    Independent of the order of the frames.
    """
    if known is not None:
        records = records.filter(pl.col("known_on") <= known)
    latest = records.sort("known_on", "sequence").unique("key", keep="last", maintain_order=True)
    return latest.filter(~pl.col("withdrawn"))
