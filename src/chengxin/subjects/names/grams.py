"""What a subject is looked up by: pairs of characters of its names, their sound, the tail of its code.

A pair is two characters of a core beside each other or with one between, at least one of them in the trade name. So a
wrong, missing or additional character leaves some pairs as they were, and few names share a pair: what all have in common
(place, trade, form) is in none. Only organisations have grams; a sole trader is found by exact code or full name.
"""

import polars as pl

from chengxin.subjects.names.sound import sounds
from chengxin.subjects.names.split import split, tokens
from chengxin.subjects.names.words import Words

# Where the tail of a code begins that is kept: whoever types six characters or more of it in a row gets past one of these.
CODE_TAILS = (8, 11, 14)
_SCHEMA = {"fact": pl.String, "gram": pl.String}
_FEWEST = 2  # letters of a sound


def grams_of(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The grams (`fact`, `gram`, each once) of facts about organisations: id, code, name, former_names (list)."""
    former = facts.select("id", name="former_names").explode("name", empty_as_null=True)
    named = pl.concat([facts.select("id", "name"), former]).filter(pl.col("name").is_not_null())
    if named.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    parts = split(named["name"], words)
    beside = pl.DataFrame({"fact": named["id"], "gram": pairs(parts)}, schema_overrides={"gram": pl.List(pl.String)})
    heard = (
        sounds(parts["core"], words).with_columns(named["id"].alias("fact")).unpivot(index="fact", value_name="gram")
    )
    found = [beside.explode("gram", empty_as_null=True), heard.drop("variable")]
    short = pl.col("gram").str.len_chars() < _FEWEST
    tails = [facts.select(fact="id", gram=pl.col("code").str.slice(start)) for start in CODE_TAILS]
    return pl.concat([*(f.filter(~short) for f in found), *tails]).unique(maintain_order=True)


def pairs(parts: pl.DataFrame) -> list[list[str]]:
    """The pairs of each split name; of a core that is one run of letters or digits, that."""
    cut = parts.select(tokens(pl.col("core")).alias("core"), tokens(pl.col("mark")).list.len().alias("mark"))
    return [_pairs(core, mark) for core, mark in zip(cut["core"].to_list(), cut["mark"].to_list(), strict=True)]


def _pairs(core: list[str], mark: int) -> list[str]:
    if len(core) == 1:
        return core
    return [a + b for apart in (1, 2) for a, b in zip(core[:mark], core[apart:], strict=False)]
