"""Bodies that may be large: read piece by piece into the site's own work folder, and never past the bound."""

from pathlib import Path
from typing import IO, Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from chengxin.site.api.operations import not_larger, too_large, unfit
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Form
from chengxin.values.errors import Said

MOST = 50 << 20  # bytes of an upload (trust 6.4)
_BAD_FORM = Said(
    "表单读不懂：请用 multipart/form-data，文件放在 file 中。", "Send multipart/form-data with the file as “file”."
)


class _Into(FileUploadHandler):
    """Writes the one file of a form into a folder."""

    def __init__(self, incoming: HttpRequest, folder: Path) -> None:
        super().__init__(incoming)
        self.folder = folder
        self.path: Path | None = None
        self._stream: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The file begins; of its name the last part is kept, for its ending."""
        super().new_file(*args, **kwargs)
        if self.path is not None or self.field_name != "file":
            raise Wrong("bad-form", _BAD_FORM)
        self.path = self.folder / (Path(self.file_name or "").name[-100:] or "file")
        self._stream = self.path.open("wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        if self._stream:
            if self._stream.tell() + len(raw_data) > MOST:
                raise too_large(MOST)
            self._stream.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """Its end."""
        if self._stream:
            self._stream.close()
        return UploadedFile(name=self.file_name, size=file_size)


def form_of(incoming: HttpRequest, folder: Path) -> tuple[Form, Path]:
    """The fields of a form and its file, which lies in `folder`. Raises Wrong."""
    not_larger(incoming, MOST + (1 << 20))
    into = _Into(incoming, folder)
    incoming.upload_handlers = [into]
    try:
        fields = {name: incoming.POST[name] for name in incoming.POST}
    except (MultiPartParserError, SuspiciousOperation, ValueError) as error:
        raise Wrong("bad-form", _BAD_FORM) from error
    if into.path is None:
        raise Wrong("bad-form", _BAD_FORM)
    try:
        return msgspec.convert(fields, Form, strict=False), into.path
    except msgspec.ValidationError as error:
        raise unfit(str(error)) from error


def whole_body(incoming: HttpRequest) -> bytes:
    """The body, up to the bound of an upload."""
    not_larger(incoming, MOST)
    content = incoming.read(MOST + 1)
    if len(content) > MOST:
        raise too_large(MOST)
    return content
