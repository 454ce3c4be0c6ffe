"""Under which names and codes subjects are registered, and since when: what departments copy from."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from chengxin.standards.model import Resource
from chengxin.world.district import District
from chengxin.world.lives import Lives

UNDER_THE_OLD_NAME = 0.3  # rows about what was decided before a change of name
_NAMES: dict[str, pl.DataType | type[pl.DataType]] = {
    "_code": pl.String,
    "_name": pl.String,
    "_former": pl.List(pl.String),
}


@dataclass(frozen=True)
class Book:
    """The lives of the subjects, and what is registered of them: subject, since, code, name, former_names (empty: nothing)."""

    lives: Lives
    spans: pl.DataFrame

    def written_in(self, district: District, resource: Resource, said: pl.DataFrame) -> pl.DataFrame:
        """The messages with name and code of their subject as registered on the day they come; some use the old name.

        A subject that is not registered yet has the name and code it began with.
        """
        index = said["_index"].to_numpy()
        first = self.lives.facts(np.maximum(index, 0), self.lives.began[np.maximum(index, 0)])
        rows = self._looked_up(said.with_columns(first["name"].alias("_n"), first["code"].alias("_c")))
        later = pl.Series(np.append(self.lives.renamed, 0)[index]) > rows["_decided"].dt.epoch("d")
        old = pl.Series(district.rng.random(said.height) < UNDER_THE_OLD_NAME) & later
        former = pl.when(old).then(pl.col("_former").list.first())
        name, code = resource.roles["subject_name"], resource.roles.get("subject_code")
        told = {name: pl.coalesce(former, "_name", "_n")}
        if code:
            told[code] = pl.coalesce("_code", "_c")
        about = pl.col("_index") >= 0
        return rows.with_columns(pl.when(about).then(v).otherwise(n).alias(n) for n, v in told.items()).select(
            said.columns
        )

    def _looked_up(self, said: pl.DataFrame) -> pl.DataFrame:
        if self.spans.is_empty():
            return said.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in _NAMES.items())
        spans = self.spans.select(
            "since",
            pl.col("subject").alias("_index"),
            *(pl.col(c).alias(n) for c, n in zip(("code", "name", "former_names"), _NAMES, strict=True)),
        )
        placed = said.with_row_index("_row").sort("came")
        found = placed.join_asof(
            spans.sort("since"), left_on="came", right_on="since", by="_index", check_sortedness=False
        )
        return found.sort("_row")
