"""A subject's own pages: what is held about it, and who looked. Whose file it is follows from the account, never the request."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import looks_at_me
from chengxin.site.access.own import own_group
from chengxin.site.access.reading import Seen, of_subjects
from chengxin.site.access.subjects import Subject
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.public.chapters import chapters, subject_data
from chengxin.site.public.exports import json_file
from chengxin.site.public.figures import REGISTERS
from chengxin.standards.readers import Kind

OWN = "own_access"  # the purpose: a subject's own access
MOST = 500  # looks on one page


@require_safe
@through("subject.file")
@desk(Role.SUBJECT)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All that is held about the subject, by chapter, also what nobody else may see."""
    asked = seat.asked("subject.file", OWN)
    group = own_group(asked, seat.account)
    if not group:
        return render(request, "subject/nothing.html", {"account": seat.account})
    return render(request, "subject/home.html", _context(asked, group))


@require_safe
@through("subject.report")
@desk(Role.SUBJECT)
def taken_away(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same as data, to take away."""
    asked = seat.asked("subject.report", OWN)
    group = own_group(asked, seat.account)
    data = subject_data(_context(asked, group), asked) if group else {"code": seat.account.organisation, "chapters": []}
    response = json_file(data)
    response["Content-Disposition"] = (
        f'attachment; filename="{seat.account.organisation or "file"}-{asked.at.day}.json"'
    )
    return response


@require_safe
@through("subject.looks")
@desk(Role.SUBJECT)
def looks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who looked at what is not public, for what, in which case."""
    asked = seat.asked("subject.looks", OWN)
    found = [look for one in own_group(asked, seat.account) for look in looks_at_me(as_one(asked, one), MOST)]
    found.sort(key=lambda look: look.at, reverse=True)
    context = {"looks": found[:MOST], "most": MOST, "more": len(found) > MOST, "person": bool(seat.account.person)}
    return render(request, "subject/looks.html", context)


def as_one(asked: Asked, subject: Subject) -> Asked:
    """The request, by this one itself."""
    return replace(asked, at=replace(asked.at, me=subject.id))


def _context(asked: Asked, group: list[Subject]) -> dict[str, object]:
    parts = [of_subjects(as_one(asked, one), [one.id]) for one in group]
    seen: list[Seen] = [record for records, _ in parts for record in records]
    return {
        "subject": group[0],
        "others": group[1:],
        "kind": group[0].kind.said,
        "person": group[0].kind is Kind.PERSON,
        "register": REGISTERS.get(group[0].register),
        "chapters": chapters(seen, group[0].kind, asked),
        "records": len(seen),
        "withheld": sum(number for _, number in parts),
        "day": asked.at.day,
        "place": asked.at.committed,
    }
