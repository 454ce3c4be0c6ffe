"""What a slip of the hand needs to know: the district, the resource, and which codes are surely registered."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from chengxin.standards.model import Resource, Rule
from chengxin.world.district import District

Row = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    """A resource and the district, asked while rows are spoilt. All chance comes from the district's generator."""

    district: District
    resource: Resource
    registered: frozenset[str]

    @cached_property
    def codes(self) -> dict[str, list[int]]:
        """Registered subjects by the first two characters of their code."""
        found: dict[str, list[int]] = {}
        for index, code in enumerate(self.district.subjects["code"].to_list()):
            if code in self.registered:
                found.setdefault(code[:2], []).append(index)
        return found

    @cached_property
    def dead(self) -> list[int]:
        """Registered subjects that ceased."""
        gone = np.flatnonzero((self.district.subjects["status"] == "注销").to_numpy()).tolist()
        return [i for i in gone if self.district.subjects["code"][i] in self.registered]

    def pick(self, things: list[Any]) -> Any:
        """One of the things, or None if there are none."""
        return things[int(self.district.rng.integers(len(things)))] if things else None

    def field(self, role: str) -> str:
        """The field that plays a role; only asked for roles the table of dirt needs."""
        return self.resource.roles[role]

    def rule(self, kind: str) -> Rule | None:
        """A rule of that kind, if the resource has one."""
        rule: Rule | None = self.pick([rule for rule in self.resource.rules if rule.kind == kind])
        return rule

    def texts(self, row: Row, kind: str) -> str | None:
        """A filled free-text field that a rule of that kind looks at."""
        ruled = {rule.field for rule in self.resource.rules if rule.kind == kind}
        fields = [f.name for f in self.resource.fields if f.kind == "text" and f.name in ruled and row.get(f.name)]
        field: str | None = self.pick(fields)
        return field

    def is_registered(self, row: Row) -> bool:
        """True if the register as sent will know the row's subject."""
        return bool(row["_index"] >= 0 and row[self.field("subject_code")] in self.registered)

    def truth(self, row: Row, column: str) -> Any:
        """What the true register says about the row's subject."""
        return self.district.subjects[column][row["_index"]] if row["_index"] >= 0 else None
