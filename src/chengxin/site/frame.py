"""What every page needs around its content: the language, the address of the style sheet, the other language's link."""

import contextlib
import hashlib
import re
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.template.loader import render_to_string

from chengxin.site.access.find import may_name_a_person
from chengxin.site.desks import menu
from chengxin.site.middleware import chosen
from chengxin.site.words import english
from chengxin.values.clock import legal_today

_DOORS = (
    ("/lists/permits/", "许可公示", "Permits"),
    ("/lists/penalties/", "处罚公示", "Penalties"),
    ("/lists/serious/", "名单", "Lists"),
    ("/catalogue/", "目录", "Catalogue"),
    ("/standards/", "标准", "Standards"),
    ("/dashboard/", "数据", "Figures"),
    ("/help/", "帮助", "Help"),
)


_RUN = re.compile("[0-9A-Za-z]{14,}")  # that a person's number may be


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """The address of a static file with its digest, so that a browser keeps it for good."""
    digest = hashlib.sha256((settings.STATIC_ROOT / name).read_bytes()).hexdigest()[:12]
    return f"{settings.STATIC_URL}{name}?v={digest}"


def frame(page: HttpRequest) -> dict[str, Any]:
    """The context of the base template. Who is signed in it knows on a desk's pages alone: public ones are the same for all."""
    seat = getattr(page, "seat", None)
    large, contrast = chosen(page, "type") == "large", chosen(page, "contrast") == "high"
    return {
        "english": english(),
        "large": large,
        "contrast": contrast,
        "style": asset("site.css"),
        "icon": asset("icon.svg"),
        "doors": _DOORS,
        "other_language": _with(page, lang="zh" if english() else "en"),
        "other_type": _with(page, type="normal" if large else "large"),
        "other_contrast": _with(page, contrast="normal" if contrast else "high"),
        "day": legal_today(),
        "foot": _foot(english(), legal_today()),
        "demo": settings.ABOUT.demo,
        "path": page.path,
        "own_address": _here(page),
        "seat": seat,
        "menu": menu(seat) if seat else [],
        "holds": {role.value: True for role in seat.roles} if seat else {},  # so that no link leads where it is refused
    }


@lru_cache(maxsize=8)
def _foot(in_english: bool, day: date) -> str:
    """The foot of every page, in the language of the request: it is the same all day."""
    return render_to_string("foot.html", {"day": day})


def _here(page: HttpRequest) -> str:
    """The address of this page, without what was asked; a person's number in it is not repeated."""
    here = page.path
    with contextlib.suppress(DisallowedHost):
        here = page.build_absolute_uri(page.path)
    return _RUN.sub(lambda run: "***" if may_name_a_person(run[0]) else run[0], here)


def _with(page: HttpRequest, **choice: str) -> str:
    """The address of this page with another choice; a person's number that was asked with is not repeated."""
    query = page.GET.copy()
    for name in [n for n, value in query.items() if may_name_a_person(str(value))]:
        del query[name]
    for name, value in choice.items():
        query[name] = value
    return f"?{query.urlencode()}"
