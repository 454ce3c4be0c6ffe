"""Finding subjects by what somebody typed. `found_subjects` is the seam: another way of searching takes its place."""

import re
from dataclasses import dataclass

from chengxin.site.access.asked import Asked, anybody, place
from chengxin.site.access.subjects import Subject, facts, led_to
from chengxin.site.store.bulk import on_postgres
from chengxin.standards.readers import Kind
from chengxin.values.errors import Said
from chengxin.values.identifiers import identity_born, identity_check_character
from chengxin.values.text import fold_name, nfkc

MOST = 100  # hits that anybody may page through
SHORTEST_CODE, SHORTEST_NAME = 6, 2  # characters of which the beginning of a code or a name is looked up
_CODE = re.compile(r"[0-9A-Z]{6,32}")
_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
_EXACT_CODE = Said("代码一致", "the very code")
_FORMER_CODE = Said("曾用代码或旧编号一致", "a former code or older number")
_CODE_BEGINS = Said("代码开头一致", "the code begins so")
_EXACT_NAME = Said("名称一致", "the very name")
_NAME_BEGINS = Said("名称开头一致", "the name begins so")


@dataclass(frozen=True)
class Found:
    """A subject and why it was found."""

    subject: Subject
    why: Said


def names_a_person(text: str) -> bool:
    """True if what was typed is an identity number: nobody is looked up by it, and it is not repeated."""
    number = re.sub(r"[\s-]", "", nfkc(text)).upper()
    if re.fullmatch(r"[1-9]\d{14}", number):
        return identity_born(number) is not None
    return bool(re.fullmatch(r"\d{17}[\dX]", number)) and identity_check_character(number[:17]) == number[17]


def found_subjects(text: str) -> list[Found]:
    """Organisations by code, its beginning, name or its beginning; sole traders by exact code or full name only."""
    at = place()
    exact, loose = anybody("public.find", at), anybody("public.search", at)
    typed = re.sub(r"\s", "", nfkc(text)).upper()
    if not typed:
        return []
    hits: dict[str, Found] = {}
    for found in (*_by_code(typed, exact, loose), *_by_name(fold_name(text), exact, loose)):
        hits.setdefault(found.subject.id, found)
    return list(hits.values())[:MOST]


def _by_code(code: str, exact: Asked, loose: Asked) -> list[Found]:
    if not _CODE.fullmatch(code):
        return []
    if found := led_to(exact, code):
        return [Found(s, _EXACT_CODE if s.code == code else _FORMER_CODE) for s in found]
    if len(code) < SHORTEST_CODE:
        return []
    led = f"SELECT i.subject FROM store_identifier i WHERE i.kind = 'code' AND i.until IS NULL AND {_begins('i.value')}"  # noqa: S608
    begins = f"AND f.subject IN ({led}) LIMIT {MOST}"
    found = facts(loose, begins, _range(code))  # sorted here: the database stops as soon as it has enough
    return [Found(s, _CODE_BEGINS) for s in sorted(found, key=lambda s: s.code)]


def _by_name(fold: str, exact: Asked, loose: Asked) -> list[Found]:
    same = [Found(s, _EXACT_NAME) for s in facts(exact, "AND f.fold = %s LIMIT 20", [fold])]
    if len(fold) < SHORTEST_NAME:
        return same
    begins = facts(loose, f"AND {_begins('f.fold')} LIMIT {MOST}", _range(fold), [Kind.ORGANISATION])
    return same + [Found(s, _NAME_BEGINS) for s in sorted(begins, key=lambda s: s.fold)]


def _begins(column: str) -> str:
    """SQL for "begins with" that either database answers from its index."""
    return f"{column} LIKE %s" if on_postgres() else f"{column} >= %s AND {column} < %s"


def _range(text: str) -> list[str]:
    return [text.translate(_LIKE) + "%"] if on_postgres() else [text, text + "\U0010ffff"]
