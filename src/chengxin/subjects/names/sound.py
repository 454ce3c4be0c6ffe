"""How names sound: pinyin without tones, and initials."""

import polars as pl

from chengxin.subjects.names.words import Words

LONGEST = 60  # letters of a name's sound that are kept


def sounds(cores: pl.Series, words: Words) -> pl.DataFrame:
    """`sound`, `initials`, and `other_sound`, `other_initials` by second readings (as the first where there are none)."""
    said = cores.str.extract_all(f"(?s:{words.token})").to_list()
    first = [_heard(tokens, words.readings, words.readings) for tokens in said]
    second = [_heard(tokens, words.others, words.readings) for tokens in said]
    columns = [[pair[n][:LONGEST] for pair in pairs] for pairs in (first, second) for n in (0, 1)]
    names = ("sound", "initials", "other_sound", "other_initials")
    return pl.DataFrame(dict(zip(names, columns, strict=True)), schema=dict.fromkeys(names, pl.String))


def _heard(
    tokens: list[str], preferred: dict[str, tuple[str, str]], readings: dict[str, tuple[str, str]]
) -> tuple[str, str]:
    heard = [preferred.get(t) or readings.get(t) or (t.lower(), t.lower()) for t in tokens]
    return "".join(h[0] for h in heard), "".join(h[1] for h in heard)


def syllables(core: str, words: Words) -> list[str]:
    """The readings of a core's characters one by one, to be compared."""
    return [words.readings.get(character, (character, ""))[0] for character in core]
