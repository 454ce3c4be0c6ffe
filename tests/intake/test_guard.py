"""Containers that mean harm, and files that hold no table: a sentence each, in bounded time, never a traceback."""

import struct
import time
import zipfile
from pathlib import Path

import msoffcrypto
import pytest

from chengxin.intake.received import Bounds
from tests.intake.made import (
    HEADINGS,
    ROWS,
    as_csv,
    as_html,
    as_xlsx,
    as_zip,
    changed_member,
    refusal,
    take,
    text_of,
    write,
)

BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty-file"),
        (b"%PDF-1.7\n%\xe2\xe3", "is-pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is-image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "is-image"),
        (b"{\\rtf1 text}", "is-word"),
        (b"\n\n%PDF-1.4\n", "is-pdf"),
        (b"Rar!\x1a\x07\x01\x00", "is-other-archive"),
        (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(300), "is-other-archive"),
        (b"\x28\xb5\x2f\xfd" + bytes(range(256)) * 4, "is-other-archive"),
        (b"MSCF\0\0\0\0" + bytes(range(256)) * 4, "is-other-archive"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000" + bytes(200) + b"x" * 2000, "is-other-archive"),
        (b"PARE" + bytes(300) + b"PARE", "has-password"),
        (b"PAR1" + b"\xff\xff\xff\x7f" + b"PAR1", "unreadable"),
        (b"\x1f\x8b\x08\x00" + bytes(60), "is-other-archive"),
        (b"\x7fELF\x02\x01\x01" + bytes(500), "is-binary"),
        (bytes(range(256)) * 40, "is-binary"),
        (b"PK\x03\x04 and no more", "broken-zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "is-binary"),
        (b"PAR1 and no more PAR1", "unreadable"),
        (b"<?xml version='1.0'?><data><row/></data>", "is-xml"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "is-xml-2003"),
        (
            b"<?xml version='1.0'?><office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet'/>",
            "is-ods",
        ),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "is-mhtml"),
        (b"[1, 2", "json-broken"),
        (b"[1, 2]", "json-not-objects"),
        (b'{"a": \n', "json-not-objects"),
    ],
)
def test_what_holds_no_table_is_refused_with_its_own_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(write(tmp_path, "t.xlsx", content)).code == code


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "not-a-file"
    assert refusal(tmp_path / "absent.csv").code == "not-a-file"


def test_a_wrong_ending_is_told_and_the_content_read(tmp_path: Path) -> None:
    for path in (as_xlsx(tmp_path, ROWS, "t.csv"), as_csv(tmp_path, ROWS, "t.xls"), as_html(tmp_path, ROWS, "t.xlsx")):
        taken = take(path)
        assert taken.table() == ROWS
        assert "wrong-extension" in taken.codes


def test_a_password_is_told(tmp_path: Path) -> None:
    plain = as_xlsx(tmp_path, ROWS)
    with plain.open("rb") as source, (tmp_path / "locked.xlsx").open("wb") as out:
        file = msoffcrypto.OfficeFile(source)
        file.encrypt("geheim", out)
    assert refusal(tmp_path / "locked.xlsx").code == "has-password"


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("word/document.xml", "is-word"),
        ("xl/workbook.bin", "is-xlsb"),
        ("Index/Tables/DataList.iwa", "is-iwork"),
        ("buildVersionHistory.plist", "is-iwork"),
        ("OFD.xml", "is-pdf"),
    ],
)
def test_other_office_files_are_told(tmp_path: Path, member: str, code: str) -> None:
    assert refusal(as_zip(tmp_path, {"[Content_Types].xml": b"<x/>", member: b"<x/>"})).code == code


def test_opendocument_is_told(tmp_path: Path) -> None:
    for kind, code in (("spreadsheet", "is-ods"), ("text", "is-word")):
        mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
        assert refusal(as_zip(tmp_path, {"mimetype": mimetype, "content.xml": b"<x/>"})).code == code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = as_zip(tmp_path, {"a.csv": bytes(520 << 20)})
    start = time.perf_counter()
    assert refusal(bomb).code == "zip-bomb"
    assert time.perf_counter() - start < 2


