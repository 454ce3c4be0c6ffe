"""The numbers by which a row names its subject: the unified code, and where that is missing the older numbers.

A code whose district digits followed a reform of the district belongs to the same subject: its places 9 to 17 are the
organisation code, which no other body has (GB 32100-2015, GB 11714-1997).
"""

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource

JUDGED = "@judged"  # a column that rows may have: the code of the subject that a human said they are about
_OLDER = ("registration_number", "organisation_code")
_REGION, _ORGANISATION = (2, 6), (8, 9)  # where they stand in a unified code: offset, length


def number_of(rows: pl.DataFrame, resource: Resource) -> pl.Expr:
    """The number that names each row's subject: what a human judged, the unified code, else an older number."""
    names = [JUDGED if JUDGED in rows.columns else None]
    names += [resource.role(role) for role in ("subject_code", *_OLDER)]
    found = [pl.col(name) for name in names if name and name in rows.columns]
    return pl.coalesce(found) if found else pl.lit(None, dtype=pl.String)


def older_numbers(rows: pl.DataFrame, resource: Resource) -> pl.Expr:
    """All numbers beside the unified code that a registration gives, as a list; the organisation code stands in the code."""
    code = resource.role("subject_code")
    given = [pl.col(n) for n in (resource.role(role) for role in _OLDER) if n and n in rows.columns]
    within = [pl.col(code).str.slice(*_ORGANISATION)] if code else []
    if not given and not within:
        return pl.lit([], dtype=pl.List(pl.String))
    return pl.concat_list(*given, *within).list.drop_nulls().list.unique()


def within_reformed(codes: pl.Series, catalogue: Catalogue) -> pl.DataFrame:
    """Codes of a district whose digits changed, with the `organisation` code that stands in them."""
    regions = [str(r[side]) for r in catalogue.tables["uscc_kinds"]["region_changes"] for side in ("from", "to")]
    chosen = codes.filter((codes.str.len_chars() == 18) & codes.str.slice(*_REGION).is_in(regions))
    return pl.DataFrame({"code": chosen, "organisation": chosen.str.slice(*_ORGANISATION)})


def same_but_region(one: pl.Expr, other: pl.Expr, catalogue: Catalogue) -> pl.Expr:
    """True if two codes differ in the district digits (and the check character) only, as a reform of the district has it."""
    changes = catalogue.tables["uscc_kinds"]["region_changes"]
    pair = one.str.slice(*_REGION) + other.str.slice(*_REGION)
    known = [str(c["from"]) + str(c["to"]) for c in changes] + [str(c["to"]) + str(c["from"]) for c in changes]
    ends = [c.str.slice(0, 2) + c.str.slice(*_ORGANISATION) for c in (one, other)]
    return pair.is_in(known) & (ends[0] == ends[1])
