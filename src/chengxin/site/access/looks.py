"""Looks: each read of what is not public is written down before anything of it leaves. Public reads leave none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from chengxin.sharing.condition import At, Scope
from chengxin.sharing.outlets import OUTLETS
from chengxin.sharing.questions import Ground
from chengxin.site.access.asked import Asked, Who
from chengxin.site.store.bulk import moment, write_together
from chengxin.site.store.models import Authority, Look
from chengxin.standards.readers import Reader
from chengxin.values.errors import Said
from chengxin.values.ids import new_id

_COLUMNS = "id, request, at, subject, outlet, reader, who, body, purpose, ground, case_number, resources, change_set"
_INSERT = f"INSERT INTO store_look ({_COLUMNS}) VALUES ({', '.join(['%s'] * 13)})"  # noqa: S608 - names of ours
Insert = tuple[str, Sequence[Any]]
STAFF = "staff.accounts"  # what shows nothing of any record, and still is nobody's business but theirs who keep it
STAFF_SAID = Said("账号、密钥和合作方", "accounts, keys and partners")


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


def write_staff_look(who: Who, reader: Reader, at: At) -> None:
    """Write who looks at accounts, keys or partners: at no subject, at no resource, and yet at people."""
    told = (STAFF, reader.value, who.name, who.body, "", Ground.NONE.value, "", "[]", at.committed)
    write_together((_INSERT, (new_id(), new_id(), moment(timezone.now()), None, *told)))


def said_of(outlet: str) -> Said:
    """What an outlet of a Look is called."""
    if outlet == STAFF:
        return STAFF_SAID
    return OUTLETS[outlet].said if outlet in OUTLETS else Said(outlet, outlet)


@dataclass(frozen=True)
class Looked:
    """One look as its subject is told of it: when, which body, for what, in which case, at which outlet, at what."""

    at: datetime
    body: Said
    purpose: Said
    case_number: str
    outlet: Said
    resources: tuple[Said, ...]


def looks_at_me(asked: Asked, most: int) -> list[Looked]:
    """The last looks at the data of the subject that asks (`asked.at.me`), newest first; this one is among them.

    Bodies are named, their members of staff are not.
    """
    me = asked.at.me
    if me is None or not any(answer.condition is Scope.SELF for answer in asked.answers().values()):
        return []
    write_look(asked, [me])
    rows = list(Look.objects.filter(subject=me).order_by("-at", "-id")[:most])
    names = dict(Authority.objects.filter(code__in={row.body for row in rows}).values_list("code", "name"))
    return [_told(asked, row, names) for row in rows]


def _told(asked: Asked, row: Look, names: dict[str, str]) -> Looked:
    catalogue = asked.catalogue
    body, purpose = names.get(row.body), catalogue.purposes.get(row.purpose)
    resources = (catalogue.resources[name].title for name in row.resources if name in catalogue.resources)
    return Looked(
        row.at,
        Said(body, body) if body else Reader(row.reader).said,
        purpose.title if purpose else Said(row.purpose, row.purpose),
        row.case_number,
        said_of(row.outlet),
        tuple(resources),
    )
