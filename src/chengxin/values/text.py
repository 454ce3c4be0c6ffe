"""Text as clerks write it: what is invisible, what only looks different, and how names and headings compare."""

import re
import unicodedata
from functools import lru_cache

import polars as pl

from chengxin.values.script import in_simplified

# Characters that a reader can't see and that make equal text unequal: zero-width, direction marks, soft hyphen, controls,
# selectors of variants, tags, and what is no character.
INVISIBLE = [
    *map(chr, range(0x09)),
    *map(chr, (0x0B, 0x0C, 0xAD, 0x034F, 0x061C, 0x180E, 0xFEFF)),
    *map(chr, range(0x0E, 0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *map(chr, range(0x200B, 0x2010)),
    *map(chr, range(0x2028, 0x202F)),
    *map(chr, range(0x2060, 0x2070)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, (*range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF)),
    *map(chr, (0xE0001, *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0))),
]
# One class for both engines: Python's `re` and the Rust expressions of Polars.
INVISIBLE_CLASS = "[" + "".join(INVISIBLE) + "]"
PRIVATE_USE_CLASS = "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
# What Unicode calls white space, and so the Rust functions of Polars; Python's `strip` takes the controls 1C to 1F too.
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# What stands in a frame where a cell held the number of a person's identity card or passport.
IDENTITY_MASK = "〔证件号码已隐去〕"
REPLACEMENT = "\ufffd"

_OPENING, _CLOSING = "（〔［【｛〈《([{<", "）〕］】｝〉》)]}>"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))


def nfkc(text: str) -> str:
    """Full-width and compatibility forms as plain characters."""
    return unicodedata.normalize("NFKC", text)


def fold_name(name: str) -> str:
    """A name reduced to what tells registered names apart: width, case, brackets, spaces and middle dots do not."""
    plain = nfkc(name).translate(_BRACKETS).upper()
    return re.sub(r"[\s·•・‧.]+", "", re.sub(INVISIBLE_CLASS, "", plain))


@lru_cache(8192)  # the first rows of a table are looked through several times
def fold_heading(heading: str) -> str:
    """A column heading reduced for comparison: width, case, script, spaces, line breaks, stars, quotes and bracket forms do
    not count."""
    plain = in_simplified(nfkc(heading).translate(_BRACKETS).upper())
    return re.sub(r"[\s*＊★☆※●▲△#'“”‘’:：、，,_\-—]+|\(必填\)|\(选填\)", "", re.sub(INVISIBLE_CLASS, "", plain))


# Names of these characters alone are folded as they stand: most names of a district.
_FOLDED = r"^[\x{4e00}-\x{9fff}0-9A-Z()]+$"


def folded_names(names: pl.Series) -> pl.Series:
    """`fold_name` for a column, computed once per distinct value that needs it."""
    odd = names.filter(~names.str.contains(_FOLDED)).unique().drop_nulls()
    if odd.is_empty():
        return names
    return names.replace(odd, pl.Series([fold_name(n) for n in odd], dtype=pl.String))


def folded_lists(lists: pl.Series) -> pl.Series:
    """`folded_names` inside a column of lists of names; lists without any are left as they are."""
    some = (lists.list.len() > 0).fill_null(False)
    if not some.any():
        return lists
    whole = lists.to_frame("names").with_row_index("place")
    part = whole.filter(some).explode("names")
    folded = part.with_columns(folded_names(part["names"])).group_by("place").agg(pl.col("names").alias("folded"))
    joined = whole.join(folded, on="place", how="left", maintain_order="left")
    return joined.select(pl.coalesce("folded", "names")).to_series()


def shorten(text: str, limit: int = 40) -> str:
    """At most `limit` characters of `text`, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


NAME_BYTES = 200  # of a file's name: disks take 255, and some of ours add to it


def fitting_name(name: str, otherwise: str = "file") -> str:
    """A file's name as every disk takes it: its end, where the kind is told, in at most NAME_BYTES of UTF-8."""
    whole = name.replace("\0", "").encode("utf-8", "ignore")
    return whole[-NAME_BYTES:].decode("utf-8", "ignore") or otherwise
