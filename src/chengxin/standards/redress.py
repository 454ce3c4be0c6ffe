"""The terms of an objection as the catalogue has them (cn/redress.yaml): days, clauses, grounds, how long a statement is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chengxin.standards.load import Catalogue
from chengxin.values.errors import Said


@dataclass(frozen=True)
class ObjectionTerms:
    """Working days for what the office can check itself and for what another body must; clauses; grounds by name."""

    own_days: int
    other_days: int
    clause: str
    marking_clause: str
    statement: int  # characters
    grounds: Mapping[str, Said]


@lru_cache(maxsize=8)
def objection_terms(catalogue: Catalogue) -> ObjectionTerms:
    """The terms on the catalogue's day."""
    told = catalogue.tables["redress"]["objection"]
    grounds = {name: Said(one["title"]["zh"], one["title"]["en"]) for name, one in told["grounds"].items()}
    return ObjectionTerms(
        told["own_days"], told["other_days"], told["clause"], told["marking"]["clause"], told["statement"], grounds
    )
