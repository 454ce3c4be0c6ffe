"""What a record says apart from its number, so that what was taken back is known when it comes again under another one."""

import unicodedata

import polars as pl

from chengxin.standards.model import Resource

_ROLES = ("authority_code", "list", "content", "decided_on")
_KINDS = ("money", "flag", "year")
_SAYS_NOTHING = r"[\s\p{P}\p{S}]+"  # how a sentence is written is not what it says


def said_by(rows: pl.DataFrame, resource: Resource) -> pl.Series:
    """The core of each row as one text: who decided when and what, and the amounts; no number, no name, no wording of grounds.

    Two decisions of one body on one day in the same words look alike: what is recognised by this waits for a human.
    """
    named = [resource.role(role) for role in _ROLES]
    names = [f.name for f in resource.fields if not f.drop and (f.name in named or f.kind in _KINDS)]
    parts = [pl.col(n).cast(pl.String).fill_null("") for n in names if n in rows.columns]
    text = rows.select(pl.concat_str([pl.lit(resource.name), *parts], separator="|").alias("said"))["said"]
    folded = [unicodedata.normalize("NFKC", t) for t in text.to_list()]
    return pl.Series(folded, dtype=pl.String).str.replace_all(_SAYS_NOTHING, "")
