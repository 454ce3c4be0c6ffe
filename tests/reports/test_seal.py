"""The seal: whole as it was issued, broken by any flipped byte, by any later update, by any other hand."""

import io
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from chengxin.reports.paper import JSON_NAME, PROOF_NAME, paper
from chengxin.reports.seal import (
    CERTIFICATE,
    KEY,
    FileSeal,
    attached,
    check_seal,
    load_seal,
    make_demo_seal,
    sealed,
    who_seals,
)
from chengxin.values.errors import Refused
from tests.reports.cast import fine, made


def classes(document: bytes) -> dict[str, int]:
    """One place of every class of byte in a sealed report."""
    place = document.index(b"/Contents <")
    der = place + len(b"/Contents <")
    update = document.index(b"%%EOF") + 7
    return {
        "header": 5, "binary mark": 11, "first object": document.index(b" obj") + 6,
        "stream": document.index(b"stream\n") + 40, "last stream": document.rindex(b"endstream") - 3,
        "attachment": document.index(b"EmbeddedFile") + 4, "metadata": document.index(b"/Metadata") + 3,
        "first trailer": document.index(b"%%EOF") + 1, "update": update + 3, "catalog again": document.rindex(b"/AcroForm") + 2,
        "permissions": document.rindex(b"/DocMDP") + 2, "signature's head": der + 2, "signature": der + 900,
        "certificate": der + 1400, "padding": document.index(b"00>", der) - 9, "range": document.index(b"/ByteRange") + 14,
        "filter": document.index(b"/SubFilter") + 13, "time": document.index(b"/M (") + 9, "last table": document.rindex(b"xref") + 7,
        "last mark": document.rindex(b"%%EOF") + 2,
    }  # fmt: skip


def flipped(document: bytes, place: int) -> bytes:
    return document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]


def says_pyhanko(document: bytes, seal: FileSeal) -> bool:
    """What a plain use of pyHanko says: sealed by this certificate and nothing after it."""
    from asn1crypto import x509

    try:
        (signature,) = PdfFileReader(io.BytesIO(document)).embedded_signatures
        trusted = ValidationContext(trust_roots=[x509.Certificate.load(seal.certificate)], allow_fetching=False)
        return bool(validate_pdf_signature(signature, trusted).bottom_line)
    except Exception:
        return False


def test_a_report_as_it_was_issued_is_whole(document: bytes, seal: FileSeal) -> None:
    checked = check_seal(document, seal.certificate)
    assert checked.whole and checked.certificate == seal.certificate
    assert says_pyhanko(document, seal)


def test_a_flipped_byte_of_any_class_is_found(document: bytes, seal: FileSeal) -> None:
    places = classes(document)
    missed = [name for name, place in places.items() if check_seal(flipped(document, place), seal.certificate).whole]
    assert missed == []
    by_others = {name for name, place in places.items() if says_pyhanko(flipped(document, place), seal)}
    assert by_others <= {"padding"}  # noughts after the signature, which no seal covers; ours finds it


