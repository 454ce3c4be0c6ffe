"""A subject objects to a record of its own: choose it in the file, say what is wrong, follow the case, take it back."""

import contextlib
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.redress.objection import Party
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Asked
from chengxin.site.access.own import own_group
from chengxin.site.access.reading import Seen, by_id
from chengxin.site.actions import objections
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.objection_case import case_of
from chengxin.site.public.shown import Shown
from chengxin.site.store.models import Objection
from chengxin.site.subject.home import OWN, as_one
from chengxin.standards.readers import Kind
from chengxin.standards.redress import objection_terms
from chengxin.standards.words import short_clause
from chengxin.values.errors import Refused, Said

MOST = 100


@require_safe
@through("subject.file")
@desk(Role.SUBJECT)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The subject's objections, newest first."""
    asked = seat.asked("subject.file", OWN)
    rows = Objection.objects.filter(subject__in=_own(asked, seat)).order_by("-raised_at")[:MOST]
    return render(request, "subject/objections.html", {"cases": [case_of(row, asked.catalogue) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@through("subject.file")
@desk(Role.SUBJECT)
def raised(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The form for one record of the own file; sent, the case."""
    asked = seat.asked("subject.file", OWN)
    seen = _seen(asked, seat, identity)
    if seen is None:
        raise Http404
    terms = objection_terms(asked.catalogue)
    given = {"ground": request.POST.get("ground", "")[:20], "statement": request.POST.get("statement", "")[:5_000]}
    shown = request.POST.get("shown", "") == "yes"
    refused: Said | None = None
    if request.method == "POST":
        try:
            made = objections.raise_one(site_here(), seen, seat.name, given["ground"], given["statement"], shown)
            return redirect("subject_objection", made.id.hex)
        except Refused as refusal:
            refused = refusal.said
    context = {
        "record": Shown(seen, asked.catalogue),
        "terms": terms,
        "clause": short_clause(terms.clause, asked.catalogue),
        "given": given,
        "shown": shown,
        "person": seen.kind is Kind.PERSON,
        "refused": refused,
    }
    return render(request, "subject/object.html", context, status=422 if refused else 200)


@require_safe
@through("subject.file")
@desk(Role.SUBJECT)
def one(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One objection: where it is, its term, what was decided."""
    asked = seat.asked("subject.file", OWN)
    row = _row(asked, seat, identity)
    case = case_of(row, asked.catalogue, _seen(asked, seat, row.record.hex))
    return render(request, "subject/objection.html", {"case": case, "may": case.may(Party.SUBJECT)})


@through("subject.file")
@desk(Role.SUBJECT)
@require_POST
def taken_back(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Take it back; what is decided already stays."""
    row = _row(seat.asked("subject.file", OWN), seat, identity)
    with contextlib.suppress(Refused):  # the page says where it is
        objections.take_back(site_here(), row, seat.name)
    return redirect("subject_objection", identity)


def _own(asked: Asked, seat: Seat) -> list[uuid.UUID]:
    return [uuid.UUID(one.id) for one in own_group(asked, seat.account)]


def _row(asked: Asked, seat: Seat, identity: str) -> Objection:
    """An objection of the account's own subject; else the same 404 as for one that is not there."""
    found = Objection.objects.filter(id=uuid.UUID(identity), subject__in=_own(asked, seat)).first()
    if found is None:
        raise Http404
    return found


def _seen(asked: Asked, seat: Seat, identity: str) -> Seen | None:
    """A record of the account's own file."""
    for subject in own_group(asked, seat.account):
        seen = by_id(as_one(asked, subject), identity)
        if seen is not None:
            return seen
    return None
