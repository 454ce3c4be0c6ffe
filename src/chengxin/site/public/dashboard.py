"""The public dashboard and its tiles as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import through
from chengxin.site.access.asked import anybody
from chengxin.site.frame import asset
from chengxin.site.keeping import keep_of
from chengxin.site.methods import require_safe
from chengxin.site.public import exports
from chengxin.site.public.figures import figures
from chengxin.site.public.tiles import tiles
from chengxin.site.words import words

_SCRIPTS = ("echarts.common.min.js", "dashboard.js")


@require_safe
@through("public.counts")
def page(request: HttpRequest) -> HttpResponse:
    """What there is: each tile a sentence, a chart, its table and its formula."""
    asked = anybody("public.counts")
    context = {
        "keep": keep_of(asked, "dashboard"),
        "more": lambda: {"tiles": tiles(figures(asked.at), asked)},
        "scripts": [asset(name) for name in _SCRIPTS],
        "place": asked.at.included,
    }
    return render(request, "public/dashboard.html", context)


@require_safe
@through("public.counts")
def tile_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One tile's table, with its formula and the day it is of."""
    asked = anybody("public.counts")
    found = {one.name: one for one in tiles(figures(asked.at), asked)}.get(name)
    if found is None:
        raise Http404
    heads = [words(found.of), *(words(c.title) for c in found.columns)]
    rows = [[words(row.title), *row.values] for row in found.rows]
    about = {"title": words(found.title), "formula": words(found.formula), "as_of": str(asked.at.day)}
    about["change_set"] = str(asked.at.included)
    if form == "csv":
        answer = exports.csv_file(heads, rows)
    elif form == "xlsx":
        answer = exports.xlsx_file(about["as_of"], heads, rows, about.values())
    else:
        answer = exports.json_file({**about, "rows": [dict(zip(heads, row, strict=True)) for row in rows]})
    answer["Content-Disposition"] = f'attachment; filename="chengxin-{name}-{asked.at.day}.{form}"'
    return answer
