"""What an address asks for. A filter that is none is refused, and told what it must be."""

import re
from datetime import date

from chengxin.values.errors import Refused, Said


def wrong(zh: str, zh_wanted: str, en: str, en_wanted: str) -> Refused:
    """A refusal of a filter."""
    return Refused("filter", Said(f"“{zh}”应为{zh_wanted}。", f"The {en} must be {en_wanted}."))


def year_of(text: str, today: date) -> int:
    """A year of four digits, not after this one. Raises Refused."""
    if not re.fullmatch(r"[12]\d{3}", text, re.ASCII) or int(text) > today.year:
        raise wrong("年份", f"四位年份，不晚于 {today.year}", "year", f"four digits, not after {today.year}")
    return int(text)
