"""What must be in the registers on any day, told from what was played: a plain model of a record, in plain Python.

It knows what the store must come to and nothing of how: an act is one record under its source's own order; what is
revoked stays gone, under any number; what a whole list forgets is hidden until it is named again; a body's own word stands
against another's; what is about nobody known waits until the registers know them. The answer is kept as rows with `since`
and `until` (days, `until` exclusive), so that the truth of a day is a filter.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chengxin.values.errors import Refused, Said

SUBJECTS, RECORDS = "subjects-over-time.parquet", "records-over-time.parquet"
_SPAN = {"since": pl.Date, "until": pl.Date}
_SUBJECT = {"subject": pl.Int64, "code": pl.String, "name": pl.String, "status": pl.String} | {
    "status_on": pl.Date,
    "former_names": pl.List(pl.String),
}
_RECORD = {"resource": pl.String, "act": pl.Int64, "subject": pl.Int64, "document": pl.String} | {
    "decided_on": pl.Date,
    "last_day": pl.Date,
    "words": pl.String,
    "sources": pl.List(pl.String),
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """What must be in the registers: `subjects` (code, name …) and their `records` in force, with the subject's code."""

    subjects: pl.DataFrame
    records: pl.DataFrame


def truth_on(folder: Path, day: date) -> Truth:
    """The truth of a history in a folder as it must be known at the end of a day. Raises Refused."""
    if not (folder / RECORDS).exists():
        said = "没有逐日真值；请用 chengxin world --years 造一个多年的区。"
        raise Refused("no-history", Said(f"{folder} {said}", f"{folder} holds no history; make one: world --years"))
    frames = [pl.read_parquet(folder / name) for name in (SUBJECTS, RECORDS)]
    lives = (pl.col("since") <= day) & (pl.col("until").is_null() | (pl.col("until") > day))
    subjects, records = (f.filter(lives).drop(_SPAN) for f in frames)
    named = records.join(subjects.select("subject", "code"), on="subject").drop("subject", "act")
    return Truth(subjects.drop("subject").sort("code"), named.sort("code", "resource", "document", "decided_on"))


@dataclass
class _Spans:
    """States by what they are about, as spans of days; what lasts less than a day leaves nothing."""

    now: dict[Any, tuple[date, Row]] = field(default_factory=dict)
    ended: list[Row] = field(default_factory=list)

    def put(self, key: Any, state: Row | None, day: date) -> None:
        since, before = self.now.pop(key, (day, None))
        if before == state and state is not None:
            self.now[key] = (since, state)
            return
        if before is not None and since < day:
            self.ended.append({**before, "since": since, "until": day})
        if state is not None:
            self.now[key] = (day, state)

    def frame(self, schema: dict[str, Any]) -> pl.DataFrame:
        living = [{**state, "since": since, "until": None} for since, state in self.now.values()]
        return pl.DataFrame([*self.ended, *living], schema={**schema, **_SPAN}).sort(*list(schema)[:3], "since")


@dataclass
class _Record:
    """One act as the registers must hold it."""

    said: Row
    order: int
    state: str  # in_force | revoked | missing
    others: set[str] = field(default_factory=set)


@dataclass
class Model:
    """The registers as they must be. Files are played in the order in which they arrive."""

    facts: _Spans = field(default_factory=_Spans)
    spans: _Spans = field(default_factory=_Spans)
    known: dict[int, int] = field(default_factory=dict)  # subject → order of its last registration
    records: dict[tuple[str, int], _Record] = field(default_factory=dict)
    waiting: dict[int, list[Row]] = field(default_factory=dict)
    gone: set[tuple[int, str]] = field(default_factory=set)  # what was taken back, whatever its number

    def play(self, file: Row, rows: list[Row]) -> None:
        """One file (came, mode, authority, resource, order) and its accepted rows."""
        day, resource = file["came"], file["resource"]
        fresh: list[int] = []
        listed = set()
        for row in rows:
            if row["registration"] or (row["founds"] and row["subject"] not in self.known):
                fresh += [row["subject"]] if row["subject"] not in self.known else []
                self._learn(row, day)
            if row["subject"] not in self.known:
                self.waiting.setdefault(row["subject"], []).append(row)
                continue
            listed.add((resource, row["act"]))
            self._say(row, day)
        for key, record in self.records.items() if file["mode"] == "full" else ():
            mine = key[0] == resource and record.said["sender"] == file["authority"]
            if mine and key not in listed and record.state == "in_force":
                record.state, record.order = "missing", file["order"]
                self._show(key, day)
        for row in [row for subject in fresh for row in self.waiting.pop(subject, [])]:
            self._say(row, day)

    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Subjects and records over time."""
        return self.facts.frame(_SUBJECT), self.spans.frame(_RECORD)

    def _learn(self, row: Row, day: date) -> None:
        order = row["order"] if row["registration"] else -1
        if order >= self.known.get(row["subject"], -1):
            self.known[row["subject"]] = order
            self.facts.put(row["subject"], {name: row[name] for name in _SUBJECT}, day)

    def _say(self, row: Row, day: date) -> None:
        key = (row["resource"], row["act"])
        record = self.records.get(key)
        if record is None and row["adverse"] and (row["subject"], row["core"]) in self.gone:
            return
        if record is None:
            self.records[key] = record = _Record(row, row["order"], "revoked" if row["revoked"] else "in_force")
        elif row["order"] >= record.order:
            _heard(record, row)
        if record.state == "revoked":
            self.gone.add((row["subject"], row["core"]))
        self._show(key, day)

    def _show(self, key: tuple[str, int], day: date) -> None:
        record = self.records[key]
        state = {name: record.said[name] for name in _RECORD if name != "sources"}
        state["sources"] = sorted({record.said["sender"], *record.others})
        self.spans.put(key, state if record.state == "in_force" else None, day)


def _heard(record: _Record, row: Row) -> None:
    """A later word about an act that is there."""
    same, own = row["content"] == record.said["content"], row["sender"] == record.said["sender"]
    if record.state == "revoked" or (record.state == "in_force" and same):
        if same and not own:
            record.others.add(row["sender"])
        return
    if record.state == "in_force" and not own and record.said["sender"] == record.said["body"]:
        return
    record.said, record.order = row, row["order"]
    record.state = "revoked" if row["revoked"] else "in_force"
