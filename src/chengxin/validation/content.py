"""The third gate against forbidden data: detectors on free text. The weakest gate; its recall is measured and published.

Source: 山东省社会信用条例 Art. 42 (forbidden categories); words are data in catalogue/cn/forbidden.yaml.
"""

import re
from collections.abc import Callable, Set
from typing import Any

import polars as pl

from chengxin.standards.load import Catalogue
from chengxin.values.series import FEW, certain, put

Look = Callable[[pl.Series], pl.Series]
LIKE_TELEPHONE = r"1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}|0[1-9][0-9]{1,2}[-— ][0-9]{7,8}"
TELEPHONE = rf"(?:^|[^0-9A-Za-z])(?:\+?86[- ]?)?({LIKE_TELEPHONE})(?:$|[^0-9A-Za-z])"


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
        "telephone_inside": lambda texts: texts.str.contains(TELEPHONE),
    }


def forbidden_titles(texts: pl.Expr, catalogue: Catalogue) -> tuple[pl.Expr, pl.Expr]:
    """The names (zh, en) of the categories found in a text, for the sentence; never the words themselves."""
    plain = texts.map_batches(lambda s: _without_harmless(s, catalogue), return_dtype=pl.String)
    zh, en = [], []
    for entry in _categories(catalogue).values():
        hit = plain.str.contains_any(entry.get("words") or ["\0"]).fill_null(False)
        zh.append(pl.when(hit).then(pl.lit(entry["title"]["zh"])))
        en.append(pl.when(hit).then(pl.lit(entry["title"]["en"])))
    return pl.concat_str(zh, separator="、", ignore_nulls=True), pl.concat_str(en, separator=", ", ignore_nulls=True)
