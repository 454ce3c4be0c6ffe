"""What goes wrong in real files, at known rates: the table, and how dirty rows are chosen.

A rate is a share of the rows of a resource. Each dirty row has one fault. `rules` are the kinds of rule that must find
it; `expect` is what becomes of the row. How a row is spoilt stands in `spoil.py` under the same name.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chengxin.standards.model import Resource
from chengxin.world.district import District
from chengxin.world.forms import FORMS
from chengxin.world.hand import Hand
from chengxin.world.spoil import SPOIL

Expect = Literal["accepted", "rejected", "duplicate", "held"]
Cells = dict[str, Any]
NARROW = [name for name, form in FORMS.items() if form.narrow]
PLACES = {
    "any": list(FORMS),
    "xlsx": [name for name, form in FORMS.items() if form.container == "xlsx"],
    "wide": [name for name in FORMS if name not in NARROW],
    "shown": [name for name, form in FORMS.items() if form.container in ("csv", "zip", "xlsx", "html")],
}


@dataclass(frozen=True)
class Dirt:
    """One kind of fault. `needs` are roles that must be filled in the row, `place` the files in which it can happen."""

    rate: float
    does: str
    rules: tuple[str, ...]
    expect: Expect
    needs: tuple[str, ...] = ()
    place: Literal["any", "xlsx", "wide", "shown"] = "any"
    copies: bool = False


_CODE = ("subject_code",)
_KIND = ("subject_code", "subject_kind")
_CLASS = ("severity_class", "publicity_end")
_PERSON = ("person_number",)
_NAMED = ("subject_code", "subject_name")
_DECIDED = ("decided_on",)
_NAME = ("subject_name",)
# fmt: off
DIRT: dict[str, Dirt] = {
    # codes
    "letter_o": Dirt(0.0020, "O typed for 0 in the credit code", ("uscc",), "rejected", _CODE),
    "letter_i": Dirt(0.0008, "I typed for 1", ("uscc",), "rejected", _CODE),
    "letter_z": Dirt(0.0008, "Z typed for 2", ("uscc",), "rejected", _CODE),
    "letter_s": Dirt(0.0008, "S typed for 5", ("uscc",), "rejected", _CODE),
    "wrong_check": Dirt(0.0015, "wrong check character", ("uscc",), "rejected", _CODE),
    "digits_lost": Dirt(0.0008, "code kept as a number, digits lost", ("digits_lost",), "rejected", _CODE, "shown"),
    "old_number": Dirt(0.0008, "old registration number as code", ("old_number",), "rejected", _CODE),
    "code_spelled": Dirt(0.0010, "code in small letters", ("told_code_form",), "accepted", _CODE),
    "code_of_another": Dirt(0.0010, "code of another registered subject", ("name_of_code",), "rejected", _NAMED),
    # names
    "name_brackets": Dirt(0.0015, "half-width brackets in the name", ("name_brackets",), "accepted", _NAMED),
    "name_former": Dirt(0.0015, "former name", ("name_former",), "accepted", _NAMED),
    "name_differs": Dirt(0.0008, "有限责任公司 for 有限公司", ("name_differs",), "accepted", _NAMED),
    "kind_disagrees": Dirt(0.0008, "firm as sole trader, or the reverse", ("subject_kind",), "rejected", _KIND),
    "deregistered": Dirt(0.0006, "decision about a subject that is no more", ("deregistered",), "accepted", _NAMED),
    # days
    "date_impossible": Dirt(0.0010, "30 February", ("date_unreadable",), "rejected", _DECIDED),
    "date_ambiguous": Dirt(0.0008, "03/04/2025", ("date_ambiguous",), "rejected", _DECIDED),
    "date_spelled": Dirt(0.0015, "2025年3月7日", ("told_date",), "accepted", _DECIDED),
    "future": Dirt(0.0010, "decided after it was sent", ("not_in_future",), "rejected", _DECIDED),
    "end_before_start": Dirt(0.0008, "ends before it begins", ("not_before",), "rejected"),
    "late": Dirt(0.0040, "sent months after the decision", ("lateness",), "accepted", _DECIDED),
    "publicity_too_long": Dirt(0.0010, "publicity end beyond the class", ("publicity_end",), "accepted", _CLASS),
    # what is missing or does not agree
    "required_missing": Dirt(0.0015, "a field that must be there is empty", ("required",), "rejected"),
    "fine_missing": Dirt(0.0010, "fine without amount", ("required_when",), "rejected"),
    "yuan": Dirt(0.0015, "yuan in a column of 万元", ("money_unit",), "rejected"),
    "separator": Dirt(0.0015, "categories parted by a comma", ("told_code_value",), "accepted"),
    "category_unknown": Dirt(0.0010, "a category that is on no list", ("code_list",), "rejected"),
    "sender": Dirt(0.0008, "source is another department", ("sender",), "rejected", ("source_code",)),
    "simplified": Dirt(0.0060, "simplified procedure", ("never_adverse",), "accepted", ("procedure",)),
    # what must not be there
    "telephone": Dirt(0.0010, "telephone number in a public text", ("telephone_inside",), "rejected"),
    "identity_inside": Dirt(0.0008, "identity number in a text", ("identity_inside",), "rejected"),
    "forbidden": Dirt(0.0008, "illness of a person in a text", ("forbidden_content",), "rejected"),
    "minor": Dirt(0.0004, "a minor", ("identity_minor",), "rejected", _PERSON),
    "identity_wrong": Dirt(0.0004, "identity number, wrong check", ("identity_check",), "rejected", _PERSON),
    # characters and cells
    "invisible": Dirt(0.0010, "zero-width space in the name", ("told_invisible",), "accepted", _NAME, "wide"),
    "private_use": Dirt(0.0006, "private-use character in a text", ("private_use",), "rejected", (), "wide"),
    "cell_error": Dirt(0.0008, "#N/A in a cell", ("cell_error",), "rejected", (), "xlsx"),
    "row_hidden": Dirt(0.0010, "row hidden by the clerk", ("row_hidden",), "held", (), "xlsx"),
    # copies
    "same_row_twice": Dirt(0.0015, "the same row twice in one file", ("same_row_twice",), "duplicate", copies=True),
    "same_key_twice": Dirt(0.0008, "one decision, different content", ("same_key_twice",), "rejected", copies=True),
}
# fmt: on
# Faults that are not spoilt rows but what departments send later or how a whole column is kept; see `later.py`.
LATER = {
    "corrected": (0.006, "sent again with a correction", "accepted"),
    "withdrawn": (0.003, "sent again as withdrawn", "accepted"),
    "repeated": (0.008, "sent again unchanged", "accepted"),
}
NUMBER_COLUMN = "number_column"
HIDDEN = {"_fault": pl.String, "_rules": pl.String, "_field": pl.String, "_expect": pl.String}


def clean(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the columns that say what is wrong, all saying: nothing."""
    known = [c for c in HIDDEN if c in frame.columns]
    empty = [pl.lit(None, dtype=kind).alias(name) for name, kind in HIDDEN.items() if name not in known]
    frame = frame.with_columns(empty).with_columns(pl.col("_expect").fill_null("accepted"))
    return frame.with_columns(pl.int_range(0, 2 * pl.len(), 2).alias("_order"))


