"""The peer of `pages.py`: the least that a page of Django's can be. One view, one template with a list, no database."""

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

_PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><ul>{% for row in rows %}<li><a href="/records/{{ row.id }}/">{{ row.title }}</a> {{ row.day|date:"Y-m-d" }}
<p>{{ row.body }} · {{ row.clause }}{% if row.end %} · {{ row.end|date:"Y-m-d" }}{% endif %}</p></li>{% endfor %}</ul></body>
</html>"""
_ROWS = 20  # as many as a page of a list shows

if not settings.configured:
    settings.configure(
        SECRET_KEY="a benchmark",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page.html": _PAGE})]},
            }
        ],
        USE_TZ=True,
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", __name__)


def page(request: HttpRequest) -> HttpResponse:
    """A list of rows that are there already."""
    from datetime import date

    day = date(2026, 3, 2)
    rows = [
        {
            "id": f"{n:032x}",
            "title": f"示例字〔2026〕{n}号",
            "day": day,
            "body": "示例机关",
            "clause": "示例法第一条",
            "end": day,
        }
        for n in range(_ROWS)
    ]
    return render(request, "page.html", {"title": "示例", "rows": rows})


urlpatterns = [path("", page)]


def _application() -> object:
    import django
    from django.core.wsgi import get_wsgi_application

    django.setup()
    return get_wsgi_application()


application = _application()
