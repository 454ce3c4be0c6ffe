"""Bodies that may be large: read piece by piece into the site's own work folder, and never past the bound."""

from pathlib import Path

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from chengxin.site.api.operations import not_larger, too_large
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Form
from chengxin.site.api.unfit import unfit
from chengxin.site.arriving import FORM, MOST, Arriving
from chengxin.values.errors import Refused, Said
from chengxin.values.text import fitting_name

_BAD_FORM = Said(
    "表单读不懂：请用 multipart/form-data，文件放在 file 中。", "Send multipart/form-data with the file as “file”."
)


class _Into:
    """Writes a file into a folder; of its name the last part is kept, for its ending."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / fitting_name(Path(name).name)
        self._stream = self.path.open("wb", buffering=0)

    def write(self, piece: bytes) -> None:
        """Some bytes."""
        self._stream.write(piece)

    def discard(self) -> None:
        """It goes with its folder."""
        self._stream.close()


def form_of(incoming: HttpRequest, folder: Path) -> tuple[Form, Path]:
    """The fields of a form and its file, which lies in `folder`. Raises Wrong."""
    not_larger(incoming, MOST + FORM)
    came: list[_Into] = []

    def begin(name: str) -> _Into:
        came.append(_Into(folder, name))
        return came[-1]

    incoming.upload_handlers = [Arriving(incoming, begin)]
    try:
        fields = {name: incoming.POST[name] for name in incoming.POST}
    except (MultiPartParserError, SuspiciousOperation, ValueError) as error:
        raise Wrong("bad-form", _BAD_FORM) from error
    except Refused as refusal:
        if refusal.code == "one-file":
            raise Wrong("bad-form", _BAD_FORM) from refusal
        raise
    finally:
        for one in came:
            one.discard()
    if not came:
        raise Wrong("bad-form", _BAD_FORM)
    try:
        return msgspec.convert(fields, Form, strict=False), came[0].path
    except msgspec.ValidationError as error:
        raise unfit(str(error)) from error


def whole_body(incoming: HttpRequest) -> bytes:
    """The body, up to the bound of an upload."""
    not_larger(incoming, MOST)
    content = incoming.read(MOST + 1)
    if len(content) > MOST:
        raise too_large(MOST)
    return content
