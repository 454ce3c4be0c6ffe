"""Home, search, a subject, a record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from chengxin.sharing.condition import At
from chengxin.sharing.outlets import through
from chengxin.site.access import counts, reading
from chengxin.site.access.asked import anybody, place
from chengxin.site.access.find import MOST, found_subjects, names_a_person
from chengxin.site.access.kept import kept
from chengxin.site.access.subjects import Subject, led_to, same_as
from chengxin.site.public.articles import newest
from chengxin.site.public.chapters import chapters, subject_data
from chengxin.site.public.exports import json_file
from chengxin.site.public.figures import REGISTERS, figures
from chengxin.site.public.published import LISTS
from chengxin.site.public.shown import Shown
from chengxin.site.public.tiles import KINDS
from chengxin.site.words import english

_SIZE = 20
_NOTICES = 4  # on the home page
LONGEST = 100  # characters of a question that are looked at


@require_safe
@through("public.counts")
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then doors, tasks and figures."""
    context = {"figures": figures(), "lists": LISTS, "notices": newest("notices", _NOTICES)}
    return render(request, "public/home.html", context)


@require_safe
@through("public.search")
def search(request: HttpRequest) -> HttpResponse:
    """Subjects by what was typed, each with the reason it was found."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    hits = found_subjects(text) if text else []
    person = not hits and names_a_person(text)
    page = min(max(_number(request.GET.get("page")), 1), MOST // _SIZE)
    shown = hits[(page - 1) * _SIZE : page * _SIZE]
    at = place()
    held = counts.of_subjects(anybody("public.counts", at), [hit.subject.id for hit in shown])
    catalogue = anybody("public.counts", at).catalogue
    rows = [
        {
            "subject": hit.subject,
            "why": hit.why,
            "kind": KINDS[hit.subject.kind],
            "held": [(catalogue.resources[r].title, n) for r, n in sorted(held.get(hit.subject.id, {}).items())],
        }
        for hit in shown
    ]
    context = {
        "q": "" if person else text,
        "rows": rows,
        "found": len(hits),
        "person": person,
        "page": page,
        "more": len(hits) > page * _SIZE,
        "most": len(hits) >= MOST,
    }
    if person:  # the page repeats a number nowhere, not in its links to itself in another language or type either
        request.GET = QueryDict()
    return render(request, "public/search.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


@require_safe
@through("public.subject")
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """One subject: who it is, how complete this is, and its records by chapter."""
    at = place()
    group = _group(code, at)
    if not group:
        return render(request, "public/unknown.html", {"code": code}, status=404)
    if group[0].code != code:
        return redirect("subject", code=group[0].code)
    asked = anybody("public.subject", at)
    about = (group[0].id, "en" if english() else "zh")
    body: str = kept(asked, about, lambda: render_to_string("public/subject_body.html", _subject_context(asked, group)))
    return render(request, "public/subject.html", {"subject": group[0], "body": body})


@require_safe
@through("public.answer")
def subject_json(request: HttpRequest, code: str) -> HttpResponse:
    """What the page of a subject shows, as JSON."""
    at = place()
    group = _group(code, at)
    if not group:
        raise Http404
    if group[0].code != code:
        return redirect("subject_json", code=group[0].code)
    asked = anybody("public.answer", at)
    return json_file(kept(asked, (group[0].id, "data"), lambda: subject_data(_subject_context(asked, group), asked)))


def _group(code: str, at: At) -> list[Subject]:
    """The subject that a code leads to, with those judged to be the same; nobody if it leads nowhere."""
    found = led_to(anybody("public.find", at), code.upper())
    return (same_as(anybody("public.subject", at), found[0].id) or found) if found else []


def _subject_context(asked: Any, group: list[Subject]) -> dict[str, Any]:
    seen, withheld = reading.of_subjects(asked, [s.id for s in group])
    return {
        "subject": group[0],
        "others": group[1:],
        "kind": KINDS[group[0].kind],
        "register": REGISTERS.get(group[0].register),
        "chapters": chapters(seen, group[0].kind, asked),
        "records": len(seen),
        "withheld": withheld,
        "english": english(),
        "day": asked.at.day,
        "place": asked.at.included,
    }


@require_safe
@through("public.record")
def record(request: HttpRequest, identity: str) -> HttpResponse:
    """One record: all that may be seen of it, where it comes from, until when it is shown."""
    found = _found(identity)
    if found.seen.id != identity:
        return redirect("record", identity=found.seen.id)
    return render(
        request, "public/record.html", {"record": found, "address": request.build_absolute_uri(found.address)}
    )


@require_safe
@through("public.record")
def record_json(request: HttpRequest, identity: str) -> HttpResponse:
    """What the page of a record shows, as JSON."""
    found = _found(identity)
    if found.seen.id != identity:
        return redirect("record_json", identity=found.seen.id)
    return json_file(found.as_data())


def _found(identity: str) -> Shown:
    asked = anybody("public.record")
    seen = reading.by_id(asked, identity)
    if seen is None:
        raise Http404
    return Shown(seen, asked.catalogue)
