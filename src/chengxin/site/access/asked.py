"""One request at one outlet, and what the gate says to it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from chengxin.sharing.condition import At, Condition, chosen
from chengxin.sharing.outlets import Outlet, answer_at, outlet_named
from chengxin.sharing.questions import Allowed, Ground
from chengxin.sharing.terms import COLUMNS, Term, Where, as_sql
from chengxin.site.store.bulk import Schema, one_trip
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.readers import Kind, View
from chengxin.values.clock import legal_today

PUBLICITY = "publicity"
_HEAD = """SELECT h.included, h.committed, c.first_index + c.events FROM store_head h
LEFT JOIN store_changeset c ON c.number = h.included"""
_HEADS: Schema = {"included": pl.Int32, "committed": pl.Int32, "size": pl.Int64}
NAMES = {c: f'{"s" if c == "kind" else "r"}."{c}"' for c in COLUMNS}
Answers = dict[tuple[str, Kind], Allowed]


@dataclass(frozen=True)
class Who:
    """Who reads what is not public, for its Look: an account or key, of which body, in which case or under which grant."""

    name: str
    body: str = ""
    case: str = ""


@dataclass(frozen=True)
class Asked:
    """One request: at which outlet, when, for what, on which ground. `who` is None for anybody, at public outlets only.

    `among`: the resources that the key is for; None: all that the gate allows.
    """

    outlet: Outlet
    at: At
    catalogue: Catalogue
    purpose: str = PUBLICITY
    ground: Ground = Ground.NONE
    who: Who | None = None
    among: frozenset[str] | None = None

    @property
    def public(self) -> bool:
        """True if anybody may ask this."""
        return self.outlet.view is View.PUBLISHED

    def answers(self) -> Answers:
        """What the gate allows, by resource and kind of subject; what is not there is refused."""
        return answers_at(self.outlet, self.catalogue, self.purpose, self.ground, self.among)

    def kinds(self) -> list[Kind]:
        """Kinds of subject of which anything may be seen."""
        allowed = {kind for _, kind in self.answers()}
        return [kind for kind in Kind if kind in allowed]

    def term(self, among: Callable[[str, Kind], bool] = lambda resource, kind: True) -> Term:
        """The condition, of the resources and kinds that `among` takes."""
        conditions = (a.condition for (resource, kind), a in self.answers().items() if among(resource, kind))
        return chosen((c for c in conditions if isinstance(c, Condition)), self.at)

    def where(self, among: Callable[[str, Kind], bool] = lambda resource, kind: True) -> Where:
        """The condition on `store_record r` and `store_subject s`."""
        return as_sql(self.term(among), NAMES)


@lru_cache(maxsize=256)
def answers_at(
    outlet: Outlet, catalogue: Catalogue, purpose: str, ground: Ground, among: frozenset[str] | None = None
) -> Answers:
    """See `Asked.answers`."""
    found: Answers = {}
    for name in catalogue.resources:
        if among is not None and name not in among:
            continue
        for kind in Kind:
            answer = answer_at(outlet, catalogue, name, kind, purpose, ground)
            if isinstance(answer, Allowed):
                found[name, kind] = answer
    return found


def place() -> At:
    """Now: the legal day and the head of the registers."""
    return place_in_log()[0]


def place_in_log() -> tuple[At, int]:
    """Now, and the size of the log as far as what burdens is included in it."""
    day = legal_today()
    for head in one_trip(_HEAD, _HEADS):
        return At(day, head["included"], head["committed"]), head["size"] or 0
    return At(day, 0, 0), 0


def anybody(outlet: str, at: At | None = None) -> Asked:
    """A request by anybody at a public outlet. Raises LookupError for an outlet that is not public."""
    found = outlet_named(outlet)
    if found.view is not View.PUBLISHED:
        raise LookupError(f"{outlet} is not a public outlet")
    at = at or place()
    return Asked(found, at, load_catalogue(at.day))


def marks(values: Collection[object]) -> str:
    """As many placeholders as there are values."""
    return ", ".join(["%s"] * len(values))
