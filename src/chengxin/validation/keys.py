"""The natural key of a row, and rows of one submission that say the same decision twice.

Keys are kept as hashes, 32 bytes a row, so that a file of any length can be looked through; equal keys always belong to
one subject, so a split of the rows by subject gives the same answer.
"""

from string import ascii_lowercase

import numpy as np
import polars as pl

from chengxin.standards.model import Resource

SCHEMA = {"part": pl.UInt16, "row": pl.UInt32, "key": pl.UInt64, "check": pl.UInt64, "content": pl.UInt64}
SUBJECT = "@subject"


# One document number is written with many brackets, dashes, spaces, in wide or narrow characters, in capitals or not.
_WIDE = {chr(code): chr(code - 0xFEE0).upper() for code in range(0xFF01, 0xFF5F)}
_SIGNS = dict.fromkeys("〔［[【（﹝「{｛", "(") | dict.fromkeys("〕］]】）﹞」}｝", ")") | dict.fromkeys("－—–‐‑−", "-")
_SAME = {c: c.upper() for c in ascii_lowercase} | _WIDE | _SIGNS | dict.fromkeys(" \u3000\xa0\t\n", "")


def key_part(resource: Resource, name: str) -> pl.Expr:
    """A field as part of a natural key: document numbers without regard to how brackets, spaces and letters are written."""
    text = pl.col(name).cast(pl.String)
    if resource.by_name[name].kind != "document":
        return text
    return text.str.replace_many(_SAME)


def subject_key(resource: Resource) -> pl.Expr:
    """What names the subject in this row: the code, else the token of the person's number, else the name."""
    roles = [resource.role(r) for r in ("subject_code", "person_number", "subject_name")]
    return pl.coalesce([pl.col(r) for r in roles if r])


def no_keys() -> pl.DataFrame:
    """An empty table of key hashes."""
    return pl.DataFrame(schema=SCHEMA)


def keys_of(rows: pl.DataFrame, resource: Resource, part: int) -> pl.DataFrame:
    """Hashes of key and content for accepted rows (typed); rows whose first two key fields are empty have no key.

    A row that is given back for another fault neither makes its mended twin a duplicate nor contradicts it.
    """
    parts = [subject_key(resource) if n == SUBJECT else key_part(resource, n) for n in resource.natural_key]
    key = rows.select(p.alias(str(i)) for i, p in enumerate(parts))
    content = pl.DataFrame([rows[f.name] for f in resource.fields if not f.drop])
    named = key.to_series(0).is_not_null()
    if key.width > 1:
        named = named & key.to_series(1).is_not_null()
    return pl.DataFrame(
        [
            pl.repeat(part, rows.height, dtype=pl.UInt16, eager=True).alias("part"),
            rows["row"],
            key.hash_rows(1).alias("key"),
            key.hash_rows(2).alias("check"),
            content.hash_rows(3).alias("content"),
        ]
    ).filter(named)


def twice(hashes: pl.Series) -> pl.Series:
    """The hashes that stand more than once: sorted by NumPy, eight bytes each, since a table by hash would take ten times that."""
    found = np.sort(hashes.to_numpy())
    return pl.Series(np.unique(found[1:][found[1:] == found[:-1]]), dtype=pl.UInt64)


def repeated(keys: pl.DataFrame) -> pl.DataFrame:
    """Rows that repeat a key: part, row, kind (`same_row_twice` | `same_key_twice`), other and other_part (the row they repeat).

    The same content twice: the first stays, the later ones are duplicates. Different content under one key: nobody can
    know which is right, so every one of them is given back.
    """
    groups = ["key", "check"]
    candidates = keys.filter(pl.col("key").is_in(twice(keys["key"]).implode())).sort("part", "row")
    candidates = candidates.with_columns(
        pl.len().over(groups).alias("n"),
        pl.col("content").n_unique().over(groups).alias("contents"),
        pl.col("row", "part").first().over(groups).name.prefix("first_"),
        pl.col("row", "part").get(1, null_on_oob=True).over(groups).name.prefix("second_"),
        pl.int_range(pl.len()).over(groups).alias("place"),
    ).filter(pl.col("n") > 1)
    conflict = pl.col("contents") > 1
    return candidates.filter(conflict | (pl.col("place") > 0)).select(
        "part",
        "row",
        pl.when(conflict).then(pl.lit("same_key_twice")).otherwise(pl.lit("same_row_twice")).alias("kind"),
        *(
            pl.when(pl.col("place") == 0).then(f"second_{of}").otherwise(f"first_{of}").alias(name)
            for of, name in (("row", "other"), ("part", "other_part"))
        ),
    )
