"""Files that were sent: how many, in which state, with how many rows; and rows that wait. Never what is in them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from chengxin.flow.states import Change, State, Waits
from chengxin.sharing.condition import Scope
from chengxin.site.access.asked import Asked
from chengxin.site.actions.api_keys import PROGRAM
from chengxin.site.store.models import ApiKey, Authority, Submission, Waiting
from chengxin.standards.model import Resource
from chengxin.values.errors import Said

_UNSETTLED = ("", "unsure")
# What tells something: it was not taken back, and a row of it at least could be taken. By nothing else a clock runs anew.
TELLS = Q(counts__accepted__gt=0) & ~Q(state__in=(State.RECALLED.value, State.RETURNED.value))


@dataclass(frozen=True)
class Sent:
    """One submission as lists show it."""

    id: str
    body: str
    body_name: str
    resource: Resource
    mode: str
    state: State
    reason: str
    known_on: date
    counts: dict[str, int]
    submitted_by: str
    sent_by: Said  # how the page names who submitted it
    reviewed_by: str
    change: Change | None  # where it changes a record that is there


def submissions(asked: Asked, states: Sequence[str] = (), most: int = 20) -> list[Sent]:
    """Submissions that the reader may see, newest first, in these states (none named: in any)."""
    rows = allowed(asked, Submission.objects.select_related("authority"))
    rows = rows.filter(state__in=states) if states else rows
    found = list(rows.order_by("-known_on", "-received_at")[:most])
    called = named({row.submitted_by for row in found})
    return [_sent(asked, row, called[row.submitted_by]) for row in found]


def by_state(asked: Asked) -> dict[State, int]:
    """How many submissions there are in each state."""
    rows = allowed(asked, Submission.objects.all())
    found = rows.order_by().values_list("state").annotate(n=Count("id"))
    return {State(state): n for state, n in found}


def by_body(asked: Asked, day: date) -> list[tuple[str, str, int, int]]:
    """What came on a day: code and name of the body, files, received rows; most files first."""
    rows = allowed(asked, Submission.objects.filter(known_on=day))
    found: dict[tuple[str, str], list[int]] = {}
    for code, name, counts in rows.values_list("authority_id", "authority__name", "counts"):
        of_body = found.setdefault((code, name), [0, 0])
        of_body[0] += 1
        of_body[1] += counts.get("received", 0)
    return sorted(((*body, files, n) for body, (files, n) in found.items()), key=lambda r: (-r[2], r[0]))


def names_of(bodies: Collection[str]) -> dict[str, str]:
    """What bodies are called, by code."""
    return dict(Authority.objects.filter(code__in=bodies).values_list("code", "name"))


def named(senders: Collection[str]) -> dict[str, Said]:
    """How pages name who sent something: an account by its login, a program by the name of its key, by which its body knows it."""
    of_keys = {who: uuid.UUID(who.removeprefix(PROGRAM)) for who in senders if who.startswith(PROGRAM)}
    names = dict(ApiKey.objects.filter(id__in=of_keys.values()).values_list("id", "name"))
    keys = {who: Said(f"密钥“{names[i]}”", f"key “{names[i]}”") for who, i in of_keys.items() if i in names}
    return {who: keys.get(who, Said(who, who)) for who in senders}


def one(asked: Asked, identity: str) -> Submission | None:
    """One submission with all that its receipt says; None if the reader may not see it or it is not there."""
    rows = allowed(asked, Submission.objects.select_related("authority"))
    return rows.filter(id=uuid.UUID(identity)).first()


def last_days(asked: Asked) -> dict[str, date]:
    """By resource the day of the last submission that tells something (`TELLS`)."""
    rows = allowed(asked, Submission.objects.filter(TELLS))
    return dict(rows.order_by().values_list("resource").annotate(last=Max("known_on")))


def with_refused(asked: Asked, most: int = 50) -> list[Submission]:
    """Submissions with rows that were refused and can still be mended, newest first."""
    rows = allowed(asked, Submission.objects.exclude(state__in=["recalled", "returned"]))
    rows = rows.filter(counts__rejected__gt=0, kept__what="rejected").distinct()
    return list(rows.order_by("-received_at")[:most])


def waiting(asked: Asked) -> dict[Waits, int]:
    """How many rows wait for a human, by why."""
    rows = allowed(asked, Waiting.objects.filter(verdict__in=_UNSETTLED), "submission__authority_id")
    found = rows.order_by().values_list("reason").annotate(n=Count("id"))
    return {Waits(reason): n for reason, n in found}


def allowed(asked: Asked, rows: QuerySet[Any], body: str = "authority_id") -> QuerySet[Any]:
    """Of the rows those that the gate allows: of resources with an answer, of the reader's own body unless of all."""
    scopes: dict[str, set[Scope]] = {}
    for (resource, _), answer in asked.answers().items():
        if isinstance(answer.condition, Scope):
            scopes.setdefault(resource, set()).add(answer.condition)
    among = Q(resource__in=[r for r, s in scopes.items() if Scope.ALL in s])
    if asked.at.body:
        among |= Q(resource__in=[r for r, s in scopes.items() if Scope.OWN in s], **{body: asked.at.body})
    return rows.filter(among)


def change_of(row: Submission) -> Change | None:
    """What it does to a record that is there, if it was made to change one."""
    if "corrects" not in row.reading:
        return None
    return Change(row.reading.get("change", Change.CORRECTION))


def _sent(asked: Asked, row: Submission, sent_by: Said) -> Sent:
    return Sent(
        row.id.hex, row.authority_id, row.authority.name, asked.catalogue.resources[row.resource], row.mode,
        State(row.state), row.reason, row.known_on, row.counts, row.submitted_by, sent_by, row.reviewed_by,
        change_of(row),
    )  # fmt: skip
