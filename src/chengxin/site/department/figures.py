"""Figures of the last twelve months: timeliness, compliance, completeness, duplicates; each with its formula and rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import through
from chengxin.site.access import figures as counts
from chengxin.site.access import reading
from chengxin.site.access.figures import Came
from chengxin.site.access.reading import Filter, Seen
from chengxin.site.department.common import ROLES, asked_of, reported, reported_or_404, today
from chengxin.site.department.owed import term_of
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.standards.model import Field, Resource
from chengxin.standards.readers import Kind
from chengxin.values.errors import Said

SAMPLE = 200  # newest records of which completeness is counted
SHOWN = 100
MEASURES = {
    "timeliness": (
        Said("及时率", "timeliness"),
        Said(
            "作出决定后在时限内（按工作日）首次报到的条数 ÷ 首次报到的条数",
            "records that first came within the term ÷ records that first came",
        ),
    ),
    "compliance": (Said("合格率", "compliance"), Said("可接收的行 ÷ 收到的行", "rows accepted ÷ rows received")),
    "completeness": (
        Said("完整率", "completeness"),
        Said(
            f"最近 {SAMPLE} 条组织信息中填了的数据项 ÷ 该类适用于组织的数据项",
            f"filled fields ÷ fields that apply to organisations, of the newest {SAMPLE} records",
        ),
    ),
    "duplicates": (
        Said("重复率", "duplicates"),
        Said(
            "同一文件内重复的和与已有完全相同的行 ÷ 收到的行",
            "rows repeated in a file or the same as what is there ÷ rows received",
        ),
    ),
}


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def text(self) -> str:
        """In per cent with one decimal, or a dash where there is nothing."""
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"


@require_safe
@through("authority.figures")
@desk(*ROLES)
def figures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All measures of all resources that the body reports."""
    since = _since()
    came = counts.came(asked_of(seat, "authority.figures"), since)
    rows = counts.counted(asked_of(seat, "authority.sent"), since)
    lines = [(r, _shares(seat, r, came, rows.get(r.name, Counter()))) for r in reported(seat)]
    months = _by_month(seat, since)
    context = {"lines": lines, "measures": [(k, *v) for k, v in MEASURES.items()], "since": since, "months": months}
    return render(request, "department/figures.html", context)


@require_safe
@through("authority.figures")
@desk(*ROLES)
def behind(request: HttpRequest, seat: Seat, measure: str, name: str) -> HttpResponse:
    """The rows behind one number."""
    if measure not in MEASURES:
        raise Http404
    resource = reported_or_404(seat, name)
    since = _since()
    context: dict[str, Any] = {"resource": resource, "measure": measure, "title": MEASURES[measure][0]}
    context |= {"formula": MEASURES[measure][1], "since": since}
    if measure == "timeliness":
        came = counts.listed(asked_of(seat, "authority.figures"), name, since)
        late = [r for r in came if not _in_time(resource, r.decided, r.received)]
        context["late"] = [(r, _taken(r.decided, r.received)) for r in late[:SHOWN]]
        context["total"] = len(late)
    elif measure == "completeness":
        seen = _sample(seat, resource)
        filled = [(f, Share(sum(_filled(s, f) for s in seen), len(seen))) for f in _applying(resource)]
        context["fields"] = sorted(filled, key=lambda pair: pair[1].part)
    else:
        context["files"] = counts.files(asked_of(seat, "authority.sent"), since, name)[:SHOWN]
    return render(request, "department/behind.html", context)


def _since() -> date:
    day = today().day
    return date(day.year - 1, day.month, 1)


def _shares(seat: Seat, resource: Resource, came: list[Came], rows: Counter[str]) -> list[tuple[str, Share]]:
    own = [c for c in came if c.resource == resource.name]
    timely = sum(c.n for c in own if _in_time(resource, c.decided, c.received))
    known = term_of(resource) is not None
    seen, fields = _sample(seat, resource), _applying(resource)
    filled = sum(_filled(s, f) for s in seen for f in fields)
    return [
        ("timeliness", Share(timely, sum(c.n for c in own) if known else 0)),
        ("compliance", Share(rows["accepted"], rows["received"])),
        ("completeness", Share(filled, len(seen) * len(fields))),
        ("duplicates", Share(rows["duplicate"] + rows["unchanged"] + rows["repeated"], rows["received"])),
    ]


def _by_month(seat: Seat, since: date) -> list[tuple[str, int, int, Share]]:
    """Files, rows and compliance by the month in which they came."""
    found: dict[str, list[int]] = {}
    for one in counts.files(asked_of(seat, "authority.sent"), since):
        month = found.setdefault(f"{one.known_on:%Y-%m}", [0, 0, 0])
        for place, n in enumerate((1, one.counts.get("received", 0), one.counts.get("accepted", 0))):
            month[place] += n
    return [(m, files, received, Share(taken, received)) for m, (files, received, taken) in sorted(found.items())]


def _in_time(resource: Resource, decided: date, received: date) -> bool:
    rule = term_of(resource)
    return rule is not None and _taken(decided, received) <= int(rule.params["working_days"])


def _taken(decided: date, received: date) -> int:
    """Working days from the decision until it came."""
    return today().calendar.working_days_between(decided, received)


def _applying(resource: Resource) -> list[Field]:
    """Fields that an organisation's record may fill and that others see."""
    person = {resource.role(r) for r in ("person_number", "person_paper")}
    return [
        f for f in resource.fields if not (f.private or f.drop or f.disclosure == "withheld") and f.name not in person
    ]


def _sample(seat: Seat, resource: Resource) -> list[Seen]:
    part = reading.listed(asked_of(seat, "authority.records"), Filter((resource.name,)), SAMPLE)
    return [s for s in part.rows if s.kind is Kind.ORGANISATION]


def _filled(seen: Seen, field: Field) -> bool:
    return seen.content.get(field.name) not in (None, "")
