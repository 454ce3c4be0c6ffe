"""How well a subject fits what was typed, and why it was found."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from chengxin.subjects.names.sound import sounds, syllables
from chengxin.subjects.names.split import split
from chengxin.subjects.names.typed import CODE, Typed
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
    PART = "part"
    SOUND = "sound"  # other characters that sound alike
    PINYIN = "pinyin"
    INITIALS = "initials"
    CHARACTER = "character"  # one wrong, missing or additional
    SIMILAR = "similar"
    MARK = "mark"  # the trade name is the same, the trade is not


@dataclass(frozen=True)
class Fit:
    """`score` from 0 to 1; `former`: the former name that fits, "" where it is the present one."""

    reason: Reason
    score: float
    former: str = ""


@dataclass(frozen=True)
class _Name:
    plain: str
    place: str
    core: str
    mark: str
    form: str


_BEST, _STEP, _LIKE = 0.97, 0.2, 0.08  # of a score: without any cost, for one wrong character, for the rest of the name
_NO_MARK_ALIKE = 0.75  # of a trade name's characters differ: it is another
_FORMER = 0.02
# Costs in wrong characters. What cannot be told apart by cost is ordered by how alike the whole names are.
_PLACE, _PART, _EACH, _MARK = 0.3, 0.25, 0.03, 0.9
_LETTERS = {Reason.PINYIN: (0.1, 0.5), Reason.INITIALS: (0.3, 0.7)}  # all of it, its beginning


def fits(what: Typed, candidates: pl.DataFrame, words: Words) -> list[Fit | None]:
    """For each candidate (code, name, kind, former_names as lists) how it fits, or None. A sole trader fits by its whole
    code or name only."""
    listed = [[name, *(former or [])] for name, former in candidates.select("name", "former_names").iter_rows()]
    flat = pl.Series([what.fold, *(n for names in listed for n in names)], dtype=pl.String)
    parts = split(flat, words)
    own, *others = [_Name(*row) for row in parts.iter_rows()]
    heard = [tuple(row) for row in sounds(parts["core"], words).iter_rows()][1:] if what.letters else [()] * len(others)
    whole = sounds(parts["plain"], words)["sound"].to_list()[1:] if what.letters else [""] * len(others)
    found, start = [], 0
    for (code, kind), names in zip(candidates.select("code", "kind").iter_rows(), listed, strict=True):
        rows = range(start, start + len(names))
        start += len(names)
        if kind == "sole_trader":
            found.append(_whole_only(what, code, names[0]))
            continue
        offered = [_by_code(what, code)]
        for row, name in zip(rows, names, strict=True):
            fit = _by_name(what, own, name, others[row], words) or _by_letters(what, heard[row], whole[row])
            offered.append(fit if row == rows[0] or fit is None else Fit(fit.reason, fit.score - _FORMER, name))
        found.append(max(filter(None, offered), key=lambda f: f.score, default=None))
    return found


def _whole_only(what: Typed, code: str, name: str) -> Fit | None:
    if what.code and what.code == code:
        return Fit(Reason.CODE, 1.0)
    return Fit(Reason.NAME, 1.0) if fold_name(name) == what.fold else None


def _by_code(what: Typed, code: str) -> Fit | None:
    if not what.code or what.code not in code:
        return None
    if len(what.code) == CODE:
        return Fit(Reason.CODE, 1.0)
    return Fit(Reason.CODE_PART, 0.9 if code.startswith(what.code) else 0.85)


def _by_name(what: Typed, own: _Name, name: str, other: _Name, words: Words) -> Fit | None:
    if own.plain == other.plain:
        return Fit(Reason.NAME, 1.0) if fold_name(name) == what.fold else Fit(Reason.SCRIPT, 0.99)
    if not own.mark or not other.core:
        return None
    told = _core(own, other, words)
    if told is None:
        return None
    reason, cost = told
    cost += _PLACE * (own.place not in other.place and other.place not in own.place)
    return Fit(reason, max(0.0, _BEST - _STEP * cost - _LIKE * (1 - ratio(own.plain, other.plain) / 100)))


def _core(  # noqa: PLR0911 - one case each, the most certain first
    own: _Name, other: _Name, words: Words
) -> tuple[Reason, float] | None:
    """The reason and the cost in wrong characters by which two cores (or whole names) are one."""
    if own.core == other.core:
        return Reason.CORE, 0.0
    wrong = OSA.distance(own.core, other.core)
    cost = (wrong + _unlike(own.core, other.core, words)) / 2
    if cost <= wrong / 2 and len(own.core) > 1:
        return Reason.SOUND, cost
    if OSA.distance(own.plain, other.plain) == 1 or (wrong == 1 and len(own.core) > 2):
        return Reason.CHARACTER, 1.0
    extra = len(other.core) - len(own.core)
    if len(own.core) > 1 and own.core in other.core:
        return Reason.PART, _PART + _EACH * extra + _EACH * (not other.core.startswith(own.core))
    if len(other.core) > 2 and other.core in own.core and -extra <= len(other.core):
        return Reason.SIMILAR, _MARK + _EACH * -extra
    if cost <= len(own.core) // 3 and _marks_alike(own.mark, other.mark, words):
        return Reason.SIMILAR, cost
    if len(own.mark) > 1 and own.mark == other.mark:
        return Reason.MARK, _MARK + 0.2 * cost
    return None


def _marks_alike(own: str, other: str, words: Words) -> bool:
    cost = (OSA.distance(own, other) + _unlike(own, other, words)) / 2
    return cost < _NO_MARK_ALIKE * max(len(own), len(other))


def _unlike(own: str, other: str, words: Words) -> int:
    return OSA.distance(syllables(own, words), syllables(other, words))


def _by_letters(what: Typed, heard: tuple[str, ...], whole: str) -> Fit | None:
    """`heard`: sound and initials by first and by second readings; `whole`: of the name with place and form."""
    best = None
    for letters in what.letters:
        for place, said in enumerate(heard):
            reason = Reason.INITIALS if place % 2 else Reason.PINYIN
            if not said or not said.startswith(letters):
                continue
            cost = _LETTERS[reason][said != letters] + _EACH * (len(said) - len(letters)) / 2
            score = max(0.0, _BEST - _STEP * cost - _LIKE * (1 - ratio(what.letters[0], whole) / 100))
            best = Fit(reason, score) if best is None or score > best.score else best
    return best
