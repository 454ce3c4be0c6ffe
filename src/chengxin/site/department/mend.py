"""Mending in place: the faulty rows as a table of fields; what was changed becomes part of the file, which is checked again."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.flow.states import JobState
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.looks import write_look
from chengxin.site.actions import kept, uploads
from chengxin.site.department.common import asked_of, own_job_or_404, page_number, today, told
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.store.models import Job
from chengxin.standards.words import values_on
from chengxin.values.errors import Refused

EACH = 10  # rows on a page: a form holds at most a thousand fields
_LONG = 40  # characters from which a cell is a field of several lines


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.problems")
@desk(Role.ENTER)
def mend(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """The rows to mend, ten at a time."""
    job = own_job_or_404(seat, identity)
    if job.state != JobState.CHECKED.value or not kept.has(job, "faulty"):
        return redirect("department_job", identity)
    parts = uploads.faulty_of(site_here(), job)
    if request.method == "POST":
        try:
            uploads.mend(site_here(), job, _edits(parts, request.POST, _wrong(job)))
        except Refused as refusal:
            return told(request, refusal, "department_mend", identity)
        return redirect("department_job", identity)
    write_look(asked_of(seat, "authority.problems"), [])
    rows = list(_rows(job, parts))
    at = page_number(request)
    context = {
        "job": job,
        "resource": today().resource(job.resource),
        "rows": rows[(at - 1) * EACH : at * EACH],
        "total": len(rows),
        "refused": job.result["counts"]["rejected"],
        "at": at,
        "pages": range(1, -(-len(rows) // EACH) + 1),
        "suggested": _suggested(_wrong(job)),
    }
    return render(request, "department/mend.html", context)


def _rows(job: Job, parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each row: what is wrong with it, its faulty cells first, then the others."""
    fields = today().resource(job.resource).by_name
    wrong = _wrong(job)
    for place, part in enumerate(parts):
        for number, cells in part["rows"]:
            said = wrong.get((part["name"], number), [])
            made = [
                _cell(f"{place}-{number}-{name}", fields[name], value, [f for f in said if f["field"] == name])
                for name, value in zip(part["fields"], cells, strict=True)
                if name in fields
            ]
            yield {
                "part": part["name"],
                "number": number,
                "said": [f for f in said if f["field"] not in part["fields"]],
                "faulty": [c for c in made if c["wrong"]],
                "others": [c for c in made if not c["wrong"]],
            }


def _wrong(job: Job) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What costs each row, by part and row."""
    found = uploads.findings_of(site_here(), job)
    wrong: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for finding in found.filter((found["severity"] == "reject") & found["row"].is_not_null()).iter_rows(named=True):
        wrong.setdefault((finding["part"] or "", finding["row"]), []).append(finding)
    return wrong


def _suggested(wrong: dict[tuple[str, int], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Rules of which several cells have a suggestion: how many, and some of them to see first."""
    by_rule: dict[str, list[tuple[int, str]]] = {}
    for finding in (f for findings in wrong.values() for f in findings if f["suggestion"]):
        by_rule.setdefault(finding["rule"], []).append((finding["row"], finding["suggestion"]))
    return [{"rule": rule, "n": len(some), "some": some[:5]} for rule, some in by_rule.items() if len(some) > 1]


def _cell(key: str, field: Any, value: str | None, wrong: list[dict[str, Any]]) -> dict[str, Any]:
    options = [v.label for v in values_on(field.codes, today())] if field.codes and not field.separator else []
    if value and options and value not in options:
        options = [value, *options]
    return {
        "key": key,
        "title": field.title,
        "value": value or "",
        "wrong": wrong,
        "hint": _hint(wrong),
        "options": options if len(options) < 200 else [],
        "long": len(value or "") > _LONG,
    }


def _edits(
    parts: list[dict[str, Any]], posted: QueryDict, wrong: dict[tuple[str, int], list[dict[str, Any]]]
) -> dict[str, dict[int, dict[str, str]]]:
    """What differs from what was shown, and suggestions that were taken; only rows and fields that were shown count."""
    edits: dict[str, dict[int, dict[str, str]]] = {}
    for place, part in enumerate(parts):
        for number, cells in part["rows"]:
            here = wrong.get((part["name"], number), [])
            for name, value in zip(part["fields"], cells, strict=True):
                given = _given(posted, f"{place}-{number}-{name}", [f for f in here if f["field"] == name])
                if given is not None and _plain(given) != _plain(value or ""):
                    edits.setdefault(part["name"], {}).setdefault(number, {})[name] = given.strip()
    return edits


def _given(posted: QueryDict, key: str, wrong: list[dict[str, Any]]) -> str | None:
    """What a cell is to hold: the suggestion if it was taken for this cell or its rule, else what was written."""
    hint = _hint([f for f in wrong if f["rule"] == posted.get("rule")])
    if hint is None and posted.get(f"take-{key}") == "yes":
        hint = _hint(wrong)
    return posted.get(key) if hint is None else str(hint["suggestion"])


def _hint(wrong: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first of a cell's findings that suggests what to write."""
    return next((f for f in wrong if f["suggestion"]), None)


def _plain(text: str) -> str:
    """As a form gives a text back: its line ends are the browser's."""
    return text.replace("\r\n", "\n").strip()
