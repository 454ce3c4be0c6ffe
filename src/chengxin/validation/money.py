"""Amounts in 万元 as people write them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chengxin.values.text import nfkc

_AMOUNT = re.compile(
    r"(?:人民币)?\s*¥?\s*(-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)"
    r"\s*(万元|万|元|圆)?\s*(?:整|人民币)?",
    re.ASCII,
)
_LONGEST = 40  # characters of a number; no amount is longer
_CEILING = 10**11  # 万元


@dataclass(frozen=True)
class Amount:
    """An amount in 万元 with at most six decimals, or why there is none: `money_unreadable`, `_range`, `_scale`."""

    value: Decimal | None
    problem: str | None = None


def read_amount(text: str, bare_is_yuan: bool = False) -> Amount:
    """Read one text: thousands separators, a currency sign, 元 or 万元 behind the number. Pure; never rounds.

    `bare_is_yuan`: what a number without a unit means (a heading may say 元); a unit in the cell always holds.
    """
    match = _AMOUNT.fullmatch(nfkc(text).strip().strip("'’\""))
    if not match or len(match[1]) > _LONGEST:
        return Amount(None, "money_unreadable")
    value = Fraction(match[1].replace(",", "").replace(" ", ""))
    if match[2] in ("元", "圆") or (match[2] is None and bare_is_yuan):
        value /= 10_000
    if not 0 <= value < _CEILING:
        return Amount(None, "money_range")
    millionths = value * 10**6
    return Amount(Decimal(int(millionths)).scaleb(-6)) if millionths.denominator == 1 else Amount(None, "money_scale")
