"""The third gate against forbidden data: detectors on free text. The weakest gate; its recall is measured and published.

Source: 山东省社会信用条例 Art. 42 (forbidden categories); words are data in catalogue/cn/forbidden.yaml.
"""

import re
from collections.abc import Callable, Set
from typing import Any

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.values.series import FEW, certain, holds, put

Look = Callable[[pl.Series], pl.Series]
_DIGIT, _GAP, _OTHER = "[0-9０-９]", "[-—－ .]", "[^0-9０-９A-Za-z]"
_MOBILE = f"[1１][3-9３-９]{_DIGIT}{_GAP}?{_DIGIT}{{4}}{_GAP}?{_DIGIT}{{4}}"
_LOCAL = f"{_DIGIT}{{3,4}}{_GAP}?{_DIGIT}{{4}}"
# With a hyphen in its later part it is the number of a file.
_LAND_LINE = f"[0０][1-9１-９]{_DIGIT}{{1,2}}[-—－ )）]{{1,2}}{_DIGIT}{{3,4}} ?{_DIGIT}{{4}}"
# Seven or eight digits are a telephone only where somebody says so.
_SAID = "(?:电话|手机|座机)(?:号码|号)?[:：为是 ]{0,2}"
LIKE_TELEPHONE = f"{_MOBILE}|{_LAND_LINE}|{_SAID}{_LOCAL}"
# The number is group 1 or group 2.
TELEPHONE = rf"(?:(?:^|{_OTHER})(?:(?:\+|00)?86[- ]?)?({_MOBILE}|{_LAND_LINE})|{_SAID}({_LOCAL}))(?:$|{_OTHER})"


def _categories(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = catalogue.tables["forbidden"]["categories"]
    return found


def _words(catalogue: Catalogue, applies_to: str) -> list[str]:
    return [w for c in _categories(catalogue).values() if c["applies_to"] == applies_to for w in c.get("words") or ()]


def _secret_marks(catalogue: Catalogue) -> list[str]:
    return list(catalogue.tables["forbidden"]["secret_marks"]["words"])


def watched(catalogue: Catalogue, asked: Set[str]) -> list[str]:
    """Patterns of what makes a text worth a closer look, for the kinds of rule that are `asked` of it."""
    words: list[str] = []
    if "forbidden_content" in asked:
        words += [*_words(catalogue, "all"), *_words(catalogue, "person")]
    if "secret_marking" in asked:
        words += _secret_marks(catalogue)
    return [*map(re.escape, words), *([LIKE_TELEPHONE] if "telephone_inside" in asked else [])]


def _without_harmless(texts: pl.Series, catalogue: Catalogue) -> pl.Series:
    harmless = [w for c in _categories(catalogue).values() for w in c.get("harmless") or ()]
    return texts.str.replace_many(harmless, ["□"] * len(harmless)) if harmless else texts


def has_any(texts: pl.Series, words: list[str]) -> pl.Series:
    """Where a text holds one of the words, as a Boolean series; null stays null."""
    if len(texts) < FEW:
        return pl.Series([None if t is None else any(w in t for w in words) for t in texts.to_list()], dtype=pl.Boolean)
    return texts.str.contains_any(words or ["\0"])


def content_looks(catalogue: Catalogue) -> dict[str, Look]:
    """Kind of finding → the look it takes at texts (String series → Boolean series)."""

    def found(words: list[str]) -> Look:
        def look(texts: pl.Series) -> pl.Series:
            likely = certain(has_any(texts, words))
            if not likely.any():
                return likely
            return put(likely, likely, has_any(_without_harmless(texts.filter(likely), catalogue), words))

        return look

    return {
        "forbidden_content": found(_words(catalogue, "all")),
        "forbidden_of_person": found(_words(catalogue, "person")),
        "secret_marking": lambda texts: has_any(texts, _secret_marks(catalogue)),
        "telephone_inside": lambda texts: holds(texts, TELEPHONE),
    }


def forbidden_titles(
    texts: pl.Expr, person: pl.Expr, catalogue: Catalogue, asked_by: str
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The names (zh, en) of the categories found in a text and the clauses that forbid them; never the words themselves.

    `person`: whether what is said of persons only counts; `asked_by`: who refers to the clauses, should one be missing.
    """
    plain = texts.map_batches(lambda s: _without_harmless(s, catalogue), return_dtype=pl.String)
    zh, en = [], []
    by_clause: dict[str, list[pl.Expr]] = {}
    for entry in _categories(catalogue).values():
        hit = plain.str.contains_any(entry.get("words") or ["\0"]).fill_null(False)
        hit = hit & person if entry["applies_to"] == "person" else hit
        zh.append(pl.when(hit).then(pl.lit(entry["title"]["zh"])))
        en.append(pl.when(hit).then(pl.lit(entry["title"]["en"])))
        by_clause.setdefault(entry["clause"], []).append(hit)
    clauses = [
        pl.when(pl.any_horizontal(hits)).then(pl.lit(catalogue.clause(ref, asked_by).zh))
        for ref, hits in by_clause.items()
    ]
    said = [(zh, "、"), (en, ", "), (clauses, "；")]
    titles_zh, titles_en, law = (pl.concat_str(some, separator=mark, ignore_nulls=True) for some, mark in said)
    return titles_zh, titles_en, law


def secret_clause(catalogue: Catalogue, asked_by: str) -> str:
    """The clause that marks of secrecy rest on."""
    return catalogue.clause(catalogue.tables["forbidden"]["secret_marks"]["clause"], asked_by).zh
