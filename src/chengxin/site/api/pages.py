"""The documentation of the API, rendered here from the same operations and shapes: no script, nothing from elsewhere."""

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chengxin.sharing.outlets import without_records
from chengxin.site.api import limits
from chengxin.site.api.openapi import BASE, codes_of, document
from chengxin.site.api.operations import OPERATIONS, Operation
from chengxin.site.api.problems import FILES, KINDS, Wrong, answer
from chengxin.site.methods import require_safe
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said

_GAP = re.compile(r"\{\w+\}")


@require_safe
@without_records
def openapi(request: HttpRequest) -> HttpResponse:
    """The document that programs read."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@without_records
def page(request: HttpRequest) -> HttpResponse:
    """The page that people read."""
    catalogue = load_catalogue(legal_today())
    purposes = [p for p in catalogue.purposes.values() if p.used_in and not p.draft]
    context = {
        "base": BASE,
        "operations": [_shown(one) for one in OPERATIONS],
        "shapes": [_shape(name, schema) for name, schema in sorted(document()["components"]["schemas"].items())],
        "problems": [(code, kind, _words(code, catalogue)) for code, kind in KINDS.items()],
        "purposes": [(p, [catalogue.matters[m] for m in p.used_in]) for p in purposes],
        "limits": (limits.ANYBODY, limits.KEY, limits.SNAPSHOT),
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "api/page.html", context)


@without_records
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any address that is none of the API's."""
    return answer(request, Wrong("not-found", Said("没有这个地址。", "There is no such address.")))


def _words(code: str, catalogue: Catalogue) -> Said | None:
    """What is said when a file is refused, with gaps where its own name and numbers stand."""
    if code not in FILES:
        return None
    message = catalogue.message(code)
    return Said(_GAP.sub("…", message.zh), _GAP.sub("…", message.en))


def _shown(one: Operation) -> dict[str, Any]:
    gives = [(status, shape.__name__ if shape else "", said) for status, (shape, said) in one.gives.items()]
    return {
        "one": one,
        "anchor": one.view.__name__,
        "takes": one.takes.__name__ if one.takes else "",
        "form": one.form.__name__ if one.form else "",
        "gives": gives,
        "codes": [(code, KINDS[code]) for code in codes_of(one)],
        "example": json.dumps(one.example, ensure_ascii=False) if one.example else "",
    }


def _shape(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    needed = set(schema.get("required", ()))
    fields = [(field, _type(told), field in needed) for field, told in schema.get("properties", {}).items()]
    return {"name": name, "about": schema.get("description", ""), "fields": fields}


def _type(told: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " | ".join(_type(part) for part in told["anyOf"])
    if "enum" in told:
        return " | ".join(json.dumps(v) for v in told["enum"])
    if told.get("type") == "array":
        return f"[{_type(told.get('items') or {})}]"
    kind = told.get("type", "any")
    return str(told.get("format") or (" | ".join(kind) if isinstance(kind, list) else kind))
