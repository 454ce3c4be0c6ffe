"""Issued reports: how many by form, purpose and domain between two days, which they are; and the withdrawal of a seal."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from chengxin.reports.number import read
from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.actions import proposals, reports
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.office.common import said, told
from chengxin.site.store.models import Report
from chengxin.site.words import words
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import Forms, report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

MOST = 100  # on one page
_EVERYWHERE = "all"  # special reports for which no domain was chosen
_ALL = Said("全部领域", "all domains")


@dataclass(frozen=True)
class Asked:
    """Which reports are looked at: issued between two days (both inclusive), of a form, for a purpose, about a domain."""

    since: date | None
    until: date | None
    form: str
    purpose: str
    domain: str

    @classmethod
    def of(cls, given: QueryDict) -> "Asked":
        """As an address holds it. Raises Refused for a day that is none."""
        form, purpose, domain = (given.get(name, "")[:40] for name in ("form", "purpose", "domain"))
        return cls(_day(given.get("since", "")), _day(given.get("until", "")), form, purpose, domain)

    def rows(self) -> QuerySet[Report]:
        """The reports, those about persons too."""
        rows = Report.objects.exclude(file="")
        days = {"day__gte": self.since, "day__lte": self.until, "form": self.form, "purpose": self.purpose}
        rows = rows.filter(**{name: value for name, value in days.items() if value})
        if not self.domain:
            return rows
        rows = rows.filter(kind="special").annotate(chosen=Cast("domains", TextField()))
        every = self.domain == _EVERYWHERE
        return rows.filter(chosen="[]") if every else rows.filter(chosen__contains=f'"{self.domain}"')

    def address(self, **other: str) -> str:
        """The query of the same page with something else chosen."""
        chosen = {"since": self.since, "until": self.until, "form": self.form, "purpose": self.purpose}
        return "?" + urlencode({n: v for n, v in ({**chosen, "domain": self.domain} | other).items() if v})


@require_safe
@without_records
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Counts that lead to their reports. What they say is not shown here: that is the subject's. Of people only how many."""
    try:
        asked = Asked.of(request.GET)
    except Refused as refusal:
        return told(request, refusal, "office_reports")
    forms, out = _forms(), asked.rows()
    titles = {f.name: f.title for f in forms.forms}
    domains = {name: d.title for name, d in forms.domains.items()} | {_EVERYWHERE: _ALL}
    page = Paginator(out.filter(person=False).order_by("-issued_at"), MOST).get_page(request.GET.get("page"))
    chosen = ("form", asked.form, titles), ("purpose", asked.purpose, forms.uses), ("domain", asked.domain, domains)
    context = {
        "asked": asked,
        "total": out.count(),
        "forms": [(titles.get(f, Said(f, f)), n, asked.address(form=f)) for f, n in _counted(out, "form")],
        "uses": [(forms.uses.get(p, Said(p, p)), n, asked.address(purpose=p)) for p, n in _counted(out, "purpose")],
        "domains": [(domains.get(d, Said(d, d)), n, asked.address(domain=d)) for d, n in _by_domain(out)],
        "chosen": [
            (of.get(value, Said(value, value)), asked.address(**{name: ""})) for name, value, of in chosen if value
        ],
        "page": page,
        "rows": [(r, forms.uses.get(r.purpose), titles.get(r.form)) for r in page],
        "before": asked.address(page=str(page.number - 1)),
        "after": asked.address(page=str(page.number + 1)),
        "proposals": proposals.waiting("unseal"),
    }
    return render(request, "office/reports.html", context)


@without_records
@desk(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One report before its seal is withdrawn: which it is, of whom; one person proposes, another confirms."""
    try:
        number = read((request.POST if request.method == "POST" else request.GET).get("number", ""))
        row = Report.objects.filter(number=number).exclude(file="").first() or reports.to_withdraw(number)
    except Refused as refusal:
        return told(request, refusal, "office_reports")
    if request.method == "POST":
        try:
            reason = reports.withdrawal_reason(request.POST.get("reason", ""))
            proposals.propose("unseal", reports.to_withdraw(number).number, seat.name, reason)
        except Refused as refusal:
            messages.warning(request, words(refusal.said))
        else:
            said(
                request, "已提出撤销，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms."
            )
        return redirect(f"{reverse('office_report_withdraw')}?number={number}")
    forms = _forms()
    one = next((p for p in proposals.waiting("unseal") if p.about == number), None)
    context = {
        "row": row,
        "title": next((f.title for f in forms.forms if f.name == row.form), Said(row.form, row.form)),
        "use": forms.uses.get(row.purpose),
        "domains": [forms.domains[name].title for name in row.domains if name in forms.domains],
        "least": reports.LEAST_REASON,
        "one": one,
        "why_not": proposals.why_not(one, seat.name) if one else None,
    }
    return render(request, "office/report_withdraw.html", context)


def _forms() -> Forms:
    return report_forms(load_catalogue(legal_today()))


def _counted(rows: QuerySet[Report], of: str) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list(of).annotate(n=Count("id")).order_by("-n", of))


def _by_domain(rows: QuerySet[Report]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for domains in rows.filter(kind="special").values_list("domains", flat=True).iterator():
        counts.update(domains or [_EVERYWHERE])
    return counts.most_common()


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("day", Said("日期写成 2026-03-01 的样子。", "Write a day like 2026-03-01.")) from None
