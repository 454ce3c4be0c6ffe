"""Take in all that the departments of a folder sent, in order: what a demonstration and a training site begin with."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db.models import Count, QuerySet

from chengxin.flow.files import sent_files
from chengxin.flow.way import Passage, in_order
from chengxin.intake.receive import start_ahead
from chengxin.site.actions.authorities import load_roster
from chengxin.site.actions.held import release
from chengxin.site.actions.judging import Sending
from chengxin.site.actions.submissions import review, submit
from chengxin.site.folder import Site
from chengxin.site.store.models import ChangeSet, Identifier, Record, Subject, SubjectFact, Waiting
from chengxin.standards.load import Catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused

CLERK, COLLEAGUE, OFFICE = "示例经办人", "示例审查人", "示例信用办"  # made up, as everything in such a folder


def take_in(site: Site, folder: Path, catalogue: Catalogue, results: Path) -> Iterator[Passage]:
    """Submit each file of the folder as its authority, reviewed by a colleague; results of a file lie in `results`."""
    load_roster(folder / "authorities.csv", catalogue)
    ordered = in_order(sent_files(folder), catalogue)
    for number, sent in enumerate(ordered):
        start_ahead(len(ordered) - number)
        place = results / f"{number:04}"
        code = sent.sender.code if sent.sender else ""
        sending = Sending(sent.resource, sent.path, code, CLERK, sent.mode, sent.received_on, sent.order)
        try:
            receipt = submit(site, sending, COLLEAGUE, results=place)
            if receipt.submission.state == "held":  # far fewer rows than usual, and so it is
                release(site, receipt.submission.id.hex, OFFICE, "已与报送部门核实 (confirmed by the department)")
                review(site, receipt.submission.id.hex, COLLEAGUE, {}, on=sent.received_on)
        except Refused as refusal:
            yield Passage(sent, None, refusal)
        else:
            yield Passage(sent, receipt.outcome, None)


def counts() -> dict[str, int]:
    """How much the registers of this site hold now: subjects by register, records in force, rows that wait."""
    by_register = dict(Subject.objects.values_list("register").annotate(Count("id")))
    living = Record.objects.filter(until=None, state="in_force").count()
    return {**by_register, "records": living, "waiting": Waiting.objects.filter(verdict="").count()}


def first_known() -> date:
    """The day of the first change set; today if there is none."""
    first = ChangeSet.objects.order_by("number").values_list("known_on", flat=True).first()
    return first or legal_today()


def most_recorded() -> str | None:
    """The code of the organisation with the most adverse records."""
    subject = _with_most(Record.objects.filter(until=None, adverse=True).exclude(content__startswith="sealed:"))
    return SubjectFact.objects.filter(subject__in=subject, until=None).values_list("code", flat=True).first()


def most_recorded_person() -> str | None:
    """The token of the (made-up) person with the most records."""
    subject = _with_most(Record.objects.filter(until=None, content__startswith="sealed:"))
    tokens = Identifier.objects.filter(subject__in=subject, kind="person", until=None)
    return tokens.values_list("value", flat=True).first()


def _with_most(records: QuerySet[Record]) -> list[UUID]:
    """The subject with most of these records; none if there are none."""
    return [row["subject"] for row in records.values("subject").annotate(n=Count("id")).order_by("-n", "subject")[:1]]
