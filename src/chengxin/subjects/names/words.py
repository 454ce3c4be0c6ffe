"""The words of names: places, forms, trades (catalogue, `names`) and single characters (two tables beside this file)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import polars as pl

from chengxin.standards.load import Catalogue

_HERE = files("chengxin.subjects.names")
_TABLES = ("names", "districts", "streets")
# Runs of letters or digits count as one character; so do words that are read otherwise than their characters.
RUN = "[A-Z]+|[0-9]+"


@dataclass(frozen=True, eq=False)
class Words:
    """Patterns that both `re` and Polars understand; `places`, `forms` and `hollow` as listed, for names spelt in letters."""

    place: str  # place names at the beginning, each level once
    bracketed: str  # a place in brackets, with the place as group
    last_place: str  # the last place name of several, without its suffix
    form: str  # the legal form at the end, with a branch
    trade: str  # what it does, at the end
    hollow: str  # words that tell nobody apart
    token: str  # a run, a spoken word or a character
    levels: tuple[tuple[str, ...], ...]
    suffixes: tuple[str, ...]
    forms: tuple[str, ...]
    hollows: tuple[str, ...]
    readings: dict[str, tuple[str, str]]  # token → reading, initials
    others: dict[str, tuple[str, str]]  # token → a second reading, initials


def words_of(catalogue: Catalogue) -> Words:
    """The words of a catalogue; made once."""
    return _words(_key({k: v for table in _TABLES for k, v in (catalogue.tables.get(table) or {}).items()}))


def _key(table: dict[str, object]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    spoken = table.get("spoken")
    pairs = tuple(f"{w}={r}" for w, r in spoken.items()) if isinstance(spoken, dict) else ()
    listed = ((k, tuple(map(str, v))) for k, v in table.items() if isinstance(v, list))
    return (*listed, ("spoken", pairs))


@lru_cache(maxsize=4)
def _words(key: tuple[tuple[str, tuple[str, ...]], ...]) -> Words:
    told = dict(key)
    levels = tuple(told.get(k, ()) for k in ("provinces", "cities", "districts", "streets"))
    suffix = f"(?:{either(told.get('suffixes', ()))})?"
    place = "".join(f"(?:{either(level)}{suffix})?" for level in levels)
    anywhere = either(tuple(w for level in levels for w in level))
    spoken = dict(pair.split("=", 1) for pair in told["spoken"])
    branches = told.get("branches", ())
    form = either((*told.get("forms", ()), *branches))
    first, second = _readings()
    return Words(
        place=f"^(?:中国)?{place}",
        bracketed=rf"\((?:中国)?({place})\)",
        last_place=f"({anywhere}){suffix}$",
        form=f"({form}+(?:.{{0,12}}{either(branches)})?)$",
        trade=f"({either(told.get('trades', ()))}+)$",
        hollow=either(told.get("hollow", ())),
        token="|".join([either(tuple(spoken)), RUN, "."]),
        levels=levels,
        suffixes=told.get("suffixes", ()),
        forms=told.get("forms", ()),
        hollows=told.get("hollow", ()),
        readings=_said(first) | _said(spoken),
        others=_said(second),
    )


def _said(readings: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Readings with the first letters of their syllables."""
    return {w: (r.replace(" ", ""), "".join(s[0] for s in r.split())) for w, r in readings.items()}


def either(words: tuple[str, ...]) -> str:
    """A pattern for any of the words, the longest first; one that nothing fits if there are none."""
    listed = "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w))))
    return f"(?:{listed})" if listed else r"[^\s\S]"


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv((_HERE / name).read_bytes(), infer_schema=False)


@lru_cache(maxsize=1)
def _readings() -> tuple[dict[str, str], dict[str, str]]:
    rows = _table("readings.csv")
    more = rows.filter(pl.col("other").is_not_null())
    first = dict(zip(rows["character"].to_list(), rows["reading"].to_list(), strict=True))
    return first, dict(zip(more["character"].to_list(), more["other"].to_list(), strict=True))


@lru_cache(maxsize=1)
def _simpler() -> tuple[dict[int, str], str]:
    rows = _table("simplified.csv")
    pairs = dict(zip(rows["character"].to_list(), rows["simplified"].to_list(), strict=True))
    return str.maketrans(pairs), "[" + "".join(pairs) + "]"


def simplified(folded: pl.Series) -> pl.Series:
    """Folded names in simplified script, without anything but letters, digits and brackets: for comparing, never shown."""
    table, traditional = _simpler()
    other = folded.str.contains(traditional).fill_null(False)
    if other.any():
        changed = pl.Series([n.translate(table) for n in folded.filter(other)], dtype=pl.String)
        folded = folded.clone().scatter(other.arg_true(), changed)
    return folded.str.replace_all(r"[^\p{L}\p{N}()]", "")
