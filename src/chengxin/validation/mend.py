"""Mending: what a machine can put right for certain is put right and told; the rest is flagged, never guessed.

Cheap detectors run over whole columns; costly steps only on the cells they point at, on distinct values where possible
(see docs/decisions on speed). A mended table has for each field F: `F` typed, `F!` the text as it arrived, and for what
was found in it Boolean columns `F~kind` with a String `F~kind=` as the reading or suggestion.
"""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from chengxin.intake.received import Traits
from chengxin.standards.load import Catalogue
from chengxin.standards.model import CodeList, Field
from chengxin.validation.content import content_looks, watched
from chengxin.validation.dates import read_date
from chengxin.validation.money import read_amount
from chengxin.values.identifiers import USCC_FACTS, uscc_facts
from chengxin.values.text import IDENTITY_MASK, INVISIBLE, INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, nfkc

MONEY = pl.Decimal(18, 6)
_FEW = 64  # rows; up to there one by one is quicker than whole columns
_CODE_LIKE = ("uscc", "organisation_code", "registration_number")
_NOT_TEXT = (*_CODE_LIKE, "number", "date", "money", "code", "flag", "year", "identity_type")
_TIDY = r"^[0-9A-Z]+$"
_PLAIN_AMOUNT = r"^[0-9]{1,11}(\.[0-9]{1,6}0*)?$"
DASHED, SLASHED = "%Y-%m-%d", "%Y/%m/%d"
_QUICK_DAYS = (date(1900, 1, 1), date(2099, 12, 31))
_YES, _NO = ("是", "true", "1", "y", "yes", "有", "已送达", "t"), ("否", "false", "0", "n", "no", "无", "未送达", "f")


def raw(name: str) -> str:
    """The column that keeps a field's text as it arrived."""
    return f"{name}!"


def flag(name: str, kind: str) -> str:
    """The Boolean column that says `kind` was met in field `name`."""
    return f"{name}~{kind}"


def hint(name: str, kind: str) -> str:
    """The String column beside a flag: how it was read, or what is suggested."""
    return f"{name}~{kind}="


@dataclass
class Mended:
    """One mended column and what was met on the way: kind → (mask, reading or suggestion)."""

    values: pl.Series  # typed
    text: pl.Series  # as it arrived, without invisible characters and outer spaces
    met: dict[str, tuple[pl.Series, pl.Series | None]] = field(default_factory=dict)
    facts: dict[str, pl.Series] = field(default_factory=dict)  # what several rules ask of the value, computed once

    def meet(self, kind: str, mask: pl.Series, said: pl.Series | None = None) -> None:
        """Note that `kind` was met where `mask` holds, if anywhere."""
        if mask.any():
            self.met[kind] = (mask, said)


def by_distinct(values: pl.Series, read: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """`read` applied once per distinct text; null stays null."""
    if len(values) < _FEW:
        return pl.Series([None if text is None else read(text) for text in values.to_list()], dtype=dtype, strict=False)
    distinct = values.unique().drop_nulls()
    answers = pl.Series([read(text) for text in distinct.to_list()], dtype=dtype, strict=False)
    return values.replace_strict(distinct, answers, default=None, return_dtype=dtype)


def put(whole: pl.Series, mask: pl.Series, part: pl.Series) -> pl.Series:
    """`whole` with the cells under `mask` taken from `part` (in order)."""
    if len(part) == len(whole):
        return part
    return whole.clone().scatter(mask.arg_true(), part) if len(part) else whole


def nowhere(like: pl.Series) -> pl.Series:
    """A Boolean series as long as `like` that is false everywhere."""
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(like))


