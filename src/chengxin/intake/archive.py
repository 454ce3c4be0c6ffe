"""A zip of files: each member is a part of its own. They are unpacked into the workspace, never by their own path."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from chengxin.intake import guard
from chengxin.intake.hiding import hide_in
from chengxin.intake.kind import kind_of
from chengxin.intake.task import Task
from chengxin.values.errors import Refused, Said
from chengxin.values.text import fitting_name

_UTF8_NAME = 0x800


@dataclass(frozen=True)
class Member:
    """One file of a zip: its name inside, and the task of reading it where it was unpacked."""

    name: str
    kind: str
    task: Task
    done: int


def members(task: Task) -> Iterator[Member]:
    """The files of the zip, each unpacked while it is read. One that can't be read refuses the whole, by name."""
    with ExitStack() as stack:
        archive = stack.enter_context(guard.opened(task.path, task))
        infos = [m for m in guard.safe_members(archive, task) if not m.is_dir() and not _aside(m.filename)]
        guard.inflate(archive, infos, task, lambda _: None)
        folder = task.workspace or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengxin-")))
        done = 0
        for index, info in enumerate(infos):
            name = hide_in(shown_name(info), "text", task.order.day)
            path = _unpacked(archive, info, folder / f"{index:04d}", name, task)
            yield Member(name, _kind(replace(task, path=path), name, task), replace(task, path=path), done)
            path.unlink()
            done += info.compress_size


def _kind(member: Task, name: str, task: Task) -> str:
    try:
        kind = kind_of(member.path, member)
    except Refused as refused:
        raise named(refused, name) from refused
    if kind == "zip":
        raise task.refuse("zip-in-zip", name=task.path.name, member=name)
    return kind


def named(refused: Refused, member: str) -> Refused:
    """The same refusal, saying which member of the zip it is about."""
    said = refused.said
    return Refused(refused.code, Said(f"压缩包里的“{member}”：{said.zh}", f"In the zip, '{member}': {said.en}"))


def shown_name(info: ZipInfo) -> str:
    """The name as its maker saw it: old Chinese tools write GBK and don't say so."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _aside(name: str) -> bool:
    """Files that packers leave behind."""
    return any(
        p == "__MACOSX" or p.startswith(".") or p in ("Thumbs.db", "desktop.ini") for p in PurePosixPath(name).parts
    )


def _unpacked(archive: ZipFile, info: ZipInfo, folder: Path, name: str, task: Task) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / fitting_name(PurePosixPath(name).name)
    with path.open("wb") as stream:
        for piece in guard.pieces(archive, info, task):
            stream.write(piece)
    return path
