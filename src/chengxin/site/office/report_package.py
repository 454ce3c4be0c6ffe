"""What comes of a batch of reports: a table of its rows, and all its files as one zip that is made while it is sent."""

import zipfile
from collections.abc import Iterator
from datetime import date

from chengxin.reports.listed import Row, Wanted
from chengxin.site.access.asked import Asked
from chengxin.site.access.looks import write_look
from chengxin.site.actions.report_batches import issued_in, rows_of
from chengxin.site.actions.reports import file_of
from chengxin.site.actions.seals import address_of
from chengxin.site.folder import Site
from chengxin.site.public.exports import Cell, csv_text
from chengxin.site.public.packages import Sink
from chengxin.site.store.models import Job, Report
from chengxin.values.errors import Refused, Said

HEADS = (
    Said("行", "Row"), Said("名单所写", "As listed"), Said("统一社会信用代码", "Credit code"), Said("名称", "Name"),
    Said("报告编号", "Number"), Said("核验地址", "To be verified at"), Said("列出条数", "Items listed"), Said("文件", "File"),
    Said("状态", "State"), Said("说明", "Why"),
)  # fmt: skip
TABLE = "table.csv"
_ISSUED, _WITHDRAWN = Said("已出具", "issued"), Said("已撤销", "withdrawn")
_NOT_YET = Said("尚未出具", "not issued yet")
_GONE = Said("文件已按期销毁，编号仍可核验", "the file was destroyed, the number verifies")
_REFUSED = Said("没有出具", "not issued")


def table(site: Site, job: Job) -> list[list[Cell]]:
    """A row for each row of the list, in its order."""
    out = issued_in(job)
    return [_line(site, job, row, out.get(row.subject)) for row in rows_of(site, job)]


def _line(site: Site, job: Job, row: Wanted, report: Report | None) -> list[Cell]:
    told: list[Cell] = [row.row, row.typed, row.code, row.name]
    if report is not None:
        state = _WITHDRAWN if report.withdrawn_at else _ISSUED if report.kept else _GONE
        address = address_of(site, report.number, job.reading["here"])
        name = _name(report) if report.kept and not report.withdrawn_at else ""
        return [*told, report.number, address, report.items, name, state.zh, ""]
    refused = job.result.get("failed", {}).get(row.subject)
    state = _REFUSED if refused else _NOT_YET if row.state is Row.FOUND else row.state.said
    return [*told, "", "", None, "", state.zh, refused[0] if refused else row.why.zh]


def titles() -> list[str]:
    """The headings: the file goes from hand to hand, so it bears both languages."""
    return [f"{said.zh} {said.en}" for said in HEADS]


def streamed(site: Site, job: Job, asked: Asked) -> Iterator[bytes]:
    """The zip, piece by piece: never more of it in memory than one report. The Look is written first, one for the batch."""
    out = [r for r in issued_in(job).values() if r.kept and r.withdrawn_at is None]
    write_look(asked, [r.subject.hex for r in out])
    return _zip(site, out, csv_text(titles(), table(site, job)), asked.at.day)


def _zip(site: Site, out: list[Report], told: str, day: date) -> Iterator[bytes]:
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as whole:
        whole.writestr(_entry(TABLE, day), told)
        for report in sorted(out, key=lambda r: r.code):
            try:
                whole.writestr(_entry(_name(report), report.day), file_of(site, report))
            except Refused as refusal:  # damaged on the disk: the others are not held up, and it is told
                whole.writestr(_entry(f"{report.code}.txt", day), f"{refusal.said.zh}\n{refusal.said.en}\n")
            yield sink.taken()
    yield sink.taken()


def _name(report: Report) -> str:
    return f"{report.code}.pdf"


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.external_attr = 0o600 << 16
    return entry
