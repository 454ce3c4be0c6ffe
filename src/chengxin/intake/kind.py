"""What kind of file it is, told from its content; the name is only compared with it."""

import re
import zipfile
from pathlib import Path

from chengxin.intake.csv_text import Encoding, Utf8Stream, detect
from chengxin.intake.received import Kind
from chengxin.intake.task import Task

_LOOK = 64 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# Workbooks of Excel 2 to 4, which are no containers, and streams of later ones that some programs save bare.
_OLDEST = (b"\x09\0\4\0", b"\x09\2\6\0", b"\x09\4\6\0", b"\x09\x08\x08\0\0\5", b"\x09\x08\x10\0\0\6")
_FOREIGN = [
    (b"\x89PNG", "is-image"),
    (b"\xff\xd8\xff", "is-image"),
    (b"GIF8", "is-image"),
    (b"BM", "is-image"),
    (b"II*\0", "is-image"),
    (b"MM\0*", "is-image"),
    (b"{\\rtf", "is-word"),
    (b"Rar!", "is-other-archive"),
    (b"7z\xbc\xaf\x27\x1c", "is-other-archive"),
    (b"\x1f\x8b", "is-other-archive"),
    (b"BZh", "is-other-archive"),
    (b"\xfd7zXZ", "is-other-archive"),
    (b"\x28\xb5\x2f\xfd", "is-other-archive"),
    (b"MSCF\0\0\0\0", "is-other-archive"),
    (b"SQLite format 3\0", "is-binary"),
    (b"\x7fELF", "is-binary"),
    (b"MZ", "is-binary"),
]
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "csv": (".csv", ".txt", ".tsv", ".tab"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".et"),
    "xls": (".xls", ".xlt", ".et"),
    "html": (".html", ".htm"),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "parquet": (".parquet", ".pq"),
    "zip": (".zip",),
}


def kind_of(path: Path, task: Task) -> Kind:
    """The kind of the file; refuses what can't hold a table, with what to do instead."""
    if not path.is_file():
        raise task.refuse("not-a-file", name=path.name)
    with path.open("rb") as stream:
        start = stream.read(_LOOK)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise task.refuse("empty-file", name=path.name)
    if start.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _of_zip(path, task)
    if start.startswith(_OLE):
        return _of_ole(path, task)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PARE"):
        raise task.refuse("has-password", name=path.name)
    if start[257:262] == b"ustar":
        raise task.refuse("is-other-archive", name=path.name)
    if start.startswith(_OLDEST):
        return "xls"
    if start[:1024].lstrip().startswith(b"%PDF-"):
        raise task.refuse("is-pdf", name=path.name)
    for magic, code in _FOREIGN:
        if start.startswith(magic) and (len(magic) > 2 or _control_characters(start)):
            raise task.refuse(code, name=path.name)
    return _of_text(path, start, task)


def told_by_name(path: Path, kind: str) -> bool:
    """True if the name's ending agrees with the content, or has no ending."""
    suffix = path.suffix.lower()
    return not suffix or suffix in _SUFFIXES[kind]


def _of_zip(path: Path, task: Task) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = (
                archive.read("mimetype")[:80]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else b""
            )
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        UnicodeDecodeError,
    ) as error:
        raise task.refuse("broken-zip", name=path.name) from error
    lower = {n.lower().replace("\\", "/").lstrip("/") for n in names}
    if b"opendocument" in mimetype:
        raise task.refuse("is-ods" if b"spreadsheet" in mimetype else "is-word", name=path.name)
    if any(n.startswith("index/") and n.endswith(".iwa") for n in lower) or "buildversionhistory.plist" in lower:
        raise task.refuse("is-iwork", name=path.name)
    if "ofd.xml" in lower:
        raise task.refuse("is-pdf", name=path.name)
    if "xl/workbook.bin" in lower:
        raise task.refuse("is-xlsb", name=path.name)
    if "xl/workbook.xml" in lower or ("[content_types].xml" in lower and any(n.startswith("xl/") for n in lower)):
        return "xlsx"
    if any(n.startswith(("word/", "ppt/")) for n in lower) and "[content_types].xml" in lower:
        raise task.refuse("is-word", name=path.name)
    return "zip"


def _of_ole(path: Path, task: Task) -> Kind:
    """Old Excel, an encrypted new one, or another Office file: told by the names in the directory of the container."""
    content = (
        path.read_bytes() if path.stat().st_size <= task.bounds.upload else path.open("rb").read(task.bounds.upload)
    )

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise task.refuse("has-password", name=path.name)
    if holds("WordDocument") or holds("PowerPoint Document"):
        raise task.refuse("is-word", name=path.name)
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise task.refuse("is-binary", name=path.name)


def _of_text(path: Path, start: bytes, task: Task) -> Kind:
    encoding = detect(start)
    text = _as_text(path, encoding)
    head = text.lstrip("\ufeff \t\r\n\0")[:4096]
    if head.startswith(("{", "[")) and _is_json(head):
        return "jsonl"
    if head.startswith("<"):
        return _of_markup(path, head, task)
    if re.match(r"(?i)mime-version:", head):
        raise task.refuse("is-mhtml", name=path.name)
    if _control_characters(start) and not encoding.name.startswith("utf-"):
        raise task.refuse("is-binary", name=path.name)
    if encoding.name == "utf-8" and start.count(0) * 3 > len(start):
        raise task.refuse("is-binary", name=path.name)
    return "csv"


def _as_text(path: Path, encoding: Encoding) -> str:
    first = next(iter(Utf8Stream(path, encoding, _LOOK)), b"")
    return first.decode("utf-8", "replace")


def _is_json(head: str) -> bool:
    """An object, or an array of something; `[title],…` in a CSV is neither."""
    return bool(re.match(r'\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]0-9tfn-]|$)', head)) and not re.match(
        r"\[[^\]{}\"]*\]\s*[,;\t]", head
    )


def _of_markup(path: Path, head: str, task: Task) -> Kind:
    lower = head.lower()
    if "application/vnd.oasis.opendocument.spreadsheet" in lower:
        raise task.refuse("is-ods", name=path.name)
    if "urn:schemas-microsoft-com:office:spreadsheet" in lower and "<html" not in lower:
        raise task.refuse("is-xml-2003", name=path.name)
    if re.search(r"<!doctype html|<html|<head|<meta|<table|<body|<style|<div", lower):
        return "html"
    if lower.startswith("<?xml") or re.match(r"<[a-z]", lower):
        raise task.refuse("is-xml", name=path.name)
    return "csv"


def _control_characters(start: bytes) -> bool:
    """True if a good part of the bytes are controls that no text has."""
    control = sum(start.count(c) for c in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return control * 50 > len(start)
