"""The forms in which departments send: container, encoding, headings, what stands above and below the rows."""

from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from chengxin.standards.model import Field, Resource
from chengxin.values.text import fold_heading

Headings = Literal["title", "alias", "code"]
Container = Literal["csv", "zip", "xlsx", "html", "jsonl", "parquet"]
# A sheet is typed and mailed; whoever has more rows than this exports CSV.
MOST_SHEET_ROWS = 3000


@dataclass(frozen=True)
class Form:
    """One habit of sending. `above` counts title rows over the headings, `groups` a row of merged group headings."""

    container: Container
    headings: Headings = "title"
    encoding: str = "utf-8"
    separator: str = ","
    dates: str = "%Y/%m/%d"
    above: int = 0
    groups: bool = False
    below: bool = False
    second_sheet: bool = False
    numbers: bool = False
    rare: bool = False

    @property
    def first_row(self) -> int:
        """The number a clerk sees beside the first row of data (1 for Parquet and JSON Lines)."""
        if self.container in ("jsonl", "parquet"):
            return 1
        return self.above + self.groups + 2

    @property
    def is_sheet(self) -> bool:
        """True for what is opened as a spreadsheet."""
        return self.container in ("xlsx", "html")

    @property
    def narrow(self) -> bool:
        """True if the encoding can't hold characters outside GBK."""
        return self.encoding == "gbk"


FORMS: dict[str, Form] = {
    "csv_bom": Form("csv", encoding="utf-8-sig"),
    "csv_code": Form("csv", headings="code", dates="%Y-%m-%d"),
    "csv_gbk": Form("csv", headings="alias", encoding="gbk", dates="%Y-%m-%d"),
    "csv_gbk_title": Form("csv", encoding="gbk", above=1, below=True),
    "csv_rare": Form("csv", encoding="gb18030", rare=True),
    "tsv": Form("csv", headings="alias", separator="\t"),
    "zip_csv": Form("zip", headings="alias", encoding="utf-8-sig"),
    "xlsx_plain": Form("xlsx"),
    "xlsx_title": Form("xlsx", headings="alias", above=2, below=True),
    "xlsx_merged": Form("xlsx", above=3, groups=True),
    "xlsx_second": Form("xlsx", second_sheet=True),
    "xlsx_notes": Form("xlsx", headings="alias", above=1, below=True),
    "xlsx_hidden": Form("xlsx", headings="alias"),
    "xlsx_numbers": Form("xlsx", numbers=True),
    "xls_html": Form("html", headings="alias", encoding="gbk"),
    "jsonl": Form("jsonl", headings="code", dates="%Y-%m-%d"),
    "parquet": Form("parquet", dates="%Y-%m-%d"),
}
SUFFIX = {"csv": "csv", "zip": "zip", "xlsx": "xlsx", "html": "xls", "jsonl": "jsonl", "parquet": "parquet"}


def form_for(names: tuple[str, ...], turn: int, rows: int) -> str:
    """The name of the form for a department's `turn`-th file; too long a sheet becomes CSV."""
    name = names[turn % len(names)]
    return "csv_bom" if FORMS[name].is_sheet and rows > MOST_SHEET_ROWS else name


def heading_words(rng: Generator, resource: Resource, fields: list[Field], headings: Headings) -> list[str]:
    """One heading for each field: its code, its title, or one of its aliases where that names no other field."""
    if headings == "code":
        return [field.name for field in fields]
    taken: dict[str, set[str]] = {}
    for field in resource.fields:
        for word in (field.name, field.title, *field.aliases):
            taken.setdefault(fold_heading(word), set()).add(field.name)
    words = []
    for field in fields:
        own = [w for w in field.aliases if len(taken[fold_heading(w)]) == 1 and not w.isascii()]
        choose_alias = headings == "alias" and own and rng.random() < 0.7
        words.append(own[int(rng.integers(len(own)))] if choose_alias else field.title)
    return words
