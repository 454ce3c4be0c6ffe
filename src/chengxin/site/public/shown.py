"""How a record reads: titles for codes, units for amounts, the five things that every record carries."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chengxin.reports.said import SAID_ALREADY, list_title, value_of
from chengxin.site.access.reading import Seen
from chengxin.standards.load import Catalogue
from chengxin.values.errors import Said

_OPEN_END = Said("没有截止日", "no end")


@dataclass(frozen=True)
class Shown:
    """A record as a page, a row or JSON shows it."""

    seen: Seen
    catalogue: Catalogue

    @property
    def address(self) -> str:
        """Its permanent address."""
        return reverse("record", args=[self.seen.id])

    @property
    def title(self) -> Said:
        """What kind of record it is."""
        return self.seen.resource.title

    @property
    def heading(self) -> str:
        """Its document number, else what it says; a registration says how a firm may earn its living, which is no heading."""
        said = "" if self.seen.resource.nature == "registration" else self.summary
        return str(self.seen.columns["document"] or said or self.seen.resource.title.zh)

    @property
    def summary(self) -> str:
        """What it says, in its own words."""
        return str(self.seen.content.get(self.seen.resource.role("content") or "", "") or "")

    @property
    def of_list(self) -> Said | None:
        """The list it is about."""
        return list_title(self.seen.columns["list"], self.catalogue)

    @property
    def severity(self) -> Said | None:
        """The class of a penalty."""
        label = self.seen.columns["severity"]
        classes = self.catalogue.tables["severity"]["classes"]
        return next((Said(label, name) for name, entry in classes.items() if entry["label"] == label), None)

    @property
    def decided_by(self) -> str:
        """The deciding body, else who sent it."""
        return str(self.seen.columns["authority"] or self.seen.columns["source"] or "—")

    @property
    def source(self) -> str:
        """Who answers for it."""
        return str(self.seen.columns["source"] or self.seen.columns["authority"] or "—")

    @property
    def last_day(self) -> Any:
        """The last day on which it is shown, that day included."""
        return self.seen.columns["last_day"] or _OPEN_END

    @property
    def fields(self) -> list[tuple[Said, Any]]:
        """What may be seen of its content: title, value."""
        said = {self.seen.resource.role(r) for r in SAID_ALREADY}
        content = self.seen.content
        shown = (f for f in self.seen.resource.fields if f.name in content and f.name not in said)
        return [
            (Said(f.title, f.title_en), value_of(f, content[f.name], self.catalogue))
            for f in shown
            if content[f.name] not in (None, "")
        ]

    def as_data(self) -> dict[str, Any]:
        """What is shown, as plain data: names of fields as in the catalogue."""
        c = self.seen.columns
        return {
            "id": self.seen.id,
            "resource": self.seen.resource.name,
            "subject": {"code": self.seen.code, "name": self.seen.name},
            "document": c["document"],
            "list": c["list"],
            "severity": c["severity"],
            "authority": {"name": c["authority"], "code": c["authority_code"]},
            "source": {"name": c["source"], "code": c["sender"]},
            "decided_on": c["decided_on"],
            "received_on": self.seen.received,
            "last_day": c["last_day"],
            "clause": c["clause"],
            "version": c["version"],
            "address": self.address,
            "content": self.seen.content,
            "disputed": self.seen.dispute.as_data() if self.seen.dispute else None,
        }
