"""Codes that no office issues: credit codes of the series MXFA, old numbers and identity numbers of 370299.

Every code is well formed (its check characters agree) so that clean rows are clean, and none can be anybody's: no
organisation code begins with MXFA, and 370299 is no region.
"""

from collections.abc import Iterable
from datetime import date

from chengxin.values.identifiers import (
    USCC_ALPHABET,
    identity_check_character,
    organisation_check_character,
    registration_check_digit,
    uscc_check_character,
)

NO_REGION = "370299"
SERIES = "MXFA"
_BLOCK = 31**3
# MXFAK… is kept for departments and for examples shown elsewhere; the other 30 letters make 893,730 codes.
_LETTERS = USCC_ALPHABET.replace("K", "")
MOST_SUBJECTS = len(_LETTERS) * _BLOCK
# Coprime to 2·3·5·31, so that stepping by it visits every body once and neighbours do not look like neighbours.
_STEP = 350_423


def uscc(prefix: str, region: str, body: str) -> str:
    """The code for a two-character prefix, six digits of region and eight characters of organisation code."""
    stem = prefix + region + body + organisation_check_character(body)
    return stem + uscc_check_character(stem)


def department_code(mark: str) -> str:
    """The code of the department that carries `mark` (one character of the GB 32100 alphabet) on the roster."""
    return uscc("11", "370215", "MXFAK0X" + mark)


def bodies(count: int, start: int) -> list[str]:
    """`count` different bodies MXFA????, begun at `start`; there are `MOST_SUBJECTS` of them."""
    return [_body((start + i * _STEP) % MOST_SUBJECTS) for i in range(count)]


def _body(number: int) -> str:
    letter, rest = divmod(number, _BLOCK)
    a, rest = divmod(rest, 961)
    b, c = divmod(rest, 31)
    return SERIES + _LETTERS[letter] + USCC_ALPHABET[a] + USCC_ALPHABET[b] + USCC_ALPHABET[c]


def identity_number(born: date, sequence: int) -> str:
    """An identity number of nobody: region 370299, birth date, three digits of sequence, the right check character."""
    body = f"{NO_REGION}{born:%Y%m%d}{sequence % 1000:03d}"
    return body + identity_check_character(body)


def registration_numbers(sequences: Iterable[int]) -> list[str]:
    """Old registration numbers of 15 digits (GS 15-2006), first six 370299."""
    stems = [f"{NO_REGION}{sequence % 100_000_000:08d}" for sequence in sequences]
    return [stem + registration_check_digit(stem) for stem in stems]
