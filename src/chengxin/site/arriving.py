"""A file that comes by a form, at a desk or by API: taken piece by piece, counted, refused as soon as it is too large."""

from collections.abc import Callable
from typing import IO, Any, Never, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from chengxin.intake.received import MEGABYTE, Bounds
from chengxin.values.errors import Refused, Said

MOST = Bounds().upload  # bytes of an upload (trust 6.4)
FORM = MEGABYTE  # that the fields around the file may take
FIELD = "file"


class Taker(Protocol):
    """What takes the pieces of a file."""

    def write(self, piece: bytes, /) -> object:
        """Take some bytes."""

    def discard(self) -> None:
        """Forget what came."""


class Arriving(FileUploadHandler):
    """Hands the one file of a form, in its field, to whatever `begin` gives for its name. Refuses before it is all read.

    Nothing of a file lies in memory beyond a piece, or in a temporary folder.
    """

    def __init__(self, incoming: HttpRequest, begin: Callable[[str], Taker]) -> None:
        super().__init__(incoming)
        self.begin, self.size = begin, 0
        self.taker: Taker | None = None

    def handle_raw_input(self, input_data: IO[bytes], META: dict[str, str], content_length: int, *more: Any) -> None:  # noqa: N803
        """Refuses what says itself that it is too large, before any of it is read."""
        if content_length > MOST + FORM:
            too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins; a form takes one."""
        super().new_file(*args, **kwargs)
        if self.taker is not None or self.field_name != FIELD:
            raise Refused("one-file", Said("一次只能上传一个文件。", "One file at a time."))
        self.taker = self.begin(self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some bytes."""
        if self.taker is None:
            return
        self.size += len(raw_data)
        if self.size > MOST:
            self.taker.discard()
            too_large()
        self.taker.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """The file is whole."""
        return Arrived(self.file_name or "", self.taker, self.size) if self.taker else None

    def upload_interrupted(self) -> None:
        """The sender went away, or nobody kept what came."""
        if self.taker:
            self.taker.discard()


class Arrived(UploadedFile):  # type: ignore[type-arg] # its stubs alone are generic
    """What a form holds in place of a file: its name and what took it."""

    def __init__(self, name: str, taker: Taker, size: int) -> None:
        super().__init__(name=name, size=size)
        self.taker = taker


def too_large() -> Never:
    """Raises Refused (too-large)."""
    zh = f"文件超过 {MOST // MEGABYTE} MB。请分成几个文件报送，或联系信用办用命令行导入。"
    raise Refused("too-large", Said(zh, f"The file is larger than {MOST // MEGABYTE} MB. Please split it."))
