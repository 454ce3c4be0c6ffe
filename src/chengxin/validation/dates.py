"""Dates as people write them. Certain readings are taken and told, ambiguous ones asked back, impossible ones refused."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from chengxin.values.text import nfkc

NO_END = date(2099, 12, 31)
_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[年./\-\s]\s*(\d{1,2})\s*[月./\-\s]\s*(\d{1,2})\s*[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{2})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Reading:
    """What a text says: a day, or why not (`date_unreadable`, `date_ambiguous`), with a suggestion."""

    day: date | None
    problem: str | None = None
    suggestion: str = ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _certain(day: date | None) -> Reading:
    return Reading(day) if day else Reading(None, "date_unreadable")


def _chinese_number(text: str) -> str:
    """十二 → 12, 二十 → 20, 三十一 → 31, digits one by one otherwise."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (tens.translate(_CHINESE) or "1") + (ones.translate(_CHINESE) or "0")
    return text.translate(_CHINESE)


def _spelled(text: str) -> str:
    chinese = re.fullmatch(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]", text)
    return "-".join(_chinese_number(part) for part in chinese.groups()) if chinese else text


def _english(text: str) -> Reading | None:
    words = re.findall(r"[A-Za-z]{3,}|\d+", text)
    months = [_MONTHS[w[:3].lower()] for w in words if w[:3].lower() in _MONTHS]
    numbers = [int(w) for w in words if w.isdigit()]
    if len(words) != 3 or len(months) != 1 or len(numbers) != 2:
        return None
    year, day = max(numbers), min(numbers)
    return _certain(_day(year, months[0], day)) if year >= 1000 else None


def _year_last(first: int, second: int, year: int) -> Reading:
    as_month_day, as_day_month = _day(year, first, second), _day(year, second, first)
    if as_month_day and as_day_month and as_month_day != as_day_month:
        return Reading(None, "date_ambiguous", f"{as_month_day} / {as_day_month}")
    return _certain(as_month_day or as_day_month)


def read_date(text: str, no_end: frozenset[str] = frozenset()) -> Reading:
    """Read one text. Pure: the same text always reads the same way, whatever the day or the neighbours."""
    plain = nfkc(text).strip().strip("'’\"")
    if plain in no_end:
        return Reading(NO_END)
    plain = _spelled(_TIME.sub("", plain).strip())
    if match := _YEAR_FIRST.fullmatch(plain):
        return _certain(_day(*map(int, match.groups())))
    if re.fullmatch(r"\d{8}", plain):
        return _certain(_day(int(plain[:4]), int(plain[4:6]), int(plain[6:])))
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(*map(int, match.groups()))
    if match := _SHORT_YEAR.fullmatch(plain):
        guess = _day(2000 + int(match[1]), int(match[2]), int(match[3]))
        return Reading(None, "date_ambiguous", str(guess or ""))
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and 20000 <= float(plain) <= 73050:
        return Reading(_EXCEL_EPOCH + timedelta(days=int(float(plain))))
    return _english(plain) or Reading(None, "date_unreadable")
