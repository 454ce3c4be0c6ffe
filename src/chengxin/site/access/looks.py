"""Looks: each read of what is not public is written down before anything is read. Public reads leave none."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from chengxin.site.access.asked import Asked
from chengxin.site.store.models import Look
from chengxin.values.ids import new_id


def write_look(asked: Asked, subjects: Sequence[str]) -> None:
    """Write who looks at whom, for what; at a public outlet nothing. Of several subjects it is one set-Look.

    Raises PermissionError if nobody is named: a mistake of ours, and nothing is read.
    """
    if asked.public:
        return
    if asked.who is None:
        raise PermissionError(f"{asked.outlet.name}: nobody reads what is not public without a name")
    resources = sorted({resource for resource, _ in asked.answers()})
    at: datetime = timezone.now()
    Look.objects.bulk_create(
        Look(
            id=new_id(),
            request=request,
            at=at,
            subject=subject,
            outlet=asked.outlet.name,
            reader=asked.outlet.reader.value,
            who=asked.who.name,
            body=asked.who.body,
            purpose=asked.purpose,
            ground=asked.ground.value,
            case_number=asked.who.case,
            resources=resources,
            change_set=asked.at.committed,
        )
        for request in [new_id()]
        for subject in (subjects or (None,))
    )
