"""Messages as the model of the registers hears them: who, what, until when, in which words, from whom."""

from typing import Any

import polars as pl

from chengxin.standards.model import Resource

# Months of publicity by class, and of the widest; five years from the end of the act end it in any case (decree 36, Art. 38).
MONTHS = {"轻微": 3, "一般": 12, "严重": 36}
_NO_END = pl.date(2099, 12, 31)


def as_rows(resource: Resource, said: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Accepted messages (cells as text) as rows of the model; see `world.truth`."""
    roles = resource.roles
    source = [roles[r] for r in ("source_name", "source_code") if r in roles]
    kept = [f.name for f in resource.fields if f.name in said.columns and f.name not in source and not f.drop]
    # By this an act is known again under another number: who decided it when, in which words, with which amounts.
    core = {roles.get(r) for r in ("authority_code", "list", "content", "decided_on")}
    core |= {f.name for f in resource.fields if f.kind in ("money", "flag", "year")}
    registration = resource.nature == "registration"
    former = _role(said, roles, "former_names") if registration else pl.lit(None, dtype=pl.String)
    return said.join(
        files.select(pl.col("file").alias("_file"), "order"), on="_file", how="left", maintain_order="left"
    ).select(
        "_file",
        "order",
        pl.lit(resource.name).alias("resource"),
        pl.col("_act").alias("act"),
        pl.col("_index").alias("subject"),
        pl.lit(registration).alias("registration"),
        pl.lit(resource.polarity == "adverse").alias("adverse"),
        pl.lit(resource.makes_subjects).alias("founds"),
        _role(said, roles, "subject_code").alias("code"),
        _role(said, roles, "subject_name").alias("name"),
        pl.coalesce(former.str.split("；"), pl.lit([], dtype=pl.List(pl.String))).alias("former_names"),
        _role(said, roles, "status").alias("status"),
        _day(said, roles, "status_on").alias("status_on"),
        _role(said, roles, "document").alias("document"),
        _day(said, roles, "decided_on").alias("decided_on"),
        _last_day(resource, said).alias("last_day"),
        _words(said, roles).alias("words"),
        pl.col("_authority").alias("sender"),
        _role(said, roles, "authority_code").alias("body"),
        _role(said, roles, "revocation").str.starts_with("撤销").fill_null(False).alias("revoked"),
        _joined(kept).alias("content"),
        _joined([n for n in kept if n in core]).alias("core"),
    )


def _joined(names: list[str]) -> pl.Expr:
    return pl.concat_str(*(pl.col(name).fill_null("") for name in names), separator="\x1f")


def _words(said: pl.DataFrame, roles: dict[str, str]) -> pl.Expr:
    parts = [_role(said, roles, role) for role in ("content", "revocation")]
    return pl.concat_str(parts, separator="｜", ignore_nulls=True)


def _role(said: pl.DataFrame, roles: dict[str, str], role: str) -> pl.Expr:
    name = roles.get(role)
    return pl.col(name) if name in said.columns else pl.lit(None, dtype=pl.String)


def _day(said: pl.DataFrame, roles: dict[str, str], role: str) -> pl.Expr:
    return _role(said, roles, role).str.to_date("%Y-%m-%d")


def _last_day(resource: Resource, said: pl.DataFrame) -> pl.Expr:
    def day(role: str) -> pl.Expr:
        return _day(said, resource.roles, role)

    def months(start: pl.Expr, count: Any) -> pl.Expr:
        return start.dt.offset_by(pl.format("{}mo", count))

    ends = [day("removed_on").dt.offset_by("-1d")]
    if resource.severity:
        grade = _role(said, resource.roles, "severity_class")
        most = grade.replace_strict(MONTHS, default=max(MONTHS.values()), return_dtype=pl.Int64)
        ends += [day("publicity_end"), months(day("decided_on"), most)]
    else:
        ends.append(day("ends_on"))
    if resource.polarity == "adverse":
        ends.append(months(pl.coalesce(day("act_ended_on"), day("decided_on")), pl.lit(60)))
    last = pl.min_horizontal(ends)
    return pl.when(last < _NO_END).then(last)
