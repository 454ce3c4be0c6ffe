"""What the reading child sends to its parent: small headers as JSON over a pipe, frames as Arrow files beside it.

The work done in the child may ask (`Question`), and is answered by a frame on its standard input.
Never pickled objects: the child has read a stranger's file, and what it says is only data. The frames lie in a folder of
the parent's making, in shared memory where there is one, and go as soon as they are read; the parent tells when, so
that no more than `AHEAD` wait.
"""

import contextlib
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
import polars as pl

from chengxin.intake.received import Chunk, Event, Note, Part, Progress, Question, Result
from chengxin.values.errors import Refused, Said

OUT_OF_MEMORY = 70  # exit status of a child whose sending failed for want of memory
AHEAD = 3
_SIZE = struct.Struct("<Q")


class _Header(msgspec.Struct):
    kind: Literal["part", "note", "progress", "chunk", "result", "question", "refused", "fault", "end"]
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Frames(msgspec.Struct):
    part: str
    number: int


class _Refusal(msgspec.Struct):
    code: str
    said: Said


@dataclass(frozen=True)
class Fault:
    """Our own work on the rows fell: the traceback, to be raised where a developer sees it."""

    trace: str


_NAMES: dict[type, Literal["part", "note", "progress", "result", "question", "fault"]] = {
    Part: "part",
    Note: "note",
    Progress: "progress",
    Result: "result",
    Question: "question",
    Fault: "fault",
}
_TYPES = {name: kind for kind, name in _NAMES.items()}
Sent = Event | Question | Refused | Fault | None


class Sender:
    """The child's end: writes events; waits when `AHEAD` frames have not been fetched."""

    def __init__(self, stream: BinaryIO, fetched: BinaryIO, folder: Path) -> None:
        self._stream, self._fetched, self._folder = stream, fetched, folder
        self._laid = 0

    def send(self, event: Sent) -> None:
        """Write one event; None means that the file has been read to its end. Raises BrokenPipeError if nobody reads."""
        if event is None:
            header = _Header("end")
        elif isinstance(event, Refused):
            header = _Header("refused", msgspec.Raw(msgspec.json.encode(_Refusal(event.code, event.said))))
        elif isinstance(event, Chunk):
            header = _Header("chunk", msgspec.Raw(msgspec.json.encode(self._lay(event))))
        else:
            header = _Header(_NAMES[type(event)], msgspec.Raw(msgspec.json.encode(event)))
        head = msgspec.json.encode(header)
        self._stream.write(_SIZE.pack(len(head)) + head)
        self._stream.flush()

    def answer(self) -> pl.DataFrame:
        """Wait for the answer to a question that was sent. Raises EOFError if nobody is there any more."""
        (size,) = _SIZE.unpack(_exactly(self._fetched, _SIZE.size))
        return pl.read_ipc_stream(io.BytesIO(_exactly(self._fetched, size)))

    def _lay(self, chunk: Chunk) -> _Frames:
        if self._laid >= AHEAD and not self._fetched.read(1):
            raise BrokenPipeError
        self._laid += 1
        for frame, path in zip((chunk.frame, chunk.marks), _paths(self._folder, self._laid), strict=True):
            frame.write_ipc(path, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
        return _Frames(chunk.part, self._laid)


def _paths(folder: Path, number: int) -> tuple[Path, Path]:
    return folder / f"{number}.rows", folder / f"{number}.marks"


class Receiver:
    """The parent's end."""

    def __init__(self, stream: BinaryIO, fetched: BinaryIO, folder: Path) -> None:
        self._stream, self._fetched, self._folder = stream, fetched, folder
        self._count = 0

    def receive(self) -> Sent:
        """Read one event. Raises EOFError if the sender is gone."""
        (size,) = _SIZE.unpack(_exactly(self._stream, _SIZE.size))
        header = msgspec.json.decode(_exactly(self._stream, size), type=_Header)
        match header.kind:
            case "end":
                return None
            case "refused":
                refusal = msgspec.json.decode(header.body, type=_Refusal)
                return Refused(refusal.code, refusal.said)
            case "chunk":
                return self._fetch(msgspec.json.decode(header.body, type=_Frames).part)
            case named:
                sent: Part | Note | Progress | Result | Question | Fault = msgspec.json.decode(
                    header.body, type=_TYPES[named]
                )
                return sent

    def answer(self, frame: pl.DataFrame) -> None:
        """Answer the last question."""
        told = io.BytesIO()
        frame.write_ipc_stream(told, compat_level=pl.CompatLevel.oldest())
        with contextlib.suppress(BrokenPipeError):  # then its end says more
            self._fetched.write(_SIZE.pack(told.tell()) + told.getvalue())
            self._fetched.flush()

    def _fetch(self, part: str) -> Chunk:
        self._count += 1  # the place is ours to know, not the child's to say
        rows, marks = (pl.read_ipc(path) for path in _paths(self._folder, self._count))
        for path in _paths(self._folder, self._count):
            path.unlink()
        with contextlib.suppress(BrokenPipeError):  # it may have ended after its last frame
            self._fetched.write(b".")
            self._fetched.flush()
        return Chunk(part, rows, marks)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
