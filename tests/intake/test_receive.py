"""The child process: the same answer as here, bounded memory and time, and a sentence when it dies."""

import os
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from chengxin.intake.receive import receive, receive_grid
from chengxin.intake.received import Bounds
from chengxin.values.errors import Refused
from tests.intake.made import HEADINGS, ROWS, as_csv, as_jsonl, as_xlsx, as_zip, order, take, write


def test_the_child_gives_what_reading_here_gives(tmp_path: Path) -> None:
    path = as_zip(
        tmp_path,
        {"a.xlsx": as_xlsx(tmp_path, ROWS).read_bytes(), "b.csv": as_csv(tmp_path, [*ROWS, ["合计"]]).read_bytes()},
    )
    here = take(path)
    with receive(path, order()) as received:
        assert received.parts == here.parts[:1]
        chunks = list(received.chunks())
        assert received.parts == here.parts
        assert received.notes == here.notes
        assert received.progress == here.progress
    for mine, theirs in zip(here.chunks, chunks, strict=True):
        assert mine.part == theirs.part
        assert mine.frame.equals(theirs.frame)
        assert mine.marks.equals(theirs.marks)
        assert mine.frame.schema == theirs.frame.schema
        assert mine.marks.schema == theirs.marks.schema


def test_the_receipt_names_size_kind_and_digest(tmp_path: Path) -> None:
    path = write(tmp_path, "t.xls", ",".join(HEADINGS) + "\n甲公司,,1号\n")
    with receive(path, order()) as received:
        receipt = received.receipt
    import hashlib

    assert receipt.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (receipt.name, receipt.size, receipt.kind) == ("t.xls", path.stat().st_size, "csv")


def test_a_refusal_comes_through_with_its_code_and_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught, receive(write(tmp_path, "t.pdf", b"%PDF-1.7"), order()):
        pass
    assert caught.value.code == "is-pdf"
    assert "Excel" in caught.value.said.zh


def test_a_late_refusal_comes_from_the_chunks(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS * 120_000)
    with (
        receive(path, order(bounds=Bounds(streamed_rows=200_000, streamed_upload=1 << 30))) as received,
        pytest.raises(Refused) as caught,
    ):
        for _ in received.chunks():
            pass
    assert caught.value.code == "too-many-rows"


def test_too_little_memory_is_a_sentence(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path, ROWS * 5_000)
    with pytest.raises(Refused) as caught, receive(path, order(bounds=Bounds(memory=24 << 20))) as received:
        list(received.chunks())
    assert caught.value.code in ("too-much", "sheet-spread")


def test_too_little_time_is_a_sentence(tmp_path: Path) -> None:
    path = as_jsonl(tmp_path, ROWS * 60_000)
    with pytest.raises(Refused) as caught, receive(path, order(bounds=Bounds(cpu=1))) as received:
        list(received.chunks())
    assert caught.value.code == "too-slow"


def test_a_child_that_is_killed_is_a_sentence(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS * 120_000)
    with receive(path, order(bounds=Bounds.command_line())) as received, pytest.raises(Refused) as caught:
        for number, _ in enumerate(received.chunks()):
            if number == 0:
                os.kill(received._process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
    assert caught.value.code == "too-much"


def test_leaving_early_ends_the_child_and_removes_its_folder(tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS * 120_000)
    start = time.perf_counter()
    with receive(path, order(bounds=Bounds.command_line())) as received:
        next(received.chunks())
        process, workspace = received._process, received._task.workspace  # type: ignore[attr-defined]
    assert process.poll() is not None
    assert not workspace.exists()
    assert time.perf_counter() - start < 10


def test_the_grid_is_the_clerks_own_sheet(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path, [*ROWS, ["合计", None, None, 1.5]])
    with receive_grid(path, order()) as received:
        frame = pl.concat([c.frame for c in received.chunks()])
    rows = [list(r) for r in frame.iter_rows()]
    assert [r[0] for r in rows] == [1, 2, 3, 4, 5]
    assert [r[1:7] for r in rows] == [HEADINGS, *ROWS, ["合计", None, None, "1.5", None, None]]


def test_the_grid_of_json_lines_has_its_names_as_row_0(tmp_path: Path) -> None:
    with receive_grid(as_jsonl(tmp_path, ROWS), order()) as received:
        frame = pl.concat([c.frame for c in received.chunks()])
    assert [list(r[:7]) for r in frame.iter_rows()] == [[0, *HEADINGS]] + [[i + 1, *r] for i, r in enumerate(ROWS)]
