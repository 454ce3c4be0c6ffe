"""What the way needs of a store: look up, begin, stage, commit. `site.store` implements it on Django's own connection."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import polars as pl

SEALED = "sealed:"  # with which the content of a person's record begins


@dataclass(frozen=True)
class Occasion:
    """Why something changes: kind, actor and reason, the submission if there is one, and the legal day it became known."""

    kind: str
    actor: str
    item: str
    authority: str
    known_on: date
    reason: str = ""
    submission: str | None = None


@dataclass(frozen=True)
class Step:
    """A part of a change set, as frames named after their tables; `closed` holds ids of versions that end with it."""

    tables: dict[str, pl.DataFrame]
    closed: dict[str, pl.Series]
    events: pl.DataFrame  # tag, about, previous, person, salt, commitment
    leaves: bytes  # the leaf hash of each event, 32 bytes each

    @property
    def count(self) -> int:
        """How many events."""
        return self.events.height


class ChangeSet(Protocol):
    """A change set that is being written. Nothing of it is visible before the block that began it ends well."""

    number: int

    @property
    def events(self) -> int:
        """How many events it holds so far."""

    def stage(self, step: Step) -> None:
        """Take one part. It may be written a little later; look-ups of the store see it all the same."""

    def flush(self) -> None:
        """Write all that was staged, before anything else is written by hand."""


class Store(Protocol):
    """The registers of a site."""

    @property
    def digest_key(self) -> bytes:
        """For telling contents and natural keys apart."""

    def subjects(self, numbers: pl.Series) -> pl.DataFrame:
        """The subjects that these numbers lead to: `asked`, the number, `id` and the columns of SUBJECTS."""

    def persons(self, tokens: pl.Series) -> pl.DataFrame:
        """Known persons by the token of their number: id, token."""

    def current(self, keys: pl.Series, sender: str) -> pl.DataFrame:
        """The current versions under these keys (`registers.changes.CURRENT`)."""

    def current_of(self, resource: str, sender: str) -> Iterator[pl.DataFrame]:
        """All current versions that a sender sent first, in parts."""

    def fingerprints(self, subjects: pl.Series) -> pl.DataFrame:
        """What was withdrawn, repaired or destroyed of these subjects (ids): subject, fingerprint."""

    def log_indexes(self, about: pl.Series) -> pl.DataFrame:
        """Where in the log the last events about these ids stand: about, previous."""

    def seal(self, persons: pl.Series, ids: pl.Series, contents: pl.Series) -> pl.Series:
        """Contents of persons' records (subject id, version id, text), each under its person's own key."""

    def carried(self, persons: pl.Series, before: pl.Series, ids: pl.Series, contents: pl.Series) -> pl.Series:
        """Contents that a later version (`ids`) keeps from an earlier one: sealed ones bound to their new row."""

    def begin(self, occasion: Occasion) -> AbstractContextManager[ChangeSet]:
        """A change set: the only writer until it ends; an error inside leaves nothing."""
