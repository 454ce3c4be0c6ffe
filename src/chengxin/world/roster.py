"""The fixed roster of 31 departments, marked as test data: names in the style of a district, codes of nobody."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from chengxin.world.codes import department_code
from chengxin.world.tables import table


@dataclass(frozen=True)
class Department:
    """A body that sends files: its code, the beginning of its document numbers, what it may report and how it does."""

    code: str
    name: str
    short: str
    resources: tuple[str, ...]
    forms: tuple[str, ...]
    note: str


@lru_cache(maxsize=1)
def departments() -> tuple[Department, ...]:
    """The 31 departments, always in the same order."""
    return tuple(
        Department(
            code=department_code(row["mark"]),
            name=row["name"],
            short=row["short"],
            resources=tuple(row["resources"].split(";")),
            forms=tuple(row["forms"].split(";")),
            note=row["note"],
        )
        for row in table("departments")
    )


def reporters(resource: str) -> list[Department]:
    """The departments that report a resource."""
    return [d for d in departments() if resource in d.resources]


def write_authorities(path: Path) -> None:
    """Write `authorities.csv`: code, name, resources (semicolon-separated), note (测试数据)."""
    frame = pl.DataFrame(
        {
            "code": [d.code for d in departments()],
            "name": [d.name for d in departments()],
            "resources": [";".join(d.resources) for d in departments()],
            "note": [d.note for d in departments()],
        }
    )
    frame.write_csv(path)
