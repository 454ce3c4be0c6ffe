"""Record, with a memory: what arriving records change about those that are there.

One row in, one action out: `added`, `superseded`, `withdrawn`, `returned` make a new version; `late` makes a version that was
already overtaken when it came; `source` is a second sender of the same act, `unchanged` the same word again (both are kept as
said again: what is recalled elsewhere may stand on them); `held` changes nothing. The
result depends on the rows and on what is there, not on the order in which they stand, and the source's order decides
which version is the last, whatever the order of arrival.
"""

import hashlib

import polars as pl

# The current version of a record, as the store knows it.
CURRENT = {
    "key": pl.String,
    "id": pl.String,
    "version": pl.Int32,
    "digest": pl.String,
    "state": pl.String,
    "source_order": pl.Int64,
    "sender": pl.String,
    "authority_code": pl.String,
    "said_in": pl.Int32,  # the change set that said it first
    "other_sender": pl.Boolean,  # this sender already stands beside the first
}
MAKES_VERSION = ("added", "superseded", "withdrawn", "returned", "late")
SAYS_AGAIN = ("unchanged", "source")
STAYS_GONE = ("withdrawn", "repaired", "destroyed")  # what comes back after that waits for a human


def digests(texts: pl.Series, key: bytes) -> pl.Series:
    """A keyed hash of each text as 32 hexadecimal digits, to tell contents and natural keys apart.

    Keyed (BLAKE2b), since what is known of a person could be guessed from a plain hash.
    """
    start = hashlib.blake2b(digest_size=16, key=key)
    found = []
    for text in texts.to_list():
        one = start.copy()
        one.update(text.encode())
        found.append(one.hexdigest())
    return pl.Series(found, dtype=pl.String)


def changes(arriving: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """`arriving` with the columns `action`, `now` (id of the version there is), its `said_in`, and `version` (its own number).

    `arriving` needs key, digest, withdrawn, source_order, sender, authority_code; of one key only the last row counts.
    """
    last = arriving.unique("key", keep="last", maintain_order=True)
    known = current.select(
        "key",
        pl.col("id").alias("now"),
        pl.col("version").alias("_version"),
        pl.col("digest").alias("_digest"),
        pl.col("state").alias("_state"),
        pl.col("source_order").alias("_order"),
        pl.col("sender").alias("_sender"),
        "said_in",
        "other_sender",
    )
    joined = last.join(known, on="key", how="left", maintain_order="left")
    action = _action()
    return joined.with_columns(
        action.alias("action"),
        pl.coalesce(pl.col("_version") + 1, pl.lit(1)).cast(pl.Int32).alias("version"),
    ).drop("_version", "_digest", "_state", "_order", "_sender", "other_sender")


def _action() -> pl.Expr:
    same = pl.col("digest") == pl.col("_digest")
    own = pl.col("sender") == pl.col("_sender")
    # The deciding body's own word stands against what another sender says about its decision.
    body_spoke = (pl.col("_sender") == pl.col("authority_code")).fill_null(False) & ~own
    return (
        pl.when(pl.col("now").is_null())
        .then(pl.when("withdrawn").then(pl.lit("withdrawn")).otherwise(pl.lit("added")))
        .when(pl.col("source_order") < pl.col("_order"))
        .then(pl.when(same).then(pl.lit("unchanged")).otherwise(pl.lit("late")))
        .when(pl.col("_state").is_in(STAYS_GONE) & ~same)
        .then(pl.lit("held"))
        .when(pl.col("_state") == "missing")
        .then(pl.when("withdrawn").then(pl.lit("withdrawn")).otherwise(pl.lit("returned")))
        .when(same & (own | pl.col("other_sender").fill_null(False)))
        .then(pl.lit("unchanged"))
        .when(same)
        .then(pl.lit("source"))
        .when(body_spoke)
        .then(pl.lit("held"))
        .when("withdrawn")
        .then(pl.lit("withdrawn"))
        .otherwise(pl.lit("superseded"))
    )


def state_after(action: pl.Expr) -> pl.Expr:
    """The state of the version that an action makes."""
    return pl.when(action == "withdrawn").then(pl.lit("withdrawn")).otherwise(pl.lit("in_force"))


def missing(current: pl.DataFrame, arrived_keys: pl.Series, source_order: int) -> pl.DataFrame:
    """Of a sender's current records those that its full feed does not hold: in force, they are hidden at once and come back
    by themselves; missing, they are so once more.

    A feed that was overtaken says nothing of what its source told later.
    """
    told = pl.col("state").is_in(["in_force", "missing"]) & (pl.col("source_order") <= source_order)
    return current.filter(told).join(arrived_keys.to_frame("key"), on="key", how="anti")
