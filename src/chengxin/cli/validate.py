"""`chengxin validate`: judge a file without storing anything, and hand it back."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from chengxin.cli import opened, show
from chengxin.cli.home import confirmed_codes, home
from chengxin.cli.outputs import check_outputs, whole
from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome, Setting, judge
from chengxin.intake.mapping import remember, remembered
from chengxin.intake.receive import start_ahead
from chengxin.standards.load import Catalogue
from chengxin.validation.findings import SCHEMA
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

Headings = Annotated[
    list[str] | None, typer.Option("--map", help="表头=数据项，可多次；按报送单位记住 · heading=FIELD, remembered")
]


def validate(
    resource: Annotated[str, typer.Argument(help="信息类，如 penalty、行政处罚 · resource")],
    file: Annotated[Path, typer.Argument(help="要校验的文件 · the file")],
    authority: Annotated[str | None, typer.Option("--as", help="报送单位的代码或名称 · the sender")] = None,
    findings: Annotated[Path | None, typer.Option(help="问题清单写到此 CSV · write findings to this CSV")] = None,
    annotated: Annotated[Path | None, typer.Option(help="批注工作簿写到此处 · write the annotated workbook")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 · print JSON")] = False,
    registration: Annotated[
        Path | None, typer.Option(help="登记信息文件，用于核对名称与状态 · registrations to check against", exists=True)
    ] = None,
    authorities: Annotated[Path | None, typer.Option(help="单位名册 CSV · roster of authorities", exists=True)] = None,
    hidden: Annotated[str, typer.Option(help="隐藏的行：ask 先问，read 读，skip 跳过 · hidden rows")] = "ask",
    heading: Headings = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="按这一天判断，默认今天 · judge as of this day")
    ] = None,
) -> None:
    """校验一个文件：不保存，只告知。所有问题一次说全 · judge a file without storing it; everything wrong at once."""
    with _refusal_as_json(file, as_json):
        if hidden not in ("ask", "read", "skip"):
            raise Refused("hidden", Said("--hidden 只能是 ask、read 或 skip。", "--hidden is ask, read or skip."))
        opened.readable(file)
        check_outputs((findings, annotated), (file, registration, authorities))
        start_ahead(1 + bool(registration))
        on = day.date() if day else legal_today()
        catalogue = opened.catalogue_of(on)
        standard = catalogue.resource(resource)
        sender = opened.sender(authority, opened.roster(authorities))
        mapping = mapped(heading or [], home(), sender.code if sender else None, standard.name, catalogue)
        setting = Setting(
            catalogue=catalogue,
            order=opened.order(standard.name, on, mapping, hidden),  # type: ignore[arg-type]
            sender=sender,
            registration=opened.registration(registration, catalogue, on),
            confirmed_codes=confirmed_codes(),
        )
        with tempfile.TemporaryDirectory() as folder:
            with show.progress(file.name) as tell:
                outcome = judge(file, setting, Path(folder), tell)
            if findings:
                _write_findings(outcome, findings)
            if annotated:
                write_annotated(file, annotated, outcome, setting)
            if as_json:
                print_json(outcome)
            else:
                print_outcome(outcome, standard.title, findings, annotated)
        raise typer.Exit(0 if outcome.accepted + outcome.duplicate == outcome.received else 1)


@contextmanager
def _refusal_as_json(file: Path, wanted: bool) -> Iterator[None]:
    """Whoever asked for JSON gets the refusal as JSON too, beside the sentence on the error stream."""
    try:
        yield
    except Refused as refusal:
        if wanted:
            refused = {"code": refusal.code, "zh": refusal.said.zh, "en": refusal.said.en}
            _write(json.dumps({"file": file.name, "refused": refused}, ensure_ascii=False) + "\n")
        raise


def _write(text: str) -> None:
    """To standard output in UTF-8, whatever the locale; what no encoding can say (a file's name may hold it) becomes ?."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def mapped(
    given: list[str], folder: Path, authority: str | None, resource: str, catalogue: Catalogue
) -> dict[str, str]:
    """Headings said now, on top of those remembered in `folder` for this authority; new ones are remembered."""
    known = dict(remembered(folder, authority, resource)) if authority else {}
    fields = catalogue.resource(resource).by_name
    fresh = {}
    for entry in given:
        text, separator, name = entry.rpartition("=")
        if not separator or not text.strip() or name not in fields:
            raise Refused(
                "mapping",
                Said(
                    f"“{entry}”应写成 表头=数据项代码；可用代码：{'、'.join(fields)}。",
                    f"{entry!r} should read heading=FIELD; known fields: {', '.join(fields)}.",
                ),
            )
        fresh[text] = name
    if fresh and authority:
        remember(folder, authority, resource, {**known, **fresh})
    return {**known, **fresh}


