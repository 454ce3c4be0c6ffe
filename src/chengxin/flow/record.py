"""Verbs 3 and 4 with a memory: accepted rows of a submission become the steps of a change set."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, bound_digests, events_of, joined
from chengxin.flow.store import Step, Store
from chengxin.registers.changes import MAKES_VERSION, changes, digests, missing, state_after
from chengxin.registers.record import as_records
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.subjects.resolve import JUDGED, SUBJECTS, resolve, spellings
from chengxin.values.ids import new_ids
from chengxin.values.text import folded_names

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
    *("digest", "source_order"),
)


@dataclass(frozen=True)
class Arrival:
    """Whose rows these are and when they became known; `source_order`: what comes later in the source's own order is larger."""

    resource: Resource
    sender: str
    known_on: date
    source_order: int

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
    codes, tokens = _named(rows, resource, "subject_code"), _named(rows, resource, "person_number")
    known, people = store.subjects(codes), store.persons(tokens)
    resolved = resolve(rows, resource, known.select(SUBJECTS.keys()), catalogue)
    if resolved.waiting.height:
        done.waiting.append(resolved.waiting)
    subjects = _subjects(resolved.subjects, known)
    persons = _persons(resolved.rows, people)
    ids = pl.concat([subjects.select("code", "id"), persons.select(pl.col("code"), "id")])
    found = resolved.rows.join(
        ids.rename({"code": "subject", "id": "@id"}), on="subject", how="left", maintain_order="left"
    )
    versions = _versions(found, arrival, catalogue, store, done)
    events, leaves = joined([*_subject_events(subjects, persons, arrival), *_version_events(versions, arrival, store)])
    sources = versions.filter(pl.col("action") == "source")
    done.subjects += subjects.filter("new").height + persons.filter("new").height
    tables = {
        **_subject_tables(subjects, persons, catalogue),
        "record": versions.filter(pl.col("action").is_in(MAKES_VERSION)).select(
            *VERSION, late=pl.col("action") == "late"
        ),
        "recordsource": sources.select(new_ids(sources.height).alias("id"), "key", "sender"),
    }
    closed = {
        "record": versions.filter(pl.col("action").is_in(["superseded", "withdrawn", "returned"]))["now"].drop_nulls(),
        "subjectfact": subjects.filter("changed")["id"],
    }
    return Step(tables, closed, events, leaves)


def missing_steps(arrival: Arrival, store: Store, done: Recorded) -> list[Step]:
    """After a full feed: the sender's records that it no longer holds become `missing`."""
    arrived = pl.concat(done.keys) if done.keys else pl.Series([], dtype=pl.String)
    steps = []
    for current in store.current_of(arrival.resource.name, arrival.sender):
        gone = missing(current, arrived)
        if gone.is_empty():
            continue
        versions = gone.with_columns(
            new_ids(gone.height).alias("id"),
            pl.col("id").alias("now"),
            (pl.col("version") + 1).cast(pl.Int32).alias("version"),
            pl.lit("missing").alias("state"),
            pl.lit("missing").alias("action"),
            pl.lit(False).alias("person"),
        )
        done.count("missing", gone.height)
        events, leaves = joined(_version_events(versions, arrival, store))
        tables = {"record": versions.select(*VERSION, late=pl.lit(False))}
        steps.append(Step(tables, {"record": versions["now"]}, events, leaves))
    return steps


def _named(rows: pl.DataFrame, resource: Resource, role: str) -> pl.Series:
    name = JUDGED if role == "subject_code" and JUDGED in rows.columns else resource.role(role)
    return rows[name].drop_nulls().unique() if name and name in rows.columns else pl.Series([], dtype=pl.String)


