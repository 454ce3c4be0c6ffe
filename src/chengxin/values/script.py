"""Traditional and variant characters as the simplified ones that stand for them, one to one: for comparing, never shown."""

import re
from functools import lru_cache
from pathlib import Path

import polars as pl

TABLE = Path(__file__).parent / "simplified.csv"


def in_simplified(text: str) -> str:
    """A text with every traditional or variant character replaced by its simplified one; as long as before."""
    return text if text.isascii() else text.translate(simpler())


def either_script(word: str) -> str:
    """A pattern of a word in simplified characters that its traditional and variant spellings meet too."""
    return "".join(f"[{c}{others}]" if (others := _variants().get(c)) else re.escape(c) for c in word)


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """Simplified character → all that it stands for."""
    found: dict[str, str] = {}
    for character, simplified in simpler().items():
        found[simplified] = found.get(simplified, "") + chr(character)
    return found


@lru_cache(maxsize=1)
def simpler() -> dict[int, str]:
    """The table as `str.translate` takes it."""
    rows = pl.read_csv(TABLE.read_bytes(), infer_schema=False)
    return str.maketrans(dict(zip(rows["character"].to_list(), rows["simplified"].to_list(), strict=True)))
