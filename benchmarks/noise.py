"""Names as people type them: one slip each, by a seed. The characters 示例 of the made-up district stay or go with the place."""

from functools import lru_cache
from importlib.resources import files

import numpy as np
import polars as pl
from numpy.random import Generator

from chengxin.subjects.names.sound import sounds
from chengxin.subjects.names.split import split
from chengxin.subjects.names.words import Words

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
    script = pl.read_csv((here / "simplified.csv").read_bytes(), infer_schema=False)
    wide = {ord(s): t for t, s in script.iter_rows()}
    common = files("chengxin.world.names")
    often = pl.read_csv((common / "characters.csv").read_bytes(), infer_schema=False)["char"].unique(maintain_order=True)
    rows = pl.read_csv((here / "readings.csv").read_bytes(), infer_schema=False)
    alike = rows.group_by("reading", maintain_order=True).agg("character")
    sound = {c: [o for o in group if o != c] for _, group in alike.iter_rows() for c in group}
    return wide, sound, often.to_list()


def typed_names(names: pl.Series, seed: int, words: Words) -> pl.DataFrame:
    """`slip` and `text` for each name, one slip each."""
    rng = np.random.default_rng(seed)
    slips = rng.choice(list(SLIPS), size=len(names), p=list(SLIPS.values()))
    rows = zip(names.to_list(), split(names, words).iter_rows(named=True), slips.tolist(), strict=True)
    return pl.DataFrame({"slip": slips.tolist(), "text": [_slipped(rng, n, p, s) for n, p, s in rows]})


def in_letters(names: pl.Series, words: Words) -> pl.DataFrame:
    """Whole names in pinyin, and their cores by initials."""
    parts = split(names, words)
    whole, core = sounds(parts["plain"].str.replace_all("[()]", ""), words), sounds(parts["core"], words)
    return pl.concat(
        [
            pl.DataFrame({"slip": "pinyin", "text": whole["sound"]}),
            pl.DataFrame({"slip": "initials", "text": core["initials"]}),
        ]
    )


def _slipped(rng: Generator, name: str, parts: dict[str, str], slip: str) -> str:
    wide, sound, often = _tables()
    start = name.find(parts["core"])
    at = start + int(rng.integers(0, max(1, len(parts["core"]))))
    match slip:
        case "brackets and width":
            return name.translate(_WIDE).replace("示例", " 示例 ")
        case "without place":
            return name.replace(parts["place"], "", 1).replace("（）", "").replace("()", "")
        case "without form":
            return name.replace(parts["form"], "")
        case "core only":
            return parts["core"]
        case "traditional":
            return name.translate(wide)
        case "sounds alike":
            return name[:at] + str(rng.choice(sound.get(name[at]) or often)) + name[at + 1 :]
        case "another character":
            return name[:at] + str(rng.choice(often)) + name[at + 1 :]
        case "one missing":
            return name[:at] + name[at + 1 :]
        case "one too many":
            return name[:at] + str(rng.choice(often)) + name[at:]
        case _:
            return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
