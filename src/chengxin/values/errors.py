"""Errors that a user reads: what happened, in Chinese and English, and what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One sentence in both languages of the interface."""

    zh: str
    en: str

    def filled(self, **parts: object) -> "Said":
        """The same sentence with its `{placeholders}` filled; an unknown placeholder is our mistake and raises KeyError."""
        return Said(self.zh.format(**parts), self.en.format(**parts))

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"


class Refused(Exception):  # noqa: N818 - it is an answer, not a defect
    """The whole input can't be used. `code` is stable, `said` is for people, nothing of the input was kept."""

    def __init__(self, code: str, said: Said) -> None:
        super().__init__(f"{code}: {said.en}")
        self.code = code
        self.said = said

    def __reduce__(self) -> tuple[type["Refused"], tuple[str, Said]]:
        return Refused, (self.code, self.said)
