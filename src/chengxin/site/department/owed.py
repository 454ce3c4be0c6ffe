"""What a body owes: of each resource that it reports, when it was last told and until when the next word is due."""

from dataclasses import dataclass
from datetime import date

from chengxin.site.access import sent
from chengxin.site.access.covered import Period, gap_after, zeros_until
from chengxin.site.department.common import asked_of, reported, today
from chengxin.site.desks import Seat
from chengxin.site.store.models import ZeroReport
from chengxin.standards.model import Clause, Resource, Rule

SOON = 2  # working days before the end of a term from which it is near


@dataclass(frozen=True)
class Owed:
    """One resource. `due`: the last day of the term since the last word (a file, or a zero report without a gap before it,
    see `access.covered`); None without a term. `gap`: the days of which nothing tells before a later zero report.
    """

    resource: Resource
    clause: Clause
    last: date | None
    zero: date | None
    term: int | None
    due: date | None
    left: int  # working days until `due`; below zero: so many past it
    gap: Period | None = None

    @property
    def late(self) -> bool:
        """True if the term has run out."""
        return self.left < 0

    @property
    def past(self) -> int:
        """Working days since the term ran out."""
        return -self.left

    @property
    def near(self) -> bool:
        """True if the term runs out within two working days."""
        return self.due is not None and 0 <= self.left <= SOON

    @property
    def last_day(self) -> date | None:
        """The day until which everything was told."""
        return max((d for d in (self.last, self.zero) if d), default=None)


def owed(seat: Seat) -> list[Owed]:
    """What the seat's body owes, the latest first, then by the catalogue's order."""
    last = sent.last_days(asked_of(seat, "authority.sent"))
    zeros: dict[str, list[Period]] = {}
    signed = ZeroReport.objects.filter(authority=seat.body).order_by("since")
    for resource, since, until in signed.values_list("resource", "since", "until"):
        zeros.setdefault(resource, []).append((since, until))
    found = [_owed(r, last.get(r.name), zeros.get(r.name, [])) for r in reported(seat)]
    return sorted(found, key=lambda o: o.left if o.due else 10_000)


def term_of(resource: Resource) -> Rule | None:
    """The rule that says within how many working days of the decision it is to be reported; None if none is in force."""
    day = today().day
    return next(
        (r for r in resource.rules if r.kind == "lateness" and "working_days" in r.params and r.in_force(day)), None
    )


def _owed(resource: Resource, last: date | None, zeros: list[Period]) -> Owed:
    catalogue = today()
    zero = zeros_until(last, zeros, catalogue.calendar)
    rule = term_of(resource)
    clause = catalogue.clause(rule.clause if rule else resource.clause)
    days = [d for d in (last, zero) if d]
    if rule is None or not days:
        return Owed(resource, clause, last, zero, rule.params["working_days"] if rule else None, None, 0)
    term = int(rule.params["working_days"])
    due = catalogue.calendar.add_working_days(max(days), term)
    left = catalogue.calendar.working_days_between(catalogue.day, due)
    past = catalogue.calendar.working_days_between(due, catalogue.day)
    gap = gap_after(max(days), zeros)
    return Owed(resource, clause, last, zero, term, due, left if due >= catalogue.day else -past, gap)
