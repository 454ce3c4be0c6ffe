"""Traditional and variant characters as the simplified ones that stand for them, one to one: for comparing, never shown."""

from functools import lru_cache
from pathlib import Path

import polars as pl

TABLE = Path(__file__).parent / "simplified.csv"


def in_simplified(text: str) -> str:
    """A text with every traditional or variant character replaced by its simplified one; as long as before."""
    return text if text.isascii() else text.translate(simpler())


@lru_cache(maxsize=1)
def simpler() -> dict[int, str]:
    """The table as `str.translate` takes it."""
    rows = pl.read_csv(TABLE.read_bytes(), infer_schema=False)
    return str.maketrans(dict(zip(rows["character"].to_list(), rows["simplified"].to_list(), strict=True)))
