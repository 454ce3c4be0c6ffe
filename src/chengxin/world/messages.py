"""What departments say of an act over the years: once, again, corrected, revoked, removed; late, by two, or whole lists.

One row is one message: an act as a department's file of a day has it. Hidden columns: `_act` (number of the act in its
resource), `_received` (the day for which the file is meant), `_authority` (who sends), beside those of the makers.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from chengxin.standards.model import Resource
from chengxin.world.decisions import NO_END
from chengxin.world.district import District, Parcel
from chengxin.world.later import SAID
from chengxin.world.roster import departments, reporters
from chengxin.world.subjects import day_number

# What becomes of an act after it was first sent: share of the acts.
AFTER = {
    "repeated": 0.05,  # the same again
    "corrected": 0.06,
    "revoked": 0.04,
    "revived": 0.02,  # revoked, and then sent as it was before: that must wait for a human
    "renumbered": 0.03,  # revoked, and then sent under another number: that too
    "removed": 0.08,  # taken from the list
    "delayed": 0.03,  # not in its own file but in a later one
    "second": 0.08,  # also sent by a department that did not decide it
}
# Who sends the whole list every time, and how often that forgets one act, which comes back with the next.
WHOLE = {
    ("abnormal", "即市监"),
    ("abnormal", "即民"),
    ("honour", "即文明办"),
    ("honour", "即商"),
    ("serious_list", "即人社"),
}
FORGETS = 0.4
_DAYS = "%Y-%m-%d"


def is_whole(resource: str, authority: str) -> bool:
    """True if this department sends whole lists of this resource (mode `full`)."""
    return (resource, next(d.short for d in departments() if d.code == authority)) in WHOLE


def messages(district: District, resource: Resource, sent: list[Parcel]) -> pl.DataFrame:
    """All messages about the acts of a resource. `sent`: each act as it is first sent."""
    acts = pl.concat([p.rows.with_columns(pl.lit(p.department.code).alias("_authority")) for p in sent], how="diagonal")
    key = ["_index" if name == "@subject" else name for name in resource.natural_key]
    if resource.nature == "registration":
        return acts.with_columns(pl.col("_index").alias("_act"))
    acts = acts.unique([k for k in key if k in acts.columns], keep="first", maintain_order=True)
    acts = acts.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("_act"))
    listed = pl.Series([is_whole(resource.name, a) for a in acts["_authority"]], dtype=pl.Boolean)
    parts = [_whole(district, resource, acts.filter(listed)), *_lives(district, resource, acts.filter(~listed))]
    found = pl.concat([p for p in parts if p.height], how="diagonal")
    return found.unique(["_act", "_authority", "_received"], keep="last", maintain_order=True)


def _lives(district: District, resource: Resource, acts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Messages of departments that send what is new; each act has at most one fate."""
    rng = district.rng
    fate = rng.choice([*AFTER, ""], size=acts.height, p=[*AFTER.values(), 1 - sum(AFTER.values())])
    days = _Days(district, acts)
    for name in ("", *AFTER):
        rows = acts.filter(pl.Series(fate == name))
        if name == "delayed":
            yield days.later(rows, 1)
            continue
        yield rows
        if name in ("repeated", "corrected", "revoked", "revived", "renumbered", "removed"):
            said = changed(resource, rows, "revoked" if name in ("revived", "renumbered") else name)
            yield _dated(resource, days.later(said, 1)) if name == "removed" else days.later(said, 1)
        if name == "revived":
            yield days.later(changed(resource, rows, "repeated"), 2)
        if name == "renumbered":
            yield days.later(_renumbered(resource, rows, acts.height), 2)
        if name == "second":
            yield days.by_another(resource, rows)


def changed(resource: Resource, rows: pl.DataFrame, how: str) -> pl.DataFrame:
    """The rows as they are said again; those for which the resource has no place for it are left out."""
    roles = resource.roles
    mark, state = roles.get("revocation"), next((f.name for f in resource.fields if f.codes == "permit_state"), None)
    removed, ends = roles.get("removed_on"), roles.get("ends_on")
    if how == "repeated":
        return rows
    if how == "revoked" and (mark or state):
        said = pl.lit(SAID["withdrawn"]).alias(mark) if mark else pl.lit("2").alias(str(state))
        return rows.with_columns(said)
    if how == "corrected" and mark:
        return rows.with_columns(pl.lit(SAID["corrected"]).alias(mark))
    if how == "corrected" and ends:
        earlier = pl.col(ends).str.to_date(_DAYS).dt.offset_by("-30d").dt.strftime(_DAYS)
        return rows.filter(pl.col(ends) != NO_END).with_columns(earlier.alias(ends))
    if how == "removed" and removed and resource.name in ("abnormal", "honour"):
        if removed in rows.columns:
            rows = rows.filter(pl.col(removed).is_null())
        return rows
    return rows.clear()


