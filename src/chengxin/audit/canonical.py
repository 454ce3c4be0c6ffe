"""The one byte form that is hashed: JSON after RFC 8785, text in NFC, no numbers but integers.

Keys in order of their UTF-16 units, no blanks, every character as itself except those that JSON must escape. Integers
stay within ±(2^53-1), which every reader of JSON holds exactly; money is in fen; days and times are text. Whoever makes
content has its text put into NFC here; whoever checks hashes what was handed over and needs no table of Unicode.
"""

import json
import unicodedata
from collections.abc import Mapping

import polars as pl

# Mapping of text to Content, list or tuple of Content, or a leaf: text, integer, truth, nothing.
Content = Mapping[str, "Content"] | list["Content"] | tuple["Content", ...] | str | int | bool | None

LARGEST = 2**53 - 1
DEEPEST = 32
# Text of these characters alone is in NFC already: most text of a district, so most columns need no second look.
PLAIN = r"\x00-\x{2ff}\x{2010}-\x{2027}\x{3001}-\x{3029}\x{4e00}-\x{9fff}\x{ff01}-\x{ff5e}"


def canonical(value: Content) -> bytes:
    """The canonical bytes of a value. Raises ValueError for what has none: floats, dates, large integers, lone surrogates.

    Keys that become one in NFC are refused; texts that are one in NFC have the same bytes.
    """
    return json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":")).encode()


def read(data: bytes) -> Content:
    """The value of JSON bytes from anywhere. Raises ValueError for bad JSON, a key given twice, and what `canonical` refuses."""
    try:
        value: Content = json.loads(data.decode(), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
        canonical(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def canonical_rows(frame: pl.DataFrame) -> pl.Series:
    """`canonical` of every row as an object, in bulk: Binary, as long as the frame.

    Columns are String, Boolean, integer or null; any other type, and an integer beyond `LARGEST`, raises ValueError.
    """
    names = [unicodedata.normalize("NFC", name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise ValueError("two columns have one name in NFC")
    renamed = frame.rename(dict(zip(frame.columns, names, strict=True)))
    columns = [_column(renamed[name]) for name in sorted(names, key=_utf16)]
    return pl.DataFrame(columns).to_struct().struct.json_encode().cast(pl.Binary)


def _column(column: pl.Series) -> pl.Series:
    if column.dtype.is_integer():
        for extreme in (column.min(), column.max()):
            if isinstance(extreme, int):
                _within(extreme)
        return column
    if column.dtype not in (pl.String, pl.Boolean, pl.Null):
        raise ValueError(f"column {column.name} has type {column.dtype}: text, truths and integers only")
    return _nfc(column) if column.dtype == pl.String else column


def _nfc(texts: pl.Series) -> pl.Series:
    doubtful = texts.str.contains(f"[^{PLAIN}]").arg_true()
    if not len(doubtful):
        return texts
    return texts.clone().scatter(doubtful, [unicodedata.normalize("NFC", text) for text in texts.gather(doubtful)])


def _ordered(value: object, depth: int) -> Content:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _within(value)
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, list | tuple):
        return [_ordered(item, depth + 1) for item in value]
    raise ValueError(f"no canonical form for {type(value).__name__}")


def _object(value: Mapping[object, object], depth: int) -> Content:
    pairs = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise ValueError("a key must be text")
        pairs.append((unicodedata.normalize("NFC", key), _ordered(item, depth + 1)))
    return dict(sorted(_once(pairs).items(), key=lambda pair: _utf16(pair[0])))


def _once(pairs: list[tuple[str, Content]]) -> dict[str, Content]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _within(number: int) -> int:
    if abs(number) > LARGEST:
        raise ValueError("an integer beyond 2^53-1")
    return number


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _refuse(literal: str) -> Content:
    raise ValueError(f"not an integer: {literal}")
