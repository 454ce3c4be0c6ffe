"""From a reader's blocks to chunks: headings become fields, oversized cells are dropped, identity numbers taken out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from chengxin.intake.again import Again
from chengxin.intake.ahead import ahead
from chengxin.intake.hiding import hide_identities
from chengxin.intake.identity import IdentityFields
from chengxin.intake.received import CHUNK_ROWS, MARKS_SCHEMA, Chunk, Heading, Traits
from chengxin.intake.rows import RowRules
from chengxin.intake.table import Block, Layout, Table
from chengxin.intake.task import Task
from chengxin.values.series import essence

# Kinds of field that must be text: a number cell there may have lost digits already.
CODE_KINDS = frozenset({"uscc", "organisation_code", "registration_number", "number", "document", "identity"})
_SCIENTIFIC = r"^\s*[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}\s*$"
_ERROR_TEXT = r"^#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)\s*$"
_NUMBER_MARKS = ("number_cell", "digits_lost")


@dataclass(frozen=True)
class Shape:
    """How one table becomes frames of fields."""

    task: Task
    part: str
    kept: tuple[Heading, ...]
    rules: RowRules
    identities: IdentityFields
    again: Again | None = None

    def chunks(self, table: Table, layout: Layout) -> Iterator[Chunk]:
        """The rows of the table, in chunks. While one block is worked on, the next is looked at and the one after it read."""
        for block, traits in ahead((block, block.look()) for block in ahead(table.blocks(layout))):
            yield from self.chunk(block, traits)

    def chunk(self, block: Block, traits: Traits) -> Iterator[Chunk]:
        """The chunks of one block; none if nothing is left of it."""
        sorted_out = self.rules.sort_out(self.again.marked(block) if self.again else block)
        frame, marks = self._named(sorted_out)
        longest = _longest(frame)
        frame, marks = self._bounded(frame, marks, longest)
        frame, errors = self._error_texts(frame) if traits.errors else (frame, [])
        marks = pl.concat([marks, *errors, *self._scientific(frame, traits.loose)]).unique(maintain_order=True)
        kinds = {f.name: f.kind for f in self.task.resource.fields}
        frame = self.identities.take_out(frame, kinds, longest, traits.numbers)
        if marks.height:
            marks = marks.with_columns(hide_identities(marks["detail"], "text", self.task.order.day))
            marks = marks.sort("row", "field", "mark", maintain_order=True)
        if not frame.height and not marks.height:
            return
        if frame.height <= CHUNK_ROWS:
            yield Chunk(self.part, frame, marks, traits)
            return
        for start in range(0, frame.height, CHUNK_ROWS):
            piece = frame.slice(start, CHUNK_ROWS)
            last = start + CHUNK_ROWS >= frame.height
            low = piece["row"][0] if start else 0
            inside = (pl.col("row") >= low) & (
                pl.lit(last) | (pl.col("row") < frame["row"][min(start + CHUNK_ROWS, frame.height - 1)])
            )
            yield Chunk(self.part, piece, marks.filter(inside), traits)

    def _named(self, block: Block) -> tuple[pl.DataFrame, pl.DataFrame]:
        names = {str(h.position): h.field for h in self.kept if h.field}
        frame = block.frame.select("row", *(pl.col(p).alias(n) for p, n in names.items()))
        if not block.marks.height:
            return frame, pl.DataFrame(schema=MARKS_SCHEMA)
        codes = [f.name for f in self.task.resource.fields if f.kind in CODE_KINDS]
        private = [f.name for f in self.task.resource.fields if f.private]
        position = pl.col("position").cast(pl.String)
        marks = (
            block.marks.with_columns(field=position.replace_strict(names, default=None, return_dtype=pl.String))
            .filter(pl.col("position").is_null() | pl.col("field").is_not_null())
            .filter(~pl.col("mark").is_in(_NUMBER_MARKS) | pl.col("field").is_in(codes))
            .with_columns(detail=pl.when(~pl.col("field").is_in(private).fill_null(False)).then("detail"))
            .select(list(MARKS_SCHEMA))
        )
        return frame, marks

    def _bounded(
        self, frame: pl.DataFrame, marks: pl.DataFrame, longest: Mapping[str, int]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows and cells over the bounds emptied and marked."""
        bounds, columns = self.task.bounds, list(longest)
        if sum(longest.values()) > bounds.row:
            whole = pl.sum_horizontal(pl.col(columns).str.len_bytes()) > bounds.row
            marks = pl.concat([marks, _marks(frame.filter(whole)["row"], None, "row_too_long")])
            frame = frame.with_columns(pl.when(~whole).then(pl.col(columns)))
        for column, length in longest.items():
            if length > bounds.cell:
                over = pl.col(column).str.len_bytes() > bounds.cell
                marks = pl.concat([marks, _marks(frame.filter(over)["row"], column, "cell_too_long")])
                frame = frame.with_columns(pl.when(~over).then(column).alias(column))
        return frame, marks

    def _error_texts(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Spreadsheet errors that were saved as text: emptied and marked like error cells."""
        columns = frame.columns[1:]
        suspect = (
            frame.select(pl.col(columns).str.starts_with("#").any()) if columns and frame.height else frame.clear()
        )
        private = {f.name for f in self.task.resource.fields if f.private}
        marks = []
        for column in (c for c in columns if suspect.height and suspect[c][0]):
            is_error = pl.col(column).str.contains(_ERROR_TEXT)
            found = frame.filter(is_error)
            if found.height:
                detail = None if column in private else found[column].str.strip_chars()
                marks.append(_marks(found["row"], column, "cell_error", detail))
                frame = frame.with_columns(pl.when(~is_error).then(column).alias(column))
        return frame, marks

    def _scientific(self, frame: pl.DataFrame, loose: bool) -> Iterator[pl.DataFrame]:
        """Codes that a spreadsheet turned into 9.13702E+17 before they were saved as text; `loose`: perhaps behind spaces."""
        for field in self.task.resource.fields:
            if field.kind in CODE_KINDS and field.name in frame.columns:
                text = frame[field.name]
                if text.null_count() == len(text) or not (loose or essence(text).str.contains(r"^[0-9][.Ee]").any()):
                    continue
                lost = frame.filter(text.str.contains(_SCIENTIFIC))
                if lost.height:
                    detail = None if field.private else lost[field.name]
                    yield _marks(lost["row"], field.name, "digits_lost", detail)


def _longest(frame: pl.DataFrame) -> dict[str, int]:
    """Column → the bytes of its longest cell."""
    columns = frame.columns[1:]
    if not frame.height or not columns:
        return dict.fromkeys(columns, 0)
    sizes = frame.select(pl.col(columns).str.len_bytes().max()).row(0)
    return {column: size or 0 for column, size in zip(columns, sizes, strict=True)}


def _marks(rows: pl.Series, field: str | None, mark: str, detail: pl.Series | None = None) -> pl.DataFrame:
    frame = pl.DataFrame({"row": rows}, schema={"row": pl.UInt32})
    return frame.with_columns(
        pl.lit(field, pl.String).alias("field"),
        pl.lit(mark).alias("mark"),
        (detail if detail is not None else pl.lit(None, pl.String)).alias("detail"),
    )
