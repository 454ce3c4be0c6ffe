"""Names as people type them: one slip each, by a seed. The characters 示例 of the made-up district stay or go with the place."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

import numpy as np
import polars as pl
from numpy.random import Generator

from chengxin.subjects.names.sound import heard, spelt
from chengxin.subjects.names.split import Parts, split
from chengxin.subjects.names.words import Words
from chengxin.values.script import TABLE
from chengxin.values.text import fold_name

# Kind of slip → share of what is typed in characters.
SLIPS = {
    "brackets and width": 0.08,
    "without place": 0.14,
    "without form": 0.14,
    "core only": 0.12,
    "traditional": 0.08,
    "sounds alike": 0.14,
    "another character": 0.12,
    "one missing": 0.08,
    "one too many": 0.06,
    "two swapped": 0.04,
}
LETTERS = ("pinyin", "initials")
_WIDE = str.maketrans("()（）", "（）()")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[int, str], dict[str, list[str]], list[str]]:
    here = files("chengxin.subjects.names")
    script = pl.read_csv(TABLE.read_bytes(), infer_schema=False)
    wide = {ord(s): t for t, s in script.iter_rows()}
    common = files("chengxin.world.names")
    characters = pl.read_csv((common / "characters.csv").read_bytes(), infer_schema=False)["char"]
    often = characters.unique(maintain_order=True)
    rows = pl.read_csv((here / "readings.csv").read_bytes(), infer_schema=False)
    alike = rows.group_by("reading", maintain_order=True).agg("character")
    sound = {c: [o for o in group if o != c] for _, group in alike.iter_rows() for c in group}
    return wide, sound, often.to_list()


def typed_names(names: pl.Series, seed: int, words: Words) -> pl.DataFrame:
    """`slip` and `text` for each name, one slip each."""
    rng = np.random.default_rng(seed)
    slips = rng.choice(list(SLIPS), size=len(names), p=list(SLIPS.values()))
    rows = zip(names.to_list(), slips.tolist(), strict=True)
    texts = [_slipped(rng, name, split(fold_name(name), words), slip) for name, slip in rows]
    return pl.DataFrame({"slip": slips.tolist(), "text": texts})


def in_letters(names: pl.Series, words: Words) -> pl.DataFrame:
    """Whole names in pinyin, and their cores by initials."""
    parts = [split(fold_name(name), words) for name in names]
    whole = [spelt(p.plain.replace("(", "").replace(")", ""), words)[0] for p in parts]
    initials = [heard(p.core, words).initials for p in parts]
    return pl.concat(
        [pl.DataFrame({"slip": "pinyin", "text": whole}), pl.DataFrame({"slip": "initials", "text": initials})]
    )


# Slips that concern the whole name, and slips of one character: what comes in its place, of a name before and after it.
_WHOLE: dict[str, Callable[[str, Parts], str]] = {
    "brackets and width": lambda name, parts: name.translate(_WIDE).replace("示例", " 示例 "),
    "without place": lambda name, parts: name.replace(parts.place, "", 1).replace("（）", "").replace("()", ""),
    "without form": lambda name, parts: name.replace(parts.form, ""),
    "core only": lambda name, parts: parts.core,
    "traditional": lambda name, parts: name.translate(_tables()[0]),
}


def _slipped(rng: Generator, name: str, parts: Parts, slip: str) -> str:
    if slip in _WHOLE:
        return _WHOLE[slip](name, parts)
    _, sound, often = _tables()
    at = name.find(parts.core) + int(rng.integers(0, max(1, len(parts.core))))
    before, here, after = name[:at], name[at], name[at + 1 :]
    any_other = str(rng.choice(often))
    instead = {
        "sounds alike": str(rng.choice(sound.get(here) or often)) + after,
        "another character": any_other + after,
        "one missing": after,
        "one too many": any_other + here + after,
        "two swapped": after[:1] + here + after[1:],
    }
    return before + instead[slip]
