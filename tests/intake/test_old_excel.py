"""Workbooks of Excel 5 and 95, bare streams, and old workbooks with a password: read, or told in words."""

import io
import struct
from pathlib import Path

import olefile
import pytest

from tests.intake.made import HEADINGS, ROWS, as_xls, refusal, take, write
from tests.intake.old_excel import biff5, contained, record

CELLS = [HEADINGS, *ROWS]


def stream_of(book: Path) -> bytes:
    content: bytes = olefile.OleFileIO(io.BytesIO(book.read_bytes())).openstream("Workbook").read()
    return content


@pytest.mark.parametrize("codepage", [936, 1252, 1200, 9999])
def test_excel_5_is_read_whatever_code_page_it_names(tmp_path: Path, codepage: int) -> None:
    stream = biff5(CELLS, codepage)
    for name, content in (("a.xls", contained(stream)), ("b.et", contained(stream)), ("c.xls", stream)):
        taken = take(write(tmp_path, name, content))
        assert taken.table() == ROWS
        assert "wrong-extension" not in taken.codes


def test_a_bare_stream_of_excel_97_is_read(tmp_path: Path) -> None:
    assert take(write(tmp_path, "bare.xls", stream_of(as_xls(tmp_path, ROWS)))).table() == ROWS


@pytest.mark.parametrize(
    "lock",
    [
        struct.pack("<HHH", 1, 1, 1) + bytes(48),  # RC4
        struct.pack("<HHH", 1, 2, 2) + bytes(150),  # RC4 by CryptoAPI
        struct.pack("<HHH", 0, 0x1234, 0x5678),  # XOR
    ],
)
def test_an_old_workbook_with_a_password_is_told(tmp_path: Path, lock: bytes) -> None:
    stream = stream_of(as_xls(tmp_path, ROWS))
    first = 4 + struct.unpack("<H", stream[2:4])[0]
    locked = stream[:first] + record(0x2F, lock) + stream[first:]
    assert refusal(write(tmp_path, "locked.xls", contained(locked, "Workbook"))).code == "has-password"
    first, old = 12, biff5(CELLS)
    assert (
        refusal(write(tmp_path, "old.xls", contained(old[:first] + record(0x2F, lock[2:6]) + old[first:]))).code
        == "has-password"
    )


def test_what_is_left_of_one_is_refused(tmp_path: Path) -> None:
    stream = biff5(CELLS)
    for broken in (stream[: len(stream) // 2], stream[:100] + bytes(range(256)) * 4 + stream[100:], stream[:30]):
        assert refusal(write(tmp_path, "broken.xls", contained(broken))).code == "unreadable"
        assert refusal(write(tmp_path, "bare.xls", broken)).code == "unreadable"
