"""What somebody typed, as what it may be: a code or part of one, a name, a name spelt in letters."""

import re
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from chengxin.subjects.names.grams import CODE_TAILS, pairs
from chengxin.subjects.names.sound import sounds
from chengxin.subjects.names.split import split
from chengxin.subjects.names.words import Words, either
from chengxin.values.identifiers import is_uscc
from chengxin.values.text import fold_name, nfkc

LONGEST = 100  # characters that are looked at
CODE = 18
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,18}")  # six characters of a code are part of it
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_TAIL = 4  # characters of a tail that are looked for at least


@dataclass(frozen=True)
class Typed:
    """`equal` and `beginning`: grams to look up; `letters`: readings of text in letters, with and without place and form."""

    fold: str
    plain: str  # folded, in simplified script
    code: str  # "" if it cannot be (part of) a code
    letters: tuple[str, ...]
    equal: tuple[str, ...]
    beginning: tuple[str, ...]


def typed(text: str, words: Words) -> Typed:
    """Read what was typed. What looks like an identity number is looked up nowhere."""
    fold = fold_name(text[:LONGEST])
    packed = re.sub(r"[\s-]", "", nfkc(text[:LONGEST])).upper()
    if not fold or (_IDENTITY.fullmatch(packed) and not is_uscc(packed)):
        return Typed("", "", "", (), (), ())
    code = packed if _CODE.fullmatch(packed) else ""
    parts = split(pl.Series([fold]), words)
    letters = _letters(text[:LONGEST], words)
    heard = sounds(parts["core"], words)["sound"].to_list() if parts["mark"][0] and not letters else []
    tails = [code[n:] for n in range(CODE_TAILS[1] - CODE_TAILS[0])] if code and len(code) < CODE else []
    return Typed(
        fold,
        str(parts["plain"][0]),
        code,
        letters,
        tuple(dict.fromkeys(pairs(parts)[0])),
        tuple(dict.fromkeys([*letters, *heard, *(t for t in tails if len(t) >= _TAIL)])),
    )


@lru_cache(maxsize=4)
def _spelt(words: Words) -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    """Places at the beginning, in the ways they can be cut off, and forms at the end: as they sound and by initials."""
    levels = [either(_said(level, words)) for level in words.levels]
    suffix, hollow = either(_said(words.suffixes, words)), either(_said(words.hollows, words))
    with_suffix = "".join(f"(?:{level}{suffix}?)?" for level in levels)
    without = "".join(f"(?:{level})?" for level in levels)
    fronts = tuple(re.compile(p) for p in (with_suffix + hollow, with_suffix, without))
    return fronts, re.compile(f"{either(_said(words.forms, words))}$")


def _said(listed: tuple[str, ...], words: Words) -> tuple[str, ...]:
    heard = sounds(pl.Series(listed, dtype=pl.String), words)
    long = [s for s in heard["initials"] if len(s) > 1]
    return (*heard["sound"], *long)


def _letters(text: str, words: Words) -> tuple[str, ...]:
    """Text in letters as the sounds or initials it may stand for: as it is, and without place and form."""
    plain = nfkc(text).lower().replace("ü", "v")
    if not re.fullmatch(r"[a-z0-9\s'’·-]+", plain) or not re.search("[a-z]", plain):
        return ()
    whole = re.sub("[^a-z0-9]", "", plain)
    fronts, back = _spelt(words)
    found = [v for end in (whole, back.sub("", whole)) for v in (end, *(_cut(front, end) for front in fronts))]
    return tuple(dict.fromkeys(v for v in found if len(v) > 1))


def _cut(front: re.Pattern[str], text: str) -> str:
    there = front.match(text)
    return text[there.end() :] if there else text
