"""`chengxin check CODE`: list entries and adverse records in force on the day."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli import opened, show
from chengxin.cli.file import (
    AsJson,
    Code,
    Day,
    MaybeFolder,
    Purpose,
    SiteFolder,
    as_data,
    asked_code,
    known_subject,
    print_head,
    print_records,
)
from chengxin.cli.travelled import registers_of
from chengxin.lists import check as lists
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said


def check(
    code: Code,
    folder: MaybeFolder = None,
    site: SiteFolder = Path("site"),
    on: Day = None,
    purpose: Purpose = "",
    matter: Annotated[str, typer.Option(help="在哪项工作中查询（站点必填）· in which work")] = "",
    case: Annotated[str, typer.Option(help="案件编号 · number of the case")] = "",
    sender: Annotated[
        str | None, typer.Option("--as", help="机关代码，仅演示站点 · authority, demo sites only")
    ] = None,
    by: Annotated[str, typer.Option("--by", envvar="CHENGXIN_PERSON", help="经办人 · who does it")] = "clerk",
    as_json: AsJson = False,
) -> None:
    """信用核查：当日有效的名单列入和失信信息 · list entries and adverse records in force on the day."""
    day = on.date() if on else legal_today()
    if folder is None:
        from chengxin.cli.asked import Asked, site_check  # noqa: PLC0415 - a check of a folder needs no site

        site_check(code, site, on.date() if on else None, Asked(purpose, matter, case, sender, by), as_json)
        return
    asked = asked_code(code)
    catalogue = opened.catalogue_of(day)
    registers = registers_of(folder, catalogue, day)
    subject = known_subject(registers, asked)
    found = lists.check(registers.state(day), subject["code"], day)
    if as_json:
        typer.echo(json.dumps(as_data(subject, found, catalogue, day), ensure_ascii=False, indent=1, default=str))
    elif found.is_empty():
        show.say(
            Said(
                f"{subject['name']}（{asked}）：截至 {day}，已报送的信息中没有有效的名单列入或失信信息。",
                f"{subject['name']} ({asked}): as of {day} what was sent holds no list entry or adverse record in force.",
            )
        )
    else:
        print_head(subject, day)
        print_records(found, catalogue)
