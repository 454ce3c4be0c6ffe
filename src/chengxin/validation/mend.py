"""Mending: what a machine can put right for certain is put right and told; the rest is flagged, never guessed.

Cheap detectors run over whole columns; costly steps only on the cells they point at, on distinct values where possible
(see docs/decisions on speed). A mended table has for each field F: `F` typed, `F!` the text as it arrived, and for what
was found in it Boolean columns `F~kind` with a String `F~kind=` as the reading or suggestion.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import CodeList, Field
from chengxin.validation.content import content_looks
from chengxin.validation.dates import read_date
from chengxin.validation.looks import CODE_LIKE, MONEY, TIDY, Asked, either_form, empty_words
from chengxin.validation.money import read_amount
from chengxin.validation.names import flag
from chengxin.values.identifiers import uscc_facts
from chengxin.values.script import in_simplified
from chengxin.values.series import FEW, among, certain, everywhere, holds, nowhere, put, there
from chengxin.values.text import IDENTITY_MASK, INVISIBLE_CLASS, PRIVATE_USE_CLASS, REPLACEMENT, nfkc


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
    if len(values) < FEW:
        return pl.Series([None if text is None else read(text) for text in values.to_list()], dtype=dtype, strict=False)
    distinct = values.unique().drop_nulls()
    answers = pl.Series([read(text) for text in distinct.to_list()], dtype=dtype, strict=False)
    return values.replace_strict(distinct, answers, default=None, return_dtype=dtype)


def clean_text(values: pl.Series, odd: pl.Series, loose: pl.Series, void: pl.Series, nothing: list[str]) -> Mended:
    """Invisible characters and outer spaces removed and told; empty text becomes null. The three masks say where to look."""
    mended = Mended(values, values)
    if odd.any():
        unseen = within(odd, values, lambda part: holds(part, INVISIBLE_CLASS))
        if unseen.any():
            values = put(values, unseen, values.filter(unseen).str.replace_all(INVISIBLE_CLASS, ""))
            mended.meet("told_invisible", unseen)
            loose = loose | unseen
    if loose.any():
        before = values
        values = put(values, loose, values.filter(loose).str.strip_chars())
        mended.meet("told_spaces", loose & (values != "") & (values != before))
    if values is not mended.values:
        void = among(values, nothing)
    if void.any():
        values = pl.select(pl.when(~void).then(values)).to_series()
        mended.met = {k: (mask & there(values), said) for k, (mask, said) in mended.met.items()}
    mended.values = mended.text = values
    if odd.any():
        for kind, pattern in (("private_use", PRIVATE_USE_CLASS), ("garbled", REPLACEMENT)):
            mended.meet(kind, within(odd, values, lambda part, p=pattern: holds(part, p)))  # type: ignore[misc]
    return mended


def within(where: pl.Series, values: pl.Series, look: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`look` (a Boolean answer) only where `where` holds; false elsewhere. Costly looks go through here."""
    return put(nowhere(values), where, certain(look(values.filter(where)))) if where.any() else nowhere(values)


def tidied_code(text: str) -> str:
    """A code in capitals without spaces, hyphens, apostrophes and full-width forms."""
    return nfkc(text).upper().translate(str.maketrans("", "", " -'’‘`\"\t\u3000"))


def _mend_code_form(column: Mended, tidy: pl.Series) -> None:
    """`tidied_code` where it is needed."""
    values = column.values
    spaced = column.met.pop("told_spaces", (nowhere(values), None))[0]
    untidy = within(~tidy & there(values), values, lambda part: ~holds(part, TIDY))
    if not untidy.any():
        column.meet("told_code_form", spaced, values)
        return

    part = by_distinct(values.filter(untidy), tidied_code, pl.String)
    after = put(values, untidy, part)
    column.meet("told_code_form", (spaced | (untidy & (after != values))) & (after != "").fill_null(False), after)
    column.values = pl.select(pl.when(after != "").then(after)).to_series()
    column.text = pl.select(
        pl.when(after != "").then(column.text)
    ).to_series()  # nothing but spaces and hyphens is empty


def _mend_uscc(column: Mended) -> None:
    sound, inner = uscc_facts(column.values)
    wrong = not sound.all(ignore_nulls=True)
    if wrong or "told_spaces" in column.met:
        _mend_code_form(column, certain(sound, True))
    if wrong:
        sound, inner = uscc_facts(column.values)
    column.facts = {"sound": sound, "inner": inner}


def _mend_date(column: Mended, days: pl.Series, no_end: frozenset[str]) -> None:
    text = column.values
    left = ~there(days) & there(text)
    if left.any() and len(text) >= FEW:  # of few both forms were tried together
        days = put(days, left, text.filter(left).to_frame("t").select(either_form(pl.col("t"))).to_series())
        left = ~there(days) & there(text)
    if left.any():
        rest = text.filter(left)
        days = put(days, left, by_distinct(rest, lambda t: read_date(t, no_end).day, pl.Date))
        read = left & there(days)
        if read.any():
            column.meet("told_date", read, days.dt.to_string("%Y-%m-%d"))
        for problem in ("date_unreadable", "date_ambiguous"):
            found = by_distinct(rest, lambda t, p=problem: read_date(t, no_end).problem == p, pl.Boolean)  # type: ignore[misc]
            if found.any():
                said = by_distinct(rest, lambda t: read_date(t, no_end).suggestion, pl.String)
                column.meet(problem, put(nowhere(text), left, found), put(everywhere("", text), left, said))
    column.values = days


