"""What somebody typed, as what it may be: a number or part of one, a name, a name spelt in letters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from chengxin.subjects.names.grams import CODE_TAILS, pairs
from chengxin.subjects.names.sound import heard
from chengxin.subjects.names.split import Parts, split
from chengxin.subjects.names.words import Listed, Words, either
from chengxin.values.identifiers import USCC_ALPHABET
from chengxin.values.text import fold_name, nfkc

LONGEST = 100  # characters that are looked at
CODE, SHORTEST_CODE = 18, 6
# Letters alone are part of a code only if it is made of them; they may be a name's sound or initials all the same.
_NUMBER = re.compile(f"(?=.*[0-9])[0-9A-Z]{{6,32}}|[{USCC_ALPHABET}]{{6,10}}")
_LETTERS = re.compile(r"[a-z0-9\s'’·-]+")
_DIGITS = 3  # that a name spelt in letters may have; what has more is a number and nothing else
_TAIL = 4  # characters of a part of a code that are looked for at least
_INITIALS, _LEFT, _VARIANTS = 24, 3, 8  # letters of initials at most, what a place leaves at least, ways to read it
_BEGUN = 12  # letters of a sound by which it is looked up


@dataclass(frozen=True)
class Typed:
    """`equal` and `beginning`: grams to look up; `letters`: readings of text in letters, with and without place and form.

    `within`: of initials, what may be left without a place that no form behind it confirms; it counts for names whose
    own initials hold all that was typed.

    `number`: what may be a code or another number, or part of a code; "" if it cannot be.
    """

    fold: str
    parts: Parts
    number: str
    letters: tuple[str, ...]
    within: tuple[str, ...]
    equal: tuple[str, ...]
    beginning: tuple[str, ...]

    @property
    def tells(self) -> bool:
        """False for what holds nothing that tells subjects apart: places, forms and trades alone, a single character."""
        return bool(self.number or self.letters or (self.parts.mark and len(self.parts.core) > 1))


def typed(text: str, words: Words) -> Typed:
    """Read what was typed."""
    text = text[:LONGEST]
    fold = fold_name(text)
    packed = re.sub(r"[\s-]", "", nfkc(text)).upper()
    number = packed if _NUMBER.fullmatch(packed) else ""
    name = "" if number and sum(c.isdigit() for c in number) > _DIGITS else text
    parts, letters = split(fold_name(name), words), _letters(name, words)
    within = _within(letters, words)
    sound = [heard(parts.core, words).sound] if len(parts.mark) > 1 and not letters else []
    begun = dict.fromkeys([*(said[:_BEGUN] for said in (*letters, *within, *sound)), *_tails(number)])
    return Typed(fold, parts, number, letters, within, tuple(dict.fromkeys(pairs(parts))), tuple(begun))


def _tails(number: str) -> list[str]:
    """Where a kept tail may begin in part of a code, as long as enough of it is left."""
    return [number[n:] for n in range(CODE_TAILS[0] + 1) if len(number) - n >= _TAIL] if len(number) < CODE else []


@dataclass(frozen=True)
class _Spelt:
    """Words of names in letters, as they sound or by their initials."""

    levels: tuple[Listed, ...]
    suffixes: Listed
    hollow: Listed
    back: re.Pattern[str]  # a form at the end, as it sounds with places around it and a branch
    shortest: re.Pattern[str]  # any form at the end


@lru_cache(maxsize=4)
def _spelt(words: Words) -> tuple[_Spelt, _Spelt]:
    """As they sound; by initials, where only a form of several characters tells that they are a whole name's."""

    def said(listed: Iterable[str], initials: bool, least: int = 2) -> frozenset[str]:
        known = (heard(word, words) for word in listed)
        return frozenset(s for h in known if len(s := h.initials if initials else h.sound) >= least)

    made = []
    for initials in (False, True):
        levels = tuple(Listed(said(level.words, initials)) for level in words.levels)
        suffixes, hollow = Listed(said(words.suffixes.words, initials, 1)), Listed(said(words.hollow, initials))
        forms, branches = (either(said(listed.words, initials, 4)) for listed in (words.forms, words.branches))
        place = f"(?:{'|'.join(either(level.words) for level in levels)}){either(suffixes.words)}?"
        places = "" if initials else f"(?:{place})*"  # any two letters may be a place's initials
        back = re.compile(f"{places}{forms}+(?:{places}{branches})?$")
        shortest = re.compile(f"{either(said(words.forms.words, initials))}$")
        made.append(_Spelt(levels, suffixes, hollow, back, shortest))
    return made[0], made[1]


def _letters(text: str, words: Words) -> tuple[str, ...]:
    """Text in letters as the sounds or initials it may stand for: as it is, and without place and form."""
    plain = nfkc(text).lower().replace("ü", "v")
    if not _LETTERS.fullmatch(plain) or not re.search("[a-z]", plain):
        return ()
    whole = re.sub("[^a-z0-9]", "", plain)
    sound, initials = _spelt(words)
    found = [whole, *_without_place(whole, sound)]
    for spelt in (sound, initials):
        short = spelt.back.sub("", whole)
        found += [short, *_without_place(short, spelt)] if short != whole else []
    return tuple(dict.fromkeys(v for v in found if len(v) > 1))


def _within(letters: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """Of what may be initials, what is left behind a place and before a short form: any two letters may be either."""
    if not letters or len(letters[0]) > _INITIALS:
        return ()
    _, initials = _spelt(words)
    short = initials.shortest.sub("", letters[0])
    left = [*_without_place(letters[0], initials), short, *_without_place(short, initials)]
    fresh = dict.fromkeys(v for v in left if len(v) >= _LEFT and v not in letters)
    return tuple(fresh)[:_VARIANTS]


def _without_place(text: str, spelt: _Spelt) -> list[str]:
    """What is left of it behind each sequence of places with which it may begin."""
    starts = {0}
    for level in spelt.levels:
        ends = {level.ahead(text, start) for start in starts}
        starts |= ends | {spelt.suffixes.ahead(text, end) for end in ends if end}
    starts |= {spelt.hollow.ahead(text, start) for start in starts}
    return [text[start:] for start in sorted(starts) if start]
