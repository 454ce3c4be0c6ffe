"""A whole submission judged in slices, as the way judges a file chunk by chunk."""

from dataclasses import dataclass
from random import Random
from typing import Any

import polars as pl

from chengxin.standards.model import Resource
from chengxin.validation.findings import SCHEMA
from chengxin.validation.keys import repeated
from chengxin.validation.scene import Scene
from chengxin.validation.validate import repeat_findings, validate_rows
from tests.validation.rows import Made, handed_over, many_rows


@dataclass(frozen=True)
class Whole:
    """Accepted rows and findings in one order, so that two ways of judging can be compared."""

    accepted: pl.DataFrame
    findings: pl.DataFrame
    received: int
    rejected: int
    duplicate: int
    held: int


def submission(resource: Resource, count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A submission with faults, the same decision twice, and decisions that contradict each other."""
    chance, document = Random(seed), resource.roles["document"]
    rows: list[Made] = []
    for made in many_rows(resource, count, seed):
        number = chance.randint(1, count)
        rows.append(
            Made(
                {document: f"即示例罚〔2026〕{number}号"} | {k: v for k, v in made.cells.items() if k != document},
                made.states,
                made.marks,
            )
        )
        if chance.random() < 0.1:
            rows.append(rows[-1])
    return handed_over(rows, resource)


def judge_slices(slices: list[pl.DataFrame], marks: pl.DataFrame, scene: Scene) -> Whole:
    """Validate each slice with its marks, then settle repeats over all of them."""
    judged = [validate_rows(s, marks.filter(pl.col("row").is_in(s["row"].implode())), scene) for s in slices]
    repeats = repeated(pl.concat([j.keys for j in judged]))
    accepted = pl.concat([j.accepted for j in judged])
    gone = repeats.join(accepted.select("row"), on="row", how="semi")["kind"].to_list()
    findings = pl.concat([*(j.findings for j in judged), repeat_findings(repeats, scene)])
    return Whole(
        accepted=accepted.join(repeats, on="row", how="anti").sort("row"),
        findings=findings.select(list(SCHEMA)).sort(list(SCHEMA)),
        received=sum(j.received for j in judged),
        rejected=sum(j.rejected for j in judged) + gone.count("same_key_twice"),
        duplicate=gone.count("same_row_twice"),
        held=sum(j.held for j in judged),
    )


def same(one: Whole, other: Whole) -> bool:
    """True if rows, findings and counts are equal."""
    counts = [(w.received, w.rejected, w.duplicate, w.held) for w in (one, other)]
    return one.accepted.equals(other.accepted) and one.findings.equals(other.findings) and counts[0] == counts[1]


def as_text(accepted: pl.DataFrame, frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Accepted rows as a clerk would send them again: all text; identity numbers keep the state intake gave them."""
    text: list[Any] = []
    for of in resource.fields:
        if of.name not in accepted.columns:
            continue
        column = pl.col(of.name)
        text.append(
            pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否")).alias(of.name)
            if of.kind == "flag"
            else column.cast(pl.String)
        )
    states = [c for c in frame.columns if c.endswith("?")]
    return accepted.select("row", *text).join(frame.select("row", *states), on="row", how="left", maintain_order="left")
