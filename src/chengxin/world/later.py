"""What departments send again in a later file (corrected, withdrawn, unchanged), and habits of a whole file."""

from typing import Any

import numpy as np
import polars as pl

from chengxin.standards.model import Resource
from chengxin.world.dirt import HIDDEN, LATER, NUMBER_COLUMN
from chengxin.world.district import District
from chengxin.world.forms import FORMS

SAID = {"corrected": "变更：违法事实文字表述更正", "withdrawn": "撤销：原决定已由作出机关自行撤销"}
# Characters of GB 18030 that GBK lacks: a village name of a small dialect, as remarks have them.
RARE_REMARK = "送达地点：䃅石村（𠅤头）"


def with_later_rows(district: District, resource: Resource, frame: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """`frame` and, at the end, rows that a department's next file repeats. `files`: file, authority, received, form."""
    frame = frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in HIDDEN.items())
    follows = _next_files(files)
    able = np.flatnonzero(frame["_file"].is_in(follows["_file"].implode()).to_numpy())
    district.rng.shuffle(able)
    parts, taken = [frame], 0
    for kind, (rate, *_) in LATER.items():
        count = min(max(round(rate * frame.height), int(len(able) >= 100)), len(able) - taken)
        again = frame[able[taken : taken + count].tolist()]
        taken += count
        changed = _changed(resource, again, kind)
        if changed is not None and count:
            parts.append(_moved(district, resource, changed, follows, kind))
    return pl.concat(parts, how="diagonal")


def _next_files(files: pl.DataFrame) -> pl.DataFrame:
    """For each file the next one of the same department: its number, day and form."""
    following = [
        pl.col(c).shift(-1).over("authority").alias(new)
        for c, new in (("file", "_to"), ("received", "_on"), ("form", "_as"))
    ]
    return files.sort("file").select(pl.col("file").alias("_file"), *following).drop_nulls()


def _changed(resource: Resource, rows: pl.DataFrame, kind: str) -> pl.DataFrame | None:
    """The rows as they are sent again; None if this resource has no place for such a change."""
    mark = next((f.name for f in resource.fields if f.title.startswith("撤销")), None)
    state = next((f.name for f in resource.fields if f.codes == "permit_state"), None)
    if kind == "repeated":
        return rows
    if mark:
        return rows.with_columns(pl.lit(SAID[kind]).alias(mark))
    if kind == "withdrawn" and state:
        return rows.with_columns(pl.lit("2").alias(state))
    return None


def _moved(
    district: District, resource: Resource, rows: pl.DataFrame, follows: pl.DataFrame, kind: str
) -> pl.DataFrame:
    columns = rows.columns
    there = rows.join(follows, on="_file", how="left", maintain_order="left")
    decided, received = (there[c].dt.epoch("d").to_numpy() for c in ("_decided", "_on"))
    ruled = any(rule.kind == "lateness" for rule in resource.rules)
    late = pl.Series(district.is_late(decided, received) & ruled)
    return there.with_columns(
        pl.col("_to").alias("_file"),
        pl.col("_on").alias("_received"),
        pl.col("_as").alias("_form"),
        pl.lit(kind).alias("_fault"),
        pl.when(late).then(pl.lit("lateness")).alias("_rules"),
        pl.lit("accepted").alias("_expect"),
    ).select(columns)


def with_habits(resource: Resource, frame: pl.DataFrame) -> pl.DataFrame:
    """Rare characters in remarks of GB 18030 files, and the rows of files whose number column became numbers."""
    forms = pl.col("_form")
    remark = next((f.name for f in resource.fields if f.title == "备注"), None)
    if remark:
        old: Any = pl.col(remark) if remark in frame.columns else pl.lit(None, dtype=pl.String)
        rare = forms.is_in([n for n, form in FORMS.items() if form.rare]) & (pl.int_range(0, pl.len()) % 9 == 0)
        frame = frame.with_columns(pl.when(rare).then(pl.lit(RARE_REMARK)).otherwise(old).alias(remark))
    numbers = [f.name for f in resource.fields if f.kind == "number" and f.name in frame.columns]
    if not numbers:
        return frame
    hit = forms.is_in([n for n, form in FORMS.items() if form.numbers]) & pl.any_horizontal(
        pl.col(numbers).is_not_null()
    )
    hit = hit & pl.col("_fault").is_null()
    return frame.with_columns(
        pl.when(hit).then(pl.lit(NUMBER_COLUMN)).otherwise("_fault").alias("_fault"),
        pl.when(hit).then(pl.lit("number_cell")).otherwise("_rules").alias("_rules"),
        pl.when(hit).then(pl.lit(numbers[-1])).otherwise("_field").alias("_field"),
    )
