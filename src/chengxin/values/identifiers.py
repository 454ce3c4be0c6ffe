"""Check characters of the codes that name organisations and persons, one by one and for whole columns.

Column functions take a String series (null stays null) and give a Boolean series: "well formed and the check character
agrees". Sources: GB 32100-2015, GB 11714-1997, GS 15-2006 (ISO 7064 MOD 11,10), GB 11643-1999.
"""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chengxin.values.series import FEW, essence

_SAMPLE = 1_000  # codes that tell whether a column repeats few
# Polars looks NumPy up at first use, which fails if two threads do it at once (2.1.0); here no thread but one is at work.
pl.Series(np.empty(0))
Judge = Callable[[NDArray[np.uint8]], NDArray[np.bool_]]

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REGISTERING_DEPARTMENTS = "123456789ANY"

_USCC_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
_IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
_IDENTITY_CHECKS = "10X98765432"

# Letters that GB 32100 leaves out because they look like a digit or another letter.
LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5"}
# As it was typed, a small l is more often a one than the letter L.
SMALL_LOOKALIKES = {"l": "1"}


def uscc_check_character(body: str) -> str:
    """The eighteenth character for the first seventeen of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(body: str) -> str:
    """The ninth character for the first eight of an organisation code (GB 11714-1997)."""
    rest = 11 - sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def registration_check_digit(body: str) -> str:
    """The fifteenth digit for the first fourteen of a registration number (GS 15-2006, ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def identity_check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits of a citizen identity number (GB 11643-1999)."""
    return _IDENTITY_CHECKS[sum(int(c) * w for c, w in zip(body, _IDENTITY_WEIGHTS, strict=True)) % 11]


def is_uscc(code: str) -> bool:
    """True if `code` is a unified social credit code whose check character agrees."""
    return (
        len(code) == 18
        and code[0] in REGISTERING_DEPARTMENTS
        and all(c in USCC_ALPHABET for c in code)
        and code[2:8].isdigit()
        and uscc_check_character(code[:17]) == code[17]
    )


def is_organisation_code(code: str) -> bool:
    """True if `code` is an organisation code of nine characters whose check character agrees."""
    known = len(code) == 9 and set(code[:8]) <= set(ORGANISATION_ALPHABET)
    return known and organisation_check_character(code[:8]) == code[8]


def _inner_sound(code: str) -> bool:
    return len(code) == 18 and is_organisation_code(code[8:17])


def identity_born(number: str) -> date | None:
    """The birth date in an identity number of 18 or 15 characters, or None if there is no such day."""
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def is_identity(number: str) -> bool:
    """True if this is a citizen identity number of 18 characters, with a day of birth, whose check character agrees."""
    shaped = len(number) == 18 and number.isascii() and number[:17].isdigit() and identity_born(number) is not None
    return shaped and identity_check_character(number[:17]) == number[17]


def identity_18(number: str) -> str:
    """The 18-character form of an identity number; the 15-digit form was issued to persons born 19xx."""
    if len(number) != 15:
        return number
    body = number[:6] + "19" + number[6:]
    return body + identity_check_character(body)


_NO_VALUE = 255


def _lookup(alphabet: str) -> NDArray[np.uint8]:
    table = np.full(256, _NO_VALUE, dtype=np.uint8)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


_USCC_VALUES = _lookup(USCC_ALPHABET)
_ORGANISATION_VALUES = _lookup(ORGANISATION_ALPHABET)
_DIGIT_VALUES = _lookup("0123456789")
_DEPARTMENT = _lookup(REGISTERING_DEPARTMENTS)


def _characters(codes: pl.Series, width: int) -> NDArray[np.uint8]:
    """The bytes of codes that are all `width` bytes long: one row a place, one column a code, so that sums run fast."""
    flat = np.frombuffer(codes.str.join("").item().encode(), dtype=np.uint8)
    return np.ascontiguousarray(flat.reshape(-1, width).T)


def _weighted(values: NDArray[np.uint8], weights: list[int]) -> NDArray[np.uint16]:
    """The weighted sum down each column. Sums stay far below 65,536 for every code that has a value at each place."""
    total = np.zeros(values.shape[1], dtype=np.uint16)
    for place, weight in enumerate(weights):
        total += values[place] * np.uint16(weight)
    return total


def _known(values: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(values.max(axis=0) != _NO_VALUE)


def _on_width(codes: pl.Series, width: int, judge: Judge) -> pl.Series:
    """Apply `judge` to the characters of all codes that are `width` bytes long; the others are wrong, null stays null."""
    fits = codes.str.len_bytes() == width
    chosen = codes.filter(fits)
    verdict = np.zeros(len(codes), dtype=bool)
    if len(chosen):
        verdict[fits.fill_null(False).to_numpy()] = judge(_characters(chosen, width))
    return pl.select(pl.when(codes.is_not_null()).then(pl.Series(verdict))).to_series()


def _judge_uscc(characters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    values = _USCC_VALUES.take(characters)
    sound = (
        _known(values) & _known(_DIGIT_VALUES.take(characters[2:8])) & (_DEPARTMENT.take(characters[0]) != _NO_VALUE)
    )
    total = _weighted(values, _USCC_WEIGHTS)
    return np.asarray(sound & ((31 - total % 31) % 31 == values[17]))


def _judge_organisation(characters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    values = _ORGANISATION_VALUES.take(characters[:8])
    rest = 11 - _weighted(values, _ORGANISATION_WEIGHTS) % 11
    expected = np.where(rest == 10, ord("X"), np.where(rest == 11, ord("0"), rest + ord("0")))
    return np.asarray(_known(values) & (expected == characters[8]))


def _judge_registration(characters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digits = _DIGIT_VALUES.take(characters)
    product = np.full(characters.shape[1], 10, dtype=np.int32)
    for place in range(14):
        step = (product + digits[place]) % 10
        product = np.where(step == 0, 10, step) * 2 % 11
    return np.asarray(_known(digits) & ((11 - product) % 10 == digits[14]))


Facts = tuple[pl.Series, pl.Series]


def uscc_facts(codes: pl.Series) -> Facts:
    """Both judgements of codes at once: `uscc_valid` and `uscc_inner_valid`."""
    if len(codes) < FEW:
        return _one_by_one(codes, is_uscc), _one_by_one(codes, _inner_sound)
    if codes.head(_SAMPLE).n_unique() * 8 > min(len(codes), _SAMPLE):
        return _uscc_facts(codes)
    alike = essence(codes)
    if len(alike) == 1:  # an authority in every row
        sound, inner = uscc_facts(alike)
        return sound.new_from_index(0, len(codes)), inner.new_from_index(0, len(codes))
    distinct = codes.unique().drop_nulls()
    order = pl.DataFrame([distinct.alias("code"), *_uscc_facts(distinct)])
    joined = codes.to_frame("code").join(order, on="code", how="left", maintain_order="left")
    return joined["sound"], joined["inner"]


def _one_by_one(codes: pl.Series, judge: Callable[[str], bool]) -> pl.Series:
    return pl.Series([None if code is None else judge(code) for code in codes.to_list()], dtype=pl.Boolean)


def _uscc_facts(codes: pl.Series) -> Facts:
    fits = codes.str.len_bytes() == 18
    if fits.all(ignore_nulls=False):
        characters = _characters(codes, 18)
        return pl.Series("sound", _judge_uscc(characters)), pl.Series("inner", _judge_organisation(characters[8:17]))
    chosen = codes.filter(fits)
    sound, inner = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
    if len(chosen):
        characters = _characters(chosen, 18)
        at = fits.fill_null(False).to_numpy()
        sound[at] = _judge_uscc(characters)
        inner[at] = _judge_organisation(characters[8:17])
    facts = pl.DataFrame({"sound": sound, "inner": inner})
    if codes.null_count():
        facts = facts.select(pl.when(codes.is_not_null()).then(pl.all()))
    return facts["sound"], facts["inner"]


def uscc_valid(codes: pl.Series) -> pl.Series:
    """Unified social credit codes: department, alphabet, region digits and check character (GB 32100-2015)."""
    return uscc_facts(codes)[0]


def uscc_inner_valid(codes: pl.Series) -> pl.Series:
    """Whether positions 9 to 17 of a unified social credit code are a sound organisation code (GB 11714-1997)."""
    return uscc_facts(codes)[1]


def uscc_expected_character(codes: pl.Series) -> pl.Series:
    """The check character that the first seventeen would need; null where these are not characters of the code."""

    def expected(code: str) -> str | None:
        return uscc_check_character(code[:17]) if len(code) == 18 and set(code[:17]) <= set(USCC_ALPHABET) else None

    return pl.Series([expected(code) if code else None for code in codes], dtype=pl.String)


def organisation_code_valid(codes: pl.Series) -> pl.Series:
    """Organisation codes of nine characters, hyphen removed (GB 11714-1997)."""
    if len(codes) < FEW:
        return _one_by_one(codes, is_organisation_code)
    return _on_width(codes, 9, _judge_organisation)


def registration_number_valid(codes: pl.Series) -> pl.Series:
    """Registration numbers: 15 digits with check digit (GS 15-2006) or the older 13 digits, which have none."""
    old = codes.str.contains(r"^[0-9]{13}$")
    return pl.select(pl.Series(_on_width(codes, 15, _judge_registration)) | old).to_series()
