"""Receiving and validating the district's files finds exactly what the truth says was done to them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from chengxin.flow.files import sent_files
from chengxin.flow.judge import Outcome, Setting, judge
from chengxin.flow.way import Sent
from chengxin.intake.received import Order
from chengxin.standards.load import load_catalogue
from chengxin.validation.registration import Registration, registration_from
from chengxin.world.make import World, make_world

TODAY = date(2026, 11, 23)


def judged(sent: Sent, registration: Registration | None, folder: Path) -> Outcome:
    catalogue = load_catalogue(TODAY)
    order = Order(resource=sent.resource, day=sent.received_on, token_key=b"k" * 32, hidden="ask")
    return judge(sent.path, Setting(catalogue, order, sent.sender, registration), folder)


def registered(world: World, folder: Path) -> Registration:
    """The register as validation knows it after the registrars' own files."""
    frames = []
    for number, sent in enumerate(s for s in sent_files(world.out) if s.resource == "registration"):
        rows = judged(sent, None, folder / f"r{number}").accepted_rows().collect()
        columns = {
            "code": "DJ_TYSHXYDM",
            "name": "DJ_MC",
            "former_names": "DJ_CYM",
            "status": "DJ_ZT",
            "status_on": "DJ_ZTRQ",
        }
        frames.append(rows.select(pl.col(old).alias(new) for new, old in columns.items() if old in rows.columns))
    return registration_from(pl.concat(frames, how="diagonal").with_columns(pl.col("former_names").str.split("；")))


def found(outcome: Outcome, resource: str) -> pl.DataFrame:
    """Kinds of rule found, by member (empty: the file itself) and row."""
    kinds = {rule.id: rule.kind for rule in load_catalogue(TODAY).resource(resource).rules}
    findings = outcome.findings().collect()
    return findings.select("part", "row", kind=pl.col("rule").replace(kinds))


def disagreements(world: World, sent: Sent, outcome: Outcome) -> list[object]:
    truth = pl.read_parquet(world.truth).filter(pl.col("file") == str(sent.path.relative_to(world.out)))
    kinds = found(outcome, sent.resource)
    wrong: list[object] = []
    for row in truth.iter_rows(named=True):
        here = kinds.filter(
            (pl.col("row") == row["row"]) & pl.col("part").str.contains(row["member"] or "", literal=True)
        )
        named = set(filter(None, (row["rules"] or "").split(";")))
        said = set(here["kind"])
        if not named <= said or (row["fault"] is None and said):
            wrong.append((row["file"], row["row"], row["fault"], said))
    counts = {name: int((truth["expect"] == name).sum()) for name in ("accepted", "rejected", "duplicate", "held")}
    if counts != {name: getattr(outcome, name) for name in counts}:
        wrong.append((sent.path.name, counts, outcome))
    return wrong


@pytest.mark.prove
def test_validation_finds_what_the_truth_says_and_nothing_on_clean_rows(tmp_path: Path) -> None:
    world = make_world(11, 1500, tmp_path / "w", TODAY)
    registration = registered(world, tmp_path)
    wrong: list[object] = []
    for number, sent in enumerate(sent_files(world.out)):
        known = None if sent.resource == "registration" else registration
        outcome = judged(sent, known, tmp_path / str(number))
        wrong += disagreements(world, sent, outcome)
    assert not wrong
