"""Check characters of the codes that name organisations and persons, one by one and for whole columns.

Column functions take a String series (null stays null) and give a Boolean series: "well formed and the check character
agrees". Sources: GB 32100-2015, GB 11714-1997, GS 15-2006 (ISO 7064 MOD 11,10), GB 11643-1999.
"""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

_FEW = 64  # below that, looking for distinct codes costs more than it saves
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


def identity_born(number: str) -> date | None:
    """The birth date in an identity number of 18 or 15 characters, or None if there is no such day."""
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def identity_18(number: str) -> str:
    """The 18-character form of an identity number; the 15-digit form was issued to persons born 19xx."""
    if len(number) != 15:
        return number
    body = number[:6] + "19" + number[6:]
    return body + identity_check_character(body)


def _lookup(alphabet: str) -> NDArray[np.int16]:
    table = np.full(256, -1, dtype=np.int16)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


_USCC_VALUES = _lookup(USCC_ALPHABET)
_ORGANISATION_VALUES = _lookup(ORGANISATION_ALPHABET)
_DIGIT_VALUES = _lookup("0123456789")


def _on_width(codes: pl.Series, width: int, judge: Judge) -> pl.Series:
    """Apply `judge` to the byte matrix of all codes that are `width` bytes long; the others are wrong, null stays null."""
    fits = codes.str.len_bytes() == width
    chosen = codes.filter(fits)
    verdict = np.zeros(len(codes), dtype=bool)
    if len(chosen):
        matrix = np.frombuffer(chosen.str.join("").item().encode(), dtype=np.uint8).reshape(-1, width)
        verdict[fits.fill_null(False).to_numpy()] = judge(matrix)
    return pl.select(pl.when(codes.is_not_null()).then(pl.Series(verdict))).to_series()


def _judge_uscc(matrix: NDArray[np.uint8]) -> NDArray[np.bool_]:
    values = _USCC_VALUES[matrix]
    total = values[:, :17].astype(np.int32) @ np.array(_USCC_WEIGHTS, dtype=np.int32)
    region_is_digits = (_DIGIT_VALUES[matrix[:, 2:8]] >= 0).all(axis=1)
    department = np.isin(matrix[:, 0], np.frombuffer(REGISTERING_DEPARTMENTS.encode(), dtype=np.uint8))
    agrees = (31 - total % 31) % 31 == values[:, 17]
    return np.asarray((values >= 0).all(axis=1) & region_is_digits & department & agrees)


def _judge_organisation(matrix: NDArray[np.uint8]) -> NDArray[np.bool_]:
    values = _ORGANISATION_VALUES[matrix]
    rest = 11 - values[:, :8].astype(np.int32) @ np.array(_ORGANISATION_WEIGHTS, dtype=np.int32) % 11
    expected = np.where(rest == 10, ord("X"), np.where(rest == 11, ord("0"), rest + ord("0")))
    return np.asarray((values[:, :8] >= 0).all(axis=1) & (expected == matrix[:, 8]))


def _judge_registration(matrix: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digits = _DIGIT_VALUES[matrix].astype(np.int32)
    product = np.full(len(matrix), 10, dtype=np.int32)
    for column in range(14):
        step = (product + digits[:, column]) % 10
        product = np.where(step == 0, 10, step) * 2 % 11
    return np.asarray((digits >= 0).all(axis=1) & ((11 - product) % 10 == digits[:, 14]))


USCC_FACTS = pl.Struct({"sound": pl.Boolean, "inner": pl.Boolean})


def uscc_facts(codes: pl.Series) -> pl.Series:
    """Both judgements of a code at once, as a struct: `sound` (`uscc_valid`) and `inner` (`uscc_inner_valid`)."""
    distinct = codes.unique().drop_nulls() if len(codes) > _FEW else codes
    if len(distinct) * 8 > len(codes):
        return _uscc_facts(codes)
    order = pl.DataFrame({"code": distinct, "facts": _uscc_facts(distinct)})
    joined = codes.to_frame("code").join(order, on="code", how="left", maintain_order="left")
    return joined.select(pl.coalesce("facts", pl.lit(None, dtype=USCC_FACTS))).to_series()


def _uscc_facts(codes: pl.Series) -> pl.Series:
    fits = codes.str.len_bytes() == 18
    chosen = codes.filter(fits)
    sound, inner = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
    if len(chosen):
        matrix = np.frombuffer(chosen.str.join("").item().encode(), dtype=np.uint8).reshape(-1, 18)
        at = fits.fill_null(False).to_numpy()
        sound[at] = _judge_uscc(matrix)
        inner[at] = _judge_organisation(matrix[:, 8:17])
    facts = pl.DataFrame({"sound": sound, "inner": inner, "known": codes.is_not_null()})
    known = pl.col("known")
    return facts.select(
        pl.struct(pl.when(known).then("sound").alias("sound"), pl.when(known).then("inner").alias("inner"))
    ).to_series()


def uscc_valid(codes: pl.Series) -> pl.Series:
    """Unified social credit codes: department, alphabet, region digits and check character (GB 32100-2015)."""
    return uscc_facts(codes).struct.field("sound")


def uscc_inner_valid(codes: pl.Series) -> pl.Series:
    """Whether positions 9 to 17 of a unified social credit code are a sound organisation code (GB 11714-1997)."""
    return uscc_facts(codes).struct.field("inner")


def uscc_expected_character(codes: pl.Series) -> pl.Series:
    """The check character that the first seventeen would need; null where these are not characters of the code."""

    def expected(code: str) -> str | None:
        return uscc_check_character(code[:17]) if len(code) == 18 and set(code[:17]) <= set(USCC_ALPHABET) else None

    return pl.Series([expected(code) if code else None for code in codes], dtype=pl.String)


def organisation_code_valid(codes: pl.Series) -> pl.Series:
    """Organisation codes of nine characters, hyphen removed (GB 11714-1997)."""
    return _on_width(codes, 9, _judge_organisation)


def registration_number_valid(codes: pl.Series) -> pl.Series:
    """Registration numbers: 15 digits with check digit (GS 15-2006) or the older 13 digits, which have none."""
    old = codes.str.contains(r"^[0-9]{13}$")
    return pl.select(pl.Series(_on_width(codes, 15, _judge_registration)) | old).to_series()
