"""Verbs 3 and 4 with a memory: accepted rows of a submission become the steps of a change set."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, bound_digests, events_of, joined
from chengxin.flow.parties import (
    given,
    heard,
    look_up,
    persons_of,
    subject_events,
    subject_tables,
    subjects_of,
    without_past,
)
from chengxin.flow.store import SEALED, Step, Store
from chengxin.registers.changes import MAKES_VERSION, SAYS_AGAIN, changes, digests, missing, state_after
from chengxin.registers.fingerprints import said_by
from chengxin.registers.record import act_of, as_records
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.standards.windows import first_prompt_day
from chengxin.subjects.numbers import JUDGED
from chengxin.subjects.resolve import SUBJECTS, resolve
from chengxin.values.ids import new_ids

TAGS = {
    "added": Tag.RECORD_ADDED,
    "superseded": Tag.RECORD_SUPERSEDED,
    "withdrawn": Tag.RECORD_WITHDRAWN,
    "returned": Tag.RECORD_RETURNED,
    "late": Tag.RECORD_LATE,
    "missing": Tag.RECORD_MISSING,
}
# The columns of a version, in the order of the table; `since` and `until` are the store's.
VERSION = (
    *("id", "key", "version", "resource", "subject", "state", "document", "list", "authority", "authority_code"),
    *("source", "sender", "decided_on", "severity", "adverse", "published", "draft", "last_day", "clause", "content"),
    *("digest", "source_order", "withheld"),
)
AGAIN = ("key", "said_in")  # a version that was said again, by the change set that said it first


@dataclass(frozen=True)
class Arrival:
    """Whose rows these are and when they became known; `source_order`: what comes later in the source's own order is larger."""

    resource: Resource
    sender: str
    known_on: date
    source_order: int
    withheld: tuple[str, ...] = ()  # fields that the secrecy review keeps from the public

    @property
    def common(self) -> Common:
        """What the events of these rows share."""
        return Common(self.resource.name, self.sender, self.known_on)


@dataclass
class Recorded:
    """Counts of what became of accepted rows, and the rows that wait for a human (with `reason`).

    `full`: a full feed, whose keys are kept to tell what it no longer holds.
    """

    full: bool = False
    actions: dict[str, int] = field(default_factory=dict)
    subjects: int = 0
    waiting: list[pl.DataFrame] = field(default_factory=list)
    keys: list[pl.Series] = field(default_factory=list)

    def count(self, action: str, number: int) -> None:
        """Add to a count."""
        self.actions[action] = self.actions.get(action, 0) + number


def step_of(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store, done: Recorded) -> Step:
    """One part of the accepted rows against what the store knows."""
    resource = arrival.resource
    met = _met(rows, arrival, catalogue, store)
    if met.past:
        done.count("former_code", met.past)
    if met.waiting.height:
        done.waiting.append(met.waiting)
    persons = met.persons
    versions = _versions(met.rows, arrival, catalogue, store, done)
    subjects = heard(met.subjects, versions, resource)
    events, leaves = joined(
        [*subject_events(subjects, persons, arrival.common), *_version_events(versions, arrival, store)]
    )
    done.subjects += subjects.filter("new").height + persons.filter("new").height
    tables = {
        **subject_tables(subjects, persons, catalogue),
        "record": versions.filter(pl.col("action").is_in(MAKES_VERSION)).select(
            *VERSION, "kind", _prompt(arrival, catalogue), late=pl.col("action") == "late"
        ),
        "saidagain": versions.filter(pl.col("action").is_in(SAYS_AGAIN)).select(*AGAIN),
        "fingerprint": _fingerprints(versions),
    }
    closed = {
        "record": versions.filter(pl.col("action").is_in(["superseded", "withdrawn", "returned"]))["now"].drop_nulls(),
        "subjectfact": subjects.filter("changed")["id"],
    }
    return Step(tables, closed, events, leaves)


@dataclass(frozen=True)
class _Met:
    """Rows with the `@id` and `@kind` of their subject; those that wait; whom they name; how many say nothing of the present."""

    rows: pl.DataFrame
    waiting: pl.DataFrame
    subjects: pl.DataFrame
    persons: pl.DataFrame
    past: int