def soiled(
    district: District,
    resource: Resource,
    frame: pl.DataFrame,
    registered: frozenset[str],
    without: frozenset[str] = frozenset(),
) -> pl.DataFrame:
    """`frame` with its share of dirty rows, but `without` some kinds of dirt.

    `registered` are the codes whose registration is sure to be accepted.
    """
    hand = Hand(district, resource, registered)
    height = frame.height
    free = (frame["_fault"].is_null()).to_numpy().copy()
    changed: list[Cells] = []
    for kind, dirt in DIRT.items():
        if kind in without or not _possible(dirt, resource):
            continue
        wanted = max(round(dirt.rate * height), 1 if height >= 400 else 0)
        candidates = np.flatnonzero(free & _fitting(frame, resource, dirt))
        district.rng.shuffle(candidates)
        for number, rows in _spoilt(hand, frame, candidates, kind, wanted):
            free[number] = False
            changed += rows
    if not changed:
        return frame
    dirty = pl.DataFrame(changed, schema=frame.schema)
    return pl.concat([frame.filter(~pl.col("_order").is_in(dirty["_order"].implode())), dirty]).sort("_order")


def _possible(dirt: Dirt, resource: Resource) -> bool:
    kinds = {rule.kind for rule in resource.rules}
    return set(dirt.rules) <= kinds and all(resource.role(need) for need in dirt.needs)


def _fitting(frame: pl.DataFrame, resource: Resource, dirt: Dirt) -> NDArray[np.bool_]:
    there = [pl.col(resource.roles[need]).is_not_null() for need in dirt.needs if resource.roles[need] in frame.columns]
    if len(there) < len(dirt.needs):
        return np.zeros(frame.height, dtype=bool)
    place = pl.col("_form").is_in(PLACES[dirt.place])
    return frame.select(pl.all_horizontal(place, *there)).to_series().to_numpy()


def _spoilt(
    hand: Hand, frame: pl.DataFrame, candidates: NDArray[np.int64], kind: str, wanted: int
) -> list[tuple[int, list[Cells]]]:
    """Up to `wanted` spoilt rows: (row number, the row or rows that replace it). Gives up where few rows fit."""
    dirt = DIRT[kind]
    made: list[tuple[int, list[Cells]]] = []
    block = max(20, 2 * wanted)
    for start in range(0, min(len(candidates), 10 * block), block):
        numbers = candidates[start : start + block].tolist()
        for number, row in zip(numbers, frame[numbers].to_dicts(), strict=True):
            if len(made) == wanted:
                return made
            field = SPOIL[kind](row, hand)
            if field is not None and _severity_agrees(hand.resource, dirt, field):
                made.append((number, _marked(hand, row, kind, field)))
    return made


def _severity_agrees(resource: Resource, dirt: Dirt, field: str) -> bool:
    """Only faults whose rule on this very field has the weight the table tells of."""
    weights = [r.severity for r in resource.rules if r.kind in dirt.rules and r.field in (field, None)]
    return bool(weights) and (("reject" in weights) == (dirt.expect == "rejected"))


def _marked(hand: Hand, row: Cells, kind: str, field: str) -> list[Cells]:
    dirt = DIRT[kind]
    if dirt.copies:
        return _copies(hand, row, kind, field)
    said = {"_fault": kind, "_rules": ";".join(dirt.rules), "_field": field or None, "_expect": dirt.expect}
    return [row | said]


def _copies(hand: Hand, row: Cells, kind: str, field: str) -> list[Cells]:
    said = {"_fault": kind, "_rules": ";".join(DIRT[kind].rules), "_field": None, "_expect": DIRT[kind].expect}
    copy = row | {"_order": row["_order"] + 1} | said
    if kind == "same_row_twice":
        return [row, copy]
    copy[field] = f"{row[field]}（补正）"
    return [row | said, copy]
