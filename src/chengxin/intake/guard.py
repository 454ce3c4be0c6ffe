"""What a zip container must survive before anything in it is opened: size, ratio, names, overlaps, entities."""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from chengxin.intake.task import Task

PIECE = 1 << 20
# Below this size nothing can hurt, and small parts full of one character pack better than any bound allows.
RATIO_FROM = 16 << 20
Look = Callable[[zipfile.ZipInfo], Callable[[bytes], None] | None]
_XML = (".xml", ".rels", ".vml")


def safe_members(archive: zipfile.ZipFile, task: Task) -> list[zipfile.ZipInfo]:
    """The members of a zip whose directory is sound; refuses the container otherwise."""
    members, name = archive.infolist(), task.path.name
    if len(members) > task.bounds.members:
        raise task.refuse("zip-members", name=name, count=len(members), bound=task.bounds.members)
    size = sum(m.file_size for m in members)
    packed = max(1, sum(m.compress_size for m in members))
    if size > task.bounds.unpacked:
        raise task.refuse("zip-bomb", name=name, bound=f"{task.bounds.unpacked >> 20} MB")
    if size > RATIO_FROM and size / packed > task.bounds.ratio:
        raise task.refuse("zip-bomb", name=name, bound=f"{task.bounds.unpacked >> 20} MB")
    names = [m.filename for m in members]
    if any(_outside(n) for n in names) or any(stat.S_ISLNK(m.external_attr >> 16) for m in members):
        raise task.refuse("zip-path", name=name)
    if len({n.casefold() for n in names}) < len(names) or _overlapping(members):
        raise task.refuse("zip-twice", name=name)
    if any(m.flag_bits & 1 for m in members):
        raise task.refuse("has-password", name=name)
    return members


def inflate(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], task: Task, look: Look) -> None:
    """Unpack every member once, keeping nothing, within the bounds: a directory that lies, a damaged member and a
    document type in XML are refused. `look` may give a function that is fed the pieces of a member."""
    total = 0
    for member in members:
        feed = look(member)
        is_xml, tail = member.filename.lower().endswith(_XML), b""
        for piece in pieces(archive, member, task):
            total += len(piece)
            if total > task.bounds.unpacked:
                raise task.refuse("zip-bomb", name=task.path.name, bound=f"{task.bounds.unpacked >> 20} MB")
            if is_xml:
                plain_xml(tail + piece if tail else piece, task, first=not tail)
                tail = piece[-16:]
            if feed is not None:
                feed(piece)
        if feed is not None:
            feed(b"")


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, task: Task) -> Iterator[bytes]:
    """The content of one member, piece by piece; a damaged one is refused."""
    try:
        with archive.open(member) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise task.refuse("broken-zip", name=task.path.name) from error


def plain_xml(piece: bytes, task: Task, first: bool) -> None:
    """Refuses a document type, so that there are no entities, and a wide encoding that would hide one."""
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or (first and b"\0" in piece[:256]):
        raise task.refuse("xml-entities", name=task.path.name)


def _outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or (len(name) > 1 and name[1] == ":")
        or "\\" in name
        or "\0" in name
    )


def _overlapping(members: list[zipfile.ZipInfo]) -> bool:
    """True if two members share bytes of the file: the trick of the smallest bombs."""
    end = -1
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + 30 + len(member.filename) + member.compress_size
    return False


def opened(path: Path, task: Task) -> zipfile.ZipFile:
    """The zip at `path`; refuses a damaged one."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise task.refuse("broken-zip", name=task.path.name) from error
