"""Packages for the upper platform, in files: a header and data files in one zip, after GB/T 39443; receipts that come back.

The names of the elements are data (`cn/exchange.yaml`), since the text of the standard was not to be had. What vouches for a
file is a signed note beside it (C2SP): its lines are what it is, which package it is about, and the digest.
"""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from chengxin.audit.notes import Signer, Verifier, open_note, sign_note
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.values.errors import Refused, Said

GONE, SAME = "gone", "same_subjects"  # data files beside those of resources
HEAD = (
    "行号",
    "信息标识",
    "变更集",
    "最后提供日",
    "主体标识",
    "决定日期",
)  # of each record, before the fields of its resource
HEADS = {GONE: HEAD[:3], SAME: (*HEAD[:3], "主体标识", "并入主体")}
LARGEST = 50 << 20  # bytes of a file that comes back
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Terms:
    """What the catalogue says of packages."""

    standard: str
    version: str
    digest: str
    values: str
    names: Mapping[str, str]
    modes: Mapping[str, str]


def terms_of(catalogue: Catalogue) -> Terms:
    """From `cn/exchange.yaml`."""
    told = catalogue.tables["exchange"]["package"]
    return Terms(told["standard"], told["version"], told["digest"], told["values"], told["elements"], told["modes"])


@dataclass(frozen=True)
class Header:
    """What a package says of itself; `files`: rows and digest by name of the data file."""

    batch: str
    number: int
    sender: str
    receiver: str
    made_at: datetime
    day: date
    whole: bool
    files: Mapping[str, tuple[int, str]]


def columns(resource: Resource, fields: Iterable[str]) -> list[str]:
    """The fields of a data file, in the order of the catalogue."""
    allowed = set(fields)
    return [f.name for f in resource.fields if f.name in allowed]


