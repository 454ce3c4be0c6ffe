"""Amounts that a text states: in digits or in Chinese numerals, with 元, 万元 or 亿元 behind them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_DIGITS = {
    c: n
    for n, pair in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in pair
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_NUMERALS = "".join((*_DIGITS, *_TENS, *_LARGE))
_AMOUNT = re.compile(rf"([0-9][0-9,]*(?:\.[0-9]+)?|[{_NUMERALS}]+)\s*([万亿])?\s*元")
_WIDE = str.maketrans("０１２３４５６７８９．圆", "0123456789.元")
# A text without it states no amount in plain 元.
PLAIN_YUAN = rf"[0-9０-９{''.join((*_DIGITS, *_TENS))}],*\s*[元圆]"


@dataclass(frozen=True)
class Stated:
    """An amount in yuan, and whether it was written in plain 元 (not in 万元 or 亿元)."""

    yuan: Decimal
    plain: bool


def chinese_number(text: str) -> Decimal:
    """伍佰 → 500, 壹仟贰佰万 → 12000000. Unknown characters raise KeyError."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[character]
            section = digit = 0
    return Decimal(total + section + digit)


@lru_cache(maxsize=4096)
def stated_amounts(text: str) -> tuple[Stated, ...]:
    """All amounts of a text, in order."""
    found = []
    for number, unit in _AMOUNT.findall(text.translate(_WIDE)):
        arabic = number[0] in "0123456789"
        value = Decimal(number.replace(",", "")) if arabic else chinese_number(number)
        plain = not unit and (arabic or not set(number) & set(_LARGE))
        found.append(Stated(value * _LARGE.get(unit, 1), plain))
    return tuple(found)
