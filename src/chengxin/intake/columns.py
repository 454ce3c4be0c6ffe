"""Which columns of a table are kept, and what is told about the others."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chengxin.intake.headings import Found, shown
from chengxin.intake.hiding import hide_in
from chengxin.intake.received import Heading, Note, Part
from chengxin.intake.table import HeadRow
from chengxin.intake.task import Task
from chengxin.standards.model import Resource
from chengxin.values.text import fold_heading

_RANK = {"mapped": 0, "code": 1, "title": 2, "alias": 3, "misspelling": 4}


@dataclass(frozen=True)
class Columns:
    """The headings of one table, of them those kept, and the notes about them. `width`: columns a data row may fill."""

    all: tuple[Heading, ...]
    kept: tuple[Heading, ...]
    width: int
    row: int
    notes: tuple[Note, ...]
    day: date

    @property
    def shown(self) -> tuple[Heading, ...]:
        """The headings fit to be told: an identity number among them is hidden."""
        return tuple(replace(h, text=hide_in(h.text, "text", self.day)) for h in self.all)

    def dates(self, resource: Resource) -> frozenset[int]:
        """The positions of the columns that hold days."""
        return frozenset(h.position for h in self.kept if h.field and resource.by_name[h.field].kind == "date")

    def part(
        self, name: str, rows: Sequence[HeadRow], encoding: str | None, delimiter: str | None, resource: Resource
    ) -> Part:
        """The part that these columns are the columns of."""
        present = {h.field for h in self.kept}
        missing = tuple(
            f.name for f in resource.fields if f.constraints.required and not f.fill and f.name not in present
        )
        return Part(name, self.shown, rows[self.row].number, missing, encoding, delimiter)


def choose(found: Found, rows: Sequence[HeadRow], task: Task, part: str) -> Columns:
    """The columns to keep; of two for one field the better named that is not empty. Too many columns are refused."""
    if len(found.headings) > task.bounds.columns:
        raise task.refuse(
            "too-many-columns", table=part or task.path.name, count=len(found.headings), bound=task.bounds.columns
        )
    data = rows[found.last_row + 1 :]
    by_field: dict[str, list[Heading]] = defaultdict(list)
    for heading in found.headings:
        if heading.field:
            by_field[heading.field].append(heading)
    kept = {code: _best(candidates, data) for code, candidates in by_field.items()}
    notes = [*_titles(found, rows, task, part), *_unknown(found.headings, task, part)]
    notes += _twice(by_field, kept, task, part)
    chosen = tuple(sorted(kept.values(), key=lambda h: h.position))
    others = tuple(h if h in chosen else Heading(h.position, h.text, None, "unknown") for h in found.headings)
    return Columns(others, chosen, len(found.headings), found.row, tuple(notes), task.order.day)


def _best(candidates: list[Heading], data: Sequence[HeadRow]) -> Heading:
    def filled(heading: Heading) -> bool:
        return any(len(r.cells) > heading.position and (r.cells[heading.position] or "").strip() for r in data)

    return min(candidates, key=lambda h: (not filled(h), _RANK.get(h.how, 9), h.position))


def _titles(found: Found, rows: Sequence[HeadRow], task: Task, part: str) -> Iterator[Note]:
    """Rows above the headings that were passed over."""
    above = [r.number for r in rows[: found.row] if any((c or "").strip() for c in r.cells)]
    if above:
        yield task.note("title-rows", "note", part, above[0], rows=listed(above), heading_row=rows[found.row].number)


def _unknown(headings: Sequence[Heading], task: Task, part: str) -> Iterator[Note]:
    ours = task.words.not_data_columns
    unknown = [h.text for h in headings if h.field is None and h.text and h.text not in ours]
    banned = {fold_heading(w) for w in task.words.forbidden}
    forbidden = [t for t in unknown if any(w in fold_heading(t) for w in banned)]
    others = [t for t in unknown if t not in forbidden]
    if forbidden:
        yield task.note("forbidden-column", "warn", part, columns=_listed_names(forbidden, task))
    if others:
        yield task.note("columns-not-kept", "warn", part, columns=_listed_names(others[:40], task), count=len(others))


def _listed_names(texts: Sequence[str], task: Task) -> str:
    return "、".join(shown(hide_in(text, "text", task.order.day)) for text in texts)


def _twice(by_field: dict[str, list[Heading]], kept: dict[str, Heading], task: Task, part: str) -> list[Note]:
    notes = []
    for code, candidates in by_field.items():
        if len(candidates) > 1:
            title = task.resource.by_name[code].title
            columns = "、".join(f"{_listed_names([h.text], task)}（{letters(h.position)}）" for h in candidates)
            taken = letters(kept[code].position)
            notes.append(task.note("column-twice", "warn", part, columns=columns, title=title, kept=taken))
    return notes


def letters(position: int) -> str:
    """The column's letters as a spreadsheet shows them: 0 → A, 26 → AA."""
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def listed(numbers: Sequence[int]) -> str:
    """Row numbers in words, runs shortened: 1-3、7."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    shown_runs = [str(a) if a == b else f"{a}-{b}" for a, b in runs[:12]]
    return "、".join(shown_runs) + ("…" if len(runs) > 12 else "")
