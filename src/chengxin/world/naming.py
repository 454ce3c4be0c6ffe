"""Names that sound like the district and belong to nobody: every firm says 示例, every person is 测试 something."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from chengxin.world.tables import column, shares, table

Words = NDArray[np.object_]
# The ten stems and twelve branches: nobody is called 测试甲, and everyone sees that.
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def draw(rng: Generator, count: int, words: Words, weights: NDArray[np.float64] | None = None) -> Words:
    """`count` words drawn with replacement, by weight if there is one."""
    return words[rng.choice(len(words), size=count, p=weights)] if count else words[:0]


def characters(rng: Generator, count: int, place: int) -> Words:
    """Characters as frequent as they are at that place of real company names."""
    rows = [row for row in table("characters") if row["position"] == str(place)]
    return draw(rng, count, column(rows, "char"), shares(rows, "count"))


def marks(rng: Generator, count: int) -> Words:
    """Trade names (字号) of two characters, drawn by their frequency at the third and fourth place of a name."""
    return np.asarray(characters(rng, count, 3) + characters(rng, count, 4), dtype=object)


def persons(rng: Generator, count: int) -> Words:
    """Names that are plainly made up: 测试 and one or two of the stems and branches."""
    stems = np.array(list(_STEMS), dtype=object)
    second = np.where(rng.random(count) < 0.75, draw(rng, count, stems), "")
    return np.asarray("测试" + draw(rng, count, stems) + second, dtype=object)


def only(words: Words | list[str], where: NDArray[np.bool_]) -> list[str | None]:
    """The words where the condition holds, nothing elsewhere."""
    return [word if holds else None for word, holds in zip(words, where.tolist(), strict=True)]


def filled(patterns: Words, **parts: Words) -> Words:
    """Each pattern with its `{part}`s filled from the same row."""
    frame = pl.DataFrame({"_": pl.Series(patterns, dtype=pl.String)}).with_columns(
        pl.Series(name, words, dtype=pl.String) for name, words in parts.items()
    )
    text = pl.col("_")
    for name in parts:
        text = text.str.replace_all("{" + name + "}", pl.col(name), literal=True)
    return frame.select(text).to_series().to_numpy()


def distinct(rng: Generator, mark: Words, name_of: Callable[[Words], Words]) -> Words:
    """Names made from trade names, no two alike: where two are, the later ones get a longer trade name."""
    mark = mark.copy()
    while True:
        names = name_of(mark)
        again = ~pl.Series(names, dtype=pl.String).is_first_distinct().to_numpy()
        if not again.any():
            return names
        mark[again] = mark[again] + characters(rng, int(again.sum()), 4)
