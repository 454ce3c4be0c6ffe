"""Verify a report without an account: by its number, as a camera reads it or as it is typed, or by the file itself."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through
from chengxin.site.access.spending import too_many
from chengxin.site.actions import verifying
from chengxin.site.actions.seals import Shown, certificate_here
from chengxin.site.actions.verifying import UNKNOWN, Verdict
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.public import errors
from chengxin.site.public.exports import json_file
from chengxin.values.errors import Refused, Said

MOST = 60  # verifications a minute from one address: numbers of 128 random bits can't be tried out anyway
_FORM = 1 << 16


class InMemory(FileUploadHandler):
    """Holds what comes in memory, up to the size of the largest report, and writes it nowhere."""

    def handle_raw_input(self, input_data: object, META: dict[str, str], content_length: int, *more: object) -> None:  # noqa: N803
        """Refuses what says itself that it is too large, before any of it is read."""
        if content_length > verifying.LARGEST + _FORM:
            raise Refused("too-big", Said("文件太大，不会是本平台的报告。", "The file is too large to be a report."))

    def new_file(self, *args: object, **kwargs: object) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.held = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some bytes."""
        self.held += raw_data
        if len(self.held) > verifying.LARGEST:
            raise Refused("too-big", Said("文件太大，不会是本平台的报告。", "The file is too large to be a report."))

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """The file is whole."""
        return SimpleUploadedFile("report.pdf", bytes(self.held))


@require_safe
@through("public.verify")
def page(request: HttpRequest) -> HttpResponse:
    """The form; a number that was typed leads to its own address."""
    typed = request.GET.get("number", "").strip()[:60]
    if not typed:
        return _shown(request, None)
    try:
        return redirect("verify_number", number=verifying.read(typed))
    except Refused as refusal:
        return _shown(request, None, refusal.said, typed, 400)


@require_safe
@through("public.verify")
def number(request: HttpRequest, number: str) -> HttpResponse:
    """The verdict about a number."""
    if too_many(request, "verify", MOST):
        return errors.too_many(request)
    try:
        verdict = verifying.by_number(number)
    except Refused as refusal:
        return _shown(request, None, refusal.said, number, 400)
    return _shown(request, verdict, status=404 if verdict.state == UNKNOWN else 200)


@require_safe
@through("public.verify")
def number_json(request: HttpRequest, number: str) -> HttpResponse:
    """The same for a program."""
    if too_many(request, "verify", MOST):
        return errors.wait(_refused(errors.WAIT, "too-many", 429))
    try:
        verdict = verifying.by_number(number)
    except Refused as refusal:
        return _refused(refusal.said, refusal.code, 400)
    response = json_file(verdict.as_data())
    response.status_code = 404 if verdict.state == UNKNOWN else 200
    return response


def _refused(said: Said, state: str, status: int) -> HttpResponse:
    response = json_file({"state": state, "said": said.zh, "said_en": said.en})
    response.status_code = status
    return response


@csrf_exempt  # nothing is changed, and nobody's session is looked at
@require_POST
@through("public.verify")
def file(request: HttpRequest) -> HttpResponse:
    """The verdict about a file. It is held in memory while it is looked at and kept nowhere."""
    if too_many(request, "verify", MOST):
        return errors.too_many(request)
    request.upload_handlers = [InMemory(request)]
    found = request.FILES.get("file")
    if found is None:
        return _shown(request, None, Said("请选择报告文件（PDF）。", "Choose the report (PDF)."), status=400)
    return _shown(request, verifying.by_file(found.read()), by_file=True)


@require_safe
@through("public.verify")
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate that seals reports, to be compared with without us."""
    shown = _certificate()
    if shown is None:
        raise Http404
    response = HttpResponse(shown.pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="certificate.pem"'
    return response


def _certificate() -> Shown | None:
    """None where the site has no seal: then it has issued no report either."""
    try:
        return certificate_here(site_here())
    except Refused:
        return None


def _shown(
    request: HttpRequest, verdict: Verdict | None, refused: Said | None = None, typed: str = "", status: int = 200,
    by_file: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "verdict": verdict,
        "refused": refused,
        "typed": typed,
        "by_file": by_file,
        "certificate": _certificate(),
    }
    return render(request, "public/verify.html", context, status=status)
