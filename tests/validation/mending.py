"""One column through mending, as the checks will see it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Field
from chengxin.validation.names import flag, hint, raw
from chengxin.validation.scene import Scene
from chengxin.validation.table import mended_table
from tests.conftest import no_marks

CATALOGUE = load_catalogue(date(2026, 3, 10))
FACTS = ("sound", "inner")


@dataclass(frozen=True)
class Seen:
    """The typed values, the texts as they count, and what was met: kind → (where, reading or suggestion)."""

    values: pl.Series
    text: pl.Series
    met: dict[str, tuple[pl.Series, pl.Series | None]]

    def at(self, place: int) -> set[str]:
        """What was met in one cell."""
        return {kind for kind, (mask, _) in self.met.items() if mask[place]}


def mended(of: Field, texts: list[str | None], unit: str | None = None) -> Seen:
    """Mend a column of one field, in the first resource that has it; no sender, so that nothing is filled in."""
    resource = next(r for r in CATALOGUE.resources.values() if r.by_name.get(of.name) == of)
    units = {of.name: unit} if unit else {}
    frame = pl.DataFrame({"row": range(len(texts)), of.name: texts}, schema={"row": pl.UInt32, of.name: pl.String})
    table = mended_table(frame, no_marks(), Scene(CATALOGUE, resource, CATALOGUE.day, units=units))
    flags = [c for c in table.columns if c.startswith(f"{of.name}~") and not c.endswith("=")]
    kinds = [c.partition("~")[2] for c in flags if c.partition("~")[2] not in FACTS]
    said = {k: table[hint(of.name, k)] if hint(of.name, k) in table.columns else None for k in kinds}
    return Seen(table[of.name], table[raw(of.name)], {k: (table[flag(of.name, k)], said[k]) for k in kinds})