def _mend_money(column: Mended, amounts: pl.Series, unit: str | None) -> None:
    text, yuan = column.values, unit == "yuan"
    left = there(text) if yuan else ~there(amounts) & there(text)
    if left.any():
        rest = text.filter(left)
        read = by_distinct(rest, lambda t: _written(read_amount(t, yuan).value), pl.String)
        amounts = put(amounts, left, read.cast(MONEY))
        column.meet("told_money", left & there(amounts), amounts.cast(pl.String))
        for problem in ("money_unreadable", "money_range", "money_scale"):
            found = by_distinct(rest, lambda t, p=problem: read_amount(t, yuan).problem == p, pl.Boolean)  # type: ignore[misc]
            column.meet(problem, put(nowhere(text), left, found))
    column.values = amounts


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def code_reader(codes: CodeList, separator: str | None) -> Callable[[str], str | None]:
    """A function from a cell's text to the stored value, or None if it is not in the list."""
    spellings = codes.spellings | {_folded(k): v for k, v in codes.spellings.items()}

    def single(text: str) -> str | None:
        if codes.open_tail and text.startswith((codes.open_tail, codes.open_tail.replace("-", "—"))):
            return text
        return spellings.get(text) or spellings.get(_folded(text))

    def several(text: str) -> str | None:
        whole = single(text)
        if whole or not separator:
            return whole
        for marks in (separator, "；;", "；;，,|/\n+", "；;，,|/\n+、", "；;，,|/\n+、 \u3000和及"):
            pieces = [p.strip() for p in _split(text, marks) if p.strip()]
            values = [single(p) for p in pieces]
            if pieces and all(values):
                return separator.join(dict.fromkeys(v for v in values if v))
        return None

    return several


def _folded(value: str) -> str:
    """A value of a code list without regard to width, case, script and spaces."""
    return in_simplified("".join(nfkc(value).upper().split()))


def _split(text: str, marks: str) -> list[str]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return text.split(marks[0])


def _mend_code(column: Mended, known: pl.Series, codes: CodeList, separator: str | None) -> None:
    text = column.values
    unknown = ~certain(known, True)
    read = by_distinct(text.filter(unknown), code_reader(codes, separator), pl.String)
    values = put(text, unknown, read)
    column.meet("code_list", unknown & ~there(values))
    told = unknown & certain(values != text)
    if told.any():
        by_code = certain(among(text, [s for v in codes.values for s in (v.code, v.label) if s]))
        column.meet("told_code_value", told & ~by_code, values)
    column.values = values


def _mend_year(column: Mended) -> None:
    text = column.values.str.strip_suffix("年").str.strip_suffix("年度")
    values = text.cast(pl.Int32, strict=False)
    sane = values.is_between(1949, 2099).fill_null(False)
    column.meet("year_unreadable", there(column.values) & ~sane)
    column.values = pl.select(pl.when(sane).then(values)).to_series()


def clean_column(values: pl.Series, of: Field, asked: Asked, catalogue: Catalogue, looked: pl.DataFrame) -> Mended:
    """One raw String column, cleaned where `first_look` pointed; a column it was not asked about is clean."""
    if flag(of.name, "odd") not in looked.columns:
        return Mended(values, values)
    odd, loose, void = (looked[flag(of.name, name)] for name in ("odd", "loose", "void"))
    if not (odd.any() or loose.any() or void.any()):
        return Mended(values, values)
    column = clean_text(values, odd, loose, void, empty_words(of, catalogue))
    if odd.any():
        _inspect(column, of, odd, asked.get(of.name, frozenset()), catalogue)
    return column


def finish_column(column: Mended, of: Field, catalogue: Catalogue, quick: pl.DataFrame, unit: str | None) -> None:
    """A cleaned column typed after its field's kind; only what the quick reading left is looked at again, cell by cell."""
    if of.kind == "year":
        _mend_year(column)
    elif of.kind == "uscc":
        _mend_uscc(column)
    if flag(of.name, "quick") not in quick.columns:
        return
    first = quick[flag(of.name, "quick")]
    if of.kind in ("date", "money", "flag") and unit is None and first.null_count() == column.values.null_count():
        column.values = first
    elif of.kind == "flag":
        column.meet("flag_unreadable", there(column.values) & ~there(first))
        column.values = first
    elif of.kind in CODE_LIKE:
        _mend_code_form(column, certain(first, True))
    elif of.kind == "date":
        _mend_date(column, first, frozenset(catalogue.tables["empty_words"]["no_end"]))
    elif of.kind == "money":
        _mend_money(column, first, unit)
    elif of.kind == "code" and of.codes and not first.all(ignore_nulls=True):
        _mend_code(column, first, catalogue.code_list(of.codes), of.separator)


def _inspect(column: Mended, of: Field, odd: pl.Series, asked: Set[str], catalogue: Catalogue) -> None:
    """The closer look at content: what may not be collected, marks of secrecy, private numbers in a text."""
    text = column.text
    column.meet("identity_inside", within(odd, text, lambda part: holds(part, IDENTITY_MASK)))
    if of.kind != "text":
        return
    for kind, look in content_looks(catalogue).items():
        if ("forbidden_content" if kind == "forbidden_of_person" else kind) in asked:
            column.meet(kind, within(odd, text, look))
