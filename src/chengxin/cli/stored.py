"""What the command `file` says out of a site's store. Imports of the site as in `cli.site`."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import typer

from chengxin.cli import show
from chengxin.cli.file import asked_code, print_records
from chengxin.cli.site import open_here
from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.store.files import CreditFile


def stored_file(code: str, site: Path, on: date, known: date | None, purpose: str, as_json: bool) -> None:
    """A credit file out of the store."""
    found, rows = _opened(code, site, on, known, purpose)
    if as_json:
        _print_json(found, rows, on)
        return
    _print_head(found, on)
    print_records(rows, load_catalogue(on))
    _print_withheld(found)


def _opened(code: str, site: Path, on: date, known: date | None, purpose: str) -> tuple["CreditFile", pl.DataFrame]:
    open_here(site)
    from chengxin.site.store.files import credit_file

    if not purpose.strip():
        raise Refused("no-purpose", Said("请用 --purpose 写明查询目的。", "Say what it is read for: --purpose."))
    asked = asked_code(code)
    found = credit_file(asked, on, known)
    if found is None:
        raise Refused(
            "unknown-subject", Said(f"登记信息中没有代码 {asked} 的主体。", f"No subject has the code {asked}.")
        )
    present = pl.lit(str(found.subject["code"])).alias("subject")
    return found, found.records.with_columns(present, pl.col("severity").alias("class"))


def _print_json(found: "CreditFile", rows: pl.DataFrame, on: date) -> None:
    data: dict[str, Any] = {"subject": found.subject, "merged": found.merged, "as_of": on}
    data |= {"records": rows.drop("salt", "commitment").to_dicts(), "withheld": found.withheld}
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def _print_head(found: "CreditFile", on: date) -> None:
    subject = found.subject
    show.out.rule(f"{subject['name']}　{subject['code']}")
    for other in found.merged:
        show.say(Said(f"同一主体：{other['name']}　{other['code']}", f"The same subject: {other['code']}"))
    status = subject["status"]
    show.say(Said(f"状态：{status or '未报送'}；截至 {on}。", f"Status: {status}; as of {on}."))


def _print_withheld(found: "CreditFile") -> None:
    for about, why in found.withheld:
        zh = f"记录 {about} 与日志不符，不予展示（{why}）。"
        show.say(Said(zh, f"Record {about} does not fit the log and is withheld ({why})."), show.err)
