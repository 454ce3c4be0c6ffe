"""Looks: each read of what is not public is written down before anything of it leaves. Public reads leave none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from chengxin.site.access.asked import Asked
from chengxin.site.store.bulk import moment, write_together
from chengxin.values.ids import new_id

_COLUMNS = "id, request, at, subject, outlet, reader, who, body, purpose, ground, case_number, resources, change_set"
_INSERT = f"INSERT INTO store_look ({_COLUMNS}) VALUES ({', '.join(['%s'] * 13)})"  # noqa: S608 - names of ours
Insert = tuple[str, Sequence[Any]]


def write_look(asked: Asked, subjects: Sequence[str]) -> None:
    """Write who looks at whom, for what; at a public outlet nothing. Of several subjects it is one set-Look.

    Raises PermissionError if nobody is named: a mistake of ours, and nothing is read.
    """
    if not asked.public:
        write_together(*look_rows(asked, subjects, timezone.now())[1])


def look_rows(asked: Asked, subjects: Sequence[str], at: datetime) -> tuple[str, list[Insert]]:
    """The id that the Looks of one request share, and what writes them; for who writes something together with them."""
    if asked.who is None:
        raise PermissionError(f"{asked.outlet.name}: nobody reads what is not public without a name")
    resources = msgspec.json.encode(sorted({resource for resource, _ in asked.answers()})).decode()
    request = new_id()
    told = (
        asked.outlet.name,
        asked.outlet.reader.value,
        asked.who.name,
        asked.who.body,
        asked.purpose,
        asked.ground.value,
    )
    return request, [
        (_INSERT, (new_id(), request, moment(at), subject, *told, asked.who.case, resources, asked.at.committed))
        for subject in (subjects or (None,))
    ]
