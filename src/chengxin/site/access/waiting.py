"""Rows that wait for a human, beside the subjects they may be about: what agrees and what differs, field by field.

A row is shown as its record would be: the gate's answer for its resource and kind of subject cuts it. About a natural
person no more is shown than that it waits.
"""

import uuid
from dataclasses import dataclass
from typing import Any

import polars as pl

from chengxin.flow.states import Waits
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.access.reading import of_subjects
from chengxin.site.access.sent import allowed
from chengxin.site.access.subjects import Subject, led_to, same_as
from chengxin.site.actions.queue import opened
from chengxin.site.folder import Site
from chengxin.site.store.models import Waiting
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.model import Field, Resource
from chengxin.standards.readers import Kind
from chengxin.subjects.resolve import about_person
from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken
from chengxin.values.text import fold_name


class Sign(Spoken):
    """What comparing a row with a subject says of one thing."""

    AGREES = "agrees", "一致", "agrees"
    FORMER = "former", "与曾用的一致", "agrees with a former one"
    DIFFERS = "differs", "不同", "differs"
    MISSING = "missing", "缺，不能比", "missing: can't be compared"

    @property
    def shape(self) -> str:
        """What tells it without its colour."""
        return {"agrees": "＝", "former": "≈", "differs": "≠", "missing": "○"}[self.value]


@dataclass(frozen=True)
class Compared:
    """One thing on both sides, as it is shown, and what comparing says."""

    title: Said
    row: str
    subject: str
    sign: Sign


@dataclass(frozen=True)
class Candidate:
    """A subject that the row may be about, with the evidence."""

    subject: Subject
    evidence: list[Compared]


@dataclass(frozen=True)
class Shown:
    """A row that waits. `cells`: what may be seen of it; None: it is about a person."""

    waiting: Waiting
    resource: Resource
    kind: Kind
    why: Said
    cells: list[tuple[Field, str]] | None
    values: dict[str, Any]


# What is compared beside name and code, by the roles of the fields on either side.
_MORE = (
    ("registration_number", Said("注册号", "registration number")),
    ("organisation_code", Said("组织机构代码", "organisation code")),
    ("legal_representative", Said("法定代表人（负责人）", "legal representative")),
    ("address", Said("地址", "address")),
)


def listed(asked: Asked, states: tuple[str, ...] = ("", "unsure"), most: int = 200) -> list[Waiting]:
    """Rows in these states, oldest first: their shell."""
    rows = allowed(asked, Waiting.objects.filter(verdict__in=states), "submission__authority_id")
    return list(rows.select_related("submission__authority").order_by("id")[:most])


def one(asked: Asked, counted: Asked, site: Site, identity: str) -> Shown | None:
    """One row, as `asked` may see a record of it; None if it is not there. `counted`: the request at the list."""
    rows = allowed(counted, Waiting.objects.all(), "submission__authority_id")
    waiting = rows.select_related("submission__authority").filter(id=uuid.UUID(identity)).first()
    if waiting is None:
        return None
    catalogue = load_catalogue(waiting.submission.known_on)
    resource = catalogue.resource(waiting.resource)
    write_look(asked, [])
    frame = opened(site, waiting)
    kind = _kind(frame, resource, catalogue)
    answer = asked.answers().get((resource.name, kind))
    row = frame.row(0, named=True)
    seen = answer.fields if answer and kind is not Kind.PERSON else frozenset()
    values = {name: row[name] for name in row if name in seen}
    cells = [(f, str(values[f.name])) for f in resource.fields if values.get(f.name) is not None]
    why = Waits(waiting.reason).said
    return Shown(waiting, resource, kind, why, None if kind is Kind.PERSON else cells, values)


def candidates(asked: Asked, shown: Shown, typed: str = "") -> list[Candidate]:
    """The subjects that the row's name or number leads to, and one whose code was typed; each with the evidence."""
    if shown.cells is None:
        return []
    codes = [
        *([typed] if typed else []),
        *([shown.waiting.code] if shown.waiting.code else []),
        *shown.waiting.candidates,
    ]
    found = {s.id: s for code in dict.fromkeys(codes) for s in led_to(asked, code)}
    return [Candidate(s, _evidence(asked, shown, s)) for s in found.values()]


def _kind(frame: pl.DataFrame, resource: Resource, catalogue: Catalogue) -> Kind:
    """Of which kind of subject the row is; in doubt of the kind that is shown least."""
    if frame.select(about_person(resource, catalogue).alias("p"))["p"].fill_null(True).any():
        return Kind.PERSON
    role, code = resource.role("subject_kind"), resource.role("subject_code")
    trader = next(v.label for v in catalogue.code_list("subject_kind").values if v.code == "sole_trader")
    told = frame[role][0] if role and role in frame.columns else None
    number = str(frame[code][0] or "") if code and code in frame.columns else ""
    prefixes = tuple(str(p) for p in catalogue.tables["uscc_kinds"]["sole_traders"])
    return Kind.SOLE_TRADER if told == trader or number.startswith(prefixes) else Kind.ORGANISATION


def _evidence(asked: Asked, shown: Shown, subject: Subject) -> list[Compared]:
    told = _told(shown.resource, shown.values)
    name, code = told.get("subject_name", ""), told.get("subject_code", "")
    former = {fold_name(n) for n in subject.former_names}
    listed = [
        _compared(Said("名称", "name"), name, subject.name, fold_name(name) in former, fold_name),
        _compared(Said("代码", "code"), code, subject.code, code in subject.former_codes),
    ]
    group = [s.id for s in same_as(asked, subject.id)]
    known: dict[str, str] = {}
    for seen in of_subjects(asked, group)[0]:
        if seen.resource.nature == "registration":
            known = _told(seen.resource, seen.content) | known
    known.setdefault("organisation_code", subject.code[8:17])
    told.setdefault("organisation_code", code[8:17] if len(code) == 18 else "")
    return listed + [
        _compared(title, told.get(r, ""), known.get(r, "")) for r, title in _MORE if r in told or r in known
    ]


def _told(resource: Resource, values: dict[str, Any]) -> dict[str, str]:
    """What a row or record says by role."""
    return {role: str(values[name]) for role, name in resource.roles.items() if values.get(name) not in (None, "")}


def _compared(title: Said, row: str, subject: str, former: bool = False, fold: Any = str.strip) -> Compared:
    if not row or not subject:
        sign = Sign.MISSING
    elif fold(row) == fold(subject):
        sign = Sign.AGREES
    else:
        sign = Sign.FORMER if former else Sign.DIFFERS
    return Compared(title, row, subject, sign)
