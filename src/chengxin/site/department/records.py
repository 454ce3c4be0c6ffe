"""A body's own records: find them, see what stands in them and who sees it, correct, withdraw, and their history."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.flow.states import Change
from chengxin.reports.said import amount
from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access import reading
from chengxin.site.access.find import names_a_person
from chengxin.site.access.reading import Filter, Seen
from chengxin.site.actions import entry
from chengxin.site.actions.entry import Form, Values
from chengxin.site.actions.keys import person_of
from chengxin.site.department import form as forms
from chengxin.site.department.common import ROLES, asked_of, reported, reported_or_404, said, today, told
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.public.shown import Shown
from chengxin.site.words import words
from chengxin.standards.model import Field, Resource
from chengxin.standards.readers import Kind
from chengxin.values.errors import Refused, Said

EACH = 20
MOST_MISSING = 50  # records that a whole list left out; which ones they are is asked by resource, code or document
_WHY = ("reason", "document")
_STATES = {
    "in_force": Said("有效", "in force"),
    "withdrawn": Said("已撤销", "withdrawn"),
    "missing": Said("全量中缺失", "missing from the whole list"),
    "repaired": Said("已修复", "repaired"),
    "destroyed": Said("已销毁", "destroyed"),
}
_PERSON = Said("这里不按证件号码查。", "People's numbers are not looked up here.")
_NO_WHY = Said("请写明理由和依据的文书。", "Say why, and the document it rests on.")
_NUMBER = Said(
    "证件号码与这条信息的当事人不符：平台不存号码，请再填一次。",
    "This is not the number of the person of this record. The platform keeps none: type it again.",
)
_SAME = Said("没有改动。", "Nothing was changed.")


@require_safe
@through("authority.records")
@desk(*ROLES)
def records(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Its records, newest first: by resource, exact code, exact document number."""
    resources = reported(seat)
    chosen = [r for r in resources if r.name == request.GET.get("resource")] or resources
    code, document = (request.GET.get(k, "").strip() for k in ("code", "document"))
    if names_a_person(code) or names_a_person(
        document, "document"
    ):  # the address is not kept, nor is the number repeated
        messages.error(request, words(_PERSON))
        return redirect("department_records")
    wanted = Filter(tuple(r.name for r in chosen), code=code.upper() or None, document=document or None)
    part = missing = None
    if chosen:
        left_out = replace(wanted, missing=True)
        missing = reading.listed(asked_of(seat, "authority.history"), left_out, MOST_MISSING)
        part = reading.listed(asked_of(seat, "authority.records"), wanted, EACH, _after(request.GET.get("after", "")))
    context: dict[str, Any] = {
        "resources": resources,
        "resource": request.GET.get("resource", ""),
        "rows": [(s, _STATES.get(s.columns["state"])) for s in part.rows] if part else [],
        "missing": missing,
        "after": f"{part.after[0]}_{part.after[1]}" if part and part.after else None,
        "code": code,
        "document": document,
    }
    return render(request, "department/records.html", context)


def _after(text: str) -> reading.After | None:
    day, _, identity = text.partition("_")
    try:
        return (date.fromisoformat(day), identity) if len(identity) == 32 else None
    except ValueError:
        return None