def test_flipped_bytes_all_over_the_file_are_found(document: bytes, seal: FileSeal) -> None:
    places = range(0, len(document), len(document) // 150)
    assert [p for p in places if check_seal(flipped(document, p), seal.certificate).whole] == []


def test_what_is_inside_can_be_taken_out(document: bytes) -> None:
    inside = attached(document)
    assert (set(inside), inside[PROOF_NAME]) == ({JSON_NAME, PROOF_NAME}, b"a proof\n")
    assert attached(b"%PDF-1.7 nothing") == attached(b"") == {}


def test_a_later_update_of_the_file_is_found(document: bytes, seal: FileSeal) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    writer.root["/Extra"] = writer.root["/Type"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    for later in (out.getvalue(), document + b"\n", document + b"% more\n%%EOF\n", document[:-1]):
        checked = check_seal(later, seal.certificate)
        assert (checked.whole, "改动" in checked.why.zh) == (False, True)
    assert not says_pyhanko(out.getvalue(), seal)


def test_a_second_seal_over_the_first_is_found(document: bytes, seal: FileSeal, tmp_path: Path) -> None:
    make_demo_seal(tmp_path, "另一家")
    other = load_seal(tmp_path)
    alone = sealed(paper(made([fine(1)])), other, "仿")
    assert check_seal(alone, seal.certificate).why.zh == "不是出具单位的证书所盖。"
    assert check_seal(alone, other.certificate).whole


@pytest.mark.parametrize("file", [b"", b"%PDF-1.7", b"not a pdf", b"/ByteRange [0 1 2 3]" * 3, bytes(5_000)])
def test_what_is_no_report_is_no_report_and_nothing_breaks(file: bytes, seal: FileSeal) -> None:
    assert not check_seal(file, seal.certificate).whole
    assert not check_seal(paper(made([])), seal.certificate).whole


def pdfsig(document: bytes, folder: Path) -> str:
    (folder / "r.pdf").write_bytes(document)
    told = subprocess.run(["pdfsig", "r.pdf"], cwd=folder, capture_output=True, timeout=60, check=False)
    return told.stdout.decode("utf-8", "replace")


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="needs poppler")
def test_another_program_says_the_same(document: bytes, tmp_path: Path) -> None:
    assert "Signature is Valid" in pdfsig(document, tmp_path)
    assert "Total document signed" in pdfsig(document, tmp_path)
    passed = set()
    for name, place in classes(document).items():
        told = pdfsig(flipped(document, place), tmp_path)
        if "Signature is Valid" in told and "Total document signed" in told:
            passed.add(name)
    assert passed <= {"padding"}  # noughts after the signature; ours finds that too


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
def test_its_structure_is_sound(document: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(document)
    subprocess.run(["qpdf", "--check", "r.pdf"], cwd=tmp_path, check=True, capture_output=True)


def test_the_demonstration_seal_says_so_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    make_demo_seal(tmp_path, "示例信用办")
    first = load_seal(tmp_path)
    assert "自签名" in who_seals(first.certificate).zh and "demonstration" in who_seals(first.certificate).en
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600
    make_demo_seal(tmp_path, "示例信用办")
    assert load_seal(tmp_path).certificate == first.certificate
    assert "PRIVATE" not in repr(first) and "key" not in repr(first)


def test_two_who_make_a_seal_at_once_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.reports import seal as module

    folder, write = tmp_path / "seal", module._write
    monkeypatch.setattr(module, "_write", lambda path, content: (write(path, content), other(folder))[0])
    done: list[Path] = []

    def other(place: Path) -> None:
        if not done:  # another process comes in between
            done.append(place)
            make_demo_seal(place, "另一个进程")

    make_demo_seal(folder, "示例信用办")
    assert "另一个进程" in who_seals(load_seal(folder).certificate).zh
    assert [p.name for p in tmp_path.iterdir()] == ["seal"]


def spoil_rights(folder: Path) -> None:
    (folder / KEY).chmod(0o640)


def spoil_pair(folder: Path) -> None:
    other = folder / "other"
    make_demo_seal(other, "另一家")
    shutil.copy(other / CERTIFICATE, folder / CERTIFICATE)


def spoil_file(folder: Path) -> None:
    (folder / CERTIFICATE).write_text("not a certificate")


def lose_key(folder: Path) -> None:
    (folder / KEY).unlink()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(spoil_rights, "seal-open"), (spoil_pair, "no-seal"), (spoil_file, "no-seal"), (lose_key, "no-seal")],
)
def test_a_seal_that_can_not_be_used_is_refused_with_what_to_do(spoil: Any, code: str, tmp_path: Path) -> None:
    make_demo_seal(tmp_path, "示例信用办")
    spoil(tmp_path)
    with pytest.raises(Refused, match=code):
        load_seal(tmp_path)


class Card:
    """A key that is elsewhere: it signs and is never seen."""

    def __init__(self, seal: FileSeal) -> None:
        self.certificate, self._seal, self.asked = seal.certificate, seal, 0

    def sign(self, data: bytes) -> bytes:
        self.asked += 1
        return self._seal.sign(data)


def test_a_key_that_is_kept_elsewhere_seals_as_well(seal: FileSeal) -> None:
    card = Card(seal)
    assert check_seal(sealed(paper(made([fine(1)])), card, "出具"), seal.certificate).whole
    assert card.asked == 1
