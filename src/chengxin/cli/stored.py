"""What the command `file` says out of a site's store, through the gate. Imports of the site as in `cli.site`."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import typer

from chengxin.cli import show
from chengxin.cli.file import asked_code, print_records
from chengxin.cli.site import open_here
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.readers import View
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.access.asked import Asked
    from chengxin.site.access.reading import Seen
    from chengxin.site.access.subjects import Subject

_LINES: dict[str, Any] = {
    **dict.fromkeys(("id", "subject", "resource", "document", "class", "source", "authority", "clause"), pl.String),
    **dict.fromkeys(("decided_on", "known_on", "last_day"), pl.Date),
    "draft": pl.Boolean,
    "content": pl.String,
}
LONGEST = 100  # characters of what it is read for


@dataclass(frozen=True)
class As:
    """As of which day, as known on which (None: now), for what, read by whom."""

    on: date
    known: date | None
    purpose: str
    by: str


def stored_file(code: str, site: Path, how: As, as_json: bool) -> None:
    """A credit file as the office keeps it: the read leaves a Look. Raises Refused."""
    open_here(site)
    from chengxin.site.access.reading import and_withheld
    from chengxin.site.access.subjects import led_to, with_same

    asked = _asked(how)
    plain = asked_code(code)
    found = led_to(asked, plain)
    if not found:
        raise Refused(
            "unknown-subject", Said(f"登记信息中没有代码 {plain} 的主体。", f"No subject has the code {plain}.")
        )
    group = with_same(asked, found[0])
    seen, withheld = and_withheld(asked, [s.id for s in group])
    if as_json:
        _print_json(group, seen, withheld, how.on)
        return
    rows = pl.DataFrame([_line(one, group[0].code) for one in _newest_first(seen)], schema=_LINES)
    _print_head(group, how.on)
    print_records(rows, asked.catalogue, _told)
    for about, why in withheld:
        zh = f"记录 {about} 与日志不符，不予展示（{why}）。"
        show.say(Said(zh, f"Record {about} does not fit the log and is withheld ({why})."), show.err)


def _asked(how: As) -> "Asked":
    from chengxin.sharing.condition import At
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who
    from chengxin.site.store.standpoint import position

    catalogue = load_catalogue(how.on)
    words = how.purpose.strip()
    if not words:
        raise Refused("no-purpose", Said("请用 --purpose 写明查询目的。", "Say what it is read for: --purpose."))
    # The office keeps data for one purpose of the catalogue; in which work is said in the reader's own words.
    (purpose,) = (p.name for p in catalogue.purposes.values() if p.view is View.KEPT)
    at = At(how.on, *position(how.known))
    who = Who(f"command:{how.by}", case=words[:LONGEST])
    return Asked(outlet_named("office.file"), at, catalogue, purpose, who=who)


def _told(record: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """What the gate left of a content, with the titles of its fields."""
    content = json.loads(record["content"])
    return {f.title: content[f.name] for f in catalogue.resource(record["resource"]).fields if f.name in content}


def _line(seen: "Seen", code: str) -> dict[str, Any]:
    columns = {name: seen.columns.get(name) for name in _LINES}
    told = {"subject": code, "class": seen.columns.get("severity"), "known_on": seen.received}
    return columns | told | {"content": json.dumps(seen.content, ensure_ascii=False, default=str)}


def _print_json(group: list["Subject"], seen: list["Seen"], withheld: list[tuple[str, str]], on: date) -> None:
    subject, *merged = ({"code": s.code, "name": s.name, "status": s.status, "status_on": s.status_on} for s in group)
    told = [{**one.columns, "known_on": one.received, "content": one.content} for one in _newest_first(seen)]
    data: dict[str, Any] = {"subject": subject, "merged": merged, "as_of": on, "records": told, "withheld": withheld}
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def _newest_first(seen: list["Seen"]) -> list["Seen"]:
    """By resource, in each the newest first."""
    by_day = sorted(seen, key=lambda one: one.columns["decided_on"] or date.min, reverse=True)
    return sorted(by_day, key=lambda one: one.resource.name)


def _print_head(group: list["Subject"], on: date) -> None:
    subject, *others = group
    show.out.rule(f"{subject.name}　{subject.code}")
    for other in others:
        show.say(Said(f"同一主体：{other.name}　{other.code}", f"The same subject: {other.code}"))
    show.say(Said(f"状态：{subject.status or '未报送'}；截至 {on}。", f"Status: {subject.status}; as of {on}."))
