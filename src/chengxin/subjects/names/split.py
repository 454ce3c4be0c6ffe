"""A name as place, trade name, trade and form. What is left without place and form is its core."""

import polars as pl

from chengxin.subjects.names.words import RUN, Words, simplified
from chengxin.values.text import folded_names

PARTS = ("plain", "place", "core", "mark", "form")


def split(names: pl.Series, words: Words) -> pl.DataFrame:
    """The columns PARTS for each name. `plain`: all of it, simplified; `mark`: the core without its trade, at its beginning.

    A name of a place and a trade alone (青岛啤酒) has the place for its mark; one without anything between place and form
    (青岛有限公司) has no core.
    """
    plain = simplified(folded_names(names)).alias("plain")
    whole = pl.col("plain").str.replace_all(words.bracketed, "").str.replace_all("[()]", "")
    frame = plain.to_frame().with_columns(
        whole.alias("_whole"), pl.col("plain").str.extract(words.bracketed).fill_null("").alias("_within")
    )
    frame = frame.with_columns(pl.col("_whole").str.extract(f"({words.place})").fill_null("").alias("_front"))
    frame = frame.with_columns(pl.col("_whole").str.strip_prefix(pl.col("_front")).alias("_rest"))
    frame = frame.with_columns(pl.col("_rest").str.extract(words.form).fill_null("").alias("form"))
    middle = pl.col("_rest").str.strip_suffix(pl.col("form")).str.replace_all(words.hollow, "")
    frame = frame.with_columns(middle.alias("_core"))
    frame = frame.with_columns(pl.col("_core").str.extract(words.trade).fill_null("").alias("_trade"))
    mark = pl.col("_core").str.strip_suffix(pl.col("_trade"))
    place = pl.col("_front") + pl.col("_within")
    lone = (mark == "") & (pl.col("_core") != "")
    instead = pl.when(lone).then(place.str.extract(words.last_place).fill_null("")).otherwise(pl.lit(""))
    frame = frame.with_columns(instead.alias("_instead"), place.alias("place"), mark.alias("_mark"))
    return frame.select(
        "plain",
        "place",
        (pl.col("_instead") + pl.col("_core")).alias("core"),
        (pl.col("_instead") + pl.col("_mark")).alias("mark"),
        "form",
    )


def tokens(text: pl.Expr) -> pl.Expr:
    """Characters, with runs of letters or of digits as one."""
    return text.str.extract_all(f"{RUN}|.")
