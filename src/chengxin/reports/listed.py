"""A list of those who are to get a report: what each row came to. Whoever is not sure is told, nobody is guessed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken
from chengxin.values.text import nfkc

MOST = 10_000  # rows of one list
_NOTHING = Said("", "")


class Row(Spoken):
    """What a row of a list came to."""

    FOUND = "found", "可以出具", "can be issued"
    UNKNOWN = "unknown", "没有找到", "not found"
    DOUBTFUL = "doubtful", "拿不准", "not sure"
    PERSON = "person", "自然人", "a person"
    REPEATED = "repeated", "重复", "repeated"
    HIDDEN = "hidden", "隐藏行", "hidden row"
    UNFIT = "unfit", "不适用", "does not fit"


@dataclass(frozen=True)
class Named:
    """One row as it was sent: its number in the file, the code and the name that stand there."""

    row: int
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class Wanted:
    """One row with what it came to; `subject` and what it is called now only where it is FOUND."""

    row: int
    typed: str
    state: Row
    why: Said = _NOTHING
    subject: str = ""
    code: str = ""
    name: str = ""


def pasted(text: str) -> Iterator[Named]:
    """The rows of a text: one subject a line, its code, its name or both, with a tab, comma or semicolon between them."""
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [
            cell.strip() for cell in nfkc(line).replace(",", "\t").replace(";", "\t").replace("、", "\t").split("\t")
        ]
        codes = [cell for cell in cells if cell and cell.isascii() and any(c.isdigit() for c in cell)]
        names = [cell for cell in cells if cell and cell not in codes]
        if codes or names:
            yield Named(number, codes[0] if codes else "", " ".join(names))


def plain_code(text: str) -> str:
    """A code as it is looked up."""
    return "".join(nfkc(text).split()).replace("-", "").upper()


def once(rows: Iterable[Wanted]) -> list[Wanted]:
    """The rows, of which a subject that stands there again is told with the row that it stood in first."""
    first: dict[str, int] = {}
    told = []
    for one in rows:
        if one.state is not Row.FOUND or first.setdefault(one.subject, one.row) == one.row:
            told.append(one)
        else:
            n = first[one.subject]
            why = Said(f"与第 {n} 行是同一主体，只出一份。", f"The same subject as row {n}: one report.")
            told.append(Wanted(one.row, one.typed, Row.REPEATED, why, "", one.code, one.name))
    return told
