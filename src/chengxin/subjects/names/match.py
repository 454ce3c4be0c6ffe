"""How well an organisation fits what was typed, and why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from chengxin.subjects.names.sound import heard, spelt, syllables
from chengxin.subjects.names.split import Parts, head_of, split
from chengxin.subjects.names.typed import Typed
from chengxin.subjects.names.words import Words
from chengxin.values.text import fold_name


class Reason(StrEnum):
    """Why a subject was found; its sentence is the message `found-…` of the catalogue."""

    CODE = "code"
    FORMER_CODE = "former-code"
    CODE_PART = "code-part"
    NAME = "name"
    SCRIPT = "script"
    CORE = "core"
    BRANCH = "branch"  # of the same body: nothing but the branch is another, or only one of them is a branch
    PART = "part"
    SOUND = "sound"  # other characters that sound alike
    PINYIN = "pinyin"
    INITIALS = "initials"
    CHARACTER = "character"  # one wrong, missing or additional
    SIMILAR = "similar"
    MARK = "mark"  # the trade name is the same, the trade is not


NEAR = (Reason.SIMILAR, Reason.MARK)  # shown only where nothing fits better


@dataclass(frozen=True)
class Fit:
    """`score` from 0 to 1; `former`: the former name or code that fits, "" where it is the present one."""

    reason: Reason
    score: float
    former: str = ""


_PLAIN = re.compile("[^a-z0-9]")
_BEST, _STEP, _LIKE = 0.97, 0.2, 0.08  # of a score: without any cost, for one wrong character, for the rest of the name
_NO_MARK_ALIKE = 0.75  # of a trade name's characters differ: it is another
_FORMER = 0.02
# Costs in wrong characters. What cannot be told apart by cost is ordered by how alike the whole names are.
_PLACE, _PART, _EACH, _MARK, _SWAPPED, _TOO_MANY = 0.3, 0.25, 0.03, 0.9, 0.8, 0.9
_LETTERS = {Reason.PINYIN: (0.1, 0.5), Reason.INITIALS: (0.3, 0.7)}  # all of it, its beginning


def fit(what: Typed, codes: Sequence[str], names: Sequence[str], words: Words) -> Fit | None:
    """How an organisation fits, or None: by its codes and its names, each first the present one, then former ones."""
    offered = [_by_code(what.number, code, place > 0) for place, code in enumerate(codes)]
    for place, name in enumerate(names if what.parts.core or what.letters else ()):
        folded = fold_name(name)
        parts = split(folded, words)
        found = _by_name(what, folded, parts, words) or (_by_letters(what, parts, words) if what.letters else None)
        offered.append(found if found is None or not place else Fit(found.reason, found.score - _FORMER, name))
    return max(filter(None, offered), key=lambda f: f.score, default=None)


def _by_code(number: str, code: str, former: bool) -> Fit | None:
    if not number or number not in code:
        return None
    score = 1.0 if number == code else 0.9 if code.startswith(number) else 0.85
    reason = Reason.CODE_PART if number != code else Reason.FORMER_CODE if former else Reason.CODE
    return Fit(reason, score - _FORMER, code) if former else Fit(reason, score)


def _by_name(what: Typed, name: str, other: Parts, words: Words) -> Fit | None:
    own = what.parts
    if own.plain == other.plain:
        return Fit(Reason.NAME, 1.0) if name == what.fold else Fit(Reason.SCRIPT, 0.99)
    if own.mark and other.core:
        told = _core(own, other, words)
    else:  # nothing but what many names share
        told = (Reason.CORE, 0.0) if own.core and own.core == other.core else None
    if told is None:
        return None
    reason, cost = told
    if reason is Reason.CORE and head_of(own, words) == head_of(other, words):
        reason = Reason.BRANCH
    cost += _PLACE * (own.place not in other.place and other.place not in own.place)
    return Fit(reason, max(0.0, _BEST - _STEP * cost - _LIKE * (1 - ratio(own.plain, other.plain) / 100)))


def _core(own: Parts, other: Parts, words: Words) -> tuple[Reason, float] | None:
    """The reason and the cost in wrong characters by which two cores (or whole names) are one; the most certain first."""
    if own.core == other.core:
        return Reason.CORE, 0.0
    wrong = OSA.distance(own.core, other.core)
    cost = (wrong + _unlike(own.core, other.core, words)) / 2
    if cost <= wrong / 2 and len(own.core) > 1:
        return Reason.SOUND, cost
    extra = len(other.core) - len(own.core)
    if len(own.core) > 1 and own.core in other.core:
        return Reason.PART, _PART + _EACH * extra + _EACH * (not other.core.startswith(own.core))
    if OSA.distance(own.plain, other.plain) == 1 or (wrong == 1 and len(own.core) > 2):
        return Reason.CHARACTER, _one_wrong(own.core, other.core)
    return _alike(own, other, cost, words)


def _one_wrong(own: str, other: str) -> float:
    """Two swapped or one too many lead to few names, any other or a missing one to many: so they say more."""
    return _SWAPPED if sorted(own) == sorted(other) else _TOO_MANY if len(own) > len(other) else 1.0


def _alike(own: Parts, other: Parts, cost: float, words: Words) -> tuple[Reason, float] | None:
    extra = len(own.core) - len(other.core)
    if len(other.core) > 2 and other.core in own.core and extra <= len(other.core):
        return Reason.SIMILAR, _MARK + _EACH * extra
    marks = (OSA.distance(own.mark, other.mark) + _unlike(own.mark, other.mark, words)) / 2
    if cost <= len(own.core) // 3 and marks < _NO_MARK_ALIKE * max(len(own.mark), len(other.mark)):
        return Reason.SIMILAR, cost
    if len(own.mark) > 1 and own.mark == other.mark:
        return Reason.MARK, _MARK + 0.2 * cost
    return None


def _unlike(own: str, other: str, words: Words) -> int:
    return OSA.distance(syllables(own, words), syllables(other, words))


def _by_letters(what: Typed, other: Parts, words: Words) -> Fit | None:
    """By sound and initials, first and second readings; ordered by how alike all of it sounds."""
    whole = spelt(other.plain, words)[0]
    best = None
    for place, said in enumerate(heard(other.core, words).every()):
        reason = Reason.INITIALS if place % 2 else Reason.PINYIN
        for typed in what.letters + (what.within if reason is Reason.INITIALS and _holds(other, what, words) else ()):
            if said and said.startswith(typed):
                cost = _LETTERS[reason][said != typed] + _EACH * (len(said) - len(typed)) / 2
                score = max(0.0, _BEST - _STEP * cost - _LIKE * (1 - ratio(what.letters[0], whole) / 100))
                best = Fit(reason, score) if best is None or score > best.score else best
    return best


def _holds(other: Parts, what: Typed, words: Words) -> bool:
    """Whether the initials of a whole name hold all that was typed."""
    _, first, _, second = heard(other.plain, words).every()
    return any(what.letters[0] in _PLAIN.sub("", initials) for initials in (first, second))
