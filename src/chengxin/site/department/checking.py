"""Check before you decide: one code, name or, for a case, one person's number; the answer with its receipt, to be printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chengxin.intake.hiding import hide_in
from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access.asked import Who
from chengxin.site.access.find import found_subjects, may_name_a_person
from chengxin.site.actions.checks import Answer, Asking, check
from chengxin.site.actions.receipts import receipt_of, receipts
from chengxin.site.desks import Seat, desk, own_or_404
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.standards.case_numbers import case_forms
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Matter, Purpose
from chengxin.standards.readers import Reader
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.text import fold_name

_LONGEST = 100  # characters of what is typed
_SHOWN = 20  # subjects among which to choose
_CHOOSE = Said("请选择在哪项工作中查询。", "Choose in which work you ask.")


@require_http_methods(["GET", "HEAD", "POST"])
@through("authority.check")
@desk(Role.CHECK)
def checking(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form; sent, the answer. A number that was typed stands in no address and is shown nowhere again."""
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("subject", "").strip()[:_LONGEST]
    context: dict[str, Any] = {"matters": _matters(), "chosen": asked.get("matter", "")}
    case = request.POST.get("case", "").strip()
    context["case"] = case if hide_in(case, "text", legal_today()) == case else ""
    context["case_forms"] = case_forms(load_catalogue(legal_today()), seat.body)
    context["subject"] = "" if may_name_a_person(typed) else typed
    status = 200
    if request.method == "POST":
        try:
            context |= _answered(request, seat, typed)
        except Refused as refusal:
            context["refused"], status = refusal.said, 422
    context["last"] = receipts(seat.body, seat.name, 10)
    return render(request, "department/checking.html", context, status=status)


@require_safe
@without_records
@desk(Role.CHECK)
def checked(request: HttpRequest, seat: Seat, receipt: str) -> HttpResponse:
    """The receipt of a check of the own body: nothing of what was answered but its digest."""
    row = receipt_of(receipt, seat.body)
    row = own_or_404(seat, row.body if row else None, row)
    return render(request, "department/checked.html", {"row": row, "title": _title(row.purpose, row.matter)})


def _answered(page: HttpRequest, seat: Seat, typed: str) -> dict[str, Any]:
    """The answer, or whom the name that was typed may mean."""
    purpose, _, matter = page.POST.get("matter", "").partition("/")
    if not matter:
        raise Refused("no_matter", _CHOOSE)
    hits = found_subjects(typed)[:_SHOWN] if typed and not typed.isascii() else []
    named = [hit for hit in hits if hit.subject.fold == fold_name(typed)]
    if hits and len(named) != 1:  # only who bears this very name is meant for certain
        return {"hits": named or hits}
    number = named[0].subject.code if named else typed
    who = Who(seat.name, seat.body, page.POST.get("case", "").strip())
    answer: Answer = check(site_here(), Asking("authority.check", who, number, purpose, matter))
    return {"answer": answer, "title": _title(purpose, matter)}


def _matters() -> list[tuple[Purpose, list[Matter]]]:
    """What may be chosen today: purposes of departments, each with the matters in which it is used."""
    catalogue, day = load_catalogue(legal_today()), legal_today()
    known = [
        p for p in catalogue.purposes.values() if Reader.AUTHORITY in p.readers and not p.draft and p.in_force(day)
    ]
    return [(p, [m for m in (catalogue.matters[n] for n in p.used_in) if m.in_force(day)]) for p in known if p.used_in]


def _title(purpose: str, matter: str) -> Said:
    catalogue = load_catalogue(legal_today())
    titles = [known.title for known in (catalogue.purposes.get(purpose), catalogue.matters.get(matter)) if known]
    return Said("：".join(t.zh for t in titles), ": ".join(t.en for t in titles))
