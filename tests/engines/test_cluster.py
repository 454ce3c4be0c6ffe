"""The same functions through Spark, on this machine, give the local result.

To run it: Java 17 or later, and an environment with the cluster extra:
    python3 -m venv .venv-cluster
    .venv-cluster/bin/pip install --require-hashes -r requirements-cluster.txt
    .venv-cluster/bin/pip install --require-hashes -r requirements-dev.txt
    PYTHONPATH=src .venv-cluster/bin/pytest tests/engines
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from chengxin.validation.findings import SCHEMA
from chengxin.validation.keys import keys_of, repeated, subject_key
from chengxin.validation.scene import Scene
from chengxin.validation.table import mended_table
from chengxin.validation.validate import validate_rows
from tests.properties.whole import judge_slices, submission

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytest.importorskip("pyspark", reason="SKIPPED: no pyspark here; the head of this file says how to run it")
pytest.importorskip("pyarrow", reason="SKIPPED: no pyarrow here; the head of this file says how to run it")
if shutil.which("java") is None:
    pytest.skip("SKIPPED: no Java here; Spark needs Java 17 or later", allow_module_level=True)

from chengxin.engine.cluster import gather, map_rows, map_subjects, spread

SUBJECT = "@subject"


@pytest.fixture(scope="module")
def spark() -> "Iterator[SparkSession]":
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", ":".join(p for p in sys.path if p))  # the workers find what the tests find
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
            .getOrCreate()
        )
        yield session
        session.stop()


def of_rows(marks: pl.DataFrame, scene: Scene, part: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """`validate_rows` as a function from frame to frame; `part`: which of its results."""

    def run(frame: pl.DataFrame) -> pl.DataFrame:
        here = marks.filter(pl.col("row").is_in(frame["row"].implode()))
        result: pl.DataFrame = getattr(validate_rows(frame, here, scene), part)
        return result

    return run


def sorted_by_all(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns)


@pytest.mark.parametrize("name", ["penalty", "permit"])
@pytest.mark.parametrize("part", ["accepted", "findings", "keys"])
def test_rows_judged_in_batches_on_a_cluster_are_judged_as_here(
    name: str, part: str, spark: Any, scene_for: Callable[..., Scene]
) -> None:
    scene = scene_for(name)
    frame, marks = submission(scene.resource, 300, seed=11)
    function = of_rows(marks, scene, part)
    here = function(frame)
    there = gather(map_rows(spread(spark, frame).repartition(4), function, frame), here)
    assert here.height > 0
    assert sorted_by_all(there).equals(sorted_by_all(here))


@pytest.mark.parametrize("name", ["penalty", "permit"])
def test_subjects_judged_apart_on_a_cluster_are_judged_as_here(
    name: str, spark: Any, scene_for: Callable[..., Scene]
) -> None:
    scene = scene_for(name)
    frame, marks = submission(scene.resource, 300, seed=12)

    def with_subject(rows: pl.DataFrame) -> pl.DataFrame:
        key = mended_table(rows, marks, scene).select(subject_key(scene.resource)).to_series()
        return rows.with_columns(key.alias(SUBJECT))

    def wholly(rows: pl.DataFrame) -> pl.DataFrame:
        return judge_slices([rows.drop(SUBJECT)], marks, scene).findings

    here = judge_slices([frame], marks, scene).findings
    apart = map_rows(spread(spark, frame).repartition(4), with_subject, frame)
    there = gather(map_subjects(apart, SUBJECT, wholly, with_subject(frame.clear())), here)
    assert here.filter(pl.col("rule").str.ends_with("_twice")).height > 0
    assert there.sort(list(SCHEMA)).equals(here)


def test_repeats_found_from_keys_of_a_cluster_are_those_found_here(spark: Any, scene_for: Callable[..., Scene]) -> None:
    """The hashes of a row are the same in every process, so repeats can be settled in one place."""
    scene = scene_for("penalty")
    frame, marks = submission(scene.resource, 200, seed=13)
    rows = validate_rows(frame, marks, scene).accepted
    here = keys_of(rows, scene.resource, 0)
    there = gather(map_rows(spread(spark, rows), lambda r: keys_of(r, scene.resource, 0), rows), here)
    assert repeated(there).sort("row").equals(repeated(here).sort("row"))
