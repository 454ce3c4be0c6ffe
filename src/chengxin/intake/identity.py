"""Identity numbers are checked and replaced by keyed tokens here, so that no frame after intake holds one.

The state of each number goes to a column `<FIELD>?`: null (empty) | ok | shape | birth | check | minor | foreign
(another kind of paper, not checked). Structure: GB 11643-1999. Whether the region exists is not asked: many old ones
were abolished.
"""

import hmac
import re
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from chengxin.intake.hiding import hide_in_frame
from chengxin.standards.model import Field, Resource
from chengxin.values.identifiers import identity_18

OLDEST_BORN = 1880
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CLEAN = r"^[0-9]{17}[0-9X]$"
_CARD = "身份证"


def normalised(number: str) -> str:
    """Width and case folded, spaces and hyphens removed, 15 digits brought to 18."""
    plain = re.sub(r"[\s\-'’`]", "", unicodedata.normalize("NFKC", number)).upper()
    return identity_18(plain) if re.fullmatch("[0-9]{15}", plain) else plain


def token(key: bytes, number: str) -> str:
    """The keyed token of a normalised number: 22 characters, 132 bits."""
    return urlsafe_b64encode(hmac.digest(key, b"identity\0" + number.encode(), "sha256")).decode()[:22]


@dataclass(frozen=True)
class IdentityFields:
    """The identity fields of a resource, each with the field that says what kind of paper it is."""

    fields: tuple[tuple[Field, str | None], ...]
    decided_on: str | None
    papers: Mapping[str, str]
    key: bytes
    day: date

    @classmethod
    def of(cls, resource: Resource, papers: Mapping[str, str], key: bytes, day: date) -> "IdentityFields":
        """Found in the resource: the nearest field before it whose codes are kinds of paper."""
        found, paper = [], None
        for field in resource.fields:
            paper = field.name if field.codes == "identity_paper" else paper
            if field.kind == "identity":
                found.append((field, paper))
        return cls(tuple(found), resource.role("decided_on"), papers, key, day)

    def take_out(
        self, frame: pl.DataFrame, kinds: Mapping[str, str], longest: Mapping[str, int], anywhere: bool = True
    ) -> pl.DataFrame:
        """The frame with tokens and states instead of numbers; `kinds`: kind of each field; `longest`: the bytes of its longest
        cell; `anywhere`: identity numbers may stand in other columns too."""
        numbers = [f.name for f, _ in self.fields if f.name in frame.columns]
        others = {c: kinds[c] for c in frame.columns if c != "row" and c not in numbers}
        out = hide_in_frame(frame, others, longest, self.day, anywhere)
        days = self._days(frame) if any(frame[n].null_count() < frame.height for n in numbers) else frame["row"]
        for field, paper in self.fields:
            if field.name in frame.columns:
                out = self._tokenised(out, days, field, paper)
        return out

    def _tokenised(self, frame: pl.DataFrame, days: pl.Series, field: Field, paper: str | None) -> pl.DataFrame:
        if frame[field.name].null_count() == frame.height:
            nothing = pl.lit(None, pl.String).alias(field.name + "?")
            return frame.drop(field.name).with_columns(nothing) if field.drop else frame.with_columns(nothing)
        given = _normalised_column(frame[field.name])
        # A cell without any digit (无, /, 同上) says that there is no number.
        numbers = given.set(~given.str.contains("[0-9]").fill_null(True), None)
        foreign = self._foreign(frame, paper)
        state = self._state(numbers, days).to_frame("state")
        state = state.select(
            pl.when(numbers.is_not_null() & foreign).then(pl.lit("foreign")).otherwise("state").alias(field.name + "?")
        )
        if field.drop:
            return frame.drop(field.name).with_columns(state.to_series())
        distinct = numbers.unique().drop_nulls()
        tokens = pl.Series([token(self.key, n) for n in distinct], dtype=pl.String)
        replaced = numbers.replace_strict(distinct, tokens, default=None, return_dtype=pl.String)
        return frame.with_columns(replaced.alias(field.name), state.to_series())

    def _foreign(self, frame: pl.DataFrame, paper: str | None) -> pl.Series:
        """True where another kind of paper than the identity card is named."""
        if paper is None or paper not in frame.columns:
            return pl.Series([False] * frame.height, dtype=pl.Boolean)
        others = [s for s, label in self.papers.items() if label != _CARD]
        return frame[paper].str.strip_chars().is_in(others).fill_null(False)

    def _days(self, frame: pl.DataFrame) -> pl.Series:
        """The day on which age counts, as a number yyyymmdd: the row's decision date if readable, else the order's."""
        today = self.day.year * 10_000 + self.day.month * 100 + self.day.day
        if self.decided_on is None or self.decided_on not in frame.columns:
            return (
                pl.Series([today], dtype=pl.Int32).extend_constant(today, max(0, frame.height - 1)).head(frame.height)
            )
        given = frame[self.decided_on]
        distinct = given.unique().drop_nulls()
        parts = distinct.str.extract_groups(
            r"^\s*((?:19|20)[0-9]{2})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})(?:[^0-9]|$)"
        )
        year, month, day = (parts.struct.field(n).cast(pl.Int32) for n in ("1", "2", "3"))
        days = (year * 10_000 + month * 100 + day).fill_null(today)
        return given.replace_strict(distinct, days, default=today, return_dtype=pl.Int32)

    def _state(self, numbers: pl.Series, on: pl.Series) -> pl.Series:
        shaped = numbers.str.contains(_CLEAN).fill_null(False)
        text = numbers.filter(shaped)
        born = text.str.slice(6, 8)
        day = born.str.to_date("%Y%m%d", strict=False)
        sound = (day.is_not_null() & day.is_between(date(OLDEST_BORN, 1, 1), self.day)).fill_null(False)
        # Full age begins on the day after the birthday, so the birthday itself still counts as under 18.
        minor = born.cast(pl.Int32) + 180_000 >= on.filter(shaped)
        inner = pl.select(
            pl.when(~sound)
            .then(pl.lit("birth"))
            .when(~_check_agrees(text))
            .then(pl.lit("check"))
            .when(minor)
            .then(pl.lit("minor"))
            .otherwise(pl.lit("ok"))
        ).to_series()
        state = pl.select(pl.when(numbers.is_not_null()).then(pl.lit("shape"))).to_series()
        return state.scatter(shaped.arg_true(), inner) if len(inner) else state


def _check_agrees(numbers: pl.Series) -> pl.Series:
    """For numbers of the right shape: whether the eighteenth character is the right one."""
    if not len(numbers):
        return pl.Series([], dtype=pl.Boolean)
    matrix = np.frombuffer(numbers.str.join("").item().encode(), dtype=np.uint8).reshape(-1, 18)
    total = (matrix[:, :17].astype(np.int32) - ord("0")) @ _WEIGHTS
    return pl.Series(_CHECKS[total % 11] == matrix[:, 17])


def _normalised_column(given: pl.Series) -> pl.Series:
    """`normalised` on the values that need it; a cell of spaces is empty."""
    odd = given.filter(~given.str.contains(_CLEAN)).unique().drop_nulls()
    if not len(odd):
        return given
    plain = pl.Series([normalised(v) or None for v in odd], dtype=pl.String)
    return given.replace(odd, plain)
