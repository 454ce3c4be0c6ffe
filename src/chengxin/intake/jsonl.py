"""JSON Lines, and a JSON array of objects: keys are headings, the row number is the line (in an array, the place)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from chengxin.intake import grid
from chengxin.intake.csv_text import BLOCK, Encoding, Utf8Stream, detect, sample_of
from chengxin.intake.table import Block, Facts, HeadRow, Layout, marks_frame
from chengxin.intake.task import Task

_BATCH = 8_192
_NAME = re.compile(rb'"\s*:')
# One object around the records, as database programs export them: {"RECORDS": [{…}, …]}.
_WRAPPED = re.compile(rb'\s*\{\s*"[^"]{1,80}"\s*:\s*\[\s*\{')


class JsonTable:
    """A file of objects as a table; the headings are all keys that occur anywhere in it."""

    name = ""
    delimiter: str | None = None

    def __init__(self, path: Path, task: Task, block: int = BLOCK) -> None:
        self._path, self._task, self._block = path, task, block
        self._encoding: Encoding = detect(sample_of(path, path.stat().st_size))
        self.encoding: str | None = self._encoding.shown
        self.facts = Facts()
        self.done = 0
        first = next(iter(Utf8Stream(path, self._encoding, 1 << 16)), b"")
        self._is_array = first.lstrip().startswith(b"[") or self._is_wrapped(first)
        self._end = b"\r" if b"\r" in first and b"\n" not in first else b"\n"
        self._keys = self._all_keys()

    def head(self) -> list[HeadRow]:
        """The keys, as a row above the first."""
        return [HeadRow(0, self._keys)]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """The objects."""
        keys = self._keys[: layout.width]
        rows: list[list[Any]] = []
        marks: list[grid.CellMark] = []
        start = 1
        for number, item in self._items():
            if not rows:
                start = number
            # Blank lines are no objects but have their number.
            rows += [[None] * len(keys)] * (number - start - len(rows))
            if isinstance(item, str):
                rows.append([None] * len(keys))
                marks.append((number, None, item, None))
            else:
                rows.append([_cell(item.get(k), number, i, marks) for i, k in enumerate(keys)])
            if len(rows) >= _BATCH:
                yield from self._blocks(rows, start, layout, marks)
                rows, marks = [], []
        if rows:
            yield from self._blocks(rows, start, layout, marks)

    def _blocks(self, rows: list[list[Any]], start: int, layout: Layout, marks: list[grid.CellMark]) -> Iterator[Block]:
        found = grid.blocks(rows, start, layout)
        for block in found:
            last = block.frame["row"][-1]
            here = [m for m in marks if block.frame["row"][0] <= m[0] <= last]
            yield Block(block.frame, block.marks.vstack(marks_frame(here)))

    def _all_keys(self) -> list[str]:
        keys: dict[str, None] = {}
        seen: tuple[str, ...] = ()
        for _, item in self._items():
            if isinstance(item, dict) and (names := tuple(item)) != seen:
                keys |= dict.fromkeys(names)
                seen = names
                if len(keys) > self._task.bounds.columns:
                    break
        if not keys:
            raise self._task.refuse("json-not-objects", name=self._task.path.name)
        return list(keys)

    def _items(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Row number and object, or the mark that says why it is none."""
        if self._is_array:
            yield from enumerate(map(self._object, self._array()), 1)
            return
        for number, line in enumerate(self._lines(), 1):
            if line.strip():
                yield number, self._object(line)

    def _is_wrapped(self, first: bytes) -> bool:
        """Whether the file is one object that holds nothing but the records: not the first of many lines."""
        if not _WRAPPED.match(first) or self._path.stat().st_size > self._task.bounds.unpacked:
            return False
        try:
            outer = msgspec.json.decode(
                b"".join(Utf8Stream(self._path, self._encoding)), type=dict[str, list[msgspec.Raw]]
            )
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        return len(outer) == 1

    def _array(self) -> Iterator[bytes]:
        content = b"".join(Utf8Stream(self._path, self._encoding))
        if not content.lstrip().startswith(b"["):
            content = content[content.index(b"[") : content.rindex(b"]") + 1]
        if len(content) > self._task.bounds.unpacked:
            raise self._task.refuse(
                "too-big",
                name=self._path.name,
                size=f"{len(content) >> 20} MB",
                bound=f"{self._task.bounds.unpacked >> 20} MB",
            )
        try:
            items = msgspec.json.decode(content, type=list[msgspec.Raw])
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._task.refuse("json-broken", name=self._task.path.name) from error
        del content
        yield from map(bytes, items)

    def _lines(self) -> Iterator[bytes]:
        stream = Utf8Stream(self._path, self._encoding, self._block)
        rest: list[bytes] = []
        kept = 0
        for data in stream:
            *lines, last = data.split(self._end)
            self.done = stream.done
            if lines:
                lines[0] = b"".join([*rest, lines[0]])
                rest, kept = [], 0
                yield from lines
            # Of an endless line only enough is kept to know that it is too long.
            if kept <= self._task.bounds.row:
                rest.append(last[: self._task.bounds.row + 1])
                kept += len(rest[-1])
        if rest and any(rest):
            yield b"".join(rest)

    def _object(self, line: bytes) -> dict[str, Any] | str:
        if len(line) > self._task.bounds.row:
            return "row_too_long"
        if b"\xff" in line:
            return "bytes_undecodable"
        most = self._task.bounds.json_depth
        if line.count(b"[") + line.count(b"{") > most and _depth(line) > most:
            return "not_an_object"
        line = line.rstrip().removesuffix(b",")  # lines of an array whose brackets were cut away
        try:
            item = msgspec.json.decode(line)
        except UnicodeDecodeError:
            return "bytes_undecodable"
        except (msgspec.DecodeError, RecursionError, ValueError):
            return "not_an_object"
        return _checked(line, item)


def _cell(value: Any, number: int, position: int, marks: list[grid.CellMark]) -> Any:
    if isinstance(value, dict | list):
        marks.append((number, position, "cell_error", "{…}" if isinstance(value, dict) else "[…]"))
        return None
    return value


def _checked(line: bytes, item: Any) -> dict[str, Any] | str:
    if not isinstance(item, dict):
        return "not_an_object"
    return "name_twice" if _twice(line, item) else item


def _twice(line: bytes, item: dict[str, Any]) -> bool:
    """True if a name stands twice in the object: readers differ in which value they take. Cheap counts come first."""
    if line.count(b":") <= len(item) or len(_NAME.findall(line)) <= len(item):
        return False
    pairs = json.loads(line, object_pairs_hook=lambda found: found)
    return len(pairs) > len(item)


def _depth(line: bytes) -> int:
    """How deep objects and arrays are nested; brackets inside strings count too, which only errs on the safe side."""
    depth = deepest = 0
    for byte in line:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
