"""Measures (奖惩措施): what a body may or must do about whom, by which clause. It is law, and says of no subject that it is due."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chengxin.standards.load import Catalogue, build
from chengxin.standards.model import Confidence
from chengxin.values.errors import Said

SERIOUS = "serious"  # in `lists`: any serious-dishonesty list


@dataclass(frozen=True)
class Measure:
    """One measure by one clause. `lists`: those it follows from; none: it follows from a judgment, penalty or the like.

    `months`: the longest term that the clause sets; None: none, or as the list provides.
    """

    name: str
    kind: str
    of: Said
    what: Said
    term: Said
    months: int | None
    body: str
    clause: str
    since: date
    lists: tuple[str, ...]
    subjects: tuple[str, ...]
    source: str
    confidence: Confidence
    until: date | None = None
    note: Said | None = None

    @property
    def draft(self) -> bool:
        """True if its facts are not of high confidence: visible, binds nobody (design 1.6)."""
        return self.confidence != "high"

    def in_force(self, day: date) -> bool:
        """True from `since` to `until`, both inclusive."""
        return self.since <= day and (self.until is None or day <= self.until)

    def follows_from(self, name: str, serious: bool) -> bool:
        """True if being on this list leads to it."""
        return name in self.lists or (serious and SERIOUS in self.lists)


@dataclass(frozen=True)
class MeasureKind:
    """A kind of the national list of measures. `group`: A by law, B within a body's remit, C at one's own choice, R reward."""

    name: str
    title: Said
    group: str
    draft: bool


@lru_cache(maxsize=32)
def measure_kinds(catalogue: Catalogue) -> dict[str, MeasureKind]:
    """The kinds of measures, by name."""
    entries = catalogue.tables["measures"]["kinds"]
    return {
        name: MeasureKind(name, Said(e["title"]["zh"], e["title"]["en"]), e["class"], e["confidence"] != "high")
        for name, e in entries.items()
    }


@lru_cache(maxsize=32)
def measures(catalogue: Catalogue) -> tuple[Measure, ...]:
    """All measures in force on the catalogue's day, drafts too."""
    entries = catalogue.tables["measures"]["measures"]
    found = (build(Measure, dict(e), f"measures.yaml:{name}", name=name) for name, e in entries.items())
    return tuple(m for m in found if m.in_force(catalogue.day))
