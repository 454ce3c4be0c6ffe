"""Files for the tests: one small table of made-up rows, written in every way a clerk's program writes it."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import xlwt

from chengxin.intake.read import read_here
from chengxin.intake.received import Chunk, Note, Order, Part, Progress
from chengxin.values.errors import Refused
from chengxin.values.identifiers import identity_check_character

DAY = date(2026, 3, 10)
KEY = b"a key for tests, of no worth    "
HEADINGS = ["行政相对人名称", "统一社会信用代码", "行政处罚决定书文号", "罚款金额(万元)", "处罚决定日期", "违法事实"]
FIELDS = ["CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_NR_FK", "CF_JDRQ", "CF_SY"]
ROWS = [
    [
        "即墨示例阳晨新材料有限公司",
        "91370215MXFAK00148",
        "即示罚字〔2025〕第0001号",
        "0.5",
        "2025-03-07",
        "未按规定公示",
    ],
    ["即墨示例图澜口腔门诊有限公司", "91370215MXFAK00223", "即示罚字〔2025〕第0002号", "1", "2025-03-08", None],
    ["即墨示例凯盛商行", "92370215MXFAK1P758", "即示罚字〔2025〕第0003号", None, "2025-03-09", "占道经营，经提醒不改"],
]


def made_identity(born: str = "19800101", serial: str = "001", region: str = "990000") -> str:
    """An identity number of nobody: its region does not exist."""
    body = region + born + serial
    return body + identity_check_character(body)


@dataclass
class Taken:
    """All that reading a file gave."""

    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    progress: Progress = field(default_factory=lambda: Progress(0, 0))

    @property
    def frame(self) -> pl.DataFrame:
        return pl.concat([c.frame for c in self.chunks])

    @property
    def marks(self) -> list[tuple[int, str | None, str]]:
        return [(r, f, m) for c in self.chunks for r, f, m, _ in c.marks.iter_rows()]

    @property
    def codes(self) -> set[str]:
        return {n.code for n in self.notes}

    def table(self) -> list[list[str | None]]:
        """The cells of FIELDS, without row numbers."""
        return [list(r) for r in self.frame.select(FIELDS).iter_rows()]


def take(path: Path, resource: str = "penalty", **given: Any) -> Taken:
    """The file read in this process."""
    taken = Taken()
    for event in read_here(path, order(resource, **given)):
        match event:
            case Part():
                taken.parts.append(event)
            case Note():
                taken.notes.append(event)
            case Chunk():
                taken.chunks.append(event)
            case Progress():
                taken.progress = event
    return taken


def order(resource: str = "penalty", **given: Any) -> Order:
    return Order(**({"resource": resource, "day": DAY, "token_key": KEY} | given))


def refusal(path: Path, **given: Any) -> Refused:
    """The refusal that reading the file must give, with a sentence in each language that names no placeholder."""
    try:
        take(path, **given)
    except Refused as refused:
        assert refused.said.zh
        assert refused.said.en
        assert "{" not in refused.said.zh + refused.said.en
        return refused
    raise AssertionError("the file was taken")


def text_of(
    rows: list[list[str | None]], delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def write(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def as_csv(
    folder: Path, rows: list[list[str | None]], name: str = "t.csv", encoding: str = "utf-8", **how: Any
) -> Path:
    return write(folder, name, text_of([HEADINGS, *rows], **how), encoding)


def as_xlsx(folder: Path, rows: list[list[Any]], name: str = "t.xlsx", headings: list[Any] | None = None) -> Path:
    path = folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("数据")
        for number, row in enumerate([HEADINGS if headings is None else headings, *rows]):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, cell)
                elif cell is not None:
                    page.write(number, column, cell)
    return path


def as_xls(folder: Path, rows: list[list[Any]], name: str = "t.xls") -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet("数据")
    for number, row in enumerate([HEADINGS, *rows]):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(number, column, cell)
    book.save(str(folder / name))
    return folder / name


def as_html(folder: Path, rows: list[list[str | None]], name: str = "t.xls", charset: str = "gbk") -> Path:
    def line(cells: list[Any], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(c or '')}</{tag}>" for c in cells) + "</tr>"

    body = line(HEADINGS, "th") + "".join(line(r, "td") for r in rows)
    page = f'<html><head><meta charset="{charset}"></head><body><table border=1>{body}</table></body></html>'
    return write(folder, name, page, charset)


def as_jsonl(folder: Path, rows: list[list[str | None]], name: str = "t.jsonl") -> Path:
    lines = [json.dumps(dict(zip(HEADINGS, r, strict=True)), ensure_ascii=False) for r in rows]
    return write(folder, name, "\n".join(lines) + "\n")


def as_parquet(folder: Path, rows: list[list[str | None]], name: str = "t.parquet") -> Path:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(HEADINGS, pl.String), orient="row")
    frame.write_parquet(folder / name)
    return folder / name


def as_zip(folder: Path, files: dict[str, bytes], name: str = "t.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return folder / name


def changed_member(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """The workbook with bytes of one member replaced."""
    with zipfile.ZipFile(path) as archive:
        contents = {i.filename: archive.read(i) for i in archive.infolist()}
    assert old in contents[member], contents[member][:2000]
    contents[member] = contents[member].replace(old, new)
    return as_zip(path.parent, contents, f"changed-{path.name}")
