"""National tables: severity classes that do not overlap, a calendar that can be, lists with a basis."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain
from chengxin.values.errors import Said

SEVERITY, CALENDAR, LISTS, MEASURES = "cn/severity.yaml", "cn/calendar.yaml", "cn/lists.yaml", "cn/measures.yaml"
MEASURE_CLASSES = ("A", "B", "C", "R")  # by law; within a body's remit; at one's own choice; a reward
SERIOUS = "serious"  # a measure that follows from any serious-dishonesty list


NEEDED = (
    *(
        "calendar",
        "categories",
        "disclosure",
        "domains",
        "forbidden",
        "lists",
        "matters",
        "measures",
        "person_scores",
        "purposes",
        "reports",
        "severity",
    ),
)


def tables_are_there(book: Book) -> Iterator[Complaint]:
    """The national tables that the rest refers to are there."""
    for name in NEEDED:
        file = f"cn/{name}.yaml"
        if not (book.root / file).exists():
            yield complain(file, "", "no-table", f"缺少 {file}", f"{file} is missing")


def severity_classes_are_ordered(book: Book) -> Iterator[Complaint]:
    """Each class begins at or after the end of the milder one, and no minimum is above its maximum."""
    classes = book.entries("severity", "classes")
    spans = {k: (v.get("min_months"), v.get("max_months")) for k, v in classes.items() if isinstance(v, Mapping)}
    whole = {k: (a, b) for k, (a, b) in spans.items() if type(a) is int and type(b) is int}
    for name in spans.keys() - whole.keys():
        yield complain(SEVERITY, f"classes.{name}", "severity-order", "月数应为整数", "months are whole numbers")
    end, before = 0, ""
    for name, (least, most) in sorted(whole.items(), key=lambda item: item[1]):
        if least > most:
            yield complain(
                SEVERITY,
                f"classes.{name}",
                "severity-order",
                f"最短 {least} 个月长于最长 {most} 个月",
                f"the minimum of {least} months is above the maximum of {most}",
            )
        if least < end:
            yield complain(
                SEVERITY, f"classes.{name}", "severity-order", f"与 {before} 重叠", f"overlaps with {before}"
            )
        end, before = max(end, most), name


def severity_labels_can_arrive(book: Book) -> Iterator[Complaint]:
    """The labels of the classes are values of the code list by which they arrive."""
    codes = book.codes.get("severity_class")
    for name, entry in book.entries("severity", "classes").items():
        if codes is not None and entry.get("label") not in codes.stored:
            label = entry.get("label")
            yield complain(
                SEVERITY,
                f"classes.{name}",
                "severity-order",
                f"“{label}”不在代码表 severity_class 中",
                f"{label} is not in the code list severity_class",
            )


def calendar_can_be(book: Book) -> Iterator[Complaint]:
    """Days lie in their year, make-up days at weekends, no day is both; without a notice there are none."""
    for year, entry in book.entries("calendar", "years").items():
        place = f"years.{year}"
        holidays, makeup = entry.get("holidays") or [], entry.get("makeup_days") or []
        for day in [*holidays, *makeup]:
            if type(day) is not date:
                yield complain(CALENDAR, place, "not-a-date", f"不是日期：{day}", f"not a date: {day}")
            elif day.year != int(year):
                yield complain(CALENDAR, place, "calendar-day", f"{day} 不在 {year} 年", f"{day} is not in {year}")
        for day in makeup:
            if type(day) is date and day.weekday() < 5:
                yield complain(
                    CALENDAR,
                    place,
                    "calendar-day",
                    f"调休上班日 {day} 不是周末",
                    f"the make-up day {day} is no weekend day",
                )
        for day in {d for d in makeup if d in holidays}:
            yield complain(
                CALENDAR, place, "calendar-day", f"{day} 既放假又上班", f"{day} is both a holiday and a make-up day"
            )
        if makeup and not entry.get("notice"):
            yield complain(
                CALENDAR,
                place,
                "calendar-day",
                "没有放假通知就没有调休上班日",
                "without a notice there are no make-up days",
            )


def lists_are_whole(book: Book) -> Iterator[Complaint]:
    """A list has a basis and only subjects we know; its texts stand in both languages."""
    for name, entry in book.entries("lists", "lists").items():
        if not isinstance(entry, Mapping):
            continue
        place = f"lists.{name}"
        if not entry.get("basis"):
            yield complain(LISTS, place, "list-without-basis", "名单没有法律依据", "the list has no legal basis")
        unknown = set(entry.get("subjects") or ()) - {"organisation", "sole_trader", "person"}
        if unknown:
            yield complain(
                LISTS,
                place,
                "unknown-class",
                f"没有主体种类 {sorted(unknown)}",
                f"no kind of subject {sorted(unknown)}",
            )


def measures_are_whole(book: Book) -> Iterator[Complaint]:
    """A measure is of a known kind, follows from known lists, and touches only subjects we know; lists name known kinds."""
    kinds, lists = book.entries("measures", "kinds"), book.entries("lists", "lists")
    given = {name: e for name, e in book.entries("measures", "measures").items() if isinstance(e, Mapping)}
    known: dict[str, set[str]] = {
        "kind": set(kinds),
        "lists": {*lists, SERIOUS},
        "subjects": {"organisation", "sole_trader", "person"},
    }
    named = [(MEASURES, f"measures.{name}", e, key, known[key]) for name, e in given.items() for key in known]
    named += [(LISTS, f"lists.{n}", e, "measures", set(kinds)) for n, e in lists.items() if isinstance(e, Mapping)]
    classes = {name: e for name, e in kinds.items() if isinstance(e, Mapping)}
    named += [(MEASURES, f"kinds.{name}", e, "class", set(MEASURE_CLASSES)) for name, e in classes.items()]
    for file, place, entry, key, among in named:
        value = entry.get(key) or []
        unknown = sorted({str(v) for v in (value if isinstance(value, list) else [value])} - among)
        if unknown:
            zh, en = f"{key} 中没有登记 {'、'.join(unknown)}", f"{key}: not known: {', '.join(unknown)}"
            yield complain(file, place, "unknown-class", zh, en)
    for name, entry in given.items():
        if not isinstance(entry.get("months"), int | None):
            zh, en = "months 应为整数或空", "months is a whole number or nothing"
            yield complain(MEASURES, f"measures.{name}", "wrong-type", zh, en)


def texts_are_in_both_languages(book: Book) -> Iterator[Complaint]:
    """A mapping with only one of `zh` and `en` is half a text; tables of facts may have other keys beside it."""
    for file, data in book.raw.items():
        if file.startswith(("cn/", "cn-sd")) and "/resources/" not in file and "/codes/" not in file:
            for place, half in _halves(data, ""):
                yield complain(
                    file,
                    place,
                    "two-languages",
                    f"只有一种文字：{half.zh or half.en}",
                    f"one language only: {half.zh or half.en}",
                )


def _halves(data: Any, place: str) -> Iterator[tuple[str, Said]]:
    if isinstance(data, list):
        for position, value in enumerate(data):
            yield from _halves(value, f"{place}[{position}]")
    if isinstance(data, Mapping):
        # `zh` beside no `en`; the other way round is the name of an entry whose Chinese text is its key.
        if "zh" in data and not data.get("en"):
            yield place, Said(str(data["zh"]), "")
        for key, value in data.items():
            yield from _halves(value, f"{place}.{key}".lstrip("."))


CHECKS = [
    tables_are_there,
    severity_classes_are_ordered,
    severity_labels_can_arrive,
    calendar_can_be,
    lists_are_whole,
    measures_are_whole,
    texts_are_in_both_languages,
]