def cells(entry: Mapping[str, Any], fields: Sequence[str], codes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """One record as the cells after its row number. `codes`: for a field, what is written for a stored value."""
    record, content = entry["record"], entry["content"]
    shell = (entry["id"], entry["change_set"], entry["last_day"], record["subject"], record["decided_on"])
    said = (codes.get(f, {}).get(str(content.get(f)), content.get(f)) for f in fields)
    return [_plain(value) for value in (*shell, *said)]


def codes_of(resource: Resource, catalogue: Catalogue, terms: Terms) -> dict[str, dict[str, str]]:
    """For each field with a code list: the code of each stored value, if codes are what is to be written."""
    if terms.values != "code":
        return {}
    listed = {f.name: catalogue.code_lists[f.codes] for f in resource.fields if f.codes in catalogue.code_lists}
    return {n: {v.label: v.code for v in known.values if v.code} for n, known in listed.items()}


def line(row: Sequence[str]) -> str:
    """Cells as one line of CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(row)
    return stream.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def digest_of(data: bytes, terms: Terms) -> str:
    """The digest that the terms name, as hexadecimal digits."""
    return hashlib.new(terms.digest, data).hexdigest()


def write(path: Path, header: Header, files: Mapping[str, Path], terms: Terms, signer: Signer) -> str:
    """The package as one zip, the same bytes for the same content; gives its SHA-256."""
    head = _header(header, terms)
    note = sign_note(f"{signer.name}/package\n{header.batch}\nsha256 {hashlib.sha256(head).hexdigest()}\n", [signer])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (("header.xml", head), ("header.xml.note", note)):
            packed.writestr(_entry(name), data)
        for name, source in files.items():
            with source.open("rb") as read, packed.open(_entry(f"{name}.csv"), "w", force_zip64=True) as stream:
                while piece := read.read(1 << 20):
                    stream.write(piece)
    with path.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _header(header: Header, terms: Terms) -> bytes:
    names = terms.names
    root = etree.Element(names["package"])
    head = etree.SubElement(root, names["header"])
    told = {
        "batch": header.batch, "number": header.number, "sender": header.sender, "receiver": header.receiver,
        "time": header.made_at.isoformat(timespec="seconds"), "day": header.day.isoformat(),
        "mode": terms.modes["whole" if header.whole else "increment"], "standard": terms.standard, "version": terms.version,
    }  # fmt: skip
    for name, value in told.items():
        etree.SubElement(head, names[name]).text = str(value)
    files = etree.SubElement(root, names["files"])
    for name, (rows, digest) in header.files.items():
        file = etree.SubElement(files, names["file"])
        etree.SubElement(file, names["name"]).text = f"{name}.csv"
        etree.SubElement(file, names["rows"]).text = str(rows)
        etree.SubElement(file, names["digest"], {"算法": terms.digest}).text = digest
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


@dataclass(frozen=True)
class Fault:
    """One row that was not taken: of which data file, which row of it, about what, in the upper platform's words."""

    file: str
    row: int
    id: str
    field: str
    rule: str
    message: str


@dataclass(frozen=True)
class Receipt:
    """What the upper platform says of one package; `package`: the SHA-256 of the file that it got."""

    batch: str
    package: str
    accepted: int
    rejected: int
    duplicates: int
    faults: tuple[Fault, ...]
    digest: str  # of the receipt itself


def vouched(path: Path, what: str, key: Verifier) -> tuple[bytes, list[str], str]:
    """A file that came back, the lines that its note says beside, its SHA-256. Raises Refused with what to do."""
    beside = path.with_name(f"{path.name}.note")
    if not beside.is_file():
        zh, en = (
            f"{path.name}：旁边没有签名清单 {beside.name}。请对方一并给出。",
            f"{path.name}: no signed note beside it.",
        )
        raise Refused("no-note", Said(zh, en))
    if path.stat().st_size > LARGEST:
        raise Refused("too-large", Said(f"{path.name}：超过 50 MB。", f"{path.name}: more than 50 MB."))
    try:
        text, _ = open_note(beside.read_bytes(), [key])
    except Refused as refusal:
        said = Said(f"{beside.name}：{refusal.said.zh}", f"{beside.name}: {refusal.said.en}")
        raise Refused(refusal.code, said) from refusal
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    first, *lines = text.splitlines()
    if first != f"{key.name}/{what}" or not lines or lines[-1] != f"sha256 {digest}":
        zh = f"{path.name} 与它的签名清单不符：没有传完整，或被改动。请对方重发。"
        raise Refused(
            "altered", Said(zh, f"{path.name} does not fit its note: cut off or changed. Have it sent again.")
        )
    return data, lines[:-1], digest


def read_receipt(path: Path, terms: Terms, key: Verifier) -> Receipt:
    """A receipt that the upper platform signed. Raises Refused with file and place."""
    data, about, digest = vouched(path, "receipt", key)
    names = terms.names
    root = _parsed(path, data)
    if root.tag != names["receipt"]:
        raise _unfit(path, f"根元素应为“{names['receipt']}”", f"the root should be {names['receipt']!r}")
    batch = _text(path, root, names["batch"])
    if about != [batch]:
        raise _unfit(path, "批次编号与签名清单不同", "the batch is another one than that of its note")
    accepted, rejected, duplicates = (
        _number(path, _text(path, root, names[n]), names[n]) for n in ("accepted", "rejected", "duplicates")
    )
    faults = tuple(_faults(path, root, names))
    return Receipt(batch, _text(path, root, names["digest"]).lower(), accepted, rejected, duplicates, faults, digest)


def _parsed(path: Path, data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _unfit(path, f"不是完整的 XML（第 {error.lineno} 行）", f"not whole XML (line {error.lineno})") from error
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise _unfit(path, "不得有 DOCTYPE", "no DOCTYPE may be in it")
    return root


def _faults(path: Path, root: Any, names: Mapping[str, str]) -> Iterator[Fault]:
    for error in root.iterfind(f"{names['errors']}/{names['error']}"):
        file, row, about, message = (_text(path, error, names[n]) for n in ("file", "row", "id", "message"))
        field, rule = (_cut(error.findtext(names[n]) or "", 80) for n in ("field", "rule"))
        if not re.fullmatch("[0-9a-f]{32}", about):
            raise _unfit(path, f"“{names['id']}”不是我们的标识：{_cut(about, 40)}", "an id is none of ours")
        yield Fault(
            file.removesuffix(".csv"), _number(path, row, names["row"]), about, field, rule, _cut(message, 2_000)
        )


def _text(path: Path, element: Any, name: str) -> str:
    text = (element.findtext(name) or "").strip()
    if not text:
        raise _unfit(path, f"缺少“{name}”", f"{name!r} is missing")
    return text


def _number(path: Path, text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _unfit(path, f"“{name}”应为数字：{_cut(text, 20)}", f"{name!r} should be a number")
    return int(text)


def _cut(text: str, most: int) -> str:
    return _CONTROL.sub(" ", text).strip()[:most]


def _unfit(path: Path, zh: str, en: str) -> Refused:
    return Refused(
        "bad-receipt", Said(f"{path.name}：{zh}。请对方核对后重发。", f"{path.name}: {en}. Have it sent again.")
    )
