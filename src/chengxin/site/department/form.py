"""One record by a form: code first, the name from the register; everything wrong beside its field; check answers; send."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chengxin.sharing.outlets import through
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import anybody
from chengxin.site.access.subjects import led_to
from chengxin.site.actions import entry
from chengxin.site.actions.entry import Form, Judgement, Values
from chengxin.site.department.common import reported_or_404, said, today, told
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.standards.model import Field, Resource
from chengxin.standards.words import format_of, needed, values_on
from chengxin.values.errors import Refused, Said

_FIRST = ("subject_code", "subject_name", "subject_kind", "legal_representative", "document", "decided_on", "content")
_OURS = ("sender_code", "sender_name")  # filled from who sends
_OPTIONAL = "可空"
_LONG = 100  # characters from which a field has several lines
_MOST = 500  # values of a code list that a field still offers


@dataclass
class Line:
    """One field of the form: what it is called, how to fill it, what stands in it, what is wrong with it."""

    of: Field
    hint: Said
    need: Said
    value: str
    options: list[str]
    errors: list[dict[str, Any]] = field(default_factory=list)
    hidden_value: bool = False  # something stands in it that is not shown
    fixed: bool = False

    @property
    def optional(self) -> bool:
        """True if it may stay empty and nothing is wrong with it."""
        return self.need.zh.startswith(_OPTIONAL) and not self.value and not self.errors

    @property
    def long(self) -> bool:
        """True if it is a field of several lines."""
        return self.of.kind == "text" and (self.of.constraints.maxLength or 1_000) > _LONG

    @property
    def kind(self) -> str:
        """The kind of input a phone shows."""
        return "decimal" if self.of.kind == "money" else "text"


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.problems")
@desk(Role.ENTER)
def one(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """The form of a new record."""
    resource = reported_or_404(seat, name)
    form = Form(seat.body, seat.name, resource.name)
    if request.method == "POST":
        return _posted(request, seat, resource, form)
    values = entry.draft(site_here(), form)
    if request.GET.get("step") == "answers" and values:
        return answers(request, resource, form, values, {"back": "?"})
    begun = bool(values)
    values = values or _prefilled(seat, resource)
    return shown(
        request, resource, values, None, {"begun": begun, "copyable": bool(entry.copy_last(site_here(), form))}
    )


def _posted(page: HttpRequest, seat: Seat, resource: Resource, form: Form) -> HttpResponse:
    do = page.POST.get("do", "check")
    if do == "send":
        return sent(page, resource, form, {})
    if do == "discard":
        entry.forget(form)
        return redirect(page.path)
    if do == "copy":
        entry.save(site_here(), form, _prefilled(seat, resource) | entry.copy_last(site_here(), form))
        return redirect(page.path)
    values = taken(page.POST, resource, entry.draft(site_here(), form))
    if do == "find":
        values |= _named(resource, values)
    entry.save(site_here(), form, values)
    if do == "find":
        return shown(page, resource, values, None, {"begun": True, "looked_up": True})
    if do == "save":
        said(page, "草稿已保存，只有您自己看得到。", "The draft is kept; you alone see it.")
        return redirect(page.path)
    return check(page, resource, form, values)


def check(
    page: HttpRequest, resource: Resource, form: Form, values: Values, more: dict[str, Any] | None = None
) -> HttpResponse:
    """Judge what was filled in: the form again with what is wrong, or the answers to look at once more."""
    judgement = entry.judged(site_here(), form, values, values.get(resource.role("subject_code") or "", ""))
    if judgement.taken:
        return redirect(f"{page.path}?step=answers")
    return shown(page, resource, values, judgement, {"begun": True, **(more or {})})


def answers(page: HttpRequest, resource: Resource, form: Form, values: Values, more: dict[str, Any]) -> HttpResponse:
    """All answers once more, with what was noticed, and the button that sends them."""
    judgement = entry.judged(site_here(), form, values, values.get(resource.role("subject_code") or "", ""))
    if not judgement.taken:
        return shown(page, resource, values, judgement, {"begun": True, **more})
    lines = [line for line in _lines(resource, values, judgement) if line.value or line.hidden_value]
    notes = judgement.findings.filter(pl.col("severity") == "warn").to_dicts()
    return render(page, "department/answers.html", {"resource": resource, "lines": lines, "notes": notes, **more})


def sent(page: HttpRequest, resource: Resource, form: Form, about: dict[str, str]) -> HttpResponse:
    """Send what was filled in."""
    try:
        job = entry.send(site_here(), form, resource, about)
    except Refused as refusal:
        return told(page, refusal, page.path)
    return redirect("department_job", job.id.hex)


def shown(
    page: HttpRequest, resource: Resource, values: Values, judgement: Judgement | None, more: dict[str, Any]
) -> HttpResponse:
    """The form, with what is wrong beside its fields and on top."""
    lines = _lines(resource, values, judgement, more.get("fixed", frozenset()))
    on_fields = {line.of.name for line in lines}
    whole = [] if judgement is None else [
        f for f in judgement.findings.to_dicts() if f["severity"] == "reject" and f["field"] not in on_fields
    ]  # fmt: skip
    context = {
        "resource": resource,
        "lines": [line for line in lines if not line.optional],
        "optional": [line for line in lines if line.optional],
        "wrong": [line for line in lines if line.errors],
        "whole": whole,
        "count": len(whole) + sum(len(line.errors) for line in lines),
        "refused": judgement is not None and not judgement.taken,
        "code_field": resource.role("subject_code"),
        **more,
    }
    return render(page, "department/form.html", context)


def taken(posted: QueryDict, resource: Resource, before: Values) -> Values:
    """What was filled in; a number of a person that was not written anew stays as it was."""
    values: Values = {}
    for of in asked(resource):
        text = posted.get(of.name, before.get(of.name, "")).strip()
        if of.kind == "identity" and not text:
            text = before.get(of.name, "")
        if text:
            values[of.name] = text[:32_000]
    return values


def asked(resource: Resource) -> list[Field]:
    """The fields that a form asks, whom it is about first; what is filled from the sender is not asked."""
    first = {resource.role(r): n for n, r in enumerate(_FIRST)}
    found = [f for f in resource.fields if f.fill not in _OURS]
    return sorted(found, key=lambda f: first.get(f.name, len(_FIRST)))


def _lines(
    resource: Resource, values: Values, judgement: Judgement | None, fixed: frozenset[str] = frozenset()
) -> list[Line]:
    catalogue = today()
    by_field: dict[str, list[dict[str, Any]]] = {}
    if judgement is not None:
        for finding in judgement.findings.filter(pl.col("severity") == "reject").to_dicts():
            by_field.setdefault(finding["field"] or "", []).append(finding)
    lines = []
    for of in asked(resource):
        secret = of.kind == "identity"
        value = values.get(of.name, "")
        options = [v.label for v in values_on(of.codes, catalogue)] if of.codes and not of.separator else []
        options = ["是", "否"] if of.kind == "flag" else options if len(options) <= _MOST else []
        if value and options and value not in options:
            options = [value, *options]
        lines.append(
            Line(
                of, format_of(of, catalogue), needed(of, resource, catalogue), "" if secret else value, options,
                by_field.get(of.name, []), secret and bool(value), of.name in fixed,
            )
        )  # fmt: skip
    return lines


def _prefilled(seat: Seat, resource: Resource) -> Values:
    """What the desk knows by itself: the deciding body is the one that sends, unless it says otherwise."""
    known = {"authority_name": seat.body_name, "authority_code": seat.body}
    return {name: text for role, text in known.items() if (name := resource.role(role))}


def _named(resource: Resource, values: Values) -> Values:
    """The name that the register has for the code."""
    code, name = (resource.role(r) for r in ("subject_code", "subject_name"))
    if not code or not name or not values.get(code):
        return {}
    found = led_to(anybody("public.find"), values[code].upper().replace(" ", ""))
    return {name: found[0].name, code: found[0].code} if found else {}