def _met(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store) -> _Met:
    resource = arrival.resource
    known, also = look_up(rows, resource, catalogue, store)
    present = without_past(rows, resource, known)
    people = store.persons(given(present, resource, "person_number"))
    resolved = resolve(present, resource, known.select(SUBJECTS.keys()), catalogue, also)
    subjects = subjects_of(resolved.subjects, known, also)
    persons = persons_of(resolved.rows, people)
    ids = pl.concat([_kinds(subjects, known), persons.select("code", "id", pl.lit("person").alias("kind"))])
    found = resolved.rows.join(
        ids.rename({"code": "subject", "id": "@id", "kind": "@kind"}), on="subject", how="left", maintain_order="left"
    )
    return _Met(found, resolved.waiting, subjects, persons, rows.height - present.height)


def _kinds(subjects: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Code, id and kind of subjects; a known one is of the kind that it was first."""
    first = known.select("id", pl.col("kind").alias("_kind"))
    found = subjects.select("code", "id", "kind").join(first, on="id", how="left", maintain_order="left")
    return found.select("code", "id", pl.coalesce("_kind", "kind").alias("kind"))


def _prompt(arrival: Arrival, catalogue: Catalogue) -> pl.Expr:
    """True if the first word of an act came within the term of its resource; null: another word, or no term."""
    begins = first_prompt_day(arrival.resource, catalogue, arrival.known_on)
    prompt = pl.lit(None, dtype=pl.Boolean) if begins is None else pl.col("decided_on") >= begins
    return pl.when(pl.col("action") == "added").then(prompt).alias("prompt")


@dataclass(frozen=True)
class Absent:
    """What a full feed does to its sender's records: how many are in force, and how many of these become `missing`."""

    in_force: int
    gone: int


def keys_of(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store) -> pl.Series:
    """The keys of the records that these accepted rows are about, as `step_of` keeps them of a full feed. Nothing is recorded."""
    return _records(_met(rows, arrival, catalogue, store).rows, arrival, catalogue, store)["key"]


def absent_of(keys: pl.Series, arrival: Arrival, store: Store) -> Absent:
    """What a full feed of these keys would do if it were recorded now."""
    in_force = gone = 0
    for current, absent in _absent(keys, arrival, store):
        in_force += current.filter(state="in_force").height
        gone += absent.filter(state="in_force").height
    return Absent(in_force, gone)


def _absent(keys: pl.Series, arrival: Arrival, store: Store) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The sender's current records, in parts, and of each part those that a full feed of these keys does not hold."""
    for current in store.current_of(arrival.resource.name, arrival.sender):
        yield current, missing(current, keys, arrival.source_order)


def missing_steps(arrival: Arrival, store: Store, done: Recorded) -> list[Step]:
    """After a full feed: the sender's records that it no longer holds become `missing`."""
    arrived = pl.concat(done.keys) if done.keys else pl.Series([], dtype=pl.String)
    steps = []
    for _, absent in _absent(arrived, arrival, store):
        if absent.is_empty():
            continue
        gone = absent.filter(pl.col("state") == "in_force")
        still = absent.filter(pl.col("state") == "missing").select(*AGAIN)
        versions = gone.with_columns(
            new_ids(gone.height).alias("id"),
            pl.col("id").alias("now"),
            (pl.col("version") + 1).cast(pl.Int32).alias("version"),
            pl.lit("missing").alias("state"),
            pl.lit("missing").alias("action"),
            pl.lit(arrival.source_order, dtype=pl.Int64).alias("source_order"),
            pl.col("content").str.starts_with(SEALED).alias("person"),
        )
        versions = versions.with_columns(
            store.carried(versions["subject"], versions["now"], versions["id"], versions["content"]).alias("content")
        )
        if gone.height:
            done.count("missing", gone.height)
        events, leaves = joined(_version_events(versions, arrival, store))
        tables = {"record": versions.select(*VERSION, late=pl.lit(False)), "saidagain": still}
        steps.append(Step(tables, {"record": versions["now"]}, events, leaves))
    return steps


def _versions(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store, done: Recorded) -> pl.DataFrame:
    """Rows as versions with their `action` and their subject's `kind`; contents of persons' records are sealed here."""
    person = pl.col("subject").str.starts_with("person:")
    arriving = _records(rows, arrival, catalogue, store).with_columns(
        digests(act_of(rows, arrival.resource), store.digest_key).alias("digest"),
        person.alias("person"),
        rows["@id"].alias("subject"),
        rows["@kind"].alias("kind"),
        pl.lit(arrival.sender).alias("sender"),
        pl.lit(arrival.source_order, dtype=pl.Int64).alias("source_order"),
        pl.lit(",".join(sorted(arrival.withheld))).alias("withheld"),
        pl.col("class").alias("severity"),
    )
    if done.full:
        done.keys.append(arriving["key"])
    done.count("repeated", arriving.height - arriving["key"].n_unique())
    judged = changes(arriving.with_row_index("_row"), store.current(arriving["key"], arrival.sender))
    judged = _recognised(judged, rows, arrival.resource, store)
    for action, number in judged.filter(pl.col("action") != "held")["action"].value_counts().iter_rows():
        done.count(action, number)
    held = judged.filter(pl.col("action") == "held")
    judged = judged.with_columns(new_ids(judged.height).alias("id"), state_after(pl.col("action")).alias("state"))
    if held.height:
        waits = rows[held["_row"]].drop("@id", "@kind", "subject")
        done.waiting.append(waits.with_columns(pl.lit("held").alias("reason")))
    people = judged.filter("person")
    if people.height:
        sealed = people.select("id", store.seal(people["subject"], people["id"], people["content"]).alias("_sealed"))
        judged = judged.join(sealed, on="id", how="left", maintain_order="left").with_columns(
            pl.coalesce("_sealed", "content").alias("content")
        )
    return judged


def _records(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store) -> pl.DataFrame:
    """Rows as records, with their keys as the store holds them."""
    records = as_records(rows, arrival.resource, catalogue, arrival.known_on, 0, "@id")
    return records.with_columns(digests(records["key"], store.digest_key).alias("key"))


def _recognised(judged: pl.DataFrame, rows: pl.DataFrame, resource: Resource, store: Store) -> pl.DataFrame:
    """Holds what was taken back and comes under another number; adds `fingerprint`, which withdrawn rows leave behind.

    A row that a human has judged is not held again.
    """
    if JUDGED in rows.columns:
        lifted = pl.when(action="held").then(pl.lit("superseded")).otherwise("action")
        judged = judged.with_columns(lifted.alias("action"))
    burden = pl.col("person") | pl.lit(resource.polarity == "adverse")
    fresh = judged.filter(burden & (pl.col("action") == "added"))
    gone = store.fingerprints(fresh["subject"].unique())
    asked = judged.filter(burden & _withdraws())
    asked = pl.concat([asked, fresh.join(gone, on="subject", how="semi")]).select("_row", "subject")
    said = digests(said_by(rows[asked["_row"]], resource), store.digest_key).alias("fingerprint")
    found = judged.join(asked.select("_row", said), on="_row", how="left", maintain_order="left")
    if gone.is_empty() or JUDGED in rows.columns:
        return found
    known = gone.unique().with_columns(pl.lit(True).alias("_gone"))
    found = found.join(known, on=["subject", "fingerprint"], how="left", maintain_order="left")
    again = pl.col("_gone").fill_null(False) & (pl.col("action") == "added")
    return found.with_columns(pl.when(again).then(pl.lit("held")).otherwise("action").alias("action")).drop("_gone")


def _withdraws() -> pl.Expr:
    return pl.col("withdrawn") & pl.col("action").is_in(["withdrawn", *SAYS_AGAIN])


def _fingerprints(versions: pl.DataFrame) -> pl.DataFrame:
    """What withdrawals leave behind, each of its own: one may be recalled while another stands."""
    gone = versions.filter(_withdraws() & pl.col("fingerprint").is_not_null())
    return gone.select(new_ids(gone.height).alias("id"), "subject", pl.col("fingerprint").alias("value"))


def _version_events(versions: pl.DataFrame, arrival: Arrival, store: Store) -> list[tuple[pl.DataFrame, bytes]]:
    made = versions.filter(pl.col("action").is_in([*TAGS]))
    if made.is_empty():
        return []
    before = store.log_indexes(made["now"].drop_nulls())
    bound = made.with_columns(bound_digests(made).alias("content")).join(
        before.rename({"about": "now"}), on="now", how="left", maintain_order="left"
    )
    found = []
    for (action, _), group in bound.group_by("action", "person", maintain_order=True):
        rows = group.with_columns(pl.col("id").alias("about"), pl.col("key").alias("record"))
        found.append(events_of(TAGS[str(action)], rows, arrival.common))
    return found
