"""The words of names: places, forms, trades (catalogue, `names`) and single characters (two tables beside this file)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.values.script import TABLE, in_simplified

VERSION = 1  # of how names are split and looked up: another number, and an index made before is made anew
_HERE = files("chengxin.subjects.names")
_TABLES = ("names", "districts", "streets")
_LEVELS = ("provinces", "cities", "districts", "streets")
_ODD = re.compile(r"[^\w()]|_")  # what is neither letter, digit nor bracket
_RUNS = re.compile("[A-Z]{2}|[0-9]{2}")
RUN = "[A-Z]+|[0-9]+|."
_TOKENS = re.compile(RUN, re.DOTALL)
Said = tuple[str, str]  # a reading and the first letters of its syllables


@dataclass(frozen=True)
class Listed:
    """Some words, looked for at the beginning or at the end of what is left of a name."""

    words: frozenset[str]

    @cached_property
    def _begun(self) -> dict[str, tuple[int, ...]]:
        """The lengths of the words that begin with a character: most places in a name are passed over by these alone."""
        return _lengths(self.words, 0)

    @cached_property
    def _ended(self) -> dict[str, tuple[int, ...]]:
        return _lengths(self.words, -1)

    def ahead(self, text: str, start: int) -> int:
        """Where the longest word ends that begins at `start`; `start` if none does."""
        for length in self._begun.get(text[start : start + 1], ()):
            if text[start : start + length] in self.words:
                return start + length
        return start

    def back(self, text: str, ends: Iterable[int]) -> int:
        """The first place from which nothing but words leads to one of `ends`; the last of these if none does."""
        todo = list(ends)
        first, begun = max(todo), set[int]()
        while todo:
            end = todo.pop()
            for length in self._ended.get(text[end - 1 : end], ()):
                start = end - length
                if start >= 0 and start not in begun and text[start:end] in self.words:
                    begun.add(start)
                    todo.append(start)
                    first = min(first, start)
        return first


def _lengths(words: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    """By the character at a place of each word: the lengths, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[place], set()).add(len(word))
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in found.items()}


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a catalogue. `digest`: of all of them, for telling whether an index was made with these."""

    levels: tuple[Listed, ...]  # names of places, from the province down, without what may follow them
    suffixes: Listed
    forms: Listed
    branches: Listed
    trades: Listed
    hollow: tuple[str, ...]  # words that tell nobody apart
    spoken: tuple[str, ...]  # words read otherwise than their characters
    readings: dict[str, Said]
    others: dict[str, Said]  # second readings
    digest: str

    @cached_property
    def _token(self) -> re.Pattern[str]:
        return re.compile("|".join([either(self.spoken), RUN]), re.DOTALL)

    @cached_property
    def _firsts(self) -> frozenset[str]:
        return frozenset(w[0] for w in self.spoken)

    def said(self, text: str) -> list[str]:
        """What is read as one: spoken words, else `tokens`."""
        return tokens(text) if self._firsts.isdisjoint(text) else self._token.findall(text)


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
    spoken = dict(pair.split("=", 1) for pair in told["spoken"])
    first, second = _readings()
    branches = told.get("branches", ())
    return Words(
        levels=tuple(_listed(told, level) for level in _LEVELS),
        suffixes=_listed(told, "suffixes"),
        forms=Listed(frozenset((*told.get("forms", ()), *branches))),
        branches=Listed(frozenset(branches)),
        trades=_listed(told, "trades"),
        hollow=told.get("hollow", ()),
        spoken=tuple(spoken),
        readings=_said(first) | _said(spoken),
        others=_said(second),
        digest=_digest(key),
    )


def _digest(key: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    tables = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (_HERE / "readings.csv", TABLE))
    return hashlib.sha256(repr((VERSION, key, *tables)).encode()).hexdigest()


def _listed(told: dict[str, tuple[str, ...]], name: str) -> Listed:
    return Listed(frozenset(told.get(name, ())))


def _said(readings: dict[str, str]) -> dict[str, Said]:
    """Readings with the first letters of their syllables."""
    return {w: (r.replace(" ", ""), "".join(s[0] for s in r.split())) for w, r in readings.items()}


def either(words: Iterable[str]) -> str:
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


def simplified(folded: str) -> str:
    """A folded name in simplified script, nothing but letters, digits and brackets: for comparing, never shown."""
    plain = in_simplified(folded)
    return plain if plain.isalnum() else _ODD.sub("", plain)


def tokens(text: str) -> list[str]:
    """Characters, with runs of letters or of digits as one."""
    return _TOKENS.findall(text) if _RUNS.search(text) else list(text)
