"""The two looks at a whole column: where it wants cleaning, and what of it can be read at first sight."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.intake.received import Traits
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field
from chengxin.validation.content import watched
from chengxin.validation.names import flag
from chengxin.values.text import IDENTITY_MASK, INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, SPACES

MONEY = pl.Decimal(18, 6)
CODE_LIKE = ("uscc", "organisation_code", "registration_number")
TIDY = r"^[0-9A-Z]+$"
DASHED, SLASHED = "%Y-%m-%d", "%Y/%m/%d"
Asked = Mapping[str, Set[str]]  # field → the kinds of rule in force
_NOT_TEXT = (*CODE_LIKE, "number", "date", "money", "code", "flag", "year", "identity_type")
_PLAIN_AMOUNT = r"^[0-9]{1,11}(\.[0-9]{1,6}0*)?$"
_QUICK_DAYS = (date(1900, 1, 1), date(2099, 12, 31))
_YES, _NO = ("是", "true", "1", "y", "yes", "有", "已送达", "t"), ("否", "false", "0", "n", "no", "无", "未送达", "f")
_ODD = [INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, re.escape(IDENTITY_MASK)]


def empty_words(of: Field, catalogue: Catalogue) -> list[str]:
    """What says nothing in a cell of this field."""
    return ["", *(catalogue.tables["empty_words"]["words"] if of.kind in _NOT_TEXT else ())]


@dataclass(frozen=True)
class Wanted:
    """What is looked for in a column: a pattern of what is worth a closer look ('': nothing is), spaces at an end, empty words."""

    odd: str
    loose: bool
    void: tuple[str, ...]

    @property
    def costly(self) -> bool:
        """Whether every character must be looked at."""
        return bool(self.odd) or self.loose

    @property
    def longest_void(self) -> int:
        """The bytes of the longest of the empty words."""
        return max((len(word.encode()) for word in self.void), default=0)


def wanted(of: Field, asked: Asked, catalogue: Catalogue, traits: Traits) -> Wanted:
    """What a column of this field may hold that wants cleaning, for the rules in force; one pattern, so that it costs one pass."""
    content = watched(catalogue, asked.get(of.name, frozenset())) if of.kind == "text" else []
    return Wanted("|".join([*(_ODD if traits.odd else []), *content]), traits.loose, tuple(empty_words(of, catalogue)))


def first_look(name: str, want: Wanted) -> list[pl.Expr]:
    """Where a column wants cleaning: `F~odd` (a closer look), `F~loose` (spaces at an end), `F~void` (says nothing)."""
    text, nowhere = pl.col(name), pl.lit(False)
    looks = {
        "odd": text.str.contains(want.odd) if want.odd else nowhere,
        "loose": text.str.len_bytes() != text.str.strip_chars().str.len_bytes() if want.loose else nowhere,
        "void": text.is_in(want.void) if want.void else nowhere,
    }
    return [look.fill_null(False).alias(flag(name, kind)) for kind, look in looks.items()]


def few_looks(values: pl.Series, want: Wanted) -> list[pl.Series]:
    """`first_look` at a few cells one by one, by the same pattern; nothing if no cell wants cleaning."""
    cells = [text for text in values.to_list() if text is not None]
    looks: dict[str, Callable[[str], bool]] = {
        "odd": lambda text: bool(want.odd and re.search(want.odd, text)),
        "loose": lambda text: want.loose and text != text.strip(SPACES),
        "void": lambda text: text in want.void,
    }
    if not any(look(text) for text in cells for look in looks.values()):
        return []
    return [
        pl.Series(flag(values.name, kind), [text is not None and look(text) for text in values.to_list()])
        for kind, look in looks.items()
    ]


def quick_days(text: pl.Expr, form: str) -> pl.Expr:
    """Days written in one form. It would take 25-03-07 for the year 25 and a sign before it; those are read with care."""
    day = text.str.to_date(form, strict=False)
    return pl.when(day.is_between(*_QUICK_DAYS) & ~text.str.starts_with("+")).then(day)


def either_form(text: pl.Expr) -> pl.Expr:
    """Days written in one or the other of the two ordinary forms."""
    return pl.coalesce(quick_days(text, DASHED), quick_days(text, SLASHED))


def second_look(of: Field, catalogue: Catalogue, form: str | None) -> list[pl.Expr]:
    """The quick reading of a cleaned column (`F~quick`): what is certain at first sight, for whole columns at once.

    `form`: how dates in this column are written (the other form is tried where that fails); None: either way.
    """
    text, quick = pl.col(of.name), None
    if of.kind in CODE_LIKE and of.kind != "uscc":
        quick = text.str.contains(TIDY)
    elif of.kind == "date":
        quick = quick_days(text, form) if form else either_form(text)
    elif of.kind == "money":
        quick = pl.when(text.str.contains(_PLAIN_AMOUNT)).then(text).cast(MONEY, strict=False)
    elif of.kind == "code" and of.codes:
        quick = text.is_in(catalogue.code_list(of.codes).stored)
    elif of.kind == "flag":
        lower = text.str.to_lowercase()
        quick = pl.when(lower.is_in(_YES)).then(True).when(lower.is_in(_NO)).then(False)
    return [] if quick is None else [quick.alias(flag(of.name, "quick"))]
