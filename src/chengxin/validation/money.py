"""Amounts in 万元 as people write them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from chengxin.values.text import nfkc

_AMOUNT = re.compile(r"[¥￥]?\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)\s*(万元|万|元|圆)?(?:整|人民币)?")


@dataclass(frozen=True)
class Amount:
    """An amount in 万元, or None if the text is no amount."""

    value: Decimal | None


def read_amount(text: str) -> Amount:
    """Read one text: thousands separators, a currency sign, 元 or 万元 behind the number. Pure."""
    plain = re.sub(r"^人民币", "", nfkc(text).replace(" ", "").strip("'’\""))
    match = _AMOUNT.fullmatch(plain)
    if not match:
        return Amount(None)
    value = Decimal(match[1].replace(",", ""))
    return Amount(value / 10_000 if match[2] in ("元", "圆") else value)