def _write_findings(outcome: Outcome, path: Path) -> None:
    table = outcome.findings().select(list(SCHEMA)).sort("part", "row", nulls_last=False)
    with whole(path) as fresh, fresh.open("wb") as stream:
        stream.write(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
        table.collect().write_csv(stream)


def summary(outcome: Outcome) -> dict[str, Any]:
    """The outcome without its findings, as plain data."""
    return {
        "file": outcome.receipt.name,
        "kind": outcome.receipt.kind,
        "size": outcome.receipt.size,
        "sha256": outcome.receipt.sha256,
        "received": outcome.received,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
        "duplicate": outcome.duplicate,
        "held": outcome.held,
        "notes": [
            {"code": n.code, "severity": n.severity, "part": n.part, "row": n.row, "zh": n.said.zh, "en": n.said.en}
            for n in outcome.notes
        ],
        "parts": [
            {
                "name": p.name,
                "heading_row": p.heading_row,
                "columns": {h.text: h.field for h in p.headings},
                "missing": list(p.missing),
                "encoding": p.encoding,
                "delimiter": p.delimiter,
            }
            for p in outcome.parts
        ],
    }


def print_json(outcome: Outcome) -> None:
    """The outcome with all findings as one JSON document; findings are streamed, a line each."""
    head = json.dumps(summary(outcome), ensure_ascii=False)
    _write(head[:-1] + ', "findings": [')
    separator = "\n"
    for file in sorted((outcome.folder / "findings").glob("*.parquet")):
        for row in pl.read_parquet(file).select(list(SCHEMA)).iter_rows(named=True):
            _write(separator + json.dumps(row, ensure_ascii=False))
            separator = ",\n"
    _write("\n]}\n")


def print_outcome(outcome: Outcome, title: Said, findings: Path | None, annotated: Path | None) -> None:
    """The outcome in words: counts, what was told, reasons by count, where to go on."""
    show.say(Said(f"{outcome.receipt.name}：{title.zh}", title.en))
    show.say(
        Said(
            f"收到 {outcome.received:,} 行：可接收 {outcome.accepted:,}，需修改 {outcome.rejected:,}，"
            f"重复 {outcome.duplicate:,}，待定 {outcome.held:,}。",
            f"{outcome.received:,} rows received: {outcome.accepted:,} accepted, {outcome.rejected:,} to mend, "
            f"{outcome.duplicate:,} duplicate, {outcome.held:,} held.",
        )
    )
    show.notes(outcome.notes)
    table = show.reasons(outcome.findings())
    if table is not None:
        show.out.print(table)
    for path, zh, en in ((findings, "问题清单", "findings"), (annotated, "批注工作簿", "annotated workbook")):
        if path:
            show.say(Said(f"{zh}：{path}", f"{en}: {path}"))
    if outcome.rejected and not annotated:
        show.say(
            Said(
                "加 --annotated 文件.xlsx 可得到带批注的原表。",
                "Add --annotated FILE.xlsx to get your sheet back with notes.",
            )
        )