def clean_text(values: pl.Series, odd: pl.Series, loose: pl.Series, void: pl.Series, empty_words: list[str]) -> Mended:
    """Invisible characters and outer spaces removed and told; empty text becomes null. The three masks say where to look."""
    mended = Mended(values, values)
    if odd.any():
        unseen = odd & values.str.contains_any(INVISIBLE).fill_null(False)
        values = put(values, unseen, values.filter(unseen).str.replace_all(INVISIBLE_CLASS, ""))
        mended.meet("told_invisible", unseen)
        loose = loose | unseen
    if loose.any():
        before = values
        values = put(values, loose, values.filter(loose).str.strip_chars())
        mended.meet("told_spaces", loose & (values != "") & (values != before))
    if odd.any() or loose.any():
        void = values.is_in(["", *empty_words])
    if void.any():
        values = pl.select(pl.when(~void).then(values)).to_series()
        mended.met = {k: (mask & values.is_not_null(), said) for k, (mask, said) in mended.met.items()}
    mended.values = mended.text = values
    if odd.any():
        for kind, pattern in (("private_use", PRIVATE_USE_CLASS), ("garbled", REPLACEMENT)):
            mended.meet(kind, within(odd, values, lambda part, p=pattern: part.str.contains(p)))  # type: ignore[misc]
    return mended


