"""Pages of text alone: about, help, persons, accessibility, privacy; and what a browser asks for by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import without_records
from chengxin.site.methods import require_safe

PAGES = ("about", "help", "persons", "accessibility", "privacy")
_NOT_KEPT = ("search", "subjects", "records", "lists", "accounts", "open-data/packages", "shared")
_ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /{name}/\n" for name in _NOT_KEPT)


@require_safe
@without_records
def text(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages of text."""
    return render(request, f"public/{name}.html")


@require_safe
@without_records
def robots(request: HttpRequest) -> HttpResponse:
    """What is lifted must be gone everywhere: search engines keep nothing of any record."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")
