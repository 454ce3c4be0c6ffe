"""The same table in any format gives the same frame, apart from where rows stand."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.made import FIELDS, as_csv, as_html, as_jsonl, as_parquet, as_xls, as_xlsx, take

ALPHABET = "甲乙丙丁有限公司测试〔〕（）·—，。；0123456789ABCXYZabc\"'&<>#@=+-|"
CELL = st.one_of(st.none(), st.text(ALPHABET, min_size=1, max_size=12).map(lambda s: "文" + s))
TABLE = st.lists(
    st.lists(CELL, min_size=6, max_size=6).map(lambda r: ["名" + (r[0] or ""), *r[1:]]), min_size=1, max_size=8
)
SPELLINGS = [
    ("utf-8", ",", "\r\n", 0),
    ("utf-8-sig", "\t", "\n", 1),
    ("gb18030", ";", "\n", 0),
    ("utf-16", ",", "\r\n", 1),
    ("utf-8", ",", "\r", 0),
]
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cells(path: Path) -> pl.DataFrame:
    taken = take(path)
    assert not taken.marks
    return taken.frame.select(FIELDS)


def agree(table: list[list[str | None]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = pl.DataFrame(table, schema=dict.fromkeys(FIELDS, pl.String), orient="row")
        texts = [
            as_csv(folder, table, f"{number}.csv", encoding, delimiter=delimiter, end=end, quoting=quoting)
            for number, (encoding, delimiter, end, quoting) in enumerate(SPELLINGS)
        ]
        others = [
            as_xlsx(folder, table),
            as_xls(folder, table),
            as_html(folder, table, charset="utf-8"),
            as_jsonl(folder, table),
            as_parquet(folder, table),
        ]
        for path in (*texts, *others):
            assert cells(path).equals(expected), path.name


@SETTINGS
@given(TABLE)
def test_every_format_gives_the_same_frame(table: list[list[str | None]]) -> None:
    agree(table)


@pytest.mark.prove
@settings(SETTINGS, max_examples=400)
@given(TABLE)
def test_every_format_gives_the_same_frame_however_often_it_is_tried(table: list[list[str | None]]) -> None:
    agree(table)
