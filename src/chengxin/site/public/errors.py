"""Pages for what went wrong. They ask nothing of the database."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from chengxin.sharing.outlets import without_records
from chengxin.site.access.spending import WINDOW
from chengxin.values.errors import Said

WAIT = Said("短时间内尝试太多次，请稍后再试。", "Too many attempts in a short time; please wait.")
_BAD = Said("这个请求我们看不懂。", "We can't make sense of this request.")


@without_records
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", {"said": _BAD}, status=400)


@without_records
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a page of a desk for which the account has no role."""
    return render(request, "403.html", {"expired": False}, status=403)


@without_records
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the mark of the page it came from."""
    return render(request, "403.html", {"expired": True}, status=403)


@without_records
def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many attempts in a short time."""
    return wait(render(request, "429.html", status=429))


def wait(response: HttpResponse) -> HttpResponse:
    """The answer with when to come again: once the window is over."""
    response.headers["Retry-After"] = str(WINDOW - int(time.time()) % WINDOW)
    return response


@without_records
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same whether something was never there, ended, or is not for this reader."""
    return render(request, "404.html", status=404)


@without_records
def broken(request: HttpRequest) -> HttpResponse:
    """500, both languages at once, without any context."""
    return HttpResponse(render_to_string("500.html"), status=500)
