"""Finding subjects by what somebody typed. `found_subjects` is the seam: everybody who searches comes through it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from chengxin.intake.hiding import hide_in
from chengxin.intake.identity import OLDEST_BORN
from chengxin.site.access.asked import Asked, anybody, marks, place
from chengxin.site.access.candidates import MOST, candidates
from chengxin.site.access.subjects import ALIVE, Subject, facts, led_to
from chengxin.site.store.bulk import one_trip
from chengxin.site.store.standpoint import merged_with
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.readers import Kind
from chengxin.subjects.names.match import NEAR, Fit, Reason, fit
from chengxin.subjects.names.typed import Typed, typed
from chengxin.subjects.names.words import words_of
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said
from chengxin.values.identifiers import identity_born, is_identity, is_uscc
from chengxin.values.text import nfkc

__all__ = [
    "MOST",
    "Found",
    "found_subjects",
    "is_a_persons",
    "may_name_a_person",
    "names_a_person",
    "nearly_names_a_person",
    "tells",
]

_SAME = 20  # subjects of one name
_STANDING = "存续"
_NUMBERS = (Reason.CODE, Reason.FORMER_CODE, Reason.CODE_PART)
_MERGES = f"SELECT m.subject FROM store_merge m WHERE m.subject IN ({{marks}}) AND {ALIVE.format('m')}"  # noqa: S608 - names of ours


@dataclass(frozen=True)
class Found:
    """A subject and why it was found. `score`: how well it fits, 0 to 1."""

    subject: Subject
    why: Said
    reason: Reason
    score: float

    @property
    def near(self) -> bool:
        """True for one that is only like what was typed: shown where nothing fits."""
        return self.reason in NEAR


def names_a_person(text: str, kind: str = "text") -> bool:
    """True if the number of a person stands in what was typed: nobody is looked up by it, and it is not repeated.

    `kind`: of the field that it is meant for; what intake would let pass there is no such number here.
    """
    number = re.sub(r"[\s-]", "", nfkc(text)).upper()
    return is_a_persons(number) or (not is_uscc(number) and hide_in(text, kind, legal_today()) != text)


def is_a_persons(number: str) -> bool:
    """True for nothing but an identity number, of 18 characters that agree or 15 digits; plain, in capitals."""
    return is_identity(number) or bool(re.fullmatch(r"[1-9]\d{14}", number) and identity_born(number))


def nearly_names_a_person(text: str) -> bool:
    """True for an identity number, and for one of 18 with a slip in it: it has a day of birth and is no credit code."""
    number = re.sub(r"[\s-]", "", nfkc(text)).upper()
    if names_a_person(text) or not re.fullmatch(r"\d{17}[\dX]", number) or is_uscc(number):
        return names_a_person(text)
    born = identity_born(number)
    return born is not None and OLDEST_BORN <= born.year <= legal_today().year


def may_name_a_person(text: str) -> bool:
    """True for an identity number and for what may be a mistyped one: it is shown nowhere again."""
    number = re.sub(r"[\s-]", "", nfkc(text)).upper()
    return names_a_person(text) or (bool(re.fullmatch(r"\d{14,19}X?", number)) and not is_uscc(number))


def tells(text: str) -> bool:
    """False if what was typed holds only words that many names share, or too little to look anybody up."""
    return typed(text, words_of(load_catalogue(legal_today()))).tells


def found_subjects(text: str, exact: Asked | None = None, loose: Asked | None = None) -> list[Found]:
    """Whom `text` fits, the best first, at most MOST.

    Everybody by a whole number or name whom outlet `exact` allows (by default the public one); organisations by part of a
    code or name, a former name, pinyin, initials or with a wrong character, where outlet `loose` allows it. Persons never.
    """
    at = exact.at if exact else place()
    exact, loose = exact or anybody("public.find", at), loose or anybody("public.search", at)
    if names_a_person(text):
        return []
    what = typed(text, words_of(loose.catalogue))
    if not what.fold:
        return []
    by_number = led_to(exact, what.number) if what.number else []
    if by_number:
        return _hits(exact, [(s, _by_whole_number(what, s)) for s in by_number])
    same = [(s, Fit(Reason.NAME, 1.0)) for s in facts(exact, f"AND f.fold = %s LIMIT {_SAME}", [what.fold])]
    hits = _hits(exact, same) + _hits(loose, _alike(loose, what))
    best = {hit.subject.id: hit for hit in sorted(hits, key=lambda h: h.score)}
    ordered = sorted(best.values(), key=_order)
    return [hit for hit in ordered if not hit.near] or ordered


def _order(hit: Found) -> tuple[float, bool, str, str]:
    return -hit.score, hit.subject.status not in (None, _STANDING), hit.subject.name, hit.subject.code


def _by_whole_number(what: Typed, subject: Subject) -> Fit:
    return Fit(Reason.CODE if subject.code == what.number else Reason.FORMER_CODE, 1.0)


def _alike(loose: Asked, what: Typed) -> list[tuple[Subject, Fit]]:
    """Organisations that fit at least in part."""
    if Kind.ORGANISATION not in loose.kinds():
        return []
    likely, others = candidates(loose, what)
    return _fitting(loose, what, likely) or _fitting(loose, what, others)


def _fitting(loose: Asked, what: Typed, ids: list[str]) -> list[tuple[Subject, Fit]]:
    known = facts(loose, f"AND f.subject IN ({marks(ids)})", ids, [Kind.ORGANISATION]) if ids else []
    words = words_of(loose.catalogue)
    fitted = ((s, fit(what, (s.code, *s.former_codes), (s.name, *s.former_names), words)) for s in known)
    return [(s, f) for s, f in fitted if f]


def _hits(asked: Asked, found: Iterable[tuple[Subject, Fit]]) -> list[Found]:
    """As they are shown: under the name of the subject that each is judged to be."""
    known = list(found)
    instead = _under_another(asked, [s.id for s, _ in known])
    hits = []
    for subject, how in known:
        shown = instead.get(subject.id, subject)
        if shown is not None:
            told = how if shown is subject or how.former else _formerly(subject, how)
            hits.append(Found(shown, _why(told, asked.catalogue), told.reason, round(told.score, 4)))
    return hits


def _formerly(subject: Subject, how: Fit) -> Fit:
    """A subject that is shown under another's name and code was found by its own."""
    if how.reason in _NUMBERS:
        return Fit(how.reason if how.reason is Reason.CODE_PART else Reason.FORMER_CODE, how.score, subject.code)
    return Fit(how.reason, how.score, subject.name)


def _under_another(asked: Asked, subjects: list[str]) -> dict[str, Subject | None]:
    """Those that are judged to be another, with that one; None if it may not be seen here."""
    if not subjects:
        return {}
    at = asked.at.included, asked.at.committed
    merged = one_trip(_MERGES.format(marks=marks(subjects)), {"subject": pl.String}, [*subjects, *at])
    return {row["subject"]: _first_of(asked, row["subject"]) for row in merged}


def _first_of(asked: Asked, subject: str) -> Subject | None:
    target = merged_with(subject, asked.at.included, asked.at.committed)[0]
    return next(iter(facts(asked, "AND f.subject = %s", [target])), None)


def _why(how: Fit, catalogue: Catalogue) -> Said:
    why = catalogue.message(f"found-{how.reason}")
    if not how.former or how.reason is Reason.FORMER_CODE:
        return why
    was = catalogue.message("found-former-number" if how.reason in _NUMBERS else "found-formerly")
    zh, en = (text.format(name=how.former) for text in (was.zh, was.en))
    return Said(f"{zh}（{why.zh}）", f"{en} ({why.en})")
