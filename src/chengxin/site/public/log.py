"""The log for everybody: what its last checkpoint says, how to check it, and its files at their C2SP paths."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.audit import log_folder
from chengxin.sharing.outlets import without_records
from chengxin.site.folder import folder_here
from chengxin.site.keys import load_keys
from chengxin.site.methods import require_safe
from chengxin.site.store import log
from chengxin.site.store.tiles import tiles

_PATH = re.compile(
    r"(?P<kind>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<groups>(?:x\d{3}/)*\d{3})(?:\.p/(?P<part>[1-9]\d{0,2}))?"
)
_BYTES = "application/octet-stream"
_FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
@without_records
def page(request: HttpRequest) -> HttpResponse:
    """Size, root, key, and what to do with them."""
    last = log.signed()
    lines = last[1].decode().split("\n") if last else []
    context = {
        "size": last[0] if last else 0,
        "root": lines[2] if lines else "",
        "note": last[1].decode() if last else "",
        "origin": lines[0] if lines else "",
        "key": load_keys(folder_here()).log.verifier,
        "base": request.build_absolute_uri("/log"),
    }
    return render(request, "public/log.html", context)


@require_safe
@without_records
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The last signed checkpoint."""
    last = log.signed()
    if last is None:
        raise Http404
    return HttpResponse(last[1], content_type="text/plain; charset=utf-8")


@require_safe
@without_records
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile, or a bundle of entries. What is beyond the signed size is not there."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Http404
    index = int(found["groups"].replace("x", "").replace("/", ""))
    width = int(found["part"] or log_folder.WIDEST)
    canonical = (
        log_folder.path_of_entries(index, 1) if found["kind"] == "entries" else log_folder.path_of_tile(0, index, 1)
    )
    if width > log_folder.WIDEST or canonical.split("/", 2)[2].partition(".p")[0] != found["groups"]:
        raise Http404
    data = log.bundle(index, width) if found["kind"] == "entries" else _hashes(int(found["kind"]), index, width)
    if not data:
        raise Http404
    return HttpResponse(data, content_type=_BYTES, headers={"Cache-Control": _FOR_GOOD})


def _hashes(level: int, index: int, width: int) -> bytes:
    held = log.log_size() >> (8 * level)
    asked = (level, index, width)
    return tiles([asked]).get(asked, b"") if index * log_folder.WIDEST + width <= held else b""


@require_safe
@without_records
def files(request: HttpRequest) -> HttpResponse:
    """The addresses of all files of the log, one a line, for a program that fetches them."""
    size = log.log_size()
    base = request.build_absolute_uri("/log/")
    return HttpResponse("".join(f"{base}{path}\n" for path in _files(size)), content_type="text/plain; charset=utf-8")


def _files(size: int) -> list[str]:
    found, level, held = [log_folder.CHECKPOINT], 0, size
    while held:
        widths = [log_folder.WIDEST] * (held // 256) + ([held % 256] if held % 256 else [])
        found += [log_folder.path_of_tile(level, index, width) for index, width in enumerate(widths)]
        if level == 0:
            found += [log_folder.path_of_entries(index, width) for index, width in enumerate(widths)]
        level, held = level + 1, held // 256
    return found
