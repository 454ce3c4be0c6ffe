"""The auditor's pages: who looked through which outlet for what and when; whether the log is whole."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import OUTLETS, through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import audited
from chengxin.site.access.audited import EACH, Wanted
from chengxin.site.access.looks import STAFF, STAFF_SAID, said_of
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import folder_here
from chengxin.site.keys import load_keys
from chengxin.site.methods import require_safe
from chengxin.site.office.common import said, told
from chengxin.site.store import log
from chengxin.site.store.models import Checkpoint
from chengxin.standards.readers import Reader
from chengxin.values.errors import Refused, Said

LATELY = 30  # days that are summed up


@require_safe
@through("auditor.looks")
@desk(Role.AUDIT)
def looks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Looks by outlet, reader, purpose, person and day; this page is one too."""
    asked = seat.asked("auditor.looks", "audit")
    text = request.GET.get("page", "1")
    at = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    outlet, reader, purpose, who = (request.GET.get(n, "").strip()[:60] for n in ("outlet", "reader", "purpose", "who"))
    wanted = Wanted(outlet, reader, purpose, who, _day(request, "since"), _day(request, "until"))
    rows, total = audited.looks(asked, wanted, at)
    sums = audited.by_outlet(asked, asked.at.day - timedelta(days=LATELY))
    for row in (*rows, *sums):
        purpose_ = asked.catalogue.purposes.get(row["purpose"])
        row["said"] = said_of(row["outlet"])
        row["why"] = purpose_.title if purpose_ else Said(*(row["purpose"] or "—",) * 2)
        row["as"] = Reader(row["reader"]).said if row["reader"] in set(Reader) else Said(row["reader"], row["reader"])
    link = request.GET.copy()
    link["page"] = str(at + 1)
    context = {
        "rows": rows,
        "total": total,
        "more": f"?{link.urlencode()}" if total > at * EACH else "",
        "wanted": wanted,
        "outlets": [
            *((o.name, o.said) for o in OUTLETS.values() if o.reader is not Reader.PUBLIC),
            (STAFF, STAFF_SAID),
        ],
        "readers": [r for r in Reader if r is not Reader.PUBLIC],
        "purposes": asked.catalogue.purposes.values(),
        "lately": LATELY,
        "sums": sums,
        "checkpoints": Checkpoint.objects.order_by("-size")[:10],
    }
    return render(request, "office/looks.html", context)


@without_records
@desk(Role.AUDIT)
@require_POST
def check_log(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hash the whole log again and compare it with what was signed; the answer is told on the page."""
    found = log.verify(load_keys(folder_here()))
    if found:
        return told(request, Refused("log-differs", found[0].said), "office_looks")
    said(
        request,
        f"日志完整：{log.log_size():,} 条，与签名一致。",
        f"The log is whole: {log.log_size():,} entries as signed.",
    )
    return redirect("office_looks")


def _day(page: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(page.GET.get(name, ""))
    except ValueError:
        return None
