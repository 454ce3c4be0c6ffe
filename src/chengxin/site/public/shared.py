"""A report that its subject shows: whoever has the link and types its code sees it and may take the file. No account.

Nothing of it is kept on the way, indexed, or told to other sites; the address alone opens nothing and tells nothing.
"""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.sharing.outlets import through
from chengxin.site.access.spending import too_many
from chengxin.site.actions import shares
from chengxin.site.actions.reports import file_name
from chengxin.site.folder import site_here
from chengxin.site.public import errors

MOST = 20  # tries a minute from one address
_SALT = "chengxin.shared"
_MINUTES = 15  # for so long the file can be had without typing the code again
_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@csrf_exempt  # a code is given, nobody's session is looked at
@require_http_methods(["GET", "HEAD", "POST"])
@through("holder.report")
def page(request: HttpRequest, identity: str) -> HttpResponse:
    """The question for the code, the same whether there is such a link; with the right code the report."""
    if request.method != "POST":
        return _closed(render(request, "public/shared.html", {"identity": identity}))
    if too_many(request, "shared", MOST):
        return _closed(errors.too_many(request))
    found = shares.opened_with_code(site_here(), identity, request.POST.get("code", "")[:40])
    if found is None:
        return _refused(request, identity)
    context = {
        "identity": identity,
        "told": found.told,
        "verdict": found.verdict,
        "last_day": found.share.last_day,
        "pass": signing.dumps(identity, salt=_SALT),
    }
    return _closed(render(request, "public/shared.html", context))


@csrf_exempt
@require_POST
@through("holder.report_file")
def file(request: HttpRequest, identity: str) -> HttpResponse:
    """The sealed file, for some minutes after the code was given."""
    if too_many(request, "shared", MOST):
        return _closed(errors.too_many(request))
    found = shares.opened_again(site_here(), identity) if _passed(request, identity) else None
    if found is None:
        return _refused(request, identity)
    response = HttpResponse(found.file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(found.share.report)}.pdf"'
    return _closed(response)


def _passed(request: HttpRequest, identity: str) -> bool:
    try:
        return bool(signing.loads(request.POST.get("pass", ""), salt=_SALT, max_age=_MINUTES * 60) == identity)
    except signing.BadSignature:
        return False


def _refused(request: HttpRequest, identity: str) -> HttpResponse:
    return _closed(render(request, "public/shared.html", {"identity": identity, "refused": True}, status=403))


def _closed(response: HttpResponse) -> HttpResponse:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
