"""Links by which a subject shows one report to somebody: made with a code and a last day, opened, counted, revoked.

Who opens one with a wrong code, after its last day or once it was revoked gets the same answer as where there is none.
"""

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from chengxin.reports.report import Report as Told
from chengxin.site.access.handing import handed
from chengxin.site.actions import reports
from chengxin.site.actions.accounts import LETTERS
from chengxin.site.actions.verifying import Verdict, verdict_of
from chengxin.site.folder import Site
from chengxin.site.store.models import Report, Share
from chengxin.standards.load import load_catalogue
from chengxin.standards.reports import report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

PAGE, FILE = "holder.report", "holder.report_file"
WRONG_A_DAY = 50  # of one link; a code has 49 bits
_CODE = 10  # letters


@dataclass(frozen=True)
class Opened:
    """What a link leads to: the report, whether it still stands, its file where that was asked for."""

    share: Share
    told: Told
    verdict: Verdict
    file: bytes


def longest() -> int:
    """For how many days a link lasts at most, today included. Raises Refused where the catalogue allows none."""
    rule = report_forms(load_catalogue(legal_today())).link
    if rule is None:
        raise Refused("no-share", Said("目录没有允许分享报告。", "The catalogue does not allow to share reports."))
    return rule.days


def last_possible(today: date) -> date:
    """The last day that a link made today can have."""
    return today + timedelta(days=longest() - 1)


def share(site: Site, report: Report, last_day: date, by: str) -> tuple[Share, str]:
    """Make a link to a report that can still be had; gives it and its code, which nobody is told again. Raises Refused."""
    today = legal_today()
    most = last_possible(today)
    if not today <= last_day <= most:
        zh = f"最后一日应在 {today} 到 {most} 之间。"
        raise Refused("share-end", Said(zh, f"Its last day lies between {today} and {most}."))
    if not report.kept or report.withdrawn_at is not None:
        raise Refused("not-kept", Said("这份报告已撤销或已销毁，不能分享。", "That report was withdrawn or destroyed."))
    identity = uuid.UUID(bytes=secrets.token_bytes(16))
    letters = "".join(secrets.choice(LETTERS) for _ in range(_CODE))
    made = Share(
        id=identity, report=report, code=_digest(site, identity, letters), last_day=last_day, made_by=by,
        made_at=timezone.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    return made, f"{letters[: _CODE // 2]}-{letters[_CODE // 2 :]}"


def shares_of(subject: str) -> QuerySet[Share]:
    """All links to reports about a subject, the newest first."""
    return Share.objects.filter(report__subject=subject).select_related("report").order_by("-made_at")


def revoke(subject: str, identity: str) -> Share:
    """End a link of the subject's at once. Raises Refused where it has none of this id that is not ended."""
    now = timezone.now()
    found = shares_of(subject).filter(id=identity).first()
    if found is None or not Share.objects.filter(id=found.id, revoked_at=None).update(revoked_at=now):
        raise Refused("no-share", Said("没有这个链接，或已收回。", "There is no such link, or it was revoked."))
    return found


def opened_with_code(site: Site, identity: str, typed: str) -> Opened | None:
    """What the link leads to, for whoever types its code; None for every reason why not. The Look is written first."""
    found = Share.objects.select_related("report").filter(id=identity).first()
    today = legal_today()
    plain = "".join(typed.split()).replace("-", "").lower()
    right = hmac.compare_digest(_digest(site, uuid.UUID(identity), plain), bytes(found.code) if found else bytes(32))
    if found is None or (found.wrong_on == today and found.wrong >= WRONG_A_DAY):
        return None
    if not right:
        first = When(~Q(wrong_on=today) | Q(wrong_on=None), then=Value(1))
        Share.objects.filter(id=found.id).update(wrong=Case(first, default=F("wrong") + 1), wrong_on=today)
        return None
    return _opened(site, found, PAGE)


def opened_again(site: Site, identity: str) -> Opened | None:
    """The file of a link whose code was just given: all but the code is looked at anew, and it is another Look."""
    found = Share.objects.select_related("report").filter(id=identity).first()
    return _opened(site, found, FILE) if found else None


def is_live(share: Share, today: date) -> bool:
    """True until its last day is over, unless it was revoked or the report's file is gone."""
    return share.revoked_at is None and today <= share.last_day and share.report.kept


def _opened(site: Site, found: Share, outlet: str) -> Opened | None:
    row, live = found.report, is_live(found, legal_today())
    form = next((f for f in report_forms(load_catalogue(row.day)).forms if f.name == row.form), None)
    resources = frozenset(form.resources) if form else frozenset()
    if not handed(outlet, row.subject.hex, found.id.hex, resources, live):
        return None
    try:
        told, file = reports.told_of(site, row), reports.file_of(site, row) if outlet == FILE else b""
    except Refused:  # destroyed or erased meanwhile: who asks is told no more than for an ended link
        return None
    return Opened(found, told, verdict_of(row), file)


def _digest(site: Site, identity: uuid.UUID, letters: str) -> bytes:
    """Keyed outside the database: who reads that has nothing to try codes on."""
    return hmac.digest(site.keys.token, b"share\0" + identity.bytes + letters.encode(), "sha256")
