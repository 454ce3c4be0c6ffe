"""Web tables, often named .xls: lxml's HTML parser, no network, row numbers as a spreadsheet would show them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from chengxin.intake import grid
from chengxin.intake.csv_text import Encoding, Utf8Stream, detect, sample_of
from chengxin.intake.table import HEAD_ROWS, Block, Facts, HeadRow, Layout, Merge
from chengxin.intake.task import Task

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SILENT = {"script", "style", "head", "title", "meta", "link", "noscript", "xml"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "pre"}


def html_tables(path: Path, task: Task) -> Iterator["HtmlTable"]:
    """The tables of a page, in its order."""
    encoding = _encoding(path)
    content = b"".join(Utf8Stream(path, encoding)).replace(b"\xff", "\ufffd".encode())
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise task.refuse("unreadable", name=task.path.name, reason=type(error).__name__) from error
    found = list(_placed(page))
    for index, (table, first_row) in enumerate(found):
        yield HtmlTable("" if len(found) == 1 else f"表{index + 1}", table, first_row, encoding.shown, task)


def _encoding(path: Path) -> Encoding:
    sample = sample_of(path, path.stat().st_size)
    told = _CHARSET.search(sample[:8192])
    detected = detect(sample)
    if detected.bom or detected.name.startswith("utf-16") or told is None:
        return detected
    name = told[1].decode("ascii").lower()
    by_name = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "gb18030": "gb18030",
        "big5": "big5hkscs",
        "utf-8": "utf-8",
        "utf8": "utf-8",
    }
    declared = by_name.get(name, detected.name)
    # A page that says GB2312 and is UTF-8 is common, and the other way round; what decodes is believed.
    return detected if "utf-8" in (detected.name, declared) and not sample.isascii() else Encoding(declared)


def _placed(page: Any) -> Iterator[tuple[Any, int]]:
    """Outermost tables, each with the row in which a spreadsheet would show its first row."""
    row = 1
    body = page.find(".//body")
    for element in _outermost(page if body is None else body):
        if element.tag == "table":
            yield element, row
            row += len(_rows_of(element))
        else:
            row += 1


def _outermost(body: Any) -> Iterator[Any]:
    """Tables that stand in no other, and blocks of text between them that take a row each."""
    for child in body:
        if not isinstance(child.tag, str) or child.tag in _SILENT:
            continue
        if child.tag == "table" and _is_layout(child):
            yield from _inside(child)
        elif child.tag == "table":
            yield child
        elif child.find(".//table") is not None:
            yield from _outermost(child)
        elif child.tag in _BLOCKS and "".join(child.itertext()).strip():
            yield child


def _is_layout(table: Any) -> bool:
    """True if the table only places others on the page: one of its cells holds a table of several rows and columns."""
    inner = (t for t in table.iter("table") if t is not table)
    return any(sum(len(row) > 1 for row in _rows_of(t)) > 1 for t in inner)


def _inside(table: Any) -> Iterator[Any]:
    """The tables that a layout places, and its rows that hold text only."""
    for row in _rows_of(table):
        cells = [cell for cell in row if isinstance(cell.tag, str) and cell.find(".//table") is not None]
        for cell in cells:
            yield from _outermost(cell)
        if not cells and "".join(row.itertext()).strip():
            yield row


def _rows_of(table: Any) -> list[Any]:
    """The rows of a table that are not those of a table inside it."""
    return [tr for tr in table.iter("tr") if next(tr.iterancestors("table")) is table]


class HtmlTable:
    """One table of a page."""

    delimiter: str | None = None

    def __init__(self, name: str, table: Any, first_row: int, encoding: str, task: Task) -> None:
        self.name = name
        self.encoding: str | None = encoding
        self.done = 0
        self._first_row, self._task = first_row, task
        rows = _rows_of(table)
        self._cells, merges = _grid(rows, first_row, task.bounds.columns + 1)
        if len(self._cells) > task.bounds.rows:
            raise task.refuse("too-many-rows", table=name or task.path.name, bound=f"{task.bounds.rows:,}")
        hidden = frozenset(first_row + i for i, row in enumerate(rows) if _is_unseen(row))
        self.facts = Facts(hidden, merges)

    def head(self) -> list[HeadRow]:
        """The first rows."""
        return [HeadRow(self._first_row + i, cells) for i, cells in enumerate(self._cells[:HEAD_ROWS])]

    def blocks(self, layout: Layout) -> Iterator[Block]:
        """All rows."""
        yield from grid.blocks(self._cells, self._first_row, layout, merges=self.facts.merges)
        self.done = self._task.path.stat().st_size


def _grid(rows: list[Any], first_row: int, width: int) -> tuple[list[list[str | None]], tuple[Merge, ...]]:
    """Cells by row and column, spans respected: the text stands in the first cell of a span."""
    cells: list[list[str | None]] = []
    merges: list[Merge] = []
    taken: dict[int, int] = {}
    for number, row in enumerate(rows):
        line: list[str | None] = []
        for cell in row.iterchildren("td", "th"):
            while taken.get(len(line), -1) >= number:
                line.append(None)
            left = len(line)
            if left >= width:
                break
            across, down = _span(cell, "colspan", width - left), _span(cell, "rowspan", len(rows) - number)
            line += [_text(cell), *[None] * (across - 1)]
            if down > 1:
                merges.append(Merge(first_row + number, left, first_row + number + down - 1, left + across - 1))
                taken |= dict.fromkeys(range(left, left + across), number + down - 1)
        cells.append(line)
    return cells, tuple(merges)


def _is_unseen(row: Any) -> bool:
    """True if the row's own style hides it from whoever looks at the page."""
    return row.get("hidden") is not None or bool(_UNSEEN.search(row.get("style") or ""))


def _span(cell: Any, name: str, most: int) -> int:
    text = str(cell.get(name) or "1").strip()
    return min(max(1, int(text)), max(1, most)) if text.isdecimal() and len(text) < 9 else 1


def _text(cell: Any) -> str | None:
    for br in cell.iter("br"):
        br.tail = "\n" + (br.tail or "")
    lines = "".join(cell.itertext()).replace("\xa0", " ").split("\n")
    return "\n".join(t for line in lines if (t := " ".join(line.split()))) or None
