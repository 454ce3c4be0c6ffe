"""Until which day a body has told of a resource: files and zero reports, the latter as far as they leave no gap."""

from collections.abc import Iterable
from datetime import date, timedelta

from chengxin.values.days import Calendar

Period = tuple[date, date]  # since and until, both inclusive


def zeros_until(file: date | None, zeros: Iterable[Period], calendar: Calendar) -> date | None:
    """The last day of the zero reports that carry on from the last file, or from each other, without a gap; None if none does.

    A file tells all until its day. A zero report tells of its own days alone: it carries the clock on if no working day lies
    between what was told before and its first day (a weekend is no gap, as terms count working days). What lies in a gap
    stays owed until a file or a zero report tells of it; then the later zero reports count too. Where nothing was ever
    told there is nothing to carry on from: the earliest zero report begins.
    """
    told, reach = file, None
    for since, until in sorted(zeros):
        if told is not None and until <= told:
            continue
        if told is not None and calendar.working_days_between(told, since - timedelta(days=1)):
            break
        told = reach = until
    return reach


def gap_after(told: date | None, zeros: Iterable[Period]) -> Period | None:
    """The days after `told` of which nothing tells though a later zero report was signed; None if there is no such gap."""
    later = min((since for since, _ in zeros if told and since > told), default=None)
    return (told + timedelta(days=1), later - timedelta(days=1)) if told and later else None
