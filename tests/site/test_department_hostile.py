"""Files that mean harm, by the form: a sentence each, the site stays, nothing is left in the clear."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake.made import as_xlsx, as_zip, changed_member
from tests.site.conftest import Cast, Stranger, fined, registered
from tests.site.work import as_csv, text, upload, work

FINE = fined(1, "示例字〔2026〕1号")
SHEET = "xl/worksheets/sheet1.xml"


def book(folder: Path) -> Path:
    return as_xlsx(folder, [list(FINE.values())], headings=list(FINE))


ENTITY = b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
MADE: dict[str, Callable[[Path], bytes]] = {
    "bomb": lambda to: as_zip(to, {"a.csv": b"a" * (40 << 20)}).read_bytes(),
    "bomb in a workbook": lambda to: changed_member(
        book(to), SHEET, b"<sheetData>", b"<sheetData>" + b" " * (40 << 20)
    ).read_bytes(),
    "outside": lambda to: as_zip(to, {"../../x.csv": as_csv([FINE])}).read_bytes(),
    "entities": lambda to: changed_member(book(to), SHEET, b"?>", ENTITY).read_bytes(),
    "cut": lambda to: book(to).read_bytes()[:900],
    "members": lambda to: as_zip(to, {f"{i}.csv": b"x" for i in range(1001)}).read_bytes(),
    "byte soup": lambda to: bytes(range(256)) * 40,
}


@pytest.mark.parametrize("which", list(MADE))
def test_a_file_that_means_harm_gets_a_sentence_and_leaves_nothing(
    stranger: Stranger, cast: Cast, tmp_path: Path, which: str
) -> None:
    address = upload(cast("clerk"), "penalty", MADE[which](tmp_path), "报送.xlsx")
    work()
    page = text(cast("clerk").get(address))
    assert "没有接受" in page and 'role="alert"' in page and "处理时出错" not in page
    assert "Traceback" not in page and str(stranger.desk.site.folder) not in page
    assert list((stranger.desk.site.folder / "work").glob("*")) == []


def test_macros_are_told_and_not_run(stranger: Stranger, cast: Cast, tmp_path: Path) -> None:
    import zipfile

    path = book(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    stranger.desk.send("registration", [registered(1)])
    address = upload(cast("clerk"), "penalty", path.read_bytes(), "有宏.xlsm")
    work()
    page = text(cast("clerk").get(address))
    assert "有宏，没有运行" in page and "确认报送 1 行" in page


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "<script>alert(1)</script>.csv", "a\r\nSet-Cookie: x.csv", "空 .csv"]
)
def test_a_name_means_nothing_and_is_shown_as_text(stranger: Stranger, cast: Cast, name: str) -> None:
    address = upload(cast("clerk"), "penalty", as_csv([FINE]), name)
    work()
    answer = cast("clerk").get(address)
    assert "<script>" not in text(answer) and "etc/" not in text(answer)
    book_ = cast("clerk").get(f"{address}wenti.csv")
    assert "\n" not in book_.headers["Content-Disposition"] and ".." not in book_.headers["Content-Disposition"]


def test_text_like_a_formula_stays_text_in_all_that_is_handed_back(stranger: Stranger, cast: Cast) -> None:
    import io

    from openpyxl import load_workbook

    row = fined(1, "=HYPERLINK(1)", CF_SY="=1+1", CF_JDRQ="@x")
    address = upload(cast("clerk"), "penalty", as_csv([row]))
    work()
    page = cast("clerk").get(f"{address}pizhu.xlsx")
    cells = [c for r in load_workbook(io.BytesIO(page.content)).active.iter_rows() for c in r]
    assert [c.data_type for c in cells if c.value == "=1+1"] == ["s"]


def test_nothing_of_an_upload_gets_into_the_temporary_folder(
    stranger: Stranger, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    upload(cast("clerk"), "penalty", as_csv([FINE]) + b" " * (4 << 20))  # more than Django keeps in memory
    assert list((tmp_path / "tmp").iterdir()) == []
