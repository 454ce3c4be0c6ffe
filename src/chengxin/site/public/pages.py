"""Home, a subject, a record, the dashboard."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from chengxin.sharing.outlets import through
from chengxin.site.access import reading
from chengxin.site.access.asked import anybody, place
from chengxin.site.access.kept import kept
from chengxin.site.access.subjects import Subject, led_to, same_as
from chengxin.site.public.chapters import chapters
from chengxin.site.public.figures import REGISTERS, figures
from chengxin.site.public.published import LISTS
from chengxin.site.public.search import KINDS
from chengxin.site.public.shown import Shown
from chengxin.site.words import english


@require_safe
@through("public.counts")
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then doors, tasks and figures."""
    return render(request, "public/home.html", {"figures": figures(), "lists": LISTS})


@require_safe
@through("public.subject")
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """One subject: who it is, how complete this is, and its records by chapter."""
    at = place()
    found = led_to(anybody("public.find", at), code.upper())
    if not found:
        return render(request, "public/unknown.html", {"code": code}, status=404)
    asked = anybody("public.subject", at)
    group = same_as(asked, found[0].id) or found
    if group[0].code != code:
        return redirect("subject", code=group[0].code)
    language = "en" if english() else "zh"
    about = (group[0].id, language)
    body: str = kept(asked, about, lambda: render_to_string("public/subject_body.html", _subject_context(asked, group)))
    return render(request, "public/subject.html", {"subject": group[0], "body": body})


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
    return JsonResponse(found.as_data(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _found(identity: str) -> Shown:
    asked = anybody("public.record")
    seen = reading.by_id(asked, identity)
    if seen is None:
        raise Http404
    return Shown(seen, asked.catalogue)


@require_safe
@through("public.counts")
def dashboard(request: HttpRequest) -> HttpResponse:
    """What there is, in tables."""
    asked = anybody("public.counts")
    now = figures(asked.at)
    months = sorted(
        {m for by in now.months.values() for m in by if m and m <= asked.at.day.isoformat()[:7]}, reverse=True
    )[:12]
    rows = [
        (resource, now.records.get(name, 0), now.sent.get(name), [now.months.get(name, {}).get(m, 0) for m in months])
        for name, resource in asked.catalogue.resources.items()
        if resource.subjects != ("person",)
    ]
    registers = [
        (REGISTERS[register], KINDS[kind], n)
        for (register, kind), n in sorted(now.subjects.items())
        if register in REGISTERS
    ]
    context = {"figures": now, "rows": rows, "months": months, "registers": registers, "place": asked.at.included}
    return render(request, "public/dashboard.html", context)
