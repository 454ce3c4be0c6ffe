"""What pages of the department's desk share: who may do what, refusals told on the page that they belong to, files handed out."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from chengxin.sharing.roles import Role
from chengxin.site.access import jobs, sent
from chengxin.site.access.asked import Asked
from chengxin.site.desks import Seat, own_or_404
from chengxin.site.store.models import Job, Submission
from chengxin.site.words import words
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.model import Resource
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

ROLES = (Role.ENTER, Role.REVIEW, Role.CHECK, Role.MANAGE)
OWN = "own_records"  # the purpose for which a body reads what it sent
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_of(seat: Seat, outlet: str) -> Asked:
    """A body's request about what it sent."""
    return seat.asked(outlet, OWN)


def reported(seat: Seat) -> list[Resource]:
    """The resources that the seat's body reports, in the catalogue's order."""
    authority = seat.account.authority
    listed = set(authority.resources) if authority else set()
    return [r for r in today().resources.values() if r.name in listed]


def reported_or_404(seat: Seat, name: str) -> Resource:
    """A resource that the seat's body reports; anything else is as if it were not there."""
    for resource in reported(seat):
        if resource.name == name:
            return resource
    raise Http404


def job_or_404(seat: Seat, identity: str, outlet: str = "authority.sent") -> Job:
    """A job of the seat's own body."""
    found = jobs.job(asked_of(seat, outlet), identity)
    return own_or_404(seat, found.authority_id if found else None, found)


def own_job_or_404(seat: Seat, identity: str) -> Job:
    """A job that the seat's own account began: what it decides it answers for."""
    found = job_or_404(seat, identity, "authority.problems")
    if found.by != seat.name:
        raise Http404
    return found


def submission_or_404(seat: Seat, identity: str) -> Submission:
    """A submission of the seat's own body."""
    found = sent.one(asked_of(seat, "authority.sent"), identity)
    return own_or_404(seat, found.authority_id if found else None, found)


def page_number(page: HttpRequest) -> int:
    """Which page of a list was asked for; the first if that can't be told."""
    text = page.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def told(page: HttpRequest, refusal: Refused, to: str, *places: Any) -> HttpResponse:
    """Say what was refused on the page `to`."""
    messages.error(page, words(refusal.said))
    return redirect(to, *places)


def said(page: HttpRequest, zh: str, en: str) -> None:
    """Say on the next page what was done."""
    messages.success(page, words(Said(zh, en)))


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep, under a name in any script."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def today() -> Catalogue:
    """The catalogue of the legal day."""
    return load_catalogue(legal_today())
