"""The small tables the district is made from: data beside the code. `THIRD_PARTY.md` says where they came from."""

import csv
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Row = dict[str, str]


@lru_cache(maxsize=16)
def table(name: str) -> tuple[Row, ...]:
    """The rows of `names/<name>.csv` as dictionaries of text, in the order of the file."""
    source = files("chengxin.world") / "names" / f"{name}.csv"
    return tuple(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def column(rows: tuple[Row, ...] | list[Row], name: str) -> NDArray[np.object_]:
    """One column of a table as an array of text, ready to be indexed by drawn numbers."""
    return np.array([row[name] for row in rows], dtype=object)


def shares(rows: tuple[Row, ...] | list[Row], name: str) -> NDArray[np.float64]:
    """One column of weights, divided so that it adds up to one."""
    weights = np.array([float(row[name]) for row in rows])
    return np.asarray(weights / weights.sum())
