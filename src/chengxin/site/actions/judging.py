"""How a file is judged: what is sent and by whom, by which catalogue, against which registers, within which bounds."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chengxin.flow.judge import Sender, Setting
from chengxin.intake.received import Bounds, Order
from chengxin.site.folder import Site
from chengxin.site.store.known import Known, all_known, registered_as
from chengxin.site.store.models import Authority, ConfirmedCode, Job, SubjectFact, Submission
from chengxin.standards.load import Catalogue
from chengxin.validation.registration import COLUMNS, Asked, Registers, registration_from
from chengxin.values.errors import Refused, Said

SMALL_FILE = 1 << 20  # bytes; some thousand rows


@dataclass(frozen=True)
class Sending:
    """What is sent and by whom. `source_order`: larger is later in the source's own order (default: order of receipt)."""

    resource: str
    path: Path
    authority: str
    submitted_by: str
    mode: str = "increment"
    known_on: date | None = None
    source_order: int | None = None
    mapping: dict[str, str] | None = None
    hidden: str = "ask"
    way: str = "command"  # by which it came: command | desk | form | api
    about: dict[str, Any] = field(default_factory=dict)  # what else its receipt says: why it corrects, what was mended


def sending_of(row: Submission | Job, path: Path) -> Sending:
    """What was sent, as its receipt or job says it: so that it is judged again as it was then."""
    told = dict(row.reading)
    mapping, hidden, way = told.pop("mapping", None), told.pop("hidden", "ask"), told.pop("way", "command")
    if isinstance(row, Submission):
        return Sending(
            row.resource, path, row.authority_id, row.submitted_by, row.mode, row.known_on, row.source_order, mapping,
            hidden, way, told,
        )  # fmt: skip
    day = told.get("known_on")
    return Sending(
        row.resource, path, row.authority_id or "", row.by, row.mode, date.fromisoformat(day) if day else None,
        told.get("source_order"), mapping, hidden, way, told.get("about") or {},
    )  # fmt: skip


def setting_for(
    site: Site, sending: Sending, authority: Authority, catalogue: Catalogue, day: date, known: Known | None
) -> Setting:
    """How this file is judged: by the catalogue of its day, against the registers, `known` or asked for what it names."""
    order = Order(
        catalogue.resource(sending.resource).name,
        day,
        mapping=sending.mapping or {},
        hidden=sending.hidden,  # type: ignore[arg-type]
        token_key=site.keys.token,
        bounds=Bounds.command_line()
        if sending.way == "command"
        else Bounds(),  # what comes by HTTP is held to trust 6.4
    )
    sender = Sender(authority.code, authority.name, frozenset(authority.resources) or None)
    confirmed = frozenset(ConfirmedCode.objects.values_list("code", flat=True))
    return Setting(catalogue, order, sender, registration(known), confirmed)


def registration(known: Known | None) -> Registers | None:
    """What validation may know of the registers: codes, names and status of subjects; None while there are none."""
    if known is None:
        return Asked(registered_as) if SubjectFact.objects.exists() else None
    return None if known.subjects.is_empty() else registration_from(known.subjects.select(list(COLUMNS)))


def known_for(path: Path) -> Known | None:
    """All subjects in memory, where a file may name many; None for a small one, which asks for those that it names."""
    return all_known() if path.stat().st_size > SMALL_FILE else None


def authority_of(code: str, resource: str) -> Authority:
    """The active authority of this code. Raises Refused."""
    authority = Authority.objects.filter(code=code, active=True).first()
    if authority is None:
        raise Refused(
            "unknown-authority",
            Said(
                f"没有代码为 {code} 的机关。先用 chengxin authorities load 载入名录。",
                f"No authority has the code {code}. Load the roster first: chengxin authorities load",
            ),
        )
    return authority
