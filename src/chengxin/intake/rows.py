"""Rows that are not data: totals, remarks, signatures, repeated headings; and hidden rows as the order says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from chengxin.intake.received import Heading, Hidden
from chengxin.intake.table import CELL_MARKS, Block, Facts
from chengxin.intake.task import Words
from chengxin.values.script import either_script, in_simplified
from chengxin.values.text import INVISIBLE_CLASS

# What follows the words by which a row was known, that may be anything.
_BEHIND_WORDS = r"(?s)^(.*?)(?:[:：.、]|[0-9]{6}).*$"
_UNSEEN = rf"^{INVISIBLE_CLASS}{{1,8}}$"
_DAY = r"^(?:日期[:：]?)?\s*(?:19|20)[0-9]{2}\s*[年./-]\s*[0-9]{1,2}\s*[月./-]\s*[0-9]{1,2}\s*日?\s*$"
_PAGE = r"^第\s*[0-9]+\s*页.{0,12}$"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FIRST = ("1", "(1)", "（1）", "[1]", "甲", "(甲)", "（甲）")
_FEWEST_NOTES = 3  # cells
_LONGEST_NOTE = 32  # bytes, with spaces around it
_LEFT_OUT = {"row": pl.UInt32, "detail": pl.String}
_MEASURES = ("条", "户", "件", "家", "笔", "人", "个", "项", "宗", "起", "元", "万元")


@dataclass(frozen=True)
class RowRules:
    """How to tell rows of one table that are not data."""

    not_data: str
    headings: tuple[Heading, ...]
    hidden: Hidden
    facts: Facts
    aside: tuple[str, ...] = ()
    alone: str = _DAY
    column_notes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Words, headings: tuple[Heading, ...], hidden: Hidden, facts: Facts) -> "RowRules":
        """From the words of the catalogue and what the reader knows; `headings`: all of the table."""
        aside = tuple(str(h.position) for h in headings if h.field is None and h.text in words.not_data_columns)
        alone = rf"{_DAY}|{_PAGE}|^[(（]?(?:{_one_of(words.alone)})[)）]?$"
        return cls(_pattern(words), headings, hidden, facts, aside, alone, frozenset(words.column_notes))

    def sort_out(self, block: Block) -> Block:
        """The block without rows that are empty, hidden or not data; of those left out all but the empty are marked."""
        frame = block.frame.drop(self.aside)
        marks = [block.marks]
        hidden = self._hidden_rows(frame)
        if hidden is not None:
            if self.hidden == "ask":
                marks.append(_row_marks(frame.filter(hidden)["row"], "row_hidden"))
            frame = frame.filter(~hidden)
        left_out = self._not_data(frame, block.marks)
        if len(left_out):
            frame = frame.join(left_out.select("row"), on="row", how="anti", maintain_order="left")
            spoken = left_out.filter(pl.col("detail").is_not_null())
            marks.append(_row_marks(spoken["row"], "row_not_data", spoken["detail"]))
            marks[0] = marks[0].join(left_out.select("row"), on="row", how="anti", maintain_order="left")
        return Block(frame, pl.concat(marks), block.look)

    def _hidden_rows(self, frame: pl.DataFrame) -> pl.Series | None:
        if not self.facts.hidden_rows or self.hidden == "read":
            return None
        hidden = frame["row"].is_in(pl.Series(list(self.facts.hidden_rows), dtype=pl.UInt32).implode())
        return hidden if hidden.any() else None

    def _not_data(self, frame: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
        """Columns row, detail: null where the row is empty, else the words by which it was known. A row that could not
        be read looks empty, but its mark says that something stood there."""
        columns = pl.exclude("row")
        width = max(1, frame.width - 1)
        few = max(3, width // 3)
        full = sum(series.null_count() == 0 for series in frame.get_columns()) - 1
        if full > few:  # no row is as sparse as a total or a remark
            return pl.concat([self._notes_of_columns(frame), self._repeated(frame)])
        sparse = frame.filter(pl.sum_horizontal(columns.is_not_null()) <= few)
        first = sparse.select("row", first=pl.coalesce(columns.str.strip_chars().replace("", None)))
        empty = (
            first.filter(pl.col("first").is_null())
            .join(marks, on="row", how="anti")
            .select("row", detail=pl.lit(None, pl.String))
        )
        words = (
            first.with_columns(pl.col("first").str.replace_all(r"\s+", ""))
            .filter(pl.col("first").str.contains(self.not_data))
            .select("row", detail=pl.col("first").str.replace(_BEHIND_WORDS, "$1…").str.slice(0, 20))
        )
        return pl.concat(
            [
                empty,
                words,
                self._unseen_or_alone(sparse, first, marks),
                self._of_nothing_kept(sparse.join(marks, on="row", how="anti")),
                self._repeated(frame),
            ]
        )

    def _of_nothing_kept(self, sparse: pl.DataFrame) -> pl.DataFrame:
        """Rows that are filled in columns only that are not kept: numbered beforehand, or a note."""
        kept = [str(h.position) for h in self.headings if h.field and str(h.position) in sparse.columns]
        nothing = pl.all_horizontal(pl.col(kept).str.strip_chars().replace("", None).is_null())
        first = pl.coalesce(pl.exclude("row").str.strip_chars().replace("", None))
        found = sparse.filter(nothing & first.is_not_null()) if kept else sparse.clear()
        return found.select("row", detail=pl.lit("没有可用的栏 nothing in a known column"))

    def _unseen_or_alone(self, sparse: pl.DataFrame, first: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
        """Rows of nothing but what nobody sees (the end mark of an old program), and those whose only cell is a day below a
        signature, the number of a page or a word that is no record."""
        few = first.filter(pl.col("first").str.contains(f"{_UNSEEN}|{self.alone}")).join(marks, on="row", how="anti")
        nothing = few.select("row", detail=pl.lit(None, pl.String))
        if few.is_empty():
            return nothing
        seen = pl.exclude("row").str.replace_all(INVISIBLE_CLASS, "").str.strip_chars().replace("", None)
        count = sparse.join(few, on="row", how="semi").select("row", filled=pl.sum_horizontal(seen.is_not_null()))
        words = few.filter(pl.col("first").str.contains(self.alone)).select(
            "row", detail=pl.lit("不是记录的一格 no record")
        )
        return pl.concat(
            [
                nothing.join(count.filter(pl.col("filled") == 0), on="row", how="semi"),
                words.join(count.filter(pl.col("filled") == 1), on="row", how="semi"),
            ]
        )

    def _notes_of_columns(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The row below the headings that numbers the columns (甲 乙 1 2 3) or says which must be filled."""
        columns = frame.columns[1:2]
        short = pl.col(columns).str.len_bytes() <= _LONGEST_NOTE
        likely = frame.select("row", *columns).filter(short) if columns else frame.clear()
        likely = likely.filter(pl.col(columns).str.strip_chars().str.contains(self._begins_notes))
        likely = frame.join(likely, on="row", how="semi", maintain_order="left") if likely.height else frame.clear()
        rows = [
            row for row, *cells in likely.iter_rows() if self._is_note([c.strip() for c in cells if c and c.strip()])
        ]
        return pl.DataFrame({"row": rows, "detail": ["栏次 numbers of columns"] * len(rows)}, schema=_LEFT_OUT)

    @cached_property
    def _begins_notes(self) -> str:
        return f"^(?:{_one_of([*_FIRST, *sorted(self.column_notes)])})$"

    def _is_note(self, cells: list[str]) -> bool:
        if len(cells) < _FEWEST_NOTES:
            return False
        plain = [in_simplified(c.strip("()（）[]【】")) for c in cells]
        numbers = plain[next((i for i, c in enumerate(plain) if c not in _STEMS), len(plain)) :]
        return set(plain) <= self.column_notes or numbers == [str(i + 1) for i in range(len(numbers))]

    def _repeated(self, frame: pl.DataFrame) -> pl.DataFrame:
        texts = {str(h.position): h.text for h in self.headings if h.field and str(h.position) in frame.columns}
        some = list(texts.items())[:3]
        if not any((frame[c] == t).any() for c, t in some):
            return pl.DataFrame(schema=_LEFT_OUT)
        likely = frame.filter(pl.any_horizontal([pl.col(c) == t for c, t in some]))
        same = pl.sum_horizontal([(pl.col(c).str.strip_chars() == t).cast(pl.Int32) for c, t in texts.items()])
        filled = pl.sum_horizontal(pl.exclude("row").is_not_null())
        return likely.filter((same >= 2) & (same * 2 >= filled)).select("row", detail=pl.lit("标题行 headings"))


def _one_of(some: Sequence[str]) -> str:
    return "|".join(map(either_script, some)) or r"\b\B"


def _pattern(words: Words) -> str:
    totals = f"(?:{_one_of(words.totals)})[:：]?[0-9,.]*(?:{_one_of(_MEASURES)})?"
    labels = f"(?:{_one_of(words.labels)})(?:[:：].*)?"
    remarks = rf"(?:{_one_of(words.remarks)})[0-9一二三四五六七八九十]*[:：.、].*"
    return rf"(?s)^(?:{totals}|{labels}|{remarks})$"


def _row_marks(rows: pl.Series, mark: str, detail: pl.Series | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": rows,
            "position": pl.Series([None] * len(rows), dtype=pl.UInt32),
            "mark": pl.Series([mark] * len(rows), dtype=pl.String),
            "detail": detail if detail is not None else pl.Series([None] * len(rows), dtype=pl.String),
        },
        schema=CELL_MARKS,
    )
