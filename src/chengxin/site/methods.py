"""Which methods a page takes. What is only looked at answers any other with 405, also without the mark of a form."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.views.decorators import http
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def require_safe(view: View) -> View:
    """A view of GET and HEAD alone. It takes no form, so none is looked at for its mark: that would answer 403 first."""
    safe: View = csrf_exempt(http.require_safe(view))
    return safe
