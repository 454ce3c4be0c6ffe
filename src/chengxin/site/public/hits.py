"""Whom a search found, with what may be seen of each, and facets: one function counts them and keeps them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from chengxin.sharing.condition import At
from chengxin.site.access import counts, reading
from chengxin.site.access.asked import anybody
from chengxin.site.access.counts import Held
from chengxin.site.access.find import Found, found_subjects
from chengxin.site.access.subjects import Subject
from chengxin.standards.load import Catalogue
from chengxin.standards.readers import Kind
from chengxin.subjects.names.words import words_of
from chengxin.values.errors import Said

FACETS: dict[str, Said] = {
    "register": Said("基本数据库", "Register"),
    "kind": Said("主体类别", "Kind of subject"),
    "street": Said("街道（镇）", "Street or town"),
    "record": Said("信息类", "Kind of record"),
    "year": Said("决定年份", "Year decided"),
    "status": Said("登记状态", "Registration status"),
}
ORDERS: dict[str, Said] = {
    "fit": Said("最相符的在前", "Best fit first"),
    "name": Said("按名称", "By name"),
    "newest": Said("最近有决定的在前", "Latest decision first"),
}
_REGISTRATION = "registration"


@dataclass(frozen=True)
class Hit:
    """A subject that was found. `held`: its records that anybody may see; `place` and `street`: where it is, if told."""

    found: Found
    held: list[Held]
    place: str
    street: str

    @property
    def subject(self) -> Subject:
        """Who it is."""
        return self.found.subject

    @property
    def last(self) -> date | None:
        """The day of the last decision about it."""
        return max((h.last for h in self.held if h.last), default=None)

    def by_resource(self) -> dict[str, int]:
        """How many records of each resource."""
        found: Counter[str] = Counter()
        for held in self.held:
            found[held.resource] += held.number
        return dict(sorted(found.items()))

    def values(self, facet: str, given: Mapping[str, str]) -> set[str]:
        """What it has of a facet. Of records and years those count that go with the other one given."""
        if facet == "record":
            return {h.resource for h in self.held if given.get("year") in (None, h.year)}
        if facet == "year":
            return {h.year for h in self.held if h.year and given.get("record") in (None, h.resource)}
        if facet == "street":
            return {self.street} if self.street else set()
        value = getattr(self.subject, facet)
        return {value.value if isinstance(value, Kind) else value} if value else set()


def hits(text: str, at: At) -> list[Hit]:
    """Whom `text` fits at a place in the log, the best first."""
    seen = anybody("public.search", at)
    found = found_subjects(text, anybody("public.find", seen.at), seen)
    ids = [f.subject.id for f in found]
    held = counts.of_subjects(anybody("public.counts", seen.at), ids)
    registered = reading.of_one_kind(seen, _REGISTRATION, ids)
    address = seen.catalogue.resources[_REGISTRATION].role("address") or ""
    places = {i: str(r.content.get(address) or "") for i, r in registered.items()}
    return [
        Hit(f, held.get(i, []), places.get(i, ""), _street(places.get(i, ""), f.subject.name, seen.catalogue))
        for f, i in zip(found, ids, strict=True)
    ]


def _street(place: str, name: str, catalogue: Catalogue) -> str:
    """The street or town of an address, else of a name; "" if neither tells it."""
    listed = words_of(catalogue).levels[-1].words
    return next((s for text in (place, name) for s in sorted(listed) if s in text), "")


def chosen(listed: Iterable[Hit], given: Mapping[str, str], but: str = "") -> list[Hit]:
    """Those that have all that is given, of every facet but one."""
    asked = {facet: value for facet, value in given.items() if facet in FACETS and facet != but}
    return [h for h in listed if all(value in h.values(facet, given) for facet, value in asked.items())]


def counted(listed: list[Hit], given: Mapping[str, str], facet: str) -> dict[str, int]:
    """How many would be chosen with each value of a facet, the most first, years from the newest on."""
    found = Counter(value for hit in chosen(listed, given, but=facet) for value in hit.values(facet, given))
    if facet == "year":
        return dict(sorted(found.items(), reverse=True))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def ordered(listed: list[Hit], order: str) -> list[Hit]:
    """As they are found, by name, or with the latest decision first."""
    if order == "name":
        return sorted(listed, key=lambda h: (h.subject.fold, h.subject.code))
    if order == "newest":
        return sorted(listed, key=lambda h: h.last or date.min, reverse=True)
    return listed
