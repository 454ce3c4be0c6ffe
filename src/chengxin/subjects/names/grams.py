"""What a subject is looked up by: pairs of characters of its names, their sound, the tail of its code.

A pair is two characters of a core beside each other or with one between, at least one of them in the trade name. So a
wrong, missing or additional character leaves some pairs as they were, and few names share a pair: what all have in common
(place, trade, form) is in none. Only organisations have grams; a sole trader is found by exact code or full name.
"""

import polars as pl

from chengxin.subjects.names.sound import heard
from chengxin.subjects.names.split import Parts, split
from chengxin.subjects.names.words import Words, tokens
from chengxin.values.text import folded_lists, folded_names

# Where the tails of a code begin that are kept: whoever types six characters or more in a row, some of them behind the
# district, gets past one of these.
CODE_TAILS = (8, 11, 14)
GRAMS = {"gram": pl.String, "subject": pl.String}
_FEWEST = 2  # letters of a sound


def grams_of(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The grams (GRAMS, each once, sorted, for an index takes sorted rows fastest) of organisations.

    `facts`: subject, code, name, former_names (a list).
    """
    names = zip(folded_names(facts["name"]).to_list(), folded_lists(facts["former_names"]).to_list(), strict=True)
    found = [
        _of_names([name, *(former or [])], words) | {code[start:] for start in CODE_TAILS}
        for (name, former), code in zip(names, facts["code"].to_list(), strict=True)
    ]
    counts = pl.Series([len(grams) for grams in found], dtype=pl.UInt32)
    subjects = facts.select(pl.col("subject").repeat_by(counts).explode(empty_as_null=False)).to_series()
    flat = pl.Series([gram for grams in found for gram in grams], dtype=pl.String)
    return (
        pl.DataFrame({"gram": flat, "subject": subjects}, schema=GRAMS)
        .filter(pl.col("gram") != "")
        .sort("gram", "subject")
    )


def _of_names(names: list[str | None], words: Words) -> set[str]:
    grams: set[str] = set()
    for name in names:
        if name:
            parts = split(name, words)
            grams.update(pairs(parts), (g for g in heard(parts.core, words).every() if len(g) >= _FEWEST))
    return grams


def pairs(parts: Parts) -> list[str]:
    """The pairs of a split name; of a core that is one character or run, that. A name of trades alone has those of all of it."""
    core, mark = tokens(parts.core), len(tokens(parts.mark or parts.core))
    if len(core) == 1:
        return core
    return [a + b for apart in (1, 2) for a, b in zip(core[:mark], core[apart:], strict=False)]
