"""A file that comes by a form: sealed piece by piece as it arrives, counted, refused as soon as it is too large."""

from typing import IO, Any, Never

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from chengxin.intake.received import MEGABYTE, Bounds
from chengxin.site.actions.kept import Sealer
from chengxin.site.folder import site_here
from chengxin.values.errors import Refused, Said

MOST = Bounds().upload
_FORM = MEGABYTE  # that the fields around the file may take


class Sealed(UploadedFile):  # type: ignore[type-arg] # its stubs alone are generic
    """What a form holds in place of a file: its name and what it was sealed by."""

    def __init__(self, name: str, sealer: Sealer) -> None:
        super().__init__(name=name, size=sealer.size)
        self.sealer = sealer


class Sealing(FileUploadHandler):
    """Seals what comes. Nothing of a file lies in the clear, in memory beyond a piece, or in a temporary folder."""

    sealer: Sealer | None = None

    def handle_raw_input(self, input_data: IO[bytes], META: dict[str, str], content_length: int, *more: Any) -> None:  # noqa: N803
        """Refuses what says itself that it is too large, before any of it is read."""
        if content_length > MOST + _FORM:
            _too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins; a form takes one."""
        super().new_file(*args, **kwargs)
        if self.sealer is not None:
            raise Refused("one-file", Said("一次只能上传一个文件。", "One file at a time."))
        self.sealer = Sealer(site_here())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some bytes."""
        if self.sealer is None:
            return
        self.sealer.write(raw_data)
        if self.sealer.size > MOST:
            self.sealer.discard()
            _too_large()

    def file_complete(self, file_size: int) -> Sealed | None:
        """The file is whole."""
        return Sealed(self.file_name or "", self.sealer) if self.sealer else None

    def upload_interrupted(self) -> None:
        """The sender went away, or nobody kept what came."""
        if self.sealer:
            self.sealer.discard()


def sealed_file(page: HttpRequest, field: str) -> tuple[str, Sealer]:
    """Name and seal of the file of a form. Raises Refused if none was chosen or it is empty."""
    found = page.FILES.get(field)
    if not isinstance(found, Sealed):
        raise Refused("no-file", Said("请选择要上传的文件。", "Please choose a file."))
    if not found.sealer.size:
        found.sealer.discard()
        raise Refused("empty-file", Said("文件是空的，请核对后重新选择。", "The file is empty; please choose another."))
    name = "".join(c for c in (found.name or "") if c.isprintable()).strip()[-120:]
    return name or "file", found.sealer


def _too_large() -> Never:
    zh = f"文件超过 {MOST // MEGABYTE} MB。请分成几个文件报送，或联系信用办用命令行导入。"
    raise Refused("too-big", Said(zh, f"The file is larger than {MOST // MEGABYTE} MB. Please split it."))
