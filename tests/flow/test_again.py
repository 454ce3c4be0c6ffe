"""Whatever only a reader can know of a row is known again when the sheet comes back unmended, and gone when it is mended."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import Outcome
from chengxin.flow.mended import write_mended
from chengxin.intake.again import OF_CELL, OF_ROW
from tests.flow.conftest import penalty, setting

NAMES = [*penalty(1), "BZ"]
FACT = NAMES.index("CF_SY")


def row(number: int, **changes: object) -> dict[str, object]:
    return {**penalty(number), "BZ": None, **changes}


def line_of(number: int, **changes: str) -> bytes:
    return ",".join(str(v or "").replace(",", "，") for v in row(number, **changes).values()).encode()


def json_of(number: int, **changes: object) -> str:
    return json.dumps(row(number, **changes), ensure_ascii=False)


# The faulty rows are the second, the fourth and so on; between them stand right ones.
TEXT: list[tuple[str, bytes]] = [
    ("quote_unclosed", line_of(2, CF_SY='"经查，违规经营')),
    ("row_too_wide", line_of(4) + ",多".encode()),
    ("row_too_wide", line_of(6) + b"," * 40 + "多".encode()),
    ("row_too_long", line_of(8, CF_SY="长" * 100_000)),
    ("row_too_long", line_of(10, **dict.fromkeys(NAMES, "x" * 20_000))),
    ("cell_too_long", line_of(12, CF_SY="x" * 40_000)),
    ("cell_too_long", line_of(14, CF_SY="长" * 12_000)),
    ("bytes_undecodable", line_of(16).replace("经".encode(), b"\xbe\xad\xff", 1)),
]
LINES: list[tuple[str, str]] = [
    ("not_an_object", '{"CF_XDR_MC": "甲'),
    ("not_an_object", "[1]"),
    ("name_twice", json_of(6)[:-1] + ', "CF_SY": "别的"}'),
    ("cell_error", json_of(8, CF_SY={"a": 1})),
    ("row_too_long", json_of(10, CF_SY="长" * 100_000)),
]
CELLS: list[tuple[str, str, object]] = [
    ("cell_error", "CF_SY", "#N/A"),
    ("formula_without_value", "CF_SY", "=A1&B1"),
    ("formula_without_value", "BZ", "=A1&B1"),
    ("digits_lost", "CF_WSH", 91370215000000123456),
]


def text_file(folder: Path) -> Path:
    path, lines = folder / "p.csv", [",".join(NAMES).encode()]
    for place, (_, faulty) in enumerate(TEXT):
        lines += [line_of(2 * place + 1), faulty]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def lines_file(folder: Path) -> Path:
    path, lines = folder / "p.jsonl", []
    for place, (_, faulty) in enumerate(LINES):
        lines += [json_of(2 * place + 1), faulty]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for place, (_, column, value) in enumerate(CELLS):
        book.active.append([*row(2 * place + 1).values()])
        book.active.append([*row(2 * place + 2, **{column: value}).values()])
    book.save(folder / "p.xlsx")
    return folder / "p.xlsx"


def parquet(folder: Path) -> Path:
    frame = pl.DataFrame([row(n) for n in (1, 2, 3, 4)], infer_schema_length=None)
    lists, bytes_ = [None, None, None, ["x"]], [b"a", b"\xff\xfe", b"b", None]
    frame.with_columns(CF_XDR_ZZJG=pl.Series(lists), BZ=pl.Series(bytes_)).write_parquet(folder / "p.parquet")
    return folder / "p.parquet"


FILES: dict[str, tuple[Callable[[Path], Path], list[str]]] = {
    "csv": (text_file, [kind for kind, _ in TEXT]),
    "jsonl": (lines_file, [kind for kind, _ in LINES]),
    "xlsx": (workbook, [kind for kind, _, _ in CELLS]),
    "parquet": (parquet, ["bytes_undecodable", "cell_error"]),
}


def refused(outcome: Outcome) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = outcome.findings().filter(pl.col("severity") == "reject").select("row", "rule").collect()
    for number, rule in rows.iter_rows():
        found.setdefault(number, set()).add(rule)
    return found


def in_a_sheet(found: dict[int, set[str]], sent: Path) -> dict[int, set[str]]:
    """By the rows of a workbook: names of records take the first line of the sheet."""
    shift = 1 if sent.suffix in (".jsonl", ".parquet") else 0
    return {number + shift: rules for number, rules in found.items()}


@pytest.mark.parametrize("name", FILES)
def test_sent_again_unmended_it_is_refused_for_the_same_reasons(
    name: str, judged: Callable[..., Outcome], tmp_path: Path
) -> None:
    make, kinds = FILES[name]
    sent, back, again = make(tmp_path), tmp_path / "back.xlsx", tmp_path / "again.xlsx"
    first = judged(sent)
    expected = in_a_sheet(refused(first), sent)
    assert sorted(expected) == [2 * n + 3 for n in range(len(kinds))]
    assert all(kind in {r.rpartition(".")[2] for r in expected[2 * n + 3]} for n, kind in enumerate(kinds))
    write_annotated(sent, back, first, setting())
    second = judged(back)
    assert refused(second) == expected
    write_annotated(back, again, second, setting())
    assert refused(judged(again)) == expected


@pytest.mark.parametrize("name", FILES)
def test_a_file_mended_elsewhere_keeps_it(name: str, judged: Callable[..., Outcome], tmp_path: Path) -> None:
    sent, out, once = FILES[name][0](tmp_path), tmp_path / "out.xlsx", tmp_path / "once.xlsx"
    first = judged(sent)
    write_annotated(sent, once, first, setting())
    expected = in_a_sheet(refused(first), sent)
    write_mended(sent, out, setting(), {"": {1: {}}})
    assert refused(judged(out)) == expected
    write_mended(once, out, setting(), {"": {1: {}}})
    assert refused(judged(out)) == expected


@pytest.mark.parametrize("name", FILES)
def test_once_mended_it_is_accepted(name: str, judged: Callable[..., Outcome], tmp_path: Path) -> None:
    (make, kinds), back = FILES[name], tmp_path / "back.xlsx"
    sent = make(tmp_path)
    write_annotated(sent, back, judged(sent), setting())
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    for number in range(1, len(kinds) + 1):
        for column in range(3, sheet.max_column + 1):
            sheet.cell(2 * number + 1, column).value = None
        for column, value in enumerate(row(2 * number, BZ="改").values(), start=3):
            sheet.cell(2 * number + 1, column).value = value
    book.save(back)
    again = judged(back)
    assert (again.received, again.accepted) == (2 * len(kinds), 2 * len(kinds))


def test_only_the_quote_is_taken_away(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    sent, back = text_file(tmp_path), tmp_path / "back.xlsx"
    write_annotated(sent, back, judged(sent), setting())
    book = openpyxl.load_workbook(back)
    cell = book.worksheets[0].cell(3, FACT + 3)
    cell.value = str(cell.value).replace('"', "")
    book.save(back)
    assert 3 not in refused(judged(back))


def test_rows_that_are_sorted_or_saved_as_text_keep_it(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    sent, back, text = text_file(tmp_path), tmp_path / "back.xlsx", tmp_path / "back.csv"
    write_annotated(sent, back, judged(sent), setting())
    lines = [list(line) for line in openpyxl.load_workbook(back).worksheets[0].values]
    frame = pl.DataFrame([lines[0], lines[3], lines[2], lines[1]], orient="row", infer_schema_length=None)
    frame.write_csv(text, include_header=False)
    found = refused(judged(text))
    assert list(found) == [3] and {r.rpartition(".")[2] for r in found[3]} == {"quote_unclosed"}


def test_an_emptied_reason_is_the_clerks_word_that_it_is_right(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    sent, back = workbook(tmp_path), tmp_path / "back.xlsx"
    write_annotated(sent, back, judged(sent), setting())
    book = openpyxl.load_workbook(back)
    assert 7 in refused(judged(back))
    book.worksheets[0].cell(7, 2).value = None
    book.save(back)
    assert 7 not in refused(judged(back))


def test_every_mark_that_refuses_is_met_here() -> None:
    assert {kind for _, kinds in FILES.values() for kind in kinds} == OF_ROW | OF_CELL | {"row_too_wide"}


def test_a_column_of_reasons_of_their_own_means_nothing(judged: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["结果", "原因", *NAMES])
        sheet.write_row(
            1, 0, ["", "〔改动后此标记自动失效：quote_unclosed 00000000、x、cell_error@CF_SY〕", *penalty(1).values()]
        )
    assert judged(path).accepted == 1
