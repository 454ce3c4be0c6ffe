"""The catalogue and the standards as pages: resources with their fields and rules, laws, code lists, lists of the law.

Nothing here is of any record: it is the data that the platform works by.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import without_records
from chengxin.site.methods import require_safe
from chengxin.standards.explain import sentence, written_rules
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.measures import measures
from chengxin.standards.model import Field, Resource
from chengxin.standards.words import base_row, example_of, format_of, key_words, needed, subject_names, values_on
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said

_LIST_KINDS = {
    "black": Said("严重失信主体名单", "Serious-dishonesty lists"),
    "abnormal": Said("异常名录", "Abnormal operation"),
    "watch": Said("其他名单", "Other lists"),
    "red": Said("守信名单", "Honours"),
}
# The four families of standards (design 6): what of this catalogue is which.
_FAMILIES = (
    (
        Said("基础标准", "Basic standards"),
        Said(
            "术语、代码和分类：主体怎样编码，信息怎样归类。",
            "Terms, codes, classes: how subjects are coded and information is sorted.",
        ),
        ("gb32100-2015", "gb11714-1997", "gb11643-1999", "gs15-2006", "gbt2260-2007"),
        "codes",
    ),
    (
        Said("技术标准", "Technical standards"),
        Said("每类信息的数据项、格式和校验规则。", "Fields, formats and rules of each resource."),
        (),
        "resources",
    ),
    (
        Said("应用标准", "Application standards"),
        Said(
            "公示和名单：什么信息公示，看多久，怎样退出。",
            "Publicity and lists: what is shown, for how long, the way out.",
        ),
        (),
        "lists",
    ),
    (
        Said("管理标准", "Management standards"),
        Said(
            "法律、法规和制度文件：凭什么归集、共享和修复。",
            "Law and policy: on what collecting, sharing and repair rest.",
        ),
        (),
        "laws",
    ),
)


def _today() -> Catalogue:
    return load_catalogue(legal_today())


def _categories(catalogue: Catalogue) -> dict[str, Said]:
    entries = catalogue.tables["categories"]["categories"]
    return {name: Said(e["title"]["zh"], e["title"]["en"]) for name, e in entries.items()}


@require_safe
@without_records
def catalogue(request: HttpRequest) -> HttpResponse:
    """All resources by category, with those that nobody sends yet."""
    known = _today()
    groups = [
        (number, title, [r for r in known.resources.values() if r.category == number])
        for number, title in _categories(known).items()
    ]
    return render(request, "public/catalogue.html", {"groups": groups, "catalogue": known})


@require_safe
@without_records
def resource(request: HttpRequest, name: str) -> HttpResponse:
    """One resource: its clause, fields, rules, who may see what."""
    known = _today()
    if name not in known.resources:
        raise Http404
    found = known.resources[name]
    base = base_row(found, known)
    classes = known.tables["disclosure"]["classes"]
    fields = [_field(f, found, known, base) for f in found.fields]
    context = {
        "resource": found,
        "clause": known.clause(found.clause),
        "category": _categories(known)[found.category],
        "subjects": subject_names(found.subjects, known),
        "key": key_words(found),
        "disclosure": _title(classes, found.disclosure),
        "fields": fields,
        "codes": [known.code_list(c) for c in dict.fromkeys(f.codes for f in found.fields if f.codes)],
        "rules": [(r, sentence(r, found, known), known.clause(r.clause)) for r in written_rules(found)],
        "more": len(found.rules) - len(written_rules(found)),
    }
    return render(request, "public/resource.html", context)


def _field(field: Field, found: Resource, known: Catalogue, base: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": Said(field.title, field.title_en),
        "needed": needed(field, found, known),
        "format": format_of(field, known),
        "example": example_of(field, known, base),
        "seen": _title(known.tables["disclosure"]["classes"], field.disclosure),
    }


def _title(table: dict[str, dict[str, dict[str, str]]], name: str) -> Said:
    return Said(table[name]["title"]["zh"], table[name]["title"]["en"])


@require_safe
@without_records
def code_list(request: HttpRequest, name: str) -> HttpResponse:
    """One code list with its values of today."""
    known = _today()
    if name not in known.code_lists:
        raise Http404
    return render(request, "public/codes.html", {"codes": known.code_lists[name], "values": values_on(name, known)})


@require_safe
@without_records
def laws(request: HttpRequest) -> HttpResponse:
    """Every instrument that something rests on."""
    known = _today()
    found = sorted(known.laws.values(), key=lambda law: (not law.in_force(known.day), law.kind, law.id))
    return render(request, "public/laws.html", {"laws": [(law, law.in_force(known.day)) for law in found]})


@require_safe
@without_records
def law(request: HttpRequest, identity: str) -> HttpResponse:
    """One instrument, its articles in our words, and what rests on it."""
    known = _today()
    if identity not in known.laws:
        raise Http404
    found = known.laws[identity]
    resting = [r for r in known.resources.values() if r.clause.partition(":")[0] == identity]
    context = {
        "law": found,
        "in_force": found.in_force(known.day),
        "resting": resting,
        "measures": [m for m in measures(known) if m.clause.partition(":")[0] == identity],
        "next": known.laws.get(found.replaced_by or ""),
    }
    return render(request, "public/law.html", context)


@require_safe
@without_records
def law_lists(request: HttpRequest) -> HttpResponse:
    """The lists set up by law: basis, who decides, how long, how to leave."""
    known = _today()
    groups: dict[str, list[dict[str, object]]] = {}
    for name, entry in known.tables["lists"]["lists"].items():
        told = {
            "id": name,
            "title": _title(known.tables["lists"]["lists"], name),
            "body": entry["body"],
            "basis": [known.clause(b) for b in entry["basis"]],
            "grounds": [Said(g["zh"], g["en"]) for g in entry.get("grounds") or ()],
            "term": _text(entry.get("term")),
            "exit": _text(entry.get("early_exit")),
            "draft": entry["confidence"] != "high",
        }
        groups.setdefault(entry["kind"], []).append(told)
    shown = [(_LIST_KINDS.get(kind, Said(kind, kind)), told) for kind, told in groups.items()]
    return render(request, "public/law_lists.html", {"groups": shown})


def _text(entry: dict[str, dict[str, str]] | None) -> Said | None:
    text = (entry or {}).get("text")
    return Said(text["zh"], text["en"]) if text else None


@require_safe
@without_records
def standards(request: HttpRequest) -> HttpResponse:
    """The four families of standards."""
    known = _today()
    counted = {
        "codes": len(known.code_lists),
        "resources": len(known.resources),
        "lists": len(known.tables["lists"]["lists"]),
        "laws": len(known.laws),
    }
    families = [
        (title, about, [known.laws[i] for i in ids if i in known.laws], kind, counted[kind])
        for title, about, ids, kind in _FAMILIES
    ]
    return render(request, "public/standards.html", {"families": families, "codes": known.code_lists.values()})
