"""The search: what was typed, whom it fits and why, facets, order; the same list as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from chengxin.sharing.outlets import through
from chengxin.site.access.asked import Asked, anybody
from chengxin.site.access.find import MOST, nearly_names_a_person, tells
from chengxin.site.methods import require_safe
from chengxin.site.public import exports
from chengxin.site.public.figures import REGISTERS
from chengxin.site.public.given import wrong, year_of
from chengxin.site.public.hits import FACETS, ORDERS, Hit, chosen, counted, hits, ordered
from chengxin.site.public.tiles import KINDS
from chengxin.site.words import english
from chengxin.standards.readers import Kind
from chengxin.subjects.names.words import words_of
from chengxin.values.errors import Said

LONGEST = 100  # characters of a question that are looked at
_SIZE = 20
_HEADS: exports.Heads = (
    ("主体名称", "Subject"), ("统一社会信用代码", "Credit code"), ("基本数据库", "Register"), ("登记状态", "Status"),
    ("街道（镇）", "Street or town"), ("住所", "Domicile"), ("找到的原因", "Found by"), ("正在公示的信息", "Records shown"),
    ("最近决定日期", "Latest decision"), ("地址", "Address"),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What the address of a search says: the text, facets and order; nothing of what was typed if that is a person's number."""

    text: str
    person: bool
    given: dict[str, str]

    def address(self, **more: str) -> str:
        """The query part of an address with the same question; what is given as "" is left out."""
        return "?" + urlencode({k: v for k, v in ({"q": self.text} | self.given | more).items() if v})


@require_safe
@through("public.search")
def search(request: HttpRequest) -> HttpResponse:
    """Subjects by what was typed, each with the reason it was found."""
    asked = anybody("public.search")
    question = _question(request.GET, asked)
    all_hits = hits(question.text, asked.at) if question.text else []
    listed = ordered(chosen(all_hits, question.given), question.given.get("order", ""))
    page = min(max(_number(request.GET.get("page")), 1), MOST // _SIZE)
    context = {
        "q": question.text,
        "person": question.person,
        "tells": not question.text or bool(all_hits) or tells(question.text),
        "near": bool(all_hits) and all_hits[0].found.near,
        "rows": [_row(hit, asked) for hit in listed[(page - 1) * _SIZE : page * _SIZE]],
        "all": len(all_hits),
        "found": len(listed),
        "most": len(all_hits) >= MOST,
        "previous": question.address(page=str(page - 1)) if page > 1 else "",
        "next": question.address(page=str(page + 1)) if len(listed) > page * _SIZE else "",
        "whole": Question(question.text, False, {}).address(),
        "here": question.address(),
        "filtered": any(name in FACETS for name in question.given),
        "facets": _facets(all_hits, question, asked),
        "orders": [(name, said, question.given.get("order") == name) for name, said in ORDERS.items()],
    }
    if (
        question.person
    ):  # the page repeats a number nowhere, not in its links to itself in another language or type either
        request.GET = QueryDict()
    return render(request, "public/search.html", context)


@require_safe
@through("public.file")
def search_file(request: HttpRequest, form: str) -> HttpResponse:
    """The organisations that the page of a search lists, as a file."""
    asked = anybody("public.file")
    question = _question(request.GET, asked)
    found = chosen(hits(question.text, asked.at), question.given) if question.text else []
    listed = ordered([h for h in found if h.subject.kind in asked.kinds()], question.given.get("order", ""))
    told = [_cells(hit, asked) for hit in listed]
    data = [_data(hit) for hit in listed]
    return exports.answer(form, exports.Sheet("search", "subjects", _HEADS, told, data), asked, None)


def _question(query: Mapping[str, str], asked: Asked) -> Question:
    """Raises Refused for a filter that is none."""
    text = query.get("q", "").strip()[:LONGEST]
    person = nearly_names_a_person(text)
    given = {name: value for name in (*FACETS, "order") if (value := query.get(name, "").strip())}
    if "year" in given:
        year_of(given["year"], asked.at.day)
    for name, value in given.items():
        if name != "year" and value not in _allowed(name, asked):
            title = FACETS.get(name, Said("排列", "order"))
            raise wrong(title.zh, "这一页所列的", title.en.lower(), "one that the page lists")
    return Question("" if person else text, person, given)


def _allowed(name: str, asked: Asked) -> set[str]:
    catalogue = asked.catalogue
    return {
        "register": set(REGISTERS),
        "kind": {kind.value for kind in KINDS},
        "street": set(words_of(catalogue).levels[-1].words),
        "record": set(catalogue.resources),
        "status": {value.label for value in catalogue.code_list("registration_status").values},
        "order": set(ORDERS),
    }[name]


def _facets(all_hits: list[Hit], question: Question, asked: Asked) -> list[dict[str, Any]]:
    """Facets that have something to choose, with how many each choice would leave."""
    told = []
    for name, title in FACETS.items():
        values = counted(all_hits, question.given, name)
        mine = question.given.get(name)
        if mine and mine not in values:
            values[mine] = 0
        if len(values) > 1 or mine:
            options = [(value, _said(name, value, asked), n, value == mine) for value, n in values.items()]
            told.append({"name": name, "title": title, "options": options, "mine": mine})
            if mine:
                told[-1] |= {"said": _said(name, mine, asked), "without": question.address(**{name: ""})}
    return told


def _said(name: str, value: str, asked: Asked) -> Said | str:
    if name == "register":
        return REGISTERS.get(value, value)
    if name == "kind":
        return KINDS[Kind(value)]
    if name == "record":
        return asked.catalogue.resources[value].title
    if name == "status":
        listed = asked.catalogue.code_list("registration_status").values
        return next((Said(v.label, v.en or v.label) for v in listed if v.label == value), value)
    return value


def _row(hit: Hit, asked: Asked) -> dict[str, Any]:
    resources = asked.catalogue.resources
    return {
        "subject": hit.subject,
        "why": hit.found.why,
        "kind": KINDS[hit.subject.kind],
        "place": hit.place or hit.street,
        "held": [(resources[name].title, n) for name, n in hit.by_resource().items()],
        "last": hit.last,
    }


def _cells(hit: Hit, asked: Asked) -> list[str]:
    register, why = REGISTERS.get(hit.subject.register), hit.found.why
    told = [register or "", why, *(asked.catalogue.resources[name].title for name in hit.by_resource())]
    register_said, why_said, *titles = [(s if isinstance(s, str) else s.en if english() else s.zh) for s in told]
    held = "；".join(f"{title} {n}" for title, n in zip(titles, hit.by_resource().values(), strict=True))
    s = hit.subject
    return [
        s.name, s.code, register_said, s.status or "", hit.street, hit.place, why_said, held, str(hit.last or ""), _address(hit),
    ]  # fmt: skip


def _data(hit: Hit) -> dict[str, Any]:
    s, why = hit.subject, hit.found.why
    return {
        "code": s.code,
        "name": s.name,
        "kind": s.kind.value,
        "register": s.register,
        "status": s.status,
        "street": hit.street or None,
        "domicile": hit.place or None,
        "found_by": {"reason": hit.found.reason.value, "zh": why.zh, "en": why.en},
        "fit": hit.found.score,
        "records": hit.by_resource(),
        "latest_decision": hit.last,
        "address": _address(hit),
    }


def _address(hit: Hit) -> str:
    return reverse("subject", kwargs={"code": hit.subject.code})


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1
