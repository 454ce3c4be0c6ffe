"""Numbers of persons' papers where they don't belong, inside names, texts and code columns: hidden, whatever the column.

Deliberately let pass: digits parted by other signs than these or by more than three of them, numbers written in words; in
texts fifteen digits that are as well a registration number or that are said to be an account, a bill and the like, and
passports without a word for one beside them; in columns of codes whatever has not eighteen characters that agree.
"""

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from chengxin.intake.papers import LIKE_WORDS, paper_spans
from chengxin.values.identifiers import (
    identity_born,
    identity_check_character,
    is_organisation_code,
    is_uscc,
    registration_check_digit,
)
from chengxin.values.series import essence
from chengxin.values.text import IDENTITY_MASK, INVISIBLE, SPACES

# What may stand between two digits of one number: a hyphen, any space, a line break, what nobody sees …
_BETWEEN = ["-", "－", *SPACES, *INVISIBLE]
# … and what parts the numbers of a list as well: less is taken for one number that is parted by these.
_MARKS = ".,/、。，．／·‐‑‒–—―−"
_DIGIT, _GAP = "[0-9０-９]", "[" + "".join(_BETWEEN) + _MARKS + "]{0,3}"
# Cheap first: 14 digits in a row with such gaps. Costly steps only where it hits.
_DETECTOR = f"(?:{_DIGIT}{_GAP}){{14}}"
# Then the place of the birth date, a year 18xx to 20xx or of two digits after six, or the word for identity card.
_CENTURY = f"(?:[1１]{_GAP}[89８９]|[2２]{_GAP}[0０])"
_SHAPE = f"(?:{_DIGIT}{_GAP}){{6}}(?:{_CENTURY}{_GAP})?(?:{_DIGIT}{_GAP}){{2}}[01０１]|身份"
_CODE_KINDS = frozenset({"uscc", "organisation_code", "registration_number", "number", "document"})
_WIDE = {0xFEE0 + code: code for code in map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
_PLAIN = _WIDE | dict.fromkeys(map(ord, _BETWEEN), ord(" "))
_APART = rf"[ {_MARKS}]{{0,3}}"
_EIGHTEEN = re.compile(rf"(?<![0-9])(?=((?:[0-9]{_APART}){{17}}[0-9Xx])(?![0-9]))")
_SAID = re.compile(rf"(?:身份证|公民身份号码)[^0-9]{{0,10}}((?:[0-9]{_APART}){{14}}[0-9])(?![0-9Xx])")
_FIFTEEN = re.compile(rf"(?<![0-9A-Za-z])(?=((?:[0-9]{_APART}){{14}}[0-9])(?![0-9Xx]))")
# Where a person writes a gap: behind the region, inside and behind the birth date, before the check character.
_NATURAL = {18: frozenset({6, 10, 12, 14, 17}), 15: frozenset({6, 8, 10, 12})}
# The first two digits of all regions (GB/T 2260), and words for numbers that are no person's.
_REGIONS = frozenset(map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
                               *range(61, 66), 71, 81, 82, 83)))  # fmt: skip
_OTHERWISE = re.compile(
    "(?:[账帐][号户]|卡号|注册号|登记证?号|文号|编号|单号|订单|流水|凭证|发票|合同|序列号)[^0-9]{0,6}$"
)
_YOUNGEST_IN_CODE = 14
_SHORTEST = 13  # bytes: fourteen digits, or 护照 and seven


def hide_in_frame(
    frame: pl.DataFrame, kinds: Mapping[str, str], longest: Mapping[str, int], day: date, numbers: bool = True
) -> pl.DataFrame:
    """The frame with `hide_identities` done to the columns of `kinds` (column → kind of field). `longest`: the bytes of its
    longest cell; `numbers`: fourteen digits in a row may stand in it; if not, only numbers of passports are looked for."""
    looks = {c: _first_look(kind, numbers) for c, kind in kinds.items() if longest[c] >= _SHORTEST}
    found = [c for c, look in looks.items() if look and essence(frame[c]).str.contains(look).any()]
    return frame.with_columns(hide_identities(frame[c], kinds[c], day) for c in found) if found else frame


def _first_look(kind: str, numbers: bool) -> str:
    """The pattern of what makes a column worth a closer look; '' if nothing does."""
    return "|".join([*([_DETECTOR] if numbers else []), *([LIKE_WORDS] if kind not in _CODE_KINDS else [])])


def hide_identities(column: pl.Series, kind: str, day: date) -> pl.Series:
    """The column with every number of a person's paper replaced by `IDENTITY_MASK`. In columns of codes only what has the
    right check character, names a person of 14 or older and is no credit code; elsewhere whatever looks like one."""
    like_number = column.str.contains(_DETECTOR) & column.str.contains(_SHAPE)
    suspects = column.filter(
        like_number if kind in _CODE_KINDS else like_number | column.str.contains(LIKE_WORDS)
    ).unique()
    hidden = {s: h for s in suspects.drop_nulls() if (h := hide_in(s, kind, day)) != s}
    if not hidden:
        return column
    return column.replace(list(hidden), list(hidden.values()))


def hide_in(text: str, kind: str, day: date) -> str:
    """One text with the numbers of persons' papers hidden; see `hide_identities`."""
    plain = text.translate(_PLAIN)
    spans = [m.span(1) for m in _EIGHTEEN.finditer(plain) if _is_identity(m[1], kind, day)]
    if kind not in _CODE_KINDS:
        spans += [m.span(1) for m in _SAID.finditer(plain) if identity_born(_digits(m[1])) and _whole(m[1])]
        spans += [m.span(1) for m in _FIFTEEN.finditer(plain) if _is_old_identity(m[1], plain[: m.start(1)])]
        spans += paper_spans(plain)
    for start, end in sorted(_apart(spans), reverse=True):
        text = text[:start] + IDENTITY_MASK + text[end:]
    return text


def _is_identity(found: str, kind: str, day: date) -> bool:
    number = _digits(found)
    born = identity_born(number)
    if born is None or not 1880 <= born.year <= day.year:
        return False
    agrees = identity_check_character(number[:17]) == number[17]
    if kind not in _CODE_KINDS:
        return agrees or _whole(found)
    return agrees and day.year - born.year >= _YOUNGEST_IN_CODE and not is_uscc(number)


def _is_old_identity(found: str, before: str) -> bool:
    """Fifteen digits that nobody calls an identity number: of a region, with a birth date, and nothing else that is known."""
    number = _digits(found)
    return (
        number[:2] in _REGIONS
        and identity_born(number) is not None
        and _gaps(found) <= _NATURAL[15]
        and registration_check_digit(number[:14]) != number[14]
        and not is_organisation_code(number[6:])  # of an old tax number
        and not _OTHERWISE.search(before[-16:])
    )


def _whole(found: str) -> bool:
    """Whether these digits are one number, and not several of a list: parted by no mark of one but in its own places."""
    return not any(mark in _MARKS for mark in found) or _gaps(found) <= _NATURAL[len(_digits(found))]


def _gaps(found: str) -> set[int]:
    """Behind how many digits there is a gap."""
    ends, count = set(), 0
    for group in re.findall("[0-9Xx]+", found)[:-1]:
        count += len(group)
        ends.add(count)
    return ends


def _digits(found: str) -> str:
    return re.sub("[^0-9X]", "", found.upper())


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without spans that begin inside an earlier one; of two that begin together the longer."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
