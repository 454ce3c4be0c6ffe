"""Around every answer: headers that close what a page does not need, idleness, the reader's choices, refusals as pages."""

import time
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.shortcuts import render
from django.utils import translation

from chengxin.site.access.find import may_name_a_person
from chengxin.site.words import EN, ZH
from chengxin.values.errors import Refused

Answer = Callable[[HttpRequest], HttpResponse]
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_CLOSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _CLOSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    # What is lifted must be gone at once: nobody on the way keeps a copy, no search engine an archive.
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noarchive",
}
# What a reader may choose by an address, and is remembered in a cookie of the same name: first what holds without a choice.
CHOICES = {"lang": ("zh", "en"), "type": ("normal", "large"), "contrast": ("normal", "high")}
SEEN = "seen"  # when the session's end was last moved
_STEP = 60
_YEAR = 365 * 86_400


def headers(answer: Answer) -> Answer:
    """Each answer's headers, unless its view has set its own."""

    def _around(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return _around


def idle(answer: Answer) -> Answer:
    """Whoever is at work stays signed in: a page that looked at the session moves its end, at most once a minute.

    Without a page for `SESSION_COOKIE_AGE` the session ends in the database. Public pages look at no session.
    """

    def _around(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        session = request.session
        if session.accessed and SESSION_KEY in session and time.time() - session.get(SEEN, 0) > _STEP:
            session[SEEN] = int(time.time())
        return response

    return _around


def chosen(page: HttpRequest, name: str) -> str:
    """What the reader of a page chose, here or before."""
    options = CHOICES[name]
    given = (page.GET.get(name), page.COOKIES.get(name))
    return next((value for value in given if value in options), options[0])


def choices(answer: Answer) -> Answer:
    """Chinese unless English was chosen (`?lang=en`), and so with large type and high contrast; each choice is remembered."""

    def _around(request: HttpRequest) -> HttpResponse:
        language = EN if chosen(request, "lang") == "en" else ZH
        asked = {name: request.GET.get(name, "") for name in CHOICES}
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        for name, value in asked.items():
            if value in CHOICES[name]:
                secure = request.is_secure()
                response.set_cookie(name, value, _YEAR, secure=secure, httponly=True, samesite="Lax")
        return response

    return _around


class Slashes(CommonMiddleware):
    """Adds the slash that an address lacks, but sends nobody on to one that holds a person's number: that repeats it."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """False for an address with what may be such a number."""
        return super().should_redirect_with_slash(request) and not any(map(may_name_a_person, request.path.split("/")))


class refusals:  # noqa: N801 - named as the middleware that it is, like its neighbours
    """A refused request is a page that says what is wrong with it, in both languages."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; other errors go on."""
        if not isinstance(error, Refused):
            return None
        return render(request, "400.html", {"said": error.said}, status=400)
