"""What every page needs around its content: the language, the address of the style sheet, the other language's link."""

import hashlib
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from chengxin.site.desks import menu
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


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """The address of a static file with its digest, so that a browser keeps it for good."""
    digest = hashlib.sha256((settings.STATIC_ROOT / name).read_bytes()).hexdigest()[:12]
    return f"{settings.STATIC_URL}{name}?v={digest}"


def frame(page: HttpRequest) -> dict[str, Any]:
    """The context of the base template. Who is signed in it knows on a desk's pages alone: public ones are the same for all."""
    seat = getattr(page, "seat", None)
    other = page.GET.copy()
    other["lang"] = "zh" if english() else "en"
    return {
        "english": english(),
        "style": asset("site.css"),
        "icon": asset("icon.svg"),
        "doors": _DOORS,
        "other_language": f"?{other.urlencode()}",
        "day": legal_today(),
        "demo": settings.ABOUT.demo,
        "path": page.path,
        "seat": seat,
        "menu": menu(seat) if seat else [],
    }
