"""What the fast workbook reader does not tell: hidden rows and columns, error cells, formulas without a value, extent.

The sheet's XML is looked at as bytes, in pieces; regular expressions run only where a plain search says they must.
"""

import re

# A row longer than this is looked at in parts; nothing legitimate comes near.
_LONGEST_ROW = 8 << 20
_ROW = re.compile(rb"<row\b[^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_FLAT = re.compile(rb'\bht="0(?:\.0*)?"')  # a row without height is not seen either
_NUMBER = re.compile(rb'\br="([0-9]+)"')
_ERROR = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*?\bt="e"[^>]*>(?:<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?\s*(?:<v>([^<]*)</v>)?'
)
_NO_VALUE = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_FAR = re.compile(rb'r="([A-Z]{3,9}|[B-Z][A-Z])([0-9]+)"[^>]*[^>/]>')
_COL = re.compile(rb"<col\b[^>]*>")
MOST_FACTS = 100_000


class SheetFacts:
    """Facts of one sheet, gathered piece by piece with `feed`; b"" ends the feeding."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns = False
        self.errors: list[tuple[int, int, str]] = []
        self.without_value: list[tuple[int, int]] = []
        self.formulas = False
        self.last_row = 0
        self.last_column = 0
        self.plain = True
        self._tail = b""
        self._seen_row = False

    def feed(self, piece: bytes) -> None:
        """One more piece of the sheet's XML."""
        text = self._tail + piece
        cut = text.rfind(b"<row ") if piece else len(text)
        if cut <= 0:
            cut = len(text) if len(text) > _LONGEST_ROW else 0
        self._tail = text[cut:]
        if cut:
            self._look(text[:cut])

    def _look(self, text: bytes) -> None:
        if not self._seen_row:
            self._first(text)
        if b" hidden=" in text or b' ht="0' in text:
            self._look_for_hidden(text)
        if b't="e"' in text and len(self.errors) < MOST_FACTS:
            self.errors += [(int(r), column_of(c), v.decode("utf-8", "replace")) for c, r, v in _ERROR.findall(text)]
        if b"<f>" in text or b"<f " in text:  # not <formula1> of a drop-down
            self.formulas = True
            if len(self.without_value) < MOST_FACTS:
                self.without_value += [(int(r), column_of(c)) for c, r in _NO_VALUE.findall(text)]
        last = text.rfind(b"<row ")
        if last >= 0 and (number := _NUMBER.search(text, last)):
            self.last_row = max(self.last_row, int(number[1]))
        for far in _FAR.finditer(text):
            self.last_column = max(self.last_column, column_of(far[1]))
            self.last_row = max(self.last_row, int(far[2]))
            if self.last_column >= 16_383:
                break

    def _first(self, text: bytes) -> None:
        """Whether this XML is written as all known programs write it: then bytes can be trusted to show the facts."""
        start = text.find(b"<row")
        if start < 0 and b"row" not in text:
            return
        self._seen_row = True
        head = text[start : start + 4096] if start >= 0 else b""
        self.plain = bool(re.match(rb'<row\b[^>]*\br="[0-9]+"', head)) and (b"<c" not in head or b'r="' in head)

    def _look_for_hidden(self, text: bytes) -> None:
        for tag in _ROW.findall(text):
            if (_HIDDEN.search(tag) or _FLAT.search(tag)) and (number := _NUMBER.search(tag)):
                self.hidden_rows.add(int(number[1]))
        self.hidden_columns |= any(_HIDDEN.search(tag) for tag in _COL.findall(text))


def column_of(letters: bytes) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
