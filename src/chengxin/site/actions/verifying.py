"""Verify a report: by its number or the file itself. Says whether it is as it was issued, and whether anything changed since."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chengxin.reports.compose import Placed, in_scope
from chengxin.reports.number import read
from chengxin.reports.paper import PROOF_NAME
from chengxin.reports.seal import digest_of
from chengxin.sharing.condition import At
from chengxin.site.access.asked import place
from chengxin.site.access.reports import InScope, changed
from chengxin.site.actions.reports import order_of
from chengxin.site.store.models import Report
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import Form, report_forms
from chengxin.values.errors import Refused, Said

__all__ = ["Verdict", "by_file", "by_number", "read", "verdict_of"]

LARGEST = 16 << 20  # bytes of a file: a report of ten thousand rows has fewer
_NUMBER = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")  # stands in the plain part of every report
_MOST = 50  # candidates in a file
_SEALED = (
    b"/ByteRange",
    b"/Adobe.PPKLite",
    PROOF_NAME.encode(),
)  # the plain part of a sealed file has all; a print none

GENUINE, ALTERED, COPY, UNKNOWN, UNREAD = "genuine", "altered", "copy", "unknown", "unread"
_DATA = Said(
    "是本平台出具的报告所附的数据文件，与出具时相同。",
    "This is the data file of a report issued here, unchanged.",
)
SAID = {
    GENUINE: Said("是本平台出具的报告。", "This report was issued here."),
    ALTERED: Said(
        "文件被改动过，不是出具时的样子，请勿采信。",
        "The file was changed and is not what was issued. Do not rely on it.",
    ),
    COPY: Said(
        "这不是出具的原件：可能是打印件、另存的副本，也可能被改动过。请按编号核验，与原件逐项对照后再采信。",
        "This is not the file that was issued: a print, a copy saved anew, or one that was altered. "
        "Verify by the number and compare with the original before you rely on it.",
    ),
    UNKNOWN: Said("本平台没有出具过这份报告。", "No such report was issued here."),
    UNREAD: Said(
        "在这个文件里找不到报告编号，也没有电子印章，所以无法核验。照片、截图、打印成的 PDF、加密的副本都是这样，"
        "不说明报告是真是假。请上传下载时的原文件，或输入印在报告上的编号。",
        "Neither the number of a report nor a seal is to be found in this file, so it can't be verified. It is so with "
        "photographs, prints to PDF and encrypted copies, and says nothing of the report. Upload the file as it was downloaded, "
        "or type the number printed on it.",
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What there is to say. `row` is None where it is unknown; of an altered file or a copy only that its number is known."""

    state: str
    row: Report | None = None
    form: Said | None = None
    # What anybody may see of the subject, of what the report is about; None: not told, as of a person nothing is.
    changed: bool | None = None
    newer: bool = False  # a later report that was ordered alike (form, period, domains, language) says something else
    data: bool = False  # not the report, but the data attached to it, as the site hands it out too

    @property
    def said(self) -> Said:
        """The verdict in words."""
        return _DATA if self.data else SAID[self.state]

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
    """The verdict about a file, to the last byte: a report, or the data attached to one."""
    digest = digest_of(file)
    row = Report.objects.filter(file=digest).first() if file else None
    if row is not None:
        return verdict_of(row)
    numbers = list(_numbers_in(file))
    found = [r for n in numbers if (r := Report.objects.filter(number=n).exclude(file="").first())]
    for row in found:
        if row.content == digest:
            return replace(verdict_of(row), data=True)
    if found:
        return Verdict(ALTERED if any(trace in file for trace in _SEALED) else COPY, found[0])
    return Verdict(UNKNOWN if numbers else UNREAD)


def _numbers_in(file: bytes) -> Iterator[str]:
    for candidate in dict.fromkeys(_NUMBER.findall(file)[:_MOST]):
        with contextlib.suppress(Refused):
            yield read(candidate.decode())


def verdict_of(row: Report) -> Verdict:
    """The verdict about a report that was issued."""
    form, within = _scope(row)
    then = _at(row)
    since = None if row.person else changed(row.subject.hex, then, place(), within) if form else True
    return Verdict(GENUINE, row, form.title if form else None, since, _superseded(row, then))


def _superseded(row: Report, then: At) -> bool:
    """True if the last report that was ordered as this one was says something else.

    Of a person what reports say is not compared, since that would tell of what is held: there any later one counts.
    """
    later = Report.objects.filter(subject=row.subject, kind=row.kind, language=row.language, withdrawn_at=None)
    later = later.filter(change_set__gt=row.change_set).exclude(file="").order_by("-change_set")
    last = next((other for other in later if _ordered_alike(row, other)), None)
    if last is None or row.person or last.form != row.form:
        return last is not None
    return changed(row.subject.hex, then, _at(last), _scope(last)[1])


def _ordered_alike(row: Report, other: Report) -> bool:
    """The same domains and the same period; one up to the day of issue is the same as a later one up to its own."""
    until = row.until == other.until or (row.until, other.until) == (row.day, other.day)
    return until and row.since == other.since and set(row.domains) == set(other.domains)


def _at(row: Report) -> At:
    return At(row.day, row.included, row.committed)


def _scope(row: Report) -> tuple[Form | None, InScope]:
    """The form of a report, and what it takes in; nothing where the form is not known any more."""
    forms = report_forms(load_catalogue(row.day))
    form, order = next((f for f in forms.forms if f.name == row.form), None), order_of(row)

    def within(record: Placed) -> bool:
        return form is not None and in_scope(order, form, forms, record)

    return form, within
