"""Identity numbers where they don't belong, inside names, texts and code columns: hidden, whatever the column."""

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from chengxin.values.identifiers import identity_born, identity_check_character, is_uscc
from chengxin.values.text import IDENTITY_MASK, INVISIBLE, SPACES

# What may stand between two digits of one number: a hyphen, any space, a line break, what nobody sees.
_BETWEEN = ["-", "－", *SPACES, *INVISIBLE]
_DIGIT, _GAP = "[0-9０-９]", "[" + "".join(_BETWEEN) + "]{0,2}"
# Cheap first: 14 digits in a row with such gaps. Costly steps only where it hits.
_DETECTOR = f"(?:{_DIGIT}{_GAP}){{14}}"
# Then the place of the birth date, a year 18xx to 20xx after six digits, or the word for identity card.
_CENTURY = f"(?:[1１]{_GAP}[89８９]|[2２]{_GAP}[0０])"
_SHAPE = f"(?:{_DIGIT}{_GAP}){{6}}{_CENTURY}{_GAP}(?:{_DIGIT}{_GAP}){{2}}[01０１]|身份"
_CODE_KINDS = frozenset({"uscc", "organisation_code", "registration_number", "number", "document"})
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx") | dict.fromkeys(map(ord, _BETWEEN), " ")
_EIGHTEEN = re.compile(r"(?<![0-9])(?=((?:[0-9] {0,2}){17}[0-9Xx])(?![0-9]))")
_FIFTEEN = re.compile(r"(?:身份证|公民身份号码)[^0-9]{0,10}((?:[0-9] {0,2}){14}[0-9])(?![0-9Xx])")
_YOUNGEST_IN_CODE = 14


def hide_in_frame(frame: pl.DataFrame, kinds: Mapping[str, str], day: date) -> pl.DataFrame:
    """The frame with `hide_identities` done to the columns of `kinds` (column → kind of field)."""
    if not frame.height:
        return frame
    suspect = frame.select(pl.col(c).str.contains(_DETECTOR).any() for c in kinds).row(0)
    found = [c for c, is_suspect in zip(kinds, suspect, strict=True) if is_suspect]
    return frame.with_columns(hide_identities(frame[c], kinds[c], day) for c in found) if found else frame


def hide_identities(column: pl.Series, kind: str, day: date) -> pl.Series:
    """The column with every identity number replaced by `IDENTITY_MASK`. In columns of codes only what has the right
    check character, names a person of 14 or older and is no credit code; elsewhere whatever looks like one."""
    suspects = column.filter(column.str.contains(_DETECTOR) & column.str.contains(_SHAPE)).unique()
    hidden = {s: h for s in suspects.drop_nulls() if (h := hide_in(s, kind, day)) != s}
    if not hidden:
        return column
    return column.replace(list(hidden), list(hidden.values()))


def hide_in(text: str, kind: str, day: date) -> str:
    """One text with its identity numbers hidden; see `hide_identities`."""
    plain = text.translate(_PLAIN)
    spans = [m.span(1) for m in _EIGHTEEN.finditer(plain) if _is_identity(m[1], kind, day)]
    if kind not in _CODE_KINDS:
        spans += [m.span(1) for m in _FIFTEEN.finditer(plain) if identity_born(_digits(m[1]))]
    for start, end in sorted(_apart(spans), reverse=True):
        text = text[:start] + IDENTITY_MASK + text[end:]
    return text


def _is_identity(found: str, kind: str, day: date) -> bool:
    number = _digits(found)
    born = identity_born(number)
    if born is None or not 1880 <= born.year <= day.year:
        return False
    if kind not in _CODE_KINDS:
        return True
    agrees = identity_check_character(number[:17]) == number[17]
    return agrees and day.year - born.year >= _YOUNGEST_IN_CODE and not is_uscc(number)


def _digits(found: str) -> str:
    return found.replace(" ", "").upper()


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without spans that begin inside an earlier one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
