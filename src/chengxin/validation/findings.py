"""Findings: one line for each thing wrong (reject) or told (warn), in the clerk's own words and columns."""

import re
from collections.abc import Mapping

import polars as pl

from chengxin.values.errors import Said

# part: sheet or member of a zip, "" for a plain file. row: the number the clerk sees; null = the file as a whole.
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.UInt32,
    "column": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    "message_zh": pl.String,
    "message_en": pl.String,
    "suggestion": pl.String,
    "clause": pl.String,
    "field": pl.String,
    "part": pl.String,
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def no_findings() -> pl.DataFrame:
    """An empty table of findings."""
    return pl.DataFrame(schema=SCHEMA)


def sentence(template: str, parts: Mapping[str, pl.Expr]) -> pl.Expr:
    """A template with its `{placeholders}` filled from columns, as one String expression; missing parts read as empty."""
    pieces: list[pl.Expr] = []
    for position, piece in enumerate(_PLACEHOLDER.split(template)):
        if position % 2:
            pieces.append(parts[piece].cast(pl.String).fill_null("") if piece in parts else pl.lit(""))
        elif piece:
            pieces.append(pl.lit(piece))
    return pieces[0] if len(pieces) == 1 else pl.concat_str(pieces)


def filled(said: Said, constants: Mapping[str, Said]) -> Said:
    """The sentence with the parts that are the same on every row already put in."""

    def fill(template: str, language: str) -> str:
        return _PLACEHOLDER.sub(lambda m: getattr(constants[m[1]], language) if m[1] in constants else m[0], template)

    return Said(fill(said.zh, "zh"), fill(said.en, "en"))
