"""The page of who runs and who guards the platform: work that waits, the log, room on the disk, what lapses; no record."""

import shutil
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chengxin.flow.states import JobState
from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import Role, Seating
from chengxin.site.accounts.manage import looked, with_second_factor
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import folder_here
from chengxin.site.methods import require_safe
from chengxin.site.office.day import log_state
from chengxin.site.store.models import Account, ApiKey, Job
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said

SOON = 30  # days before a key lapses in which it is told
LOW = 0.1  # share of the disk below which there is little room
STUCK = 900  # seconds after which a job that waits is waiting too long
_DORMANT = 180  # days without signing in after which an account is asleep


@require_safe
@without_records
@desk(Role.RUN, Role.SECURITY)
def running(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How the platform is: for who runs it the machine, for who guards it keys and accounts too; nobody is named."""
    looked(seat)
    disk = shutil.disk_usage(folder_here())
    waiting = Job.objects.filter(state=JobState.WAITING.value).aggregate(since=Min("changed_at"))["since"]
    counted = Job.objects.order_by().values_list("state").annotate(n=Count("id"))
    context: dict[str, Any] = {
        "jobs": [(JobState(state).said, n) for state, n in sorted(counted)],
        "stuck": waiting is not None and (timezone.now() - waiting).total_seconds() > STUCK,
        "since": waiting,
        "free": disk.free >> 30,
        "share": round(100 * disk.free / disk.total),
        "low": disk.free < LOW * disk.total,
        "log": log_state(),
        "guarded": _guarded() if seat.holds(Role.SECURITY) else None,
    }
    return render(request, "office/running.html", context)


def _guarded() -> list[tuple[Said, int, bool]]:
    """What whoever guards looks at: word, how many, whether it should be none."""
    today = legal_today()
    keys = ApiKey.objects.filter(revoked_at=None, expires_on__gte=today)
    accounts = list(Account.objects.filter(is_active=True))
    staff = [a for a in accounts if a.seating is not Seating.SUBJECT]
    asleep = timezone.now() - timedelta(days=_DORMANT)
    without = len(staff) - len(with_second_factor(staff))
    return [
        (Said("有效密钥", "living keys"), keys.count(), False),
        (Said(f"{SOON} 天内到期的密钥", f"keys that lapse within {SOON} days"),
         keys.filter(expires_on__lte=today + timedelta(days=SOON)).count(), True),
        (Said("从未使用的密钥", "keys that were never used"), keys.filter(last_used_on=None).count(), True),
        (Said("可登录的账号", "accounts that may sign in"), len(accounts), False),
        (Said("没有第二因素的工作人员", "staff without a second factor"), without, not settings.ABOUT.demo),
        (Said(f"{_DORMANT} 天没有登录的账号", f"accounts asleep for {_DORMANT} days"),
         sum((a.last_login or a.created_at) < asleep for a in accounts), True),
    ]  # fmt: skip
