"""Zero reports: a body says, signed by name, that it had nothing to report of a resource in a period."""

import uuid
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from chengxin.site.access.sent import TELLS
from chengxin.site.store.models import Submission, ZeroReport
from chengxin.standards.model import Resource
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

LONGEST = 92  # days that one report may cover


def sign(authority: str, resource: Resource, period: tuple[date, date], by: str, name: str) -> ZeroReport:
    """Sign a zero report. Raises Refused: a period that has not ended or in which something was sent, or the same twice."""
    since, until = period
    if not since <= until <= legal_today() or until - since > timedelta(days=LONGEST):
        zh = f"起止日期不对：止日不早于起日、不晚于今天，最长 {LONGEST} 天。"
        raise Refused("period", Said(zh, f"The period ends today at the latest and is {LONGEST} days at most."))
    came = Submission.objects.filter(TELLS, authority=authority, resource=resource.name, known_on__range=(since, until))
    if came.exists():
        zh = f"{since} 至 {until} 已有{resource.title.zh}的报送，不能作零报告。"
        raise Refused("was-sent", Said(zh, "Something was sent in that period."))
    try:
        with transaction.atomic():
            return ZeroReport.objects.create(
                id=uuid.UUID(new_id()), authority_id=authority, resource=resource.name, since=since, until=until,
                signed_by=by, signed_name=name, signed_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("signed", Said("这一期的零报告已签过。", "This period was signed before.")) from error
