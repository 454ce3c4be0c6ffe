"""The table of the gate is a file that a jurist signs: a changed line is a changed policy and fails here."""

import dataclasses
from datetime import date
from difflib import unified_diff
from pathlib import Path

from typer.testing import CliRunner

from chengxin.cli.standards import app
from chengxin.sharing.table import access_table
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Reader

SIGNED = Path(__file__).parents[2] / "docs" / "access.txt"
DAY = date(2026, 11, 23)
HOW = "\nIf this is meant, have it reviewed and run: chengxin standards access --day 2026-11-23 > docs/access.txt\n"


def test_the_table_is_the_one_that_was_signed() -> None:
    made = access_table(load_catalogue(DAY))
    changed = unified_diff(SIGNED.read_text("utf-8").splitlines(), made.splitlines(), "signed", "now", lineterm="", n=0)
    assert "\n".join(changed) == "", HOW


def test_the_table_can_be_read() -> None:
    lines = SIGNED.read_text("utf-8").splitlines()
    assert len(lines) < 3000
    for reader in Reader:
        assert any(line.strip().startswith("身份 readers") and reader.said.zh in line for line in lines)


def test_a_wider_field_and_a_wider_purpose_are_changed_lines() -> None:
    catalogue = load_catalogue(DAY)
    penalty = catalogue.resource("penalty")
    fields = tuple(dataclasses.replace(f, disclosure="public") if f.name == "BZ" else f for f in penalty.fields)
    resources = {**catalogue.resources, "penalty": dataclasses.replace(penalty, fields=fields)}
    wider = dataclasses.replace(catalogue, resources=resources)
    purposes = catalogue.tables["purposes"]["purposes"]
    inspection = {**purposes["inspection"], "confidence": "high"}
    tables = {**catalogue.tables, "purposes": {"purposes": {**purposes, "inspection": inspection}}}
    confirmed = dataclasses.replace(catalogue, tables=tables)
    assert len({access_table(c) for c in (catalogue, wider, confirmed)}) == 3


def test_the_command_prints_it() -> None:
    done = CliRunner().invoke(app, ["access", "--day", DAY.isoformat()])
    assert (done.exit_code, done.stdout) == (0, SIGNED.read_text("utf-8"))
