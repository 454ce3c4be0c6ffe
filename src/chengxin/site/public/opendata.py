"""Open data: what there is to take away, as a page, as DCAT for catalogues, and the packages themselves."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from chengxin.sharing.outlets import through
from chengxin.site.access.asked import Asked, anybody
from chengxin.site.folder import folder_here
from chengxin.site.keys import load_keys
from chengxin.site.methods import require_safe
from chengxin.site.public.figures import Figures, figures
from chengxin.site.public.packages import Issue, licence, streamed, table_schema
from chengxin.site.public.published import LISTS, Public
from chengxin.site.public.tiles import Tile, tiles
from chengxin.site.store import log

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TYPES = {"csv": "text/csv", "json": "application/json", "zip": "application/zip"}
_TYPES["xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@through("public.counts")
def page(request: HttpRequest) -> HttpResponse:
    """What can be taken away, how it is kept right, and how to check it."""
    asked = anybody("public.counts")
    now = figures(asked.at)
    snapshot = anybody("public.snapshot", asked.at)
    sets = []
    for public in LISTS.values():
        tables = [
            table_schema(_issue(public, snapshot, request), r) for r in _issue(public, snapshot, request).resources
        ]
        sets.append((public, tables, _records(public, now), _last(public, now)))
    context = {
        "sets": sets,
        "tiles": tiles(now, asked),
        "licence": licence(settings.ABOUT),
        "key": load_keys(folder_here()).log.verifier,
        "place": asked.at.included,
    }
    return render(request, "public/open_data.html", context)


@require_safe
@through("public.snapshot")
def package(request: HttpRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    """A list as a data package, made while it is sent: nothing of it is kept, so nothing that has ended is sent again."""
    if name not in LISTS:
        raise Http404
    asked = anybody("public.snapshot")
    last = log.signed()
    pieces = streamed(_issue(LISTS[name], asked, request), last[1] if last else None, load_keys(folder_here()).log)
    headers = {
        "Content-Disposition": f'attachment; filename="chengxin-{name}-{asked.at.day}.zip"',
        "Content-Encoding": "identity",  # it is compressed already
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=_TYPES["zip"], headers=headers)
    return StreamingHttpResponse(pieces, content_type=_TYPES["zip"], headers=headers)


@require_safe
@through("public.counts")
def dcat(request: HttpRequest) -> HttpResponse:
    """The catalogue of the data sets as DCAT in JSON-LD."""
    asked = anybody("public.counts")
    now = figures(asked.at)
    base = _base(request)
    own = [_of_list(public, now, base) for public in LISTS.values()]
    data: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": f"{base}{reverse('dcat')}",
        "@type": "dcat:Catalog",
        "dct:title": _both("公共信用信息开放数据", "Open data of public credit information"),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": settings.ABOUT.publisher},
        "dct:language": ["zh", "en"],
        "dct:issued": _day(str(asked.at.day)),
        "dcat:dataset": own + [_of_tile(tile, asked, base) for tile in tiles(now, asked)],
    }
    return JsonResponse(
        data, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _issue(public: Public, asked: Asked, request: HttpRequest) -> Issue:
    return Issue(public, asked, _base(request), settings.ABOUT)


def _records(public: Public, now: Figures) -> int:
    return sum(now.firms.get(name, 0) for name in public.resources)


def _last(public: Public, now: Figures) -> str | None:
    return max((str(now.sent[n].last) for n in public.resources if n in now.sent), default=None)


def _of_list(public: Public, now: Figures, base: str) -> dict[str, Any]:
    data = _set(public.name, _both(public.title.zh, public.title.en), _both(public.about.zh, public.about.en), base)
    last = _last(public, now)
    data |= {"dcat:landingPage": {"@id": f"{base}{reverse('list', args=[public.name])}"}}
    data |= {"dct:modified": _day(last)} if last else {}
    data["dcat:distribution"] = [_file(f"{base}{reverse('package', args=[public.name])}", "zip")]
    return data


def _of_tile(tile: Tile, asked: Asked, base: str) -> dict[str, Any]:
    title, about = _both(tile.title.zh, tile.title.en), _both(tile.formula.zh, tile.formula.en)
    data = _set(f"figures-{tile.name}", title, about, base)
    data["dct:modified"] = _day(str(asked.at.day))
    files = [(f"{base}{reverse('tile_file', args=[tile.name, form])}", form) for form in ("csv", "xlsx", "json")]
    data["dcat:distribution"] = [_file(address, form) for address, form in files]
    return data


def _set(name: str, title: list[dict[str, str]], about: list[dict[str, str]], base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}/open-data/#{name}",
        "@type": "dcat:Dataset",
        "dct:identifier": name,
        "dct:title": title,
        "dct:description": about,
    }


def _file(address: str, form: str) -> dict[str, Any]:
    told = licence(settings.ABOUT)
    data: dict[str, Any] = {"@type": "dcat:Distribution", "dcat:downloadURL": {"@id": address}}
    data["dcat:mediaType"] = _TYPES[form]
    data["dct:license"] = {"@id": told["path"]} if "path" in told else told["name"]
    if form == "zip":
        data["dct:conformsTo"] = {"@id": "https://specs.frictionlessdata.io/data-package/"}
    return data


def _both(zh: str, en: str) -> list[dict[str, str]]:
    return [{"@value": zh, "@language": "zh"}, {"@value": en, "@language": "en"}]


def _day(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}
