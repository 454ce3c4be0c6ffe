"""`chengxin report CODE`: a sealed credit report at the counter; `--list`: one for each code of a list, as a zip with a table."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chengxin.cli import show
from chengxin.cli.file import asked_code
from chengxin.cli.site import HERE, AsJson, Where, answer, open_here
from chengxin.reports.compose import Order
from chengxin.reports.report import as_data
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import View
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

if TYPE_CHECKING:
    from chengxin.site.access.asked import Asked
    from chengxin.site.actions.reports import Issued
    from chengxin.site.folder import Site

MOST = 10_000  # codes of one list
TOGETHER = 100  # reports whose issue is one change set
_TABLE = ("code", "name", "number", "items", "file", "why_not")
Days = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="专项：自哪一天 · from")]
Until = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="专项：至哪一天 · to")]


def report(
    code: Annotated[str, typer.Argument(help="统一社会信用代码 · unified social credit code")] = "",
    purpose: Annotated[str, typer.Option(help="用途，如 tender、financing · what it is for")] = "",
    out: Annotated[Path | None, typer.Option(help="写到哪个文件 · file to write (.pdf; a list: .zip)")] = None,
    form: Annotated[str, typer.Option(help="standard 或 special · kind of report")] = "standard",
    since: Days = None,
    until: Until = None,
    domain: Annotated[list[str] | None, typer.Option(help="专项：领域，可重复 · domains, repeatable")] = None,
    language: Annotated[str, typer.Option(help="zh 或 en（中文附英文）· en: with an English gloss")] = "zh",
    listed: Annotated[
        Path | None, typer.Option("--list", help="代码名单，每行一个 · a list of codes, one a line", exists=True)
    ] = None,
    site: Where = HERE,
    by: Annotated[str, typer.Option("--by", envvar="CHENGXIN_PERSON", help="经办人（留痕）· who does it")] = "clerk",
    as_json: AsJson = False,
) -> None:
    """信用报告：有电子印章的 PDF，任何人都可核验 · a sealed credit report that anybody can verify."""
    first, last = (d.date() if d else None for d in (since, until))
    order = Order(form, purpose, first, last, tuple(domain or ()))
    if language not in ("zh", "en"):
        raise Refused("language", Said("--language 只能是 zh 或 en。", "--language is zh or en."))
    if out is None or bool(code) == bool(listed):
        zh = "请给出一个代码（或用 --list 给出名单），并用 --out 写明文件。"
        raise Refused("what", Said(zh, "Give a code, or a list with --list, and say where to write with --out."))
    opened = open_here(site)
    if listed:
        _many(opened, _codes(listed), order, language, by, out, as_json)
        return
    made = _issued(opened, asked_code(code), order, language, by)
    out.write_bytes(made.file)
    said = Said(
        f"已出具 {made.row.number}，共 {made.told.items} 条，写到 {out}。",
        f"Issued {made.row.number} with {made.told.items} items, written to {out}.",
    )
    answer(as_data(made.told), said, as_json)


def _issued(site: "Site", code: str, order: Order, language: str, by: str) -> "Issued":
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue

    asked = _asked(by)
    return issue(site, asked, group_of(asked, code), order, language)


def _asked(by: str) -> "Asked":
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place

    catalogue = load_catalogue(legal_today())
    (purpose,) = (p.name for p in catalogue.purposes.values() if p.view is View.KEPT)
    return Asked(outlet_named("office.report"), place(), catalogue, purpose, who=Who(f"command:{by}", case="counter"))


def _codes(path: Path) -> list[str]:
    lines = path.read_text("utf-8-sig", "replace").splitlines()
    codes = list(dict.fromkeys(line.strip().upper() for line in lines if line.strip()))
    if not codes or len(codes) > MOST:
        zh = f"名单应有 1 到 {MOST:,} 个代码，每行一个；这里有 {len(codes):,} 个。"
        raise Refused("list", Said(zh, f"A list has 1 to {MOST:,} codes, one a line; this one has {len(codes):,}."))
    return codes


def _many(site: "Site", codes: list[str], order: Order, language: str, by: str, out: Path, as_json: bool) -> None:
    """Each report goes into the zip as soon as it is made, so memory does not grow with the list."""
    table = io.StringIO()
    writer = csv.DictWriter(table, _TABLE)
    writer.writeheader()
    done = 0
    fresh = out.with_name(out.name + ".new")
    with show.counting(out.name) as tell, zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as whole:
        for row, file in _each(site, codes, order, language, by):
            if file:
                whole.writestr(row["file"], file)
                done += 1
            writer.writerow(row)
            tell(done, len(codes))
        whole.writestr("table.csv", "\ufeff" + table.getvalue())
    fresh.replace(out)
    missing = len(codes) - done
    zh = f"已出具 {done:,} 份，写到 {out}" + (f"；{missing:,} 份没有出具，原因在 table.csv。" if missing else "。")
    en = f"{done:,} issued, written to {out}" + (f"; {missing:,} were not, table.csv says why." if missing else ".")
    answer({"issued": done, "not_issued": missing, "file": str(out)}, Said(zh, en), as_json)


def _each(
    site: "Site", codes: list[str], order: Order, language: str, by: str
) -> Iterator[tuple[dict[str, str], bytes]]:
    """Some at a time, whose issue is one change set; what can't be issued says why and holds up nobody."""
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue_together, may_be

    for first in range(0, len(codes), TOGETHER):
        wanted, asked = [], _asked(by)
        for code in codes[first : first + TOGETHER]:
            try:
                group = group_of(asked, asked_code(code))
                may_be(order, asked, group)
                wanted.append((code, (asked, group)))
            except Refused as refusal:
                yield dict.fromkeys(_TABLE, "") | {"code": code, "why_not": refusal.said.zh}, b""
        for (code, _), made in zip(wanted, issue_together(site, [w for _, w in wanted], order, language), strict=False):
            told = {"name": made.told.subject.name, "number": made.row.number, "items": str(made.told.items)}
            yield dict.fromkeys(_TABLE, "") | {"code": code, "file": f"{code}.pdf"} | told, made.file
