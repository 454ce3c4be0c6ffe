"""Which column is which field: by code, title, alias, known misspelling or what was remembered for the authority."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chengxin.intake.received import Heading, How
from chengxin.standards.model import Field, Resource
from chengxin.values.text import fold_heading, shorten

LOOK_AT_ROWS = 40
Cells = Sequence[str | None]

_TAIL = re.compile(r"^(.+?)\(([^()]*)\)$")
_YUAN = re.compile(r"^(?:单位)?(?:人民币)?元$")
_TEN_THOUSAND = re.compile(r"^(?:单位)?(?:人民币)?万元$")
_LONGEST = 400  # characters; no heading is longer, and a cell of megabytes would be folded many times
_DIGITS = re.compile(r"\d{6,}")


def shown(text: str) -> str:
    """A heading fit to be shown: shortened, and long numbers hidden, for a file without headings holds data there."""
    return shorten(_DIGITS.sub("…", " ".join(text.split())), 30)


@dataclass(frozen=True)
class Found:
    """The headings of one table. `last_row` is the index of the last row that belongs to them, `row` that of the row
    a clerk would call the headings; both count from 0 in the rows looked at."""

    headings: tuple[Heading, ...]
    row: int
    last_row: int


class Known:
    """Every way a heading of one resource may be written, folded."""

    def __init__(self, resource: Resource, mapping: Mapping[str, str]) -> None:
        self._known: dict[str, tuple[Field, How]] = {}
        self._money: dict[str, Field] = {}
        self._codes = resource.by_name
        for text, code in mapping.items():
            if code in resource.by_name:
                self._add(text, resource.by_name[code], "mapped")
        for field in resource.fields:
            self._add(field.name, field, "code")
        for field in resource.fields:
            self._add(field.title, field, "title")
        for field in resource.fields:
            for alias in field.aliases:
                self._add(alias, field, "alias")
        for field in resource.fields:
            for slip in field.misspellings:
                self._add(slip, field, "misspelling")
        self._add_without_tails(resource)

    def _add(self, text: str, field: Field, how: How) -> None:
        self._known.setdefault(fold_heading(text), (field, how))

    def _add_without_tails(self, resource: Resource) -> None:
        for field in resource.fields:
            for text in (field.title, *field.aliases):
                tail = _TAIL.match(fold_heading(text))
                if tail:
                    self._known.setdefault(tail[1], (field, "title" if text == field.title else "alias"))
            if field.kind == "money":
                for text in (field.title, *field.aliases):
                    folded = fold_heading(text)
                    tail = _TAIL.match(folded)
                    base = tail[1] if tail and _TEN_THOUSAND.match(tail[2]) else folded
                    self._money.setdefault(base, field)

    def heading(self, position: int, text: str) -> Heading:
        """What the column under `text` is."""
        folded = fold_heading(text)
        found = self._known.get(folded) or self._without_tail(folded)
        if found is None:
            tail = _TAIL.match(folded)
            field = self._money.get(tail[1]) if tail and _YUAN.match(tail[2]) else None
            if field is None:
                return Heading(position, text, None, "unknown")
            return Heading(position, text, field.name, "alias", "yuan")
        return Heading(position, text, found[0].name, found[1])

    def _without_tail(self, folded: str) -> tuple[Field, How] | None:
        """Without a hint in brackets like `(yyyy/mm/dd)`; a tail that could name another column is no hint."""
        tail = _TAIL.match(folded)
        if not tail or _YUAN.match(tail[2]) or re.search("[码号名类]", tail[2]):
            return None
        return self._known.get(tail[1])

    def knows(self, text: str) -> bool:
        """True if `text` is a heading of the resource."""
        return self.heading(0, text).field is not None

    def needs(self, code: str) -> bool:
        """True if every row must have the field."""
        return self._codes[code].constraints.required

    def is_heading_of(self, text: str, code: str) -> bool:
        """True if `text` is one of the headings of the field `code`."""
        return self.heading(0, text).field == code


def _clean(cell: str | None) -> str:
    return " ".join(cell[:_LONGEST].split()) if cell else ""


def _match(known: Known, position: int, cell: str, above: str, below: str) -> Heading:
    """One column of a heading row; groups above and merged cells above or below count too."""
    if cell and above:
        joined = known.heading(position, above + cell)
        if joined.field:
            return replace(joined, text=cell)
    if cell:
        return known.heading(position, cell)
    for other in (above, below):
        heading = known.heading(position, other) if other else None
        if heading and heading.field:
            return heading
    return Heading(position, "", None, "unknown")


def _spread(cells: Sequence[str]) -> list[str]:
    """A row of group headings with each group written over all its columns."""
    spread, last = [], ""
    for cell in cells:
        last = cell or last
        spread.append(last)
    return spread


def _row(known: Known, rows: Sequence[Sequence[str]], index: int) -> tuple[Heading, ...]:
    cells = rows[index]
    width = len(cells)
    above_row = list(rows[index - 1]) if index else []
    is_group = bool(above_row) and sum(map(bool, above_row)) > 1
    above = _spread(above_row) if is_group else above_row
    own_above = above_row
    out = []
    for position in range(width):
        group = above[position] if position < len(above) and is_group else ""
        lonely = own_above[position] if position < len(own_above) else ""
        cell = cells[position]
        out.append(_match(known, position, cell, group if cell else lonely, ""))
    return tuple(out)


def _score(headings: Sequence[Heading]) -> int:
    return len({h.field for h in headings if h.field})


def _enough(known: Known, headings: Sequence[Heading], cells: Sequence[str]) -> bool:
    """Two headings are enough. One is, if it is most of the row and no table goes without it: 说明 may be a note's title."""
    fields = {h.field for h in headings if h.field}
    return len(fields) >= 2 or (any(map(known.needs, fields)) and sum(map(bool, cells)) <= 2)


