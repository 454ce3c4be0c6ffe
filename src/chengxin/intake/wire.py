"""What the reading child sends to its parent: a small header as JSON, frames as Arrow IPC.

Never pickled objects: the child has read a stranger's file, and what it says is only data.
"""

import io
import struct
from typing import BinaryIO, Literal

import msgspec
import polars as pl

from chengxin.intake.received import Chunk, Event, Note, Part, Progress
from chengxin.values.errors import Refused, Said

OUT_OF_MEMORY = 70  # exit status of a child whose sending failed for want of memory
_FRAME = struct.Struct("<QQQ")


class _Header(msgspec.Struct):
    kind: Literal["part", "note", "progress", "chunk", "refused", "end"]
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Refusal(msgspec.Struct):
    code: str
    said: Said


_NAMES: dict[type, Literal["part", "note", "progress"]] = {Part: "part", Note: "note", Progress: "progress"}
Sent = Event | Refused | None


def send(stream: BinaryIO, event: Sent) -> None:
    """Write one event; None means that the file has been read to its end."""
    frame = marks = memoryview(b"")
    if event is None:
        header = _Header("end")
    elif isinstance(event, Refused):
        header = _Header("refused", msgspec.Raw(msgspec.json.encode(_Refusal(event.code, event.said))))
    elif isinstance(event, Chunk):
        header = _Header("chunk", msgspec.Raw(msgspec.json.encode(event.part)))
        frame, marks = _arrow(event.frame), _arrow(event.marks)
    else:
        header = _Header(_NAMES[type(event)], msgspec.Raw(msgspec.json.encode(event)))
    head = msgspec.json.encode(header)
    stream.write(_FRAME.pack(len(head), len(frame), len(marks)))
    for piece in (head, frame, marks):
        stream.write(piece)
    stream.flush()


def receive(stream: BinaryIO) -> Sent:
    """Read one event. Raises EOFError if the sender is gone."""
    sizes = _FRAME.unpack(_exactly(stream, _FRAME.size))
    header = msgspec.json.decode(_exactly(stream, sizes[0]), type=_Header)
    frame, marks = (_exactly(stream, size) for size in sizes[1:])
    match header.kind:
        case "end":
            return None
        case "refused":
            refusal = msgspec.json.decode(header.body, type=_Refusal)
            return Refused(refusal.code, refusal.said)
        case "chunk":
            part = msgspec.json.decode(header.body, type=str)
            return Chunk(part, pl.read_ipc_stream(frame), pl.read_ipc_stream(marks))
        case "part":
            return msgspec.json.decode(header.body, type=Part)
        case "note":
            return msgspec.json.decode(header.body, type=Note)
        case "progress":
            return msgspec.json.decode(header.body, type=Progress)


def _arrow(frame: pl.DataFrame) -> memoryview:
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
    return buffer.getbuffer()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