def test_a_bomb_by_ratio_and_one_inside_a_workbook_are_refused(tmp_path: Path) -> None:
    assert refusal(as_zip(tmp_path, {"a.csv": b"a" * (40 << 20)})).code == "zip-bomb"
    path = changed_member(as_xlsx(tmp_path, ROWS), SHEET, b"<sheetData>", b"<sheetData>" + b" " * (40 << 20))
    assert refusal(path).code == "zip-bomb"


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path, {"a.csv": text_of([HEADINGS, *ROWS]).encode() * 100})
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 10)
    assert refusal(write(tmp_path, "lie.zip", bytes(content))).code == "broken-zip"


@pytest.mark.parametrize("name", ["../x.csv", "/etc/x.csv", "a/../../x.csv", "C:/x.csv", "..\\x.csv"])
def test_paths_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal(as_zip(tmp_path, {name: b"x"})).code == "zip-path"
    assert not (tmp_path.parent / "x.csv").exists()


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        info = zipfile.ZipInfo("link.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/hostname")
    assert refusal(tmp_path / "t.zip").code == "zip-path"


def test_members_of_one_name_and_overlapping_members_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("a.csv", "y")
    assert refusal(tmp_path / "t.zip").code == "zip-twice"
    content = bytearray(as_zip(tmp_path, {"a.csv": b"x" * 50, "b.csv": b"y" * 50}).read_bytes())
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)
    assert refusal(write(tmp_path, "overlap.zip", bytes(content))).code == "zip-twice"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    assert refusal(as_zip(tmp_path, {f"{i}.csv": b"x" for i in range(1001)})).code == "zip-members"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd">',
    ],
)
@pytest.mark.parametrize("member", [BOOK, SHEET, "[Content_Types].xml"])
def test_entities_in_a_workbook_are_refused(tmp_path: Path, declaration: bytes, member: str) -> None:
    path = changed_member(as_xlsx(tmp_path, ROWS), member, b"?>", b"?>" + declaration)
    assert refusal(path).code == "xml-entities"


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    content = as_xlsx(tmp_path, ROWS).read_bytes()
    for name, broken in {
        "cut": content[: len(content) // 2],
        "holes": content[:600] + bytes(40) + content[640:],
    }.items():
        assert refusal(write(tmp_path, f"{name}.xlsx", broken)).code in ("broken-zip", "unreadable", "zip-twice")
    path = changed_member(as_xlsx(tmp_path, ROWS), SHEET, b"</sheetData>", b"")
    assert refusal(path).code in ("unreadable", "no-rows", "no-headings")


def test_a_file_over_the_bound_is_refused_with_both_sizes(tmp_path: Path) -> None:
    refused = refusal(as_csv(tmp_path, ROWS * 100), bounds=Bounds(streamed_upload=1000))
    assert refused.code == "too-big"
    assert "0.0 MB" in refused.said.zh


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    assert refusal(as_csv(tmp_path, ROWS * 10), bounds=Bounds(streamed_rows=20)).code == "too-many-rows"
    assert refusal(as_xlsx(tmp_path, ROWS * 10), bounds=Bounds(rows=20)).code == "too-many-rows"


def test_html_with_entities_or_endless_nesting_is_bounded(tmp_path: Path) -> None:
    deep = "<html><body>" + "<div>" * 100_000 + "<table><tr><td>x</td></tr></table>"
    start = time.perf_counter()
    assert refusal(write(tmp_path, "deep.html", deep)).code in ("no-headings", "unreadable")
    assert time.perf_counter() - start < 10
    laughs = '<!DOCTYPE html [<!ENTITY a "' + "x" * 1000 + '">]><html><table><tr><td>&a;&a;</td></tr></table></html>'
    assert refusal(write(tmp_path, "laughs.html", laughs)).code == "no-headings"


def test_every_byte_soup_gets_a_sentence(tmp_path: Path) -> None:
    good = {p.name: p.read_bytes() for p in (as_xlsx(tmp_path, ROWS), as_csv(tmp_path, ROWS), as_html(tmp_path, ROWS))}
    for name, content in good.items():
        for step in range(0, len(content), max(1, len(content) // 25)):
            soup = write(tmp_path, f"soup-{name}", content[:step] + b"\xff\x00<>" + content[step + 4 :])
            try:
                take(soup)
            except Exception as refused:
                assert type(refused).__name__ == "Refused", (name, step, refused)