def _subjects(now: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """All subjects after resolving, with `id`, and whether each is `new` or `changed`."""
    before = known.select(
        "code", "id", *(pl.col(c).alias(f"_{c}") for c in ("name", "former_names", "status", "status_on"))
    )
    by_any = spellings(known.select(SUBJECTS.keys())).select("code", pl.col("subject").alias("_present"))
    joined_now = now.join(by_any, on="code", how="left").with_columns(pl.coalesce("_present", "code").alias("_of"))
    found = joined_now.join(before.rename({"code": "_of"}), on="_of", how="left")
    fresh = found["id"].is_null()
    ids = found["id"].to_list()
    made = iter(new_ids(int(fresh.sum())).to_list())
    found = found.with_columns(pl.Series("id", [i or next(made) for i in ids], dtype=pl.String), fresh.alias("new"))
    differs = pl.any_horizontal(
        ~pl.col(c).eq_missing(pl.col(f"_{c}")) for c in ("name", "former_names", "status", "status_on")
    ) | (pl.col("code") != pl.col("_of"))
    return found.with_columns((~pl.col("new") & differs).alias("changed")).select(*SUBJECTS, "id", "new", "changed")


def _persons(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Persons that rows are about: code (`person:token`), id, whether new."""
    about = rows.filter(pl.col("subject").str.starts_with("person:"))["subject"].unique(maintain_order=True)
    known = people.select(("person:" + pl.col("token")).alias("code"), "id")
    found = about.to_frame("code").join(known, on="code", how="left", maintain_order="left")
    made = iter(new_ids(found["id"].null_count()).to_list())
    fresh = found["id"].is_null()
    return found.with_columns(
        pl.Series("id", [i or next(made) for i in found["id"]], dtype=pl.String), fresh.alias("new")
    )


def _versions(rows: pl.DataFrame, arrival: Arrival, catalogue: Catalogue, store: Store, done: Recorded) -> pl.DataFrame:
    """Rows as versions with their `action`; contents of persons' records are sealed here."""
    records = as_records(rows, arrival.resource, catalogue, arrival.known_on, 0, "@id")
    person = pl.col("subject").str.starts_with("person:")
    arriving = records.with_columns(
        digests(records["key"], store.digest_key).alias("key"),
        digests(records["content"], store.digest_key).alias("digest"),
        person.alias("person"),
        rows["@id"].alias("subject"),
        pl.lit(arrival.sender).alias("sender"),
        pl.lit(arrival.source_order, dtype=pl.Int64).alias("source_order"),
        pl.col("class").alias("severity"),
    )
    if done.full:
        done.keys.append(arriving["key"])
    done.count("repeated", arriving.height - arriving["key"].n_unique())
    judged = changes(arriving, store.current(arriving["key"], arrival.sender))
    for action, number in judged.filter(pl.col("action") != "held")["action"].value_counts().iter_rows():
        done.count(action, number)
    held = judged.filter(pl.col("action") == "held")
    judged = judged.with_columns(new_ids(judged.height).alias("id"), state_after(pl.col("action")).alias("state"))
    if held.height:
        waits = rows.with_row_index("_n").filter(
            pl.Series(digests(records["key"], store.digest_key)).is_in(held["key"].implode())
        )
        done.waiting.append(waits.drop("_n", "@id", "subject").with_columns(pl.lit("held").alias("reason")))
    people = judged.filter("person")
    if people.height:
        sealed = people.select("id", store.seal(people["subject"], people["id"], people["content"]).alias("_sealed"))
        judged = judged.join(sealed, on="id", how="left", maintain_order="left").with_columns(
            pl.coalesce("_sealed", "content").alias("content")
        )
    return judged


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


def _subject_events(
    subjects: pl.DataFrame, persons: pl.DataFrame, arrival: Arrival
) -> list[tuple[pl.DataFrame, bytes]]:
    bound = subjects.filter(pl.col("new") | pl.col("changed"))
    texts = bound.select(
        "code", "name", "former_names", "former_codes", "status", pl.col("status_on").dt.to_string("%Y-%m-%d")
    )
    plain = bound.with_columns(
        pl.col("id").alias("about"),
        pl.col("id").alias("subject"),
        texts.to_struct().struct.json_encode().alias("content"),
        pl.lit(None, dtype=pl.Int64).alias("previous"),
        pl.lit(False).alias("person"),
    )
    fresh = persons.filter("new").select(
        pl.col("id").alias("about"),
        pl.col("id").alias("subject"),
        pl.lit("person").alias("kind"),
        pl.lit("").alias("content"),
        pl.lit(None, dtype=pl.Int64).alias("previous"),
        pl.lit(True).alias("person"),
    )
    kinds = [
        (Tag.SUBJECT_ADDED, plain.filter("new")),
        (Tag.SUBJECT_CHANGED, plain.filter("changed")),
        (Tag.SUBJECT_ADDED, fresh),
    ]
    return [events_of(tag, rows, arrival.common) for tag, rows in kinds if rows.height]


def _subject_tables(subjects: pl.DataFrame, persons: pl.DataFrame, catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    new, told = subjects.filter("new"), subjects.filter(pl.col("new") | pl.col("changed"))
    people = persons.filter("new")
    facts = told.select(
        new_ids(told.height).alias("id"),
        pl.col("id").alias("subject"),
        "code",
        "name",
        folded_names(told["name"]).alias("fold"),
        _json_list("former_names"),
        _json_list("former_codes"),
        "status",
        "status_on",
    )
    numbers = (
        pl.concat(
            [
                told.select(pl.col("id").alias("subject"), pl.lit("code").alias("kind"), pl.col("code").alias("value")),
                told.explode("former_codes", empty_as_null=True).select(
                    pl.col("id").alias("subject"), pl.lit("former").alias("kind"), pl.col("former_codes").alias("value")
                ),
                people.select(
                    pl.col("id").alias("subject"),
                    pl.lit("person").alias("kind"),
                    pl.col("code").str.slice(7).alias("value"),
                ),
            ]
        )
        .drop_nulls()
        .unique("value", keep="first", maintain_order=True)
    )
    return {
        "subject": pl.concat(
            [
                new.select("id", "register", "kind"),
                people.select("id", pl.lit("person").alias("register"), pl.lit("person").alias("kind")),
            ]
        ),
        "subjectfact": facts,
        "identifier": numbers.select(new_ids(numbers.height).alias("id"), "subject", "kind", "value"),
    }


def _json_list(name: str) -> pl.Expr:
    quoted = (
        pl.col(name)
        .fill_null([])
        .list.eval(pl.lit('"') + pl.element().str.replace_all('"', '\\"', literal=True) + pl.lit('"'))
    )
    return pl.concat_str(pl.lit("["), quoted.list.join(", "), pl.lit("]")).alias(name)
