"""Verify a report: by its number or the file itself. Says whether it is as it was issued, and whether anything changed since."""

import re
from dataclasses import dataclass
from functools import partial

from chengxin.reports.compose import in_scope
from chengxin.reports.number import read
from chengxin.reports.seal import digest_of
from chengxin.sharing.condition import At
from chengxin.site.access.asked import place
from chengxin.site.access.reports import changed
from chengxin.site.actions.reports import order_of
from chengxin.site.store.models import Report
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import Form, Forms, report_forms
from chengxin.values.errors import Refused, Said

__all__ = ["Verdict", "by_file", "by_number", "read", "verdict_of"]

LARGEST = 16 << 20  # bytes of a file: a report of ten thousand rows has fewer
_NUMBER = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")  # stands in the plain part of every report
_MOST = 50  # candidates in a file

GENUINE, ALTERED, UNKNOWN = "genuine", "altered", "unknown"
SAID = {
    GENUINE: Said("是本平台出具的报告。", "This report was issued here."),
    ALTERED: Said(
        "文件被改动过，不是出具时的样子，请勿采信。",
        "The file was changed and is not what was issued. Do not rely on it.",
    ),
    UNKNOWN: Said("本平台没有出具过这份报告。", "No such report was issued here."),
}


@dataclass(frozen=True)
class Verdict:
    """What there is to say. `row` is None where it is unknown; of an altered file only that there is a report of its number."""

    state: str
    row: Report | None = None
    form: Said | None = None
    # What anybody may see of the subject, of what the report is about; None: not told, as of a person nothing is.
    changed: bool | None = None
    newer: bool = False  # a later report of the same kind was issued

    @property
    def said(self) -> Said:
        """The verdict in words."""
        return SAID[self.state]

    @property
    def withdrawn(self) -> bool:
        """True if its seal was withdrawn."""
        return self.row is not None and self.row.withdrawn_at is not None

    def as_data(self) -> dict[str, object]:
        """The verdict as plain data: of the subject nothing, of an altered file nothing but that."""
        told: dict[str, object] = {"state": self.state, "said": self.said.zh, "said_en": self.said.en}
        if self.state != GENUINE or self.row is None:
            return told
        return told | {
            "number": self.row.number,
            "form": self.row.form,
            "issued_at": self.row.issued_at.isoformat(),
            "as_of": self.row.day.isoformat(),
            "withdrawn": self.withdrawn,
            "newer": self.newer,
            "changed_since": self.changed,
        }


def by_number(typed: str) -> Verdict:
    """The verdict about a number. Raises Refused (`mistyped`) where it can be none."""
    row = Report.objects.filter(number=read(typed)).exclude(file="").first()
    return verdict_of(row) if row else Verdict(UNKNOWN)


def by_file(file: bytes) -> Verdict:
    """The verdict about a file, to the last byte."""
    row = Report.objects.filter(file=digest_of(file)).first() if file else None
    if row is not None:
        return verdict_of(row)
    for candidate in dict.fromkeys(_NUMBER.findall(file)[:_MOST]):
        try:
            number = read(candidate.decode())
        except Refused:
            continue
        found = Report.objects.filter(number=number).exclude(file="").first()
        if found is not None:
            return Verdict(ALTERED, found)
    return Verdict(UNKNOWN)


def verdict_of(row: Report) -> Verdict:
    """The verdict about a report that was issued."""
    forms = report_forms(load_catalogue(row.day))
    form = next((f for f in forms.forms if f.name == row.form), None)
    newer = Report.objects.filter(subject=row.subject, kind=row.kind, change_set__gt=row.change_set, withdrawn_at=None)
    same = (r for r in newer.exclude(file="") if (r.domains, r.language) == (row.domains, row.language))
    return Verdict(
        GENUINE,
        row,
        form.title if form else None,
        None if row.person else _changed(row, form, forms) if form else True,
        any(True for _ in same),
    )


def _changed(row: Report, form: Form, forms: Forms) -> bool:
    then = At(row.day, row.included, row.committed)
    return changed(row.subject.hex, then, place(), partial(in_scope, order_of(row), form, forms))
