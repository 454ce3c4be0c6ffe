"""Home, a subject, a record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from chengxin.sharing.condition import At
from chengxin.sharing.outlets import through
from chengxin.site.access import reading
from chengxin.site.access.asked import Asked, anybody, place
from chengxin.site.access.find import may_name_a_person
from chengxin.site.access.kept import kept
from chengxin.site.access.subjects import Subject, led_to, with_same
from chengxin.site.keeping import keep_of
from chengxin.site.methods import require_safe
from chengxin.site.public.articles import newest
from chengxin.site.public.chapters import chapters, subject_data
from chengxin.site.public.exports import json_file
from chengxin.site.public.figures import REGISTERS, figures, public_resources
from chengxin.site.public.published import LISTS
from chengxin.site.public.shown import Shown
from chengxin.site.public.tiles import KINDS
from chengxin.site.words import english

_NOTICES = 4  # on the home page


@require_safe
@through("public.counts")
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then doors, tasks and figures."""
    asked = anybody("public.counts")
    context = {
        "keep": keep_of(asked, "home"),
        "more": lambda: _home(asked),
        "notices": newest("notices", _NOTICES),  # published at once, whatever the place in the log
    }
    return render(request, "public/home.html", context)


def _home(asked: Asked) -> dict[str, Any]:
    now = figures(asked.at)
    return {"figures": now, "sent": now.sent_of(public_resources(asked.catalogue)), "lists": LISTS}


@require_safe
@through("public.subject")
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """One subject: who it is, how complete this is, and its records by chapter."""
    at = place()
    group = _group(code, at)
    if not group:
        return render(request, "public/unknown.html", {"code": "" if may_name_a_person(code) else code}, status=404)
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
    return with_same(anybody("public.subject", at), found[0]) if found else []


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
