"""Dates as people write them: certain readings are taken and told, ambiguous ones asked back, impossible ones refused."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chengxin.values.text import nfkc

NO_END = date(2099, 12, 31)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMERALS = "〇零○Oo一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_CHINESE = str.maketrans(_NUMERALS, "00000123456789123456789")
_CHINESE_DAY = re.compile(rf"([{_NUMERALS}]{{4}})年([{_NUMERALS}十拾]{{1,3}})月([{_NUMERALS}十拾]{{1,3}})[日号]")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|礼拜|周)([一二三四五六日天])\)?$")
_CLOCK = re.compile(r"\s*(?:[上中下]午|凌晨|晚上?)?\s*\d{1,2}[时点](?:\s*\d{1,2}分?)?(?:\s*\d{1,2}秒)?$", re.ASCII)
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})"
_TIME = re.compile(
    rf"[T\s]+(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(:[0-5]\d(\.\d+)?)?\s*{_ZONE}?$", re.IGNORECASE | re.ASCII
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[年./\-\s]\s*(\d{1,2})\s*[月./\-\s]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?", re.ASCII)
_ENGLISH = re.compile(r"[A-Za-z\d\s,./\-]+", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)
_LEGAL_OFFSET = 8 * 60  # minutes: days of law are days in Asia/Shanghai


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
    text = text.replace("拾", "十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (tens.translate(_CHINESE) or "1") + (ones.translate(_CHINESE) or "0")
    return text.translate(_CHINESE)


def _spelled(text: str) -> str:
    chinese = _CHINESE_DAY.fullmatch(text)
    return "-".join(_chinese_number(part) for part in chinese.groups()) if chinese else text


def _english(text: str) -> Reading | None:
    """7 March 2025, Mar 7th, 2025, 2025-Mar-07: one month by name, a day and a year of four digits, nothing else."""
    if not _ENGLISH.fullmatch(text):
        return None
    words = [w for w in re.findall(r"[A-Za-z]+|\d+", text.lower()) if w not in ("st", "nd", "rd", "th")]
    months = [i for w in words if len(w) >= 3 for i, name in enumerate(_MONTHS, start=1) if name.startswith(w)]
    numbers = sorted((w for w in words if w.isdigit()), key=len)
    if len(words) != 3 or len(months) != 1 or [len(n) for n in numbers] not in ([1, 4], [2, 4]):
        return None
    return _certain(_day(int(numbers[1]), months[0], int(numbers[0])))


def _year_last(first: int, second: int, year: int) -> Reading:
    as_month_day, as_day_month = _day(year, first, second), _day(year, second, first)
    if as_month_day and as_day_month and as_month_day != as_day_month:
        return Reading(None, "date_ambiguous", f"{as_month_day} / {as_day_month}")
    return _certain(as_month_day or as_day_month)


def _legal_day(day: date, time: re.Match[str]) -> Reading:
    """An instant with a zone falls on one legal day: 2025-03-06T16:00:00Z is 2025-03-07 in Shanghai."""
    zone = time["zone"].upper().replace(":", "")
    offset = 0 if zone == "Z" else int(zone[:3]) * 60 + int(zone[0] + zone[3:])
    minutes = int(time["hour"]) * 60 + int(time["minute"]) - offset + _LEGAL_OFFSET
    try:
        return Reading(day + timedelta(days=minutes // (24 * 60)))
    except OverflowError:
        return Reading(None, "date_unreadable")


@lru_cache(maxsize=65_536)
def read_date(text: str, no_end: frozenset[str] = frozenset()) -> Reading:
    """Read one text. Pure: the same text always reads the same way, whatever the day or the neighbours."""
    plain = nfkc(text).strip().strip("'’\"")
    if plain in no_end:
        return Reading(NO_END)
    time = _TIME.search(plain)
    reading = _of_week(_CLOCK.sub("", plain[: time.start()] if time else plain).strip())
    if time and time["zone"] and reading.day:
        return _legal_day(reading.day, time)
    return Reading(NO_END) if str(reading.day) in no_end else reading  # 9999年12月31日 too


def _of_week(plain: str) -> Reading:
    """A day that may name its day of the week behind it; one that names another is no day."""
    named = _WEEKDAY.search(plain)
    reading = _read_day(_spelled(plain[: named.start()] if named else plain))
    if named and reading.day and reading.day.weekday() != "一二三四五六日".index(named[1].replace("天", "日")):
        return Reading(None, "date_unreadable")
    return reading


def _read_day(plain: str) -> Reading:
    if match := _YEAR_FIRST.fullmatch(plain):
        return _certain(_day(*map(int, match.groups())))
    if re.fullmatch(r"\d{8}", plain, re.ASCII):
        return _certain(_day(int(plain[:4]), int(plain[4:6]), int(plain[6:])))
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(*map(int, match.groups()))
    if match := _SHORT_YEAR.fullmatch(plain):
        first, month, last = (int(part) for part in match.groups())
        day_first = None if "年" in plain else _day(2000 + last, month, first)
        likely = [day for day in (_day(2000 + first, month, last), day_first) if day]
        return Reading(None, "date_ambiguous", " / ".join(dict.fromkeys(map(str, likely))))
    if re.fullmatch(r"\d{5}(\.\d+)?", plain, re.ASCII) and 20000 <= float(plain) <= 73050:
        return Reading(_EXCEL_EPOCH + timedelta(days=int(float(plain))))
    return _english(plain) or Reading(None, "date_unreadable")
