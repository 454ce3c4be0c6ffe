"""The small fixed cast: the catalogue of a day, and a scene in which rows are judged."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

from chengxin.intake.received import MARKS_SCHEMA
from chengxin.standards.load import Catalogue, load_catalogue, shipped_catalogue
from chengxin.standards.model import Resource
from chengxin.standards.yaml_file import read_yaml
from chengxin.validation.registration import registration_from
from chengxin.validation.scene import Scene
from chengxin.validation.validate import Judged, validate_rows

DAY = date(2026, 3, 10)
# A busy machine is slow, not wrong; the same examples every time, so that a red run is red again.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(DAY)


def cases_of(name: str) -> dict[str, Any]:
    """The cases beside a resource, as the catalogue ships them."""
    cases: dict[str, Any] = read_yaml(shipped_catalogue() / "cn" / "resources" / f"{name}.cases.yaml")
    return cases


def text(value: Any) -> str | None:
    """A YAML value as a cell's text."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def frame_of(rows: list[dict[str, Any]], resource: Resource) -> pl.DataFrame:
    """Rows (field → text) as intake hands them over: `row` from 2, String columns; identity fields as states."""
    columns: dict[str, list[Any]] = {"row": list(range(2, 2 + len(rows)))}
    for field in resource.fields:
        values = [text(r.get(field.name)) for r in rows]
        if field.kind == "identity":
            columns[f"{field.name}?"] = [None if v is None else "ok" for v in values]
            if field.drop:
                continue
        columns[field.name] = values
    schema = {name: pl.UInt32 if name == "row" else pl.String for name in columns}
    return pl.DataFrame(columns, schema=schema)


def no_marks() -> pl.DataFrame:
    return pl.DataFrame(schema=MARKS_SCHEMA)


@pytest.fixture(scope="session")
def scene_for(catalogue: Catalogue) -> Callable[..., Scene]:
    """A scene for the cases of a resource; keywords replace what the file says."""

    def make(name: str, **changes: Any) -> Scene:
        cases = cases_of(name) | changes
        rows = cases.get("registration")
        known = pl.DataFrame(rows, schema_overrides={"status_on": pl.Date}) if rows else None
        listed = cases.get("may_report")
        return Scene(
            catalogue=load_catalogue(cases["day"]),
            resource=load_catalogue(cases["day"]).resource(name),
            day=cases["day"],
            sender_code=cases["sender"]["code"],
            sender_name=cases["sender"]["name"],
            may_report=frozenset(listed) if listed is not None else None,
            registration=registration_from(known) if known is not None else None,
            confirmed_codes=frozenset(cases.get("confirmed_codes", ())),
        )

    return make


def judged(rows: list[dict[str, Any]], scene: Scene, marks: pl.DataFrame | None = None) -> Judged:
    return validate_rows(frame_of(rows, scene.resource), no_marks() if marks is None else marks, scene)
