"""Messages in files: by department and day, in its forms, some spoilt, some overtaken; what is handed back comes again."""

from dataclasses import dataclass

import polars as pl

from chengxin.standards.model import Resource
from chengxin.world.dirt import clean, soiled
from chengxin.world.district import District
from chengxin.world.forms import form_for
from chengxin.world.later import with_habits
from chengxin.world.messages import is_whole
from chengxin.world.roster import departments

OVERTAKEN = 0.06  # files that arrive with the next one of their department
MENDED = 0.7  # rows handed back that come again in the next file
# Dirt whose effect hangs on what the registers know that day, or that changes what a row means.
NOT_PLAYED = frozenset(
    {"code_of_another", "name_brackets", "name_former", "name_differs", "deregistered", "late", "simplified"}
    | {"publicity_too_long"}
)


@dataclass(frozen=True)
class Filed:
    """The messages of a resource as they stand in their files (`frame`) and as they are meant (`meant`), and the files.

    `files`: file (its number), authority, short, received (the day it is meant for), came, form, mode.
    """

    resource: Resource
    frame: pl.DataFrame
    meant: pl.DataFrame
    files: pl.DataFrame

    def accepted(self) -> pl.DataFrame:
        """The messages that are accepted, as they are meant; those about persons are left out."""
        taken = self.frame.filter(pl.col("_expect") == "accepted")["_message"].unique()
        return self.meant.filter(pl.col("_message").is_in(taken.implode()) & (pl.col("_index") >= 0))


def files_of(district: District, resource: Resource, said: pl.DataFrame) -> pl.DataFrame:
    """The files that hold the messages of a resource; see `Filed`."""
    by = {d.code: d for d in departments()}
    sent = said.group_by(authority="_authority", received="_received").agg(pl.len().alias("rows"))
    sent = sent.sort("received", "authority").with_row_index("file").cast({"file": pl.Int64})
    senders = [by[code] for code in sent["authority"].to_list()]
    turns = sent.select(pl.int_range(pl.len()).over("authority")).to_series()
    forms = [form_for(d.forms, t, n) for d, t, n in zip(senders, turns.to_list(), sent["rows"].to_list(), strict=True)]
    whole = pl.Series([is_whole(resource.name, d.code) for d in senders], dtype=pl.Boolean)
    waits = pl.Series(district.rng.random(sent.height) < OVERTAKEN) & (turns > 0) & ~whole
    follows = pl.col("received").shift(-1).over("authority")
    return sent.with_columns(
        pl.Series("short", [d.short for d in senders], dtype=pl.String),
        pl.Series("form", forms, dtype=pl.String),
        pl.when(whole).then(pl.lit("full")).otherwise(pl.lit("increment")).alias("mode"),
        pl.when(waits).then(pl.coalesce(follows, "received")).otherwise("received").alias("came"),
    )


def filed(district: District, resource: Resource, said: pl.DataFrame, files: pl.DataFrame) -> Filed:
    """The messages (with `_file`, `_form` and `came`) in their files, some of them spoilt. Whole lists are kept clean."""
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in ("_fault", "_rules", "_field")]
    meant = clean(with_habits(resource, said.with_columns(empty))).with_row_index("_message")
    listed = pl.col("_file").is_in(files.filter(pl.col("mode") == "full")["file"].implode())
    registered = frozenset(district.subjects["code"].to_list())
    spoilt = soiled(district, resource, meant.filter(~listed), registered, NOT_PLAYED)
    again = _mended(district, meant, spoilt, files)
    frame = pl.concat([spoilt, meant.filter(listed), again]).sort("_file", "_order", "_message", maintain_order=True)
    return Filed(resource, frame, pl.concat([meant, again]), files)


def in_files(said: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """The messages with the number and form of their file and the day it comes."""
    places = files.select("came", _authority="authority", _received="received", _file="file", _form="form")
    return said.join(places, on=["_authority", "_received"], how="left", maintain_order="left")


def _mended(district: District, meant: pl.DataFrame, spoilt: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Rows that were handed back, right, in their department's next file, unless that speaks of the act already."""
    lost = spoilt.group_by("_message").agg((pl.col("_expect") != "accepted").all().alias("lost")).filter("lost")
    rows = meant.filter(pl.col("_message").is_in(lost["_message"].implode()))
    rows = rows.filter(pl.Series(district.rng.random(rows.height) < MENDED))
    new = {"file": "_file", "form": "_form", "received": "_received", "came": "came"}
    follows = files.sort("file").select(
        pl.col("file").alias("_before"), *(pl.col(c).shift(-1).over("authority").alias(n) for c, n in new.items())
    )
    moved = rows.rename({"_file": "_before"}).drop("_form", "_received", "came")
    moved = moved.join(follows.drop_nulls(), on="_before", how="inner", maintain_order="left")
    moved = moved.join(meant, on=["_act", "_file"], how="anti", maintain_order="left").select(meant.columns)
    number = pl.int_range(meant.height, meant.height + pl.len(), dtype=pl.UInt32)
    return moved.with_columns(number.alias("_message"))