@require_safe
@through("authority.record")
@desk(*ROLES)
def record(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """One record: what it says, what the public sees now, its versions."""
    seen = _seen_or_404(seat, identity)
    history = reading.versions(asked_of(seat, "authority.history"), identity)
    brought = reading.brought_by(history)
    catalogue = today()
    fields = seen.resource.by_name
    content = [
        (fields[n].title, fields[n].title_en, _as_text(fields[n], v)) for n, v in seen.content.items() if n in fields
    ]
    public = catalogue.tables["disclosure"]
    context = {
        "seen": seen,
        "shown": Shown(seen, catalogue),
        "state": _STATES.get(seen.columns["state"]),
        "content": content,
        "person": seen.kind is Kind.PERSON,
        "public": public
        and seen.kind is not Kind.PERSON
        and seen.columns["published"]
        and seen.columns["state"] == "in_force",
        "history": [(v, _STATES.get(v.columns["state"]), *brought.get(v.id, (None, ""))) for v in history],
        "may_change": seat.holds(Role.ENTER) and _reports(seat, seen.resource),
        "changing": entry.changing(seen.id),
        "may_withdraw": seen.resource.role("revocation") is not None and seen.columns["state"] == "in_force",
    }
    return render(request, "department/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.record")
@desk(Role.ENTER)
def correct(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Correct a record: the form with what stands in it; why, and on which document it rests. Another person reviews it."""
    seen = _seen_or_404(seat, identity)
    resource = reported_or_404(seat, seen.resource.name)
    if refusal := entry.changing(seen.id):
        return told(request, refusal, "department_record", identity)
    return _correcting(request, Form(seat.body, seat.name, resource.name, seen.id), resource, seen)


def _correcting(request: HttpRequest, form: Form, resource: Resource, seen: Seen) -> HttpResponse:
    before = _values(seen)
    values = entry.draft(site_here(), form) or before
    more: dict[str, Any] = {"record": seen.id, "fixed": _fixed(resource), "back": "?", "begun": False}
    if request.method == "POST":
        if request.POST.get("do") == "discard":
            entry.forget(form)
            return redirect("department_record", seen.id)
        if request.POST.get("do") != "send":
            kept = {n: before[n] for n in more["fixed"] if n in before}
            values = forms.taken(request.POST, resource, before) | kept
            values |= {f"{entry.WHY}{w}": request.POST.get(f"{entry.WHY}{w}", "").strip() for w in _WHY}
            entry.save(site_here(), form, values)
        more["why"] = why = {w: values.get(f"{entry.WHY}{w}", "") for w in _WHY}
        same = all(values.get(f.name) == before.get(f.name) for f in forms.asked(resource) if f.kind != "identity")
        wrong = _SAME if same else _other_person(seen, values.get(resource.role("person_number") or "", ""))
        if not all(why.values()) or wrong:
            more |= {"missing_why": wrong if all(why.values()) else _NO_WHY}
            return forms.shown(request, resource, values, None, more)
        if request.POST.get("do") == "send":
            return forms.sent(request, resource, form, {**why, "corrects": seen.id, "change": Change.CORRECTION})
        return forms.check(request, resource, form, values, more)
    more["why"] = {w: values.get(f"{entry.WHY}{w}", "") for w in _WHY}
    if request.GET.get("step") == "answers" and all(more["why"].values()):
        return forms.answers(request, resource, form, values, more)
    return forms.shown(request, resource, values, None, more)


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.record")
@desk(Role.ENTER)
def withdraw(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Say that a decision was revoked: by which new decision; the same review as for anything that is sent."""
    seen = _seen_or_404(seat, identity)
    resource = reported_or_404(seat, seen.resource.name)
    name = resource.role("revocation")
    if name is None or seen.columns["state"] != "in_force":
        raise Http404
    if refusal := entry.changing(seen.id):
        return told(request, refusal, "department_record", identity)
    ways = today().tables["severity"]["withdrawn"]["words"]
    given = {k: request.POST.get(k, "").strip()[:200] for k in ("how", "document", "decided", "reason")}
    context: dict[str, Any] = {
        "seen": seen,
        "ways": ways,
        "given": given,
        "shown": Shown(seen, today()),
        "findings": [],
        "number": seen.kind is Kind.PERSON,
    }
    typed: Values = {}
    if request.method == "POST":
        number = request.POST.get("number", "").strip()
        wrong = _not_withdrawn(given, ways, request.POST.get("sure", "")) or _other_person(seen, number)
        form = Form(seat.body, seat.name, resource.name, seen.id)
        if number:
            typed = {resource.role("person_number") or "": number}
        values = (
            _values(seen)
            | typed
            | {name: f"{given['how']}：{given['reason']}（{given['document']}，{given['decided']}）"}
        )
        if wrong is None:
            code = values.get(resource.role("subject_code") or "", "")
            judgement = entry.judged(site_here(), form, values, code)
            if judgement.taken:
                entry.save(site_here(), form, values)
                about = {
                    "reason": f"{given['how']}：{given['reason']}",
                    "document": given["document"],
                    "corrects": seen.id,
                    "change": Change.WITHDRAWAL,
                }
                said(request, "撤销已提交，由同事审查后生效。", "It was submitted and waits for a colleague's review.")
                return forms.sent(request, resource, form, about)
            context["findings"] = judgement.findings.filter(judgement.findings["severity"] == "reject").to_dicts()
        context["wrong"] = wrong
    return render(request, "department/withdraw.html", context)


def _not_withdrawn(given: Values, ways: list[str], sure: str) -> Said | None:
    try:
        decided = date.fromisoformat(given["decided"])
    except ValueError:
        return Said("新决定的日期请写成 2026-03-10 这样。", "Write the day of the new decision like 2026-03-10.")
    if decided > today().day:
        return Said("新决定的日期晚于今天，请核对。", "The day of the new decision lies ahead; please check it.")
    if given["how"] not in ways or not given["document"] or not given["reason"]:
        return Said("请选怎样撤销，写明新决定的文号和理由。", "Say how, the number of the new decision, and why.")
    return None if sure == "yes" else Said("请勾选确认。", "Please tick the box.")


def _seen_or_404(seat: Seat, identity: str) -> Seen:
    """A record of the seat's own body; people's are opened one at a time."""
    seen = reading.by_id(reading.about_whom(asked_of(seat, "authority.record"), identity), identity)
    if seen is None or not seat.body:
        raise Http404
    return seen


def _other_person(seen: Seen, number: str) -> Said | None:
    """What is wrong with the number that was typed for the person of a record; None if it is that person's, or nobody's."""
    if seen.kind is not Kind.PERSON:
        return None
    try:
        same = bool(number) and person_of(site_here(), number) == seen.columns["subject"]
    except Refused:
        same = False
    return None if same else _NUMBER


def _reports(seat: Seat, resource: Resource) -> bool:
    return any(r.name == resource.name for r in reported(seat))


def _fixed(resource: Resource) -> frozenset[str]:
    """What makes a record this one: another value would be another record."""
    return frozenset({n for n in resource.natural_key if not n.startswith("@")} | {resource.role("subject_code") or ""})


def _values(seen: Seen) -> Values:
    """What stands in a record, as a form holds it."""
    fields = seen.resource.by_name
    return {n: text for n, v in seen.content.items() if n in fields and (text := _as_text(fields[n], v))}


def _as_text(field: Field, value: Any) -> str:
    if field.kind == "money" and value is not None:
        return amount(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
