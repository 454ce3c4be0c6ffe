"""Numbers of passports and travel permits inside a text: told by the word that stands beside them.

A passport number alone (E12345678) looks like any other number, so one is only seen where somebody says what it is:
护照, 台胞证, 回乡证, 旅行证, or a 通行证 of the mainland, Hong Kong, Macao or Taiwan (a permit of a lorry is none).
"""

import re
from collections.abc import Iterator
from datetime import date

_WORDS = "护照|台胞证|回乡证|旅行证|内地通行证|大陆通行证|港澳通行证|台湾通行证"
# What a column is searched for first: fewer beginnings are found faster.
LIKE_WORDS = "护照|[胞乡行]证"
# One or two letters and seven or eight digits (E12345678, EA1234567, H1234567801), nine digits, parted by spaces perhaps;
# or letters and digits mixed, as Germany, France and Korea write them.
_SPACED = "[A-Za-z]{0,3} {0,2}(?:[0-9] {0,2}){5,10}[0-9]"
_MIXED = "[0-9A-Za-z]{7,12}"
_FORM = rf"(?:{_MIXED}|{_SPACED})(?![0-9A-Za-z年元])"
_BEFORE = r"[^0-9A-Za-z。；;\n]{0,14}(?:[Nn][Oo]\.?)?[^0-9A-Za-z。；;\n]{0,3}"
_AFTER_WORD = re.compile(rf"(?:{_WORDS}){_BEFORE}({_FORM})")
_BEFORE_WORD = re.compile(rf"(?<![0-9A-Za-z])({_FORM})号[^0-9A-Za-z，。；;\n]{{0,6}}(?:{_WORDS})")
_ANOTHER = re.compile(rf"[、，,/和及与 ]{{1,2}}({_FORM})")
_FEWEST_DIGITS = 5


def paper_spans(plain: str) -> Iterator[tuple[int, int]]:
    """Where such numbers stand in a text whose digits and letters are of ordinary width."""
    for pattern in (_AFTER_WORD, _BEFORE_WORD):
        for found in pattern.finditer(plain):
            match: re.Match[str] | None = found
            while match and _may_be(match[1]):
                yield match.span(1)
                match = _ANOTHER.match(plain, match.end(1))


def _may_be(found: str) -> bool:
    """Enough digits, and not the day on which the paper was issued or ends."""
    number = found.replace(" ", "")
    return sum(map(str.isdigit, number)) >= _FEWEST_DIGITS and not _is_day(number)


def _is_day(number: str) -> bool:
    if not re.fullmatch("(?:19|20)[0-9]{6}", number):
        return False
    try:
        date(int(number[:4]), int(number[4:6]), int(number[6:]))
    except ValueError:
        return False
    return True
