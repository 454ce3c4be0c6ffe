"""What came in against what was to be expected, and what waits since when: for whoever watches over the intake. Counts alone."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Count, Min, QuerySet

from chengxin.flow.states import JobState, State, Waits
from chengxin.site.access.asked import Asked
from chengxin.site.access.covered import Period, zeros_until
from chengxin.site.access.sent import TELLS, allowed
from chengxin.site.store.models import Authority, Job, Submission, Waiting, ZeroReport
from chengxin.values.errors import Said

LOOKED_AT = 12  # feeds of one resource of a body that say what is usual
FEW = 3  # below that nothing is usual


@dataclass
class Feed:
    """What one body sent of one resource that tells something: days and received rows, oldest first; `zero`: until
    when zero reports carry on from there.
    """

    body: str
    body_name: str
    resource: str
    days: list[date] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    zero: date | None = None

    @property
    def last(self) -> date | None:
        """The day until which everything was told: by a file, or that there was nothing."""
        return max([*self.days[-1:], *([self.zero] if self.zero else [])], default=None)

    @property
    def usual_rows(self) -> float | None:
        """The median of the files before the last one; None where there are too few."""
        before = self.rows[:-1][-LOOKED_AT:]
        return statistics.median(before) if len(before) >= FEW else None

    @property
    def usual_gap(self) -> float | None:
        """The median of the days between two files; None where there are too few."""
        days = sorted(set(self.days))[-LOOKED_AT:]
        gaps = [(b - a).days for a, b in pairwise(days)]
        return statistics.median(gaps) if len(gaps) >= FEW else None

    def today(self, day: date) -> tuple[int, int]:
        """Files and rows that came on a day."""
        rows = [n for d, n in zip(self.days, self.rows, strict=True) if d == day]
        return len(rows), sum(rows)


def feeds(asked: Asked) -> list[Feed]:
    """One for each resource that each active body is to report, whether anything came of it or not."""
    found = {
        (body.code, name): Feed(body.code, body.name, name)
        for body in Authority.objects.filter(active=True).order_by("code")
        for name in body.resources
        if name in asked.catalogue.resources
    }
    rows = allowed(asked, Submission.objects.filter(TELLS)).order_by("known_on", "received_at")
    for body, resource, day, counts in rows.values_list("authority_id", "resource", "known_on", "counts").iterator():
        if feed := found.get((body, resource)):
            feed.days.append(day)
            feed.rows.append(int(counts.get("received", 0)))
    zeros: dict[tuple[str, str], list[Period]] = {}
    signed = allowed(asked, ZeroReport.objects.order_by("since"))
    for body, resource, since, until in signed.values_list("authority_id", "resource", "since", "until"):
        zeros.setdefault((body, resource), []).append((since, until))
    for key, feed in found.items():
        feed.zero = zeros_until(max(feed.days, default=None), zeros.get(key, []), asked.catalogue.calendar)
    return list(found.values())


@dataclass(frozen=True)
class Queue:
    """So much waits, the oldest since that day."""

    said: Said
    n: int
    since: date | None


def queues(asked: Asked) -> list[Queue]:
    """Rows and files that wait for somebody, by why, with the day of the oldest."""
    waiting = allowed(asked, Waiting.objects.filter(verdict__in=["", "unsure"]), "submission__authority_id")
    sent = allowed(asked, Submission.objects.filter(state__in=[State.RECEIVED, State.REVIEWED, State.HELD]))
    return [
        *_queues(Waits, waiting, "reason", "submission__known_on"),
        *_queues(State, sent, "state", "known_on"),
    ]


def jobs_by_state(asked: Asked) -> list[Queue]:
    """Jobs that are not over, or ended badly, by state."""
    states = [s.value for s in (JobState.WAITING, JobState.RUNNING, JobState.CHECKED, JobState.FAILED)]
    return list(_queues(JobState, allowed(asked, Job.objects.filter(state__in=states)), "state", "made_at__date"))


def _queues(words: Any, rows: QuerySet[Any], by: str, day: str) -> Iterable[Queue]:
    found = rows.order_by().values_list(by).annotate(n=Count("id"), since=Min(day))
    return [Queue(words(value).said, n, since) for value, n, since in found]
