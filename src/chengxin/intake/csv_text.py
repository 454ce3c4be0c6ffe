"""Text files: which encoding, and a stream of UTF-8 bytes.

What can't be decoded becomes the byte FF, which is never valid UTF-8, so that the line it stands in can be told.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

SAMPLE = 4 << 20
BLOCK = 16 << 20
UNDECODABLE = 0xFF
_TAIL = 64 << 10

_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


@dataclass(frozen=True)
class Encoding:
    """How a text file is written. `bom` is the length in bytes of the mark at its beginning."""

    name: str
    bom: int = 0

    @property
    def shown(self) -> str:
        """As a clerk may have seen it."""
        names = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5hkscs": "Big5"}
        return names.get(self.name, self.name.upper()) + (" BOM" if self.bom and self.name == "utf-8" else "")


def _to_lone_surrogate(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("chengxin.undecodable", _to_lone_surrogate)


def sample_of(path: Path, size: int) -> bytes:
    """The whole of a small file; of a large one its beginning and a piece from the middle, cut at line ends."""
    with path.open("rb") as stream:
        first = stream.read(SAMPLE)
        if size <= SAMPLE:
            return first
        first = first[: first.rfind(b"\n") + 1] or first
        stream.seek(size // 2)
        middle = stream.read(SAMPLE // 4)
    return first + middle[middle.find(b"\n") + 1 : middle.rfind(b"\n") + 1]


def detect(sample: bytes) -> Encoding:
    """The encoding of `sample`: by its mark, by where zero bytes stand, else the one that decodes most lines."""
    for bom, name in _BOMS:
        if name == "utf-8" and sample.startswith(bom):
            # Some programs put the mark of UTF-8 before text that is not.
            return Encoding(_narrow(sample[len(bom) :]), len(bom))
        if sample.startswith(bom):
            return Encoding(name, len(bom))
    wide = _wide(sample)
    if wide:
        return Encoding(wide)
    return Encoding(_narrow(sample))


def _narrow(sample: bytes) -> str:
    """UTF-8, GB18030 or Big5."""
    if _decodes(sample, "utf-8"):
        return "utf-8"
    lines = sample.split(b"\n")
    wrong_utf8 = sum(1 for line in lines if not line.isascii() and not _decodes(line, "utf-8"))
    wrong_gb = sum(1 for line in lines if not line.isascii() and not _decodes(line, "gb18030"))
    if wrong_utf8 < wrong_gb or (wrong_utf8 == wrong_gb and wrong_utf8 * 2 < len(lines)):
        return "utf-8"
    if _mostly_utf8(lines, wrong_utf8):
        return "utf-8"
    return "big5hkscs" if _looks_big5(sample) else "gb18030"


def _mostly_utf8(lines: list[bytes], wrong: int) -> bool:
    """GB18030 accepts almost anything, so a file of which most lines are sound multi-byte UTF-8 is UTF-8."""
    not_ascii = sum(1 for line in lines if not line.isascii())
    return not_ascii > 0 and wrong * 2 < not_ascii


def _decodes(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except UnicodeDecodeError as error:
        # A sample may end in mid-character.
        return error.reason in ("unexpected end of data", "incomplete multibyte sequence") and error.end >= len(text)
    return True


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every comma, digit and line end has a zero byte beside it, always on the same side.

    UTF-32 without a mark: no character reaches the fourth byte, and hardly any the third.
    """
    piece = sample[: 64 * 1024]
    for name, empty in (("utf-32-le", 3), ("utf-32-be", 0)):
        if len(piece) >= 8 and not any(piece[empty::4]) and piece.count(0) * 2 >= len(piece) and _decodes(piece, name):
            return name
    even, odd = piece[0::2].count(0), piece[1::2].count(0)
    if max(even, odd) * 20 < len(piece) or min(even, odd) * 10 > max(even, odd):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    return name if _decodes(piece[: len(piece) // 2 * 2], name) else None


def _looks_big5(sample: bytes) -> bool:
    """Second bytes 40-7E stand in two of five characters of Big5 and hardly ever in simplified text in GB18030."""
    try:
        sample.decode("big5hkscs")
    except UnicodeDecodeError as error:
        if error.end < len(sample):
            return False
    pairs = low = position = 0
    piece = sample[: 256 * 1024]
    while position < len(piece) - 1:
        if piece[position] < 0x80:
            position += 1
            continue
        pairs += 1
        low += 0x40 <= piece[position + 1] <= 0x7E
        position += 2
    return pairs > 0 and low * 100 >= pairs * 15


class Utf8Stream:
    """A file as UTF-8 bytes in blocks, the mark at its beginning left out; `done` counts bytes of the file."""

    def __init__(self, path: Path, encoding: Encoding, block: int = BLOCK) -> None:
        self.path, self.encoding, self.block = path, encoding, block
        self.done = 0

    def __iter__(self) -> Iterator[bytes]:
        """The pieces in order."""
        recode = self._recoder()
        with self.path.open("rb", buffering=0) as stream:
            self.done = self.encoding.bom
            while raw := stream.read(self._to_line_end(stream)):
                self.done += len(raw)
                yield recode(raw, False)
        rest = recode(b"", True)
        if rest:
            yield rest

    def _to_line_end(self, stream: FileIO) -> int:
        """How much to read next: to the last line end of a block, so that blocks need not be cut and joined again."""
        stream.seek(max(0, self.done + self.block - _TAIL))
        tail = stream.read(_TAIL) if self.encoding.name == "utf-8" else b""
        stream.seek(self.done)
        line_end = tail.rfind(b"\n") + 1
        return self.block - _TAIL + line_end if line_end and self.block > _TAIL else self.block

    def _recoder(self) -> Callable[[bytes, bool], bytes]:
        if self.encoding.name == "utf-8":
            return lambda raw, final: raw
        decoder = codecs.getincrementaldecoder(self.encoding.name)("chengxin.undecodable")
        return lambda raw, final: decoder.decode(raw, final).encode("utf-8", "surrogateescape")
