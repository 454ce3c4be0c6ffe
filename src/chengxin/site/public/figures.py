"""The figures of the home page and the dashboard: counted once for each place in the log, by the gate's own condition."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chengxin.sharing.condition import At
from chengxin.site.access import counts
from chengxin.site.access.asked import Asked, anybody
from chengxin.site.access.kept import kept
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.standards.readers import Kind
from chengxin.values.errors import Said

REGISTERS = {
    "enterprise": Said("企业", "Enterprises"),
    "other": Said("其他组织", "Other organisations"),
}
_FEW = 5  # of sole traders no smaller number is told


@dataclass(frozen=True)
class Figures:
    """What there is now."""

    subjects: dict[tuple[str, Kind], int]
    records: dict[str, int]
    firms: dict[str, int]  # of these, those with a day that are about organisations: what lists and packages hold
    months: dict[str, dict[str, int]]  # resource → month → how many
    prompt: dict[str, dict[str, tuple[int, int]]]  # resource → month → told in time, of so many first told
    sent: dict[str, counts.Sent]

    @property
    def organisations(self) -> int:
        """Organisations in both registers."""
        return sum(n for (_, kind), n in self.subjects.items() if kind is Kind.ORGANISATION)

    @property
    def all_records(self) -> int:
        """All records that anybody may see."""
        return sum(self.records.values())

    def sent_of(self, resources: Sequence[Resource]) -> int:
        """How many of these resources somebody sends."""
        return sum(r.name in self.sent for r in resources)

    @property
    def last(self) -> date | None:
        """When something was last taken in."""
        return max((s.last for s in self.sent.values()), default=None)


def public_resources(catalogue: Catalogue) -> list[Resource]:
    """The resources of which figures are told: those that are about more than persons."""
    return [r for r in catalogue.resources.values() if r.subjects != ("person",)]


def figures(at: At | None = None) -> Figures:
    """The figures at a place in the log."""
    asked = anybody("public.counts", at)
    return kept(asked, ("figures",), lambda: _counted(asked))


def sent(at: At) -> dict[str, counts.Sent]:
    """Which resources were sent, and when last."""
    asked = anybody("public.counts", at)
    return kept(asked, ("sent",), lambda: counts.sent(asked))


def _counted(asked: Asked) -> Figures:
    records: Counter[str] = Counter()
    firms: Counter[str] = Counter()
    months: dict[str, Counter[str]] = {}
    prompt: dict[str, dict[str, tuple[int, int]]] = {}
    for one in counts.by_month(asked):
        records[one.resource] += one.n
        firms[one.resource] += one.n if one.kind is Kind.ORGANISATION and one.month else 0
        months.setdefault(one.resource, Counter())[one.month] += one.n
        if one.prompt is not None:
            by_month = prompt.setdefault(one.resource, {})
            in_time, told = by_month.get(one.month, (0, 0))
            by_month[one.month] = in_time + one.n * one.prompt, told + one.n
    subjects = {
        (register, kind): n for register, kind, n in counts.registers(asked) if n >= _FEW or kind is Kind.ORGANISATION
    }
    return Figures(
        subjects, dict(records), dict(firms), {r: dict(m) for r, m in months.items()}, prompt, counts.sent(asked)
    )
