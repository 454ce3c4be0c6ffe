"""Issued reports: how many by form, purpose and domain, the last ones; and the withdrawal of a seal."""

from collections import Counter

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chengxin.reports.number import read
from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role
from chengxin.site.actions import reports
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import reason_of, said
from chengxin.site.store.models import Report
from chengxin.site.words import words
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

MOST = 100


@require_safe
@without_records
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Counts, and the last reports. What they say is not shown here: that is the subject's. Of people only how many."""
    forms = report_forms(load_catalogue(legal_today()))
    out = Report.objects.exclude(file="")
    titles = {f.name: f.title for f in forms.forms}
    by_domain: Counter[str] = Counter()
    for domains in out.filter(kind="special").values_list("domains", flat=True):
        by_domain.update(domains or ["all"])
    domains = {name: d.title for name, d in forms.domains.items()} | {"all": Said("全部领域", "all domains")}
    context = {
        "forms": [(titles.get(f, Said(f, f)), n) for f, n in _counted(out, "form")],
        "uses": [(forms.uses.get(p, Said(p, p)), n) for p, n in _counted(out, "purpose")],
        "domains": [(domains.get(d, Said(d, d)), n) for d, n in by_domain.most_common()],
        "rows": [
            (r, forms.uses.get(r.purpose), titles.get(r.form))
            for r in out.filter(person=False).order_by("-issued_at")[:MOST]
        ],
        "number": request.GET.get("number", "")[:40],
    }
    return render(request, "office/reports.html", context)


@without_records
@desk(Role.OFFICE)
@require_POST
def withdraw(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Withdraw the seal of one report, with a reason."""
    try:
        reports.withdraw(site_here(), read(request.POST.get("number", "")), seat.name, reason_of(request))
    except Refused as refusal:
        messages.warning(request, words(refusal.said))
    else:
        said(request, "已撤销，核验时立即可见。", "Withdrawn; whoever verifies it is told at once.")
    return redirect("office_reports")


def _counted(rows: QuerySet[Report], of: str) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list(of).annotate(n=Count("id")).order_by("-n", of))