def within(where: pl.Series, values: pl.Series, look: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`look` (a Boolean answer) only where `where` holds; false elsewhere. Costly looks go through here."""
    return put(nowhere(values), where, look(values.filter(where)).fill_null(False))


def _mend_code_form(column: Mended, tidy: pl.Series) -> None:
    """Codes in capitals without spaces, hyphens, apostrophes and full-width forms."""
    values = column.values
    spaced = column.met.pop("told_spaces", (nowhere(values), None))[0]
    untidy = within(~tidy & values.is_not_null(), values, lambda part: ~part.str.contains(_TIDY))
    if not untidy.any():
        column.meet("told_code_form", spaced, values)
        return

    def tidied(text: str) -> str:
        return nfkc(text).upper().translate(str.maketrans("", "", " -'’‘`\"\t\u3000"))

    part = by_distinct(values.filter(untidy), tidied, pl.String)
    after = put(values, untidy, part)
    column.meet("told_code_form", (spaced | (untidy & (after != values))) & (after != "").fill_null(False), after)
    column.values = pl.select(pl.when(after != "").then(after)).to_series()
    column.text = pl.select(
        pl.when(after != "").then(column.text)
    ).to_series()  # nothing but spaces and hyphens is empty


def _mend_uscc(column: Mended, facts: pl.Series) -> None:
    sound, inner = facts.struct.unnest().get_columns()
    wrong = not sound.all(ignore_nulls=True)
    if wrong or "told_spaces" in column.met:
        _mend_code_form(column, sound.fill_null(True))
    if wrong:
        sound, inner = uscc_facts(column.values).struct.unnest().get_columns()
    column.facts = {"sound": sound, "inner": inner}


def _mend_date(column: Mended, days: pl.Series, no_end: frozenset[str]) -> None:
    text = column.values
    left = days.is_null() & text.is_not_null()
    if left.any():  # perhaps the other of the two ordinary forms
        other = pl.coalesce(quick_days(pl.col("t"), DASHED), quick_days(pl.col("t"), SLASHED))
        days = put(days, left, text.filter(left).to_frame("t").select(other).to_series())
        left = days.is_null() & text.is_not_null()
    if left.any():
        rest = text.filter(left)
        days = put(days, left, by_distinct(rest, lambda t: read_date(t, no_end).day, pl.Date))
        column.meet("told_date", left & days.is_not_null(), days.dt.to_string("%Y-%m-%d"))
        for problem in ("date_unreadable", "date_ambiguous"):
            found = by_distinct(rest, lambda t, p=problem: read_date(t, no_end).problem == p, pl.Boolean)  # type: ignore[misc]
            said = by_distinct(rest, lambda t: read_date(t, no_end).suggestion, pl.String)
            mask = put(nowhere(text), left, found)
            column.meet(problem, mask, put(pl.repeat("", len(text), eager=True), left, said))
    column.values = days


def _mend_money(column: Mended, amounts: pl.Series, unit: str | None) -> None:
    text, yuan = column.values, unit == "yuan"
    left = text.is_not_null() if yuan else amounts.is_null() & text.is_not_null()
    if left.any():
        rest = text.filter(left)
        read = by_distinct(rest, lambda t: _written(read_amount(t, yuan).value), pl.String)
        amounts = put(amounts, left, read.cast(MONEY))
        column.meet("told_money", left & amounts.is_not_null(), amounts.cast(pl.String))
        for problem in ("money_unreadable", "money_range", "money_scale"):
            found = by_distinct(rest, lambda t, p=problem: read_amount(t, yuan).problem == p, pl.Boolean)  # type: ignore[misc]
            column.meet(problem, put(nowhere(text), left, found))
    column.values = amounts


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def code_reader(codes: CodeList, separator: str | None) -> Callable[[str], str | None]:
    """A function from a cell's text to the stored value, or None if it is not in the list."""
    spellings = codes.spellings | {"".join(nfkc(k).upper().split()): v for k, v in codes.spellings.items()}

    def single(text: str) -> str | None:
        if codes.open_tail and text.startswith((codes.open_tail, codes.open_tail.replace("-", "—"))):
            return text
        return spellings.get(text) or spellings.get("".join(nfkc(text).upper().split()))

    def several(text: str) -> str | None:
        whole = single(text)
        if whole or not separator:
            return whole
        for marks in (separator, "；;", "；;，,|/\n+", "；;，,|/\n+、"):
            pieces = [p.strip() for p in _split(text, marks) if p.strip()]
            values = [single(p) for p in pieces]
            if pieces and all(values):
                return separator.join(dict.fromkeys(v for v in values if v))
        return None

    return several


def _split(text: str, marks: str) -> list[str]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return text.split(marks[0])


def _mend_code(column: Mended, known: pl.Series, codes: CodeList, separator: str | None) -> None:
    text = column.values
    unknown = ~known.fill_null(True)
    read = by_distinct(text.filter(unknown), code_reader(codes, separator), pl.String)
    values = put(text, unknown, read)
    by_code = text.is_in([s for v in codes.values for s in (v.code, v.label) if s]).fill_null(False)
    column.meet("code_list", unknown & values.is_null())
    column.meet("told_code_value", unknown & ~by_code & (values != text).fill_null(False), values)
    column.values = values


def _mend_year(column: Mended) -> None:
    text = column.values.str.strip_suffix("年").str.strip_suffix("年度")
    values = text.cast(pl.Int32, strict=False)
    sane = values.is_between(1949, 2099).fill_null(False)
    column.meet("year_unreadable", column.values.is_not_null() & ~sane)
    column.values = pl.select(pl.when(sane).then(values)).to_series()


_ODD = [INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, re.escape(IDENTITY_MASK)]
Asked = Mapping[str, Set[str]]  # field → the kinds of rule in force


def odd_pattern(of: Field, asked: Asked, catalogue: Catalogue, traits: Traits) -> str:
    """One regular expression that finds every cell worth a closer look, so that the rest costs one pass; '' if none is."""
    content = watched(catalogue, asked.get(of.name, frozenset())) if of.kind == "text" else []
    return "|".join([*(_ODD if traits.odd else []), *content])


def _empty_words(of: Field, catalogue: Catalogue) -> list[str]:
    return list(catalogue.tables["empty_words"]["words"]) if of.kind in _NOT_TEXT else []


def first_look(of: Field, asked: Asked, catalogue: Catalogue, traits: Traits) -> list[pl.Expr]:
    """Where a column wants cleaning: `F~odd` (a closer look), `F~loose` (spaces at an end), `F~void` (says nothing)."""
    text, pattern = pl.col(of.name), odd_pattern(of, asked, catalogue, traits)
    nowhere = text.is_null() & False
    looks = {
        "odd": text.str.contains(pattern) if pattern else nowhere,
        "loose": text.str.len_bytes() != text.str.strip_chars().str.len_bytes() if traits.loose else nowhere,
        "void": text.is_in(["", *_empty_words(of, catalogue)]),
    }
    return [look.fill_null(False).alias(flag(of.name, name)) for name, look in looks.items()]


def clean_column(values: pl.Series, of: Field, asked: Asked, catalogue: Catalogue, looked: pl.DataFrame) -> Mended:
    """One raw String column, cleaned where `first_look` pointed; a column it was not asked about is clean."""
    if flag(of.name, "odd") not in looked.columns:
        return Mended(values, values)
    odd, loose, void = (looked[flag(of.name, name)] for name in ("odd", "loose", "void"))
    if not (odd.any() or loose.any() or void.any()):
        return Mended(values, values)
    column = clean_text(values, odd, loose, void, _empty_words(of, catalogue))
    if odd.any():
        _inspect(column, of, odd, asked.get(of.name, frozenset()), catalogue)
    return column


def quick_days(text: pl.Expr, form: str) -> pl.Expr:
    """Days written in one form. It would take 25-03-07 for the year 25 and a sign before it; those are read with care."""
    day = text.str.to_date(form, strict=False)
    return pl.when(day.is_between(*_QUICK_DAYS) & ~text.str.starts_with("+")).then(day)


def second_look(of: Field, catalogue: Catalogue, slashed: bool) -> list[pl.Expr]:
    """The quick reading of a cleaned column (`F~quick`): what is certain at first sight, for whole columns at once.

    `slashed`: dates in this column look like 2025/03/07; the other form is tried where that fails.
    """
    text, name = pl.col(of.name), of.name
    quick: pl.Expr | None = None
    if of.kind == "uscc":
        return [text.map_batches(uscc_facts, return_dtype=USCC_FACTS).alias(flag(name, "quick"))]
    if of.kind in _CODE_LIKE:
        quick = text.str.contains(_TIDY)
    elif of.kind == "date":
        quick = quick_days(text, SLASHED if slashed else DASHED)
    elif of.kind == "money":
        quick = pl.when(text.str.contains(_PLAIN_AMOUNT)).then(text).cast(MONEY, strict=False)
    elif of.kind == "code" and of.codes:
        quick = text.is_in(catalogue.code_list(of.codes).stored)
    elif of.kind == "flag":
        lower = text.str.to_lowercase()
        quick = pl.when(lower.is_in(_YES)).then(True).when(lower.is_in(_NO)).then(False)
    return [] if quick is None else [quick.alias(flag(name, "quick"))]


def finish_column(column: Mended, of: Field, catalogue: Catalogue, quick: pl.DataFrame, unit: str | None) -> None:
    """A cleaned column typed after its field's kind; only what the quick reading left is looked at again, cell by cell."""
    if of.kind == "year":
        _mend_year(column)
    if flag(of.name, "quick") not in quick.columns:
        return
    first = quick[flag(of.name, "quick")]
    if of.kind in ("date", "money", "flag") and unit is None and first.null_count() == column.values.null_count():
        column.values = first
    elif of.kind == "flag":
        column.meet("flag_unreadable", column.values.is_not_null() & first.is_null())
        column.values = first
    elif of.kind == "uscc":
        _mend_uscc(column, first)
    elif of.kind in _CODE_LIKE:
        _mend_code_form(column, first.fill_null(True))
    elif of.kind == "date":
        _mend_date(column, first, frozenset(catalogue.tables["empty_words"]["no_end"]))
    elif of.kind == "money":
        _mend_money(column, first, unit)
    elif of.kind == "code" and of.codes and not first.all(ignore_nulls=True):
        _mend_code(column, first, catalogue.code_list(of.codes), of.separator)


def _inspect(column: Mended, of: Field, odd: pl.Series, asked: Set[str], catalogue: Catalogue) -> None:
    """The closer look at content: what may not be collected, marks of secrecy, private numbers in a text."""
    text = column.text
    column.meet("identity_inside", within(odd, text, lambda part: part.str.contains(IDENTITY_MASK, literal=True)))
    if of.kind != "text":
        return
    for kind, look in content_looks(catalogue).items():
        if ("forbidden_content" if kind == "forbidden_of_person" else kind) in asked:
            column.meet(kind, within(odd, text, look))
