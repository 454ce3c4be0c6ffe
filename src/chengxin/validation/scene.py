"""What a validation knows beside the rows: the standard, the day, the sender, the registers, the clerk's headings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field, Resource
from chengxin.validation.registration import Registers
from chengxin.values.errors import Said

T = TypeVar("T")
HIDDEN_VALUE = Said("（不显示）", "(not shown)")


@dataclass(frozen=True)
class Scene:
    """Frozen and picklable, so that the same scene can be handed to another process or a cluster."""

    catalogue: Catalogue
    resource: Resource
    day: date
    sender_code: str | None = None
    sender_name: str | None = None
    may_report: frozenset[str] | None = None  # resources the sender is listed for; None = not known here
    registration: Registers | None = None
    confirmed_codes: frozenset[str] = frozenset()  # codes an officer found really issued, wrong check character and all
    headings: Mapping[str, str] = field(default_factory=dict)  # field → as the clerk wrote it
    units: Mapping[str, str] = field(default_factory=dict)  # field → 'yuan' where the heading says so
    missing: tuple[str, ...] = ()  # required fields that have no column
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this scene: expressions cost more to build than one row costs to judge."""
        if key not in self.memo:
            self.memo[key] = make()
        found: T = self.memo[key]
        return found

    @property
    def asked(self) -> Mapping[str, frozenset[str]]:
        """Field → the kinds of rule that its content is asked about on this day: nothing else need be looked for."""
        return self.once("asked", self._asked)

    def _asked(self) -> dict[str, frozenset[str]]:
        kinds: dict[str, set[str]] = {}
        for rule in self.resource.rules:
            if rule.field and rule.in_force(self.day):
                kinds.setdefault(rule.field, set()).add(rule.kind)
        return {name: frozenset(found) for name, found in kinds.items()}

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"memo": {}}

    def title(self, name: str | None) -> Said:
        """How a field is called in a sentence: the clerk's heading in Chinese, our title in English."""
        if name is None or name not in self.resource.by_name:
            return Said("", "")
        of = self.resource.by_name[name]
        return Said(self.headings.get(name, of.title), of.title_en)

    def shown(self, of: Field, value: pl.Expr) -> pl.Expr | Said:
        """A value as a sentence may show it: quoted and shortened, never that of a private field."""
        if of.private:
            return HIDDEN_VALUE
        return pl.concat_str(pl.lit("“"), value.cast(pl.String).str.slice(0, 40), pl.lit("”"))