def _renumbered(resource: Resource, rows: pl.DataFrame, acts: int) -> pl.DataFrame:
    """The rows as new acts of another number, where the resource has a word for taking back."""
    number = resource.roles.get("document")
    if number is None or "revocation" not in resource.roles:
        return rows.clear()
    other = pl.col(number).str.replace("号$", "-1号")
    return rows.with_columns(other.alias(number), (pl.col("_act") + acts).alias("_act"))


def _dated(resource: Resource, rows: pl.DataFrame) -> pl.DataFrame:
    """Removals have the day of the file that tells of them, a ground and, if the form asks, the body."""
    if rows.is_empty():
        return rows
    cells = {
        resource.roles["removed_on"]: pl.col("_received").dt.strftime(_DAYS),
        resource.roles["removal_ground"]: pl.lit("经核实，列入或者授予的情形已经消除"),
        "YC_YCJG": pl.col(resource.roles["authority_name"]),
    }
    return rows.with_columns(cell.alias(name) for name, cell in cells.items() if name in resource.by_name)


class _Days:
    """On which days each department sends; a department that never sends again does so once more if there is time."""

    def __init__(self, district: District, acts: pl.DataFrame) -> None:
        self._district = district
        self._last = day_number(district.today)
        self._days: dict[str, list[int]] = {}
        for code, days in (
            acts.group_by("_authority").agg(pl.col("_received").unique().sort()).sort("_authority").iter_rows()
        ):
            self._days[code] = [day_number(d) for d in days]

    def next(self, authority: str, after: int, step: int) -> int | None:
        """The `step`-th sending day of the department after a day, or None."""
        days = self._days[authority]
        while len([d for d in days if d > after]) < step:
            start = max(days[-1], after) + int(self._district.rng.integers(15, 60))
            working = self._district.working_days
            day = int(working[np.searchsorted(working, start)])
            if day > self._last:
                return None
            days.append(day)
        return [d for d in days if d > after][step - 1]

    def later(self, rows: pl.DataFrame, step: int) -> pl.DataFrame:
        """The rows in a later file of their department; where there is none they are left out."""
        return self._moved(rows, rows["_authority"].to_list(), step)

    def by_another(self, resource: Resource, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows in a file of another department that may send them, named as their source."""
        others = [d for d in reporters(resource.name) if d.code in self._days and not is_whole(resource.name, d.code)]
        name, code = resource.role("source_name"), resource.role("source_code")
        if len(others) < 2 or not code or resource.name != "penalty":
            return rows.clear()
        who = [others[int(self._district.rng.integers(len(others)))] for _ in range(rows.height)]
        told = [pl.Series(code, [d.code for d in who], dtype=pl.String)]
        told += [pl.Series(name, [d.name for d in who], dtype=pl.String)] if name else []
        moved = self._moved(rows.with_columns(told), [d.code for d in who], 1)
        return moved.filter(pl.col("_authority") != pl.col(resource.roles["authority_code"]))

    def _moved(self, rows: pl.DataFrame, senders: list[str], step: int) -> pl.DataFrame:
        days = [
            self.next(sender, day_number(day), step)
            for sender, day in zip(senders, rows["_received"].to_list(), strict=True)
        ]
        return rows.with_columns(
            pl.Series("_authority", senders, dtype=pl.String),
            pl.Series("_received", days, dtype=pl.Int32).cast(pl.Date),
        ).filter(pl.col("_received").is_not_null())


def _whole(district: District, resource: Resource, acts: pl.DataFrame) -> pl.DataFrame:
    """Each file holds all acts that the department sent by then, or has forgotten one."""
    found = [acts.clear()]
    for _, own in acts.group_by("_authority", maintain_order=True):
        days = sorted({*own["_received"].to_list()})
        more = district.receipts(2 * district.rows_per_file * district.years, resource.name)
        known = pl.Series(more.astype(np.int32)).cast(pl.Date)
        for day in sorted({*days, *known.filter(known > days[0]).to_list()}):
            listed = own.filter(pl.col("_received") <= day)
            before = listed.filter(pl.col("_received") < day)["_act"]
            if listed.height > 1 and len(before) and district.rng.random() < FORGETS:
                listed = listed.filter(pl.col("_act") != before[int(district.rng.integers(len(before)))])
            found.append(listed.with_columns(pl.lit(day).alias("_received")))
    return pl.concat(found)
