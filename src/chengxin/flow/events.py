"""Events of a step: what is committed to, and the leaf that the log will hold."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.audit.commitments import SALT, Shown, commitments, entries, person_entries
from chengxin.audit.events import PADDING, PERSON_TAG, TOGETHER, Tag, contents
from chengxin.audit.merkle import HASH, leaf_hashes
from chengxin.values.ids import new_ids


@dataclass(frozen=True)
class Common:
    """What all events of a change set share: the resource, the reporting or deciding body, the legal day."""

    item: str
    authority: str
    day: date


EVENTS = {
    "tag": pl.String,
    "about": pl.String,
    "previous": pl.Int64,
    "person": pl.Boolean,
    "salt": pl.Binary,
    "commitment": pl.Binary,
}
BOUND = (
    *("resource", "document", "list", "authority", "authority_code", "source", "sender", "decided_on", "severity"),
    *("adverse", "published", "draft", "last_day", "clause", "state", "source_order", "withheld"),
)


def bound_digests(records: pl.DataFrame) -> pl.Series:
    """What an event binds of a version: a digest of its content and of all that follows from it (64 hexadecimal digits)."""
    plain = records.select(BOUND).with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col("source_order").cast(pl.Int64)
    )
    sha = hashlib.sha256
    told = plain.to_struct().struct.json_encode()  # JSON holds no line feed, so what follows one is the content
    texts = pl.select(pl.concat_str(told, records["content"], separator="\n").cast(pl.Binary)).to_series().to_list()
    return pl.Series([sha(text).hexdigest() for text in texts], dtype=pl.String)


def content_of(tag: Tag, rows: pl.DataFrame, common: Common) -> pl.Series:
    """The canonical contents of events: `rows` has `previous` and the tag's own fields."""
    facts = {"item": common.item, "authority": common.authority, "day": common.day.isoformat()}
    return contents(
        tag, rows.select("previous", *tag.fields).with_columns(pl.lit(v).alias(k) for k, v in facts.items())
    )


def events_of(tag: Tag, rows: pl.DataFrame, common: Common) -> tuple[pl.DataFrame, bytes]:
    """Events of one kind, one a row, and their leaf hashes. `rows`: about, previous, person and the tag's own fields."""
    salts = secrets.token_bytes(SALT * rows.height)
    committed = commitments(salts, content_of(tag, rows, common))
    frame = rows.select(
        pl.lit(str(tag)).alias("tag"), "about", pl.col("previous").cast(pl.Int64), "person"
    ).with_columns(
        pl.Series("salt", _cut(salts), dtype=pl.Binary), pl.Series("commitment", _cut(committed), dtype=pl.Binary)
    )
    if frame.height and frame["person"][0]:
        frame = _padded(frame)
    return frame, leaves_of(frame, common)


def _padded(events: pl.DataFrame) -> pl.DataFrame:
    """Events about persons among entries that stand for nothing, in random order, sixteen or a multiple of it.

    So that outsiders can't count them (trust 4.2): in no week, and not by what came with one checkpoint either.
    """
    blank = -events.height % TOGETHER
    padding = pl.DataFrame({"tag": [PADDING] * blank, "about": new_ids(blank)}, schema_overrides={"tag": pl.String})
    random = [pl.Series(n, _cut(secrets.token_bytes(HASH * blank)), dtype=pl.Binary) for n in ("salt", "commitment")]
    padding = padding.with_columns(
        pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(True).alias("person"), *random
    )
    whole = pl.concat([events, padding.select(events.columns)])
    return whole.sample(fraction=1, shuffle=True, seed=secrets.randbits(63))


def runs(events: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Events one after another that the log shows alike: those of one tag, or about persons."""
    if events.height == 1:
        yield events
        return
    shown = pl.when("person").then(pl.lit(PERSON_TAG)).otherwise("tag")
    for _, run in events.group_by(shown.rle_id(), maintain_order=True):
        yield run


def leaves_of(events: pl.DataFrame, common: Common) -> bytes:
    """The leaf hashes of events of one kind, or of any kinds in runs: about persons only the week is shown."""
    found = []
    for run in runs(events):
        committed = b"".join(run["commitment"].to_list())
        if run["person"][0]:
            found.append(leaf_hashes(person_entries(common.day, committed)))
        else:
            shown = Shown(Tag(run["tag"][0]), common.item, common.authority, common.day)
            previous = run["previous"].to_list() if run["previous"].null_count() < run.height else None
            found.append(leaf_hashes(entries(shown, committed, previous)))
    return b"".join(found)


def joined(parts: Iterable[tuple[pl.DataFrame, bytes]]) -> tuple[pl.DataFrame, bytes]:
    """Several runs of events as one."""
    found = list(parts)
    return pl.concat([pl.DataFrame(schema=EVENTS), *(f for f, _ in found)]), b"".join(leaves for _, leaves in found)


def _cut(whole: bytes) -> list[bytes]:
    return [whole[at : at + HASH] for at in range(0, len(whole), HASH)]
