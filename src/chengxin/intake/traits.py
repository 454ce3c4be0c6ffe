"""One look at the bytes of a block of text, so that costly looks at single cells are taken only where they can find something.

What is told here may err to one side only: a trait that is not there is not there in any cell (a property test holds
this against the looks themselves). Text is UTF-8; every character of interest is told by its first three bytes.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from chengxin.intake.received import Traits
from chengxin.values.text import IDENTITY_MASK

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
_SLICE = 1 << 19  # with the scratch it stays in the processor's nearer cache
_OVERLAP = 256
# Fourteen digits with what may part them (hiding.py), as far as it is not told by rarer characters: in plain bytes, and in all.
_NUMBER = re.compile(rb"(?:[0-9][ \-./,]{0,3}){14}")
_RARE = rb"|\xe3\x80[\x81\x82]|\xef\xbc[\x8c\x8e\x8f]|\xc2\xb7|\xe2\x80[\x90-\x95]|\xe2\x88\x92"
_PARTED, _PARTED_COMMA = (re.compile(rb"(?:[0-9](?:[" + b + rb" \-./]" + _RARE + rb"){0,3}){14}") for b in (b"", b","))
_REACH = 160  # bytes: so far the digits of one number stand from each other at most
_LEAST = 15  # bytes that fourteen digits with a mark among them take
_AROUND = np.arange(-_LEAST, _LEAST)
_LIKE = np.isin(
    np.arange(256), [*b"0123456789 -./\xe3\x80\x81\x82\xef\xbc\x8c\x8e\x8f\xc2\xb7\xe2\x88", *range(0x90, 0x96)]
)
_LIKE_COMMA = _LIKE | (np.arange(256) == ord(","))
_MARKS = 1 << 14  # marks looked at at once
_MANY = 256  # candidates looked at one by one before a slice is taken as holding numbers
_MASK = IDENTITY_MASK.encode()
_TAB, _LF, _CR = 0x09, 0x0A, 0x0D


def count_byte(data: bytes, value: int) -> int:
    """How often one byte occurs: `bytes.count` takes five times as long where it occurs often."""
    text = np.frombuffer(data, dtype=np.uint8)
    return sum(int(np.count_nonzero(text[at : at + _SLICE] == value)) for at in range(0, len(text), _SLICE))


def traits_of(data: bytes, delimiter: str, records: int) -> Traits:
    """The traits of a block of `records` complete records with regular quotes."""
    return _Look(data, delimiter.encode()).traits(records)


class _Look:
    """A block and scratch that is used again for each slice: making arrays would cost more than looking."""

    def __init__(self, data: bytes, cut: bytes) -> None:
        self._data, self._cut = data, cut
        self._text = np.frombuffer(data, dtype=np.uint8)
        self._spaced = b" " in data
        self._bytes = np.empty(_SLICE + _OVERLAP, np.uint8)
        self._flags, self._more = np.empty(_SLICE + _OVERLAP, np.bool_), np.empty(_SLICE + _OVERLAP, np.bool_)

    def traits(self, records: int) -> Traits:
        """All four traits. What nobody sees, odd spaces and line breaks may part the digits of a number as well."""
        numbers, rare = False, []
        for start, piece, own in self._slices():
            numbers = numbers or self._long_number(piece)
            rare.append(self._rare(piece[:own]) + start)
        at = np.concatenate(rare) if rare else np.empty(0, np.intp)
        first = self._text[at]
        controls = first[first < 0x20]
        beyond = first >= 0x80
        told, marks = _told(self._text, at[beyond], first[beyond])
        lines = int(np.count_nonzero(controls == _LF))
        strange = lines + sum(int(np.count_nonzero(controls == b)) for b in (_TAB, _CR)) < len(
            controls
        )  # some are white space
        inside = strange or lines != records or self._tab_in_cell(controls)
        odd = told.odd or strange or b"\x7f" in self._data
        numbers = numbers or told.numbers or odd or told.loose or inside
        numbers = numbers or self._parted(marks, self._cut != b",") or self._parted(self._commas(), True)
        return Traits(
            odd=odd or numbers or _MASK in self._data,
            loose=told.loose or inside or self._spaces_at_ends(),
            numbers=numbers,
            errors=self._errors_at_start(),
        )

    def _slices(self) -> Iterator[tuple[int, Bytes, int]]:
        """Overlapping slices: where each begins, its bytes, and how many of them are its own."""
        for start in range(0, len(self._text), _SLICE):
            yield start, self._text[start : start + _SLICE + _OVERLAP], min(_SLICE, len(self._text) - start)

    def _tab_in_cell(self, controls: Bytes) -> bool:
        """Whether a tab may stand in a cell: where tabs divide cells, only quotes can hold one."""
        return b'"' in self._data if self._cut == b"\t" else bool((controls == _TAB).any())

    def _spaces_at_ends(self) -> bool:
        cut, data = self._cut, self._data
        ends = (b" " + cut, cut + b" ", b" \n", b"\n ", b" \r", b'" ', b' "')
        return self._spaced and (data[:1] == b" " or any(end in data for end in ends))

    def _errors_at_start(self) -> bool:
        starts = (self._cut + b"#", b"\n#", b'"#')
        return b"#" in self._data and (self._data[:1] == b"#" or any(start in self._data for start in starts))

    def _long_number(self, piece: Bytes) -> bool:
        """Whether fourteen digits stand in a row, only plain bytes that may part them between. A comma that may divide cells
        is not looked at here."""
        first = 0x2D if self._cut == b"," else 0x2C  # , - . / and digits
        like = self._flags[: len(piece)]
        np.less(np.subtract(piece, np.uint8(first), out=self._bytes[: len(piece)]), 0x3A - first, out=like)
        if self._spaced:
            like |= np.equal(piece, 0x20, out=self._more[: len(piece)])
        if not self._fourteen(like):
            return False
        runs, at = like.tobytes(), 0
        for _ in range(_MANY):
            at = runs.find(b"\1" * 14, at)
            if at < 0:
                return False
            end = runs.find(b"\0", at)
            if end < 0 or _NUMBER.search(piece[at:end].tobytes()):
                return True
            at = end
        return True

    def _commas(self) -> NDArray[np.intp]:
        """Where commas stand inside cells, if commas divide these: between the quotes."""
        if self._cut != b"," or b'"' not in self._data:
            return np.empty(0, np.intp)
        commas, quotes = np.flatnonzero(self._text == 0x2C), np.flatnonzero(self._text == 0x22)
        first, last = (np.searchsorted(commas, quotes[side::2]) for side in (0, 1))
        holding = np.flatnonzero(last > first[: len(last)])
        return np.concatenate([np.empty(0, np.intp), *(commas[first[i] : last[i]] for i in holding)])

    def _parted(self, marks: NDArray[np.intp], comma: bool) -> bool:
        """Whether fourteen digits stand in a row, one of these marks among them; `comma`: perhaps commas too."""
        like, pattern = (_LIKE_COMMA, _PARTED_COMMA) if comma else (_LIKE, _PARTED)
        marks, looked_at = marks[like.take(self._text.take(marks - 1, mode="clip"))], 0  # before most stands a word
        near = {place: like.take(self._text.take(marks + place, mode="clip")) for place in (-8, -6, -4, 3, 5, 7)}
        marks = marks[(near[-8] & near[-6] & near[-4]) | (near[3] & near[5] & near[7])]  # so long is one side of a run
        for start in range(0, len(marks), _MARKS):
            some = marks[start : start + _MARKS]
            alike = like.take(self._text.take(some[:, None] + _AROUND, mode="clip"))
            left, right = alike[:, _LEAST - 1 :: -1], alike[:, _LEAST:]
            run = sum(np.logical_and.accumulate(side, axis=1).sum(axis=1) for side in (left, right))
            for at in some[run >= _LEAST].tolist():
                looked_at += 1
                if looked_at > _MANY or pattern.search(self._data, max(0, at - _REACH), at + _REACH):
                    return True
        return False

    def _fourteen(self, like: Flags) -> bool:
        """Whether fourteen in a row may hold: these have six pairs in a row, wherever they begin."""
        size = len(like) // 2 - 5
        if size < 1:
            return False
        pairs = self._more[: len(like) // 2]
        np.equal(like[: 2 * len(pairs)].view(np.uint16), 0x0101, out=pairs)
        for step, reach in ((1, 4), (2, 2), (2, 0)):
            np.logical_and(pairs[: size + reach], pairs[step : size + reach + step], out=pairs[: size + reach])
        return bool(pairs[:size].any())

    def _rare(self, piece: Bytes) -> NDArray[np.intp]:
        """Where characters from U+0080 to U+3FFF and from U+E000 on begin, and controls but tabs that divide cells: bytes
        from C2 to E3 and from EE to 1F."""
        rare, flags, scratch = (array[: len(piece)] for array in (self._flags, self._more, self._bytes))
        np.less(np.subtract(piece, np.uint8(0xC2), out=scratch), 0x22, out=rare)
        rare |= np.less(np.subtract(piece, np.uint8(0xEE), out=scratch), 0x32, out=flags)
        if self._cut == b"\t":
            rare &= np.not_equal(piece, _TAB, out=flags)
        return np.flatnonzero(rare)


def _told(text: Bytes, at: NDArray[np.intp], a: Bytes) -> tuple[Traits, NDArray[np.intp]]:
    """What the rarer characters tell, by their first three bytes (`a`: the first), and where those are that may part digits.
    Punctuation of full width and Chinese punctuation, the commonest of them by far, are told apart first."""
    b, c = (text.take(at + place, mode="clip") for place in (1, 2))
    full, chinese = (a == 0xEF) & (b == 0xBC), (a == 0xE3) & (b == 0x80)
    wide = (full & (((c >= 0x90) & (c <= 0x99)) | (c == 0x8D))).any()  # full-width digits and hyphen
    space = (chinese & (c == 0x80)).any()  # U+3000
    marks = [at[(full & ((c == 0x8C) | (c == 0x8E) | (c == 0x8F))) | (chinese & ((c == 0x81) | (c == 0x82)))]]
    others = np.flatnonzero(~(full | chinese))
    at, (a, b, c) = at.take(others), (array.take(others) for array in (a, b, c))
    general = (a == 0xE2) & (b == 0x80)  # general punctuation U+2000 to U+203F
    further = (a == 0xE2) & (b == 0x81)  # U+2040 to U+207F
    odd = (a == 0xEE) | (a >= 0xF3) | ((a == 0xC2) & ((b <= 0x9F) | (b == 0xAD)))
    odd |= ((a == 0xCD) & (b == 0x8F)) | ((a == 0xD8) & (b == 0x9C)) | ((a == 0xE1) & (b == 0xA0) & (c == 0x8E))
    odd |= general & (((c >= 0x8B) & (c <= 0x8F)) | ((c >= 0xA8) & (c <= 0xAE)))
    odd |= further & (c >= 0xA0)
    odd |= (a == 0xEF) & ((b <= 0xA3) | ((b == 0xB8) & (c <= 0x8F)) | ((b == 0xBB) & (c == 0xBF)))
    odd |= (a == 0xEF) & (b == 0xBF) & (c >= 0xB9)
    loose = ((a == 0xC2) & ((b == 0xA0) | (b == 0x85))) | ((a == 0xE1) & (b == 0x9A) & (c == 0x80))
    loose |= (general & ((c <= 0x8A) | (c == 0xA8) | (c == 0xA9) | (c == 0xAF))) | (further & (c == 0x9F))
    dashes = (general & (c >= 0x90) & (c <= 0x95)) | ((a == 0xE2) & (b == 0x88) & (c == 0x92))
    marks.append(at[dashes | ((a == 0xC2) & (b == 0xB7))])
    return Traits(bool(odd.any()), bool(loose.any() or space), bool(wide), False), np.concatenate(marks)
