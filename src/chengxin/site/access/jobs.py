"""Jobs of a body's desk, by the gate: those of its own resources, of nobody else's."""

import uuid
from datetime import timedelta

from django.utils import timezone

from chengxin.flow.states import JobState
from chengxin.site.access.asked import Asked
from chengxin.site.access.sent import allowed
from chengxin.site.store.models import Job


def job(asked: Asked, identity: str) -> Job | None:
    """The job of this id; None if the reader may not see it or it is not there."""
    rows = allowed(asked, Job.objects.select_related("authority", "submission"))
    return rows.filter(id=uuid.UUID(identity)).first()


def open_jobs(asked: Asked, most: int = 20) -> list[Job]:
    """What is under way or waits for somebody's decision, newest first; and what ended badly within a day."""
    rows = allowed(asked, Job.objects.all())
    lately = timezone.now() - timedelta(days=1)
    going = rows.filter(state__in=[JobState.WAITING, JobState.RUNNING, JobState.CHECKED])
    ended = rows.filter(state__in=[JobState.REFUSED, JobState.FAILED], changed_at__gte=lately)
    return list((going | ended).order_by("-made_at")[:most])
