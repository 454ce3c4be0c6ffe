"""What a start put right, said on the error stream and written down beside the site: one line of JSON each."""

import contextlib
import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec
from django.utils import timezone

from chengxin.site.store.models import ChangeSet
from chengxin.values.errors import Said

NAME = "journal.jsonl"
_TOLD = logging.getLogger("chengxin.site")  # Python writes warnings to the error stream unless told otherwise


def taken_back(folder: Path, changes: Iterable[ChangeSet]) -> None:
    """Say which change sets were half written and are gone."""
    for change in changes:
        of = change.submission.name if change.submission else change.kind
        zh = f"上次运行中断：变更集 {change.number}（{of}）只写了一部分，已全部撤回，没有生效。请重做一次。"
        _note(folder, Said(zh, f"Change set {change.number} ({of}) was half written: taken back. Please do it again."))


def logged(folder: Path, changes: Iterable[int]) -> None:
    """Say which change sets had been recorded and were missing in the log."""
    for number in changes:
        zh = f"上次运行中断：变更集 {number} 已入库、未入日志，现已补入日志，自此生效。"
        _note(folder, Said(zh, f"Change set {number} was recorded but not in the log: it is now, and has effect."))


def lines(folder: Path) -> list[dict[str, str]]:
    """All that was ever put right here, oldest first."""
    path = folder / NAME
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def _note(folder: Path, said: Said) -> None:
    line = {"at": timezone.now().isoformat(timespec="seconds"), "zh": said.zh, "en": said.en}
    with contextlib.suppress(OSError), (folder / NAME).open("ab") as stream:  # for want of a journal nothing waits
        stream.write(msgspec.json.encode(line) + b"\n")
    _TOLD.warning("%s\n%s", said.zh, said.en)
