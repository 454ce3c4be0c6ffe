"""What every desk tells of an objection: where it is, its term with the sum, its ground. Records are read by the desk's outlet."""

from dataclasses import dataclass

from chengxin.redress.objection import Clock, Move, Party, State, moves_of
from chengxin.site.access.disputes import clear
from chengxin.site.access.reading import Seen
from chengxin.site.actions.objections import clock_of
from chengxin.site.public.shown import Shown
from chengxin.site.store.models import Objection
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.redress import objection_terms
from chengxin.standards.words import short_clause
from chengxin.values.errors import Said


@dataclass(frozen=True)
class Case:
    """An objection as a page tells it; `record` where the reader may see it now."""

    row: Objection
    catalogue: Catalogue
    record: Shown | None = None

    @property
    def number(self) -> str:
        """What it is called by: the end of its id, since what begins it is the time."""
        return number_of(self.row)

    @property
    def state(self) -> State:
        """Where it is."""
        return State(self.row.state)

    @property
    def clock(self) -> Clock:
        """Its term."""
        return clock_of(self.row, self.catalogue.day)

    @property
    def late(self) -> bool:
        """True if it is not decided and its term is over."""
        return self.state.going and self.clock.left < 0

    @property
    def ground(self) -> Said:
        """Why the subject objects."""
        terms = objection_terms(load_catalogue(self.row.raised_on))
        return terms.grounds.get(self.row.ground, Said(self.row.ground, self.row.ground))

    @property
    def statement(self) -> str:
        """What the subject states; about a person it is opened for this page."""
        return self._clear("statement")

    @property
    def answer(self) -> str:
        """What its source answered."""
        return self._clear("answer")

    @property
    def reason(self) -> str:
        """Why it was decided so."""
        return self._clear("reason")

    def _clear(self, what: str) -> str:
        return clear(getattr(self.row, what), self.row.subject.hex, f"{self.row.id.hex} {what}")

    @property
    def clause(self) -> Said:
        """The rule that its term comes from, in words."""
        catalogue = load_catalogue(self.row.raised_on)
        return short_clause(objection_terms(catalogue).clause, catalogue)

    @property
    def title(self) -> Said:
        """What kind of record it is about."""
        resource = self.catalogue.resources.get(self.row.resource)
        return resource.title if resource else Said(self.row.resource, self.row.resource)

    def may(self, party: Party) -> list[Move]:
        """What this party may do now."""
        return moves_of(self.state, party)


def number_of(row: Objection) -> str:
    """The number by which people speak of an objection."""
    return row.id.hex[-8:].upper()


def case_of(row: Objection, catalogue: Catalogue, seen: Seen | None = None) -> Case:
    """The case, with its record if it was seen."""
    return Case(row, catalogue, Shown(seen, catalogue) if seen else None)
