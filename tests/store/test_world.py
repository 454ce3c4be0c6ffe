"""A made-up district taken in by the store comes to what the pure stages say of it."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from chengxin.flow.files import sent_files
from chengxin.flow.judge import Setting
from chengxin.flow.way import travel
from chengxin.intake.received import Bounds, Order
from chengxin.standards.load import load_catalogue
from chengxin.world.make import make_world
from tests.store.conftest import Desk

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("seed", [1, 7])
def test_the_store_holds_what_the_stages_say(desk: Desk, tmp_path: Path, seed: int) -> None:
    from chengxin.site.actions.district import take_in
    from chengxin.site.store.bulk import rows_where

    catalogue = load_catalogue(TODAY)
    make_world(seed, 60, tmp_path / "w", TODAY)
    order = Order("registration", TODAY, token_key=desk.site.keys.token, bounds=Bounds.command_line())
    registers = travel(sent_files(tmp_path / "w"), Setting(catalogue, order), tmp_path / "pure")
    said = registers.state().filter(~pl.col("subject").str.starts_with("person:"))
    passages = list(take_in(desk.site, tmp_path / "w", catalogue, tmp_path / "stored"))
    assert all(p.outcome or p.refused for p in passages)
    sql = """SELECT r.resource, f.code, r.document, r.decided_on, r.last_day, r.severity, r.adverse, r.draft, r.content
             FROM store_record r JOIN store_subjectfact f ON f.subject = r.subject AND f.until IS NULL
             WHERE r.until IS NULL AND r.state = 'in_force'"""
    schema = {
        **dict.fromkeys(("resource", "subject", "document"), pl.String),
        **dict.fromkeys(("decided_on", "last_day"), pl.Date),
        "class": pl.String,
        **dict.fromkeys(("adverse", "draft"), pl.Boolean),
        "content": pl.String,
    }
    stored = rows_where(sql, schema)
    said = said.select(list(schema))
    assert said.join(stored, on=list(schema), how="anti", nulls_equal=True).to_dicts() == []
    assert stored.join(said, on=list(schema), how="anti", nulls_equal=True).to_dicts() == []