def _continued(known: Known, upper: tuple[Heading, ...], lower: Sequence[str]) -> tuple[Heading, ...] | None:
    """Headings whose second line stands one row lower: cells of the lower row fill only columns not yet known."""
    texts = {h.position: h.text for h in upper}
    spread = _spread([texts.get(p, "") for p in range(max(len(lower), len(upper)))])
    known_at = {h.position for h in upper if h.field}
    merged, gained = {h.position: h for h in upper}, 0
    for position, cell in enumerate(lower):
        if not cell:
            continue
        heading = _match(known, position, cell, spread[position] if position < len(spread) else "", "")
        if heading.field is None and position in known_at:
            return None
        if heading.field is not None:
            gained += 1
            merged[position] = heading
    return tuple(merged[p] for p in sorted(merged)) if gained else None


def find(known: Known, rows: Sequence[Cells]) -> Found | None:
    """The headings among the first rows of a table, or None. Rows count from 0; cells are texts or None."""
    texts = [[_clean(c) for c in row] for row in rows[:LOOK_AT_ROWS]]
    width = max((len(r) for r in texts), default=0)
    texts = [r + [""] * (width - len(r)) for r in texts]
    scored = [(_score(_row(known, texts, i)), -i) for i in range(len(texts))]
    if not scored or max(scored)[0] == 0:
        return None
    best = -max(scored)[1]
    headings = _row(known, texts, best)
    if not _enough(known, headings, texts[best]):
        return None
    last = row = best
    while last + 1 < len(texts):
        more = _continued(known, headings, texts[last + 1])
        if more is None:
            break
        if _score(more) > _score(headings):
            headings, row = more, last + 1
        last += 1
    return Found(_trimmed(headings), row, last)


def _trimmed(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Without the empty columns at the right."""
    end = max((i for i, h in enumerate(headings) if h.text), default=-1)
    return headings[: end + 1]
