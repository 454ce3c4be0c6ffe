"""Closed lists of words: each word has a code that never changes and a text in both languages."""

from enum import StrEnum
from typing import Self

from chengxin.values.errors import Said


class Spoken(StrEnum):
    """One word of a closed list; a row is `NAME = "code", "中文", "English"`. An unknown code raises ValueError."""

    said: Said

    # Defaults only let a type checker read `Reader(text)` as the look-up that it is.
    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """One row of a list."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.said = Said(zh, en)
        return member
