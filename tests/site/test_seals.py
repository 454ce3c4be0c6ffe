"""What a site may seal with: two files, a key on a card, a time stamp; each is refused in words while it is not there."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.site.test_reports import filled, issued

__all__ = ["filled"]
PIN = "made-up-1234"


class PinIncorrect(Exception):  # noqa: N818 - as the library calls it
    pass


class Library:
    """A made-up library of cards: one token with one key, and how it was asked."""

    def __init__(self, key: Any) -> None:
        self.key, self.signed, self.opened, self.refused = key, 0, 0, 0
        self.ObjectClass, self.Mechanism = SimpleNamespace(PRIVATE_KEY=3), SimpleNamespace(SHA256_RSA_PKCS="sha256-rsa")

    def lib(self, module: str) -> Any:
        return self

    def get_token(self, token_label: str) -> Any:
        if token_label != "office":
            raise LookupError(token_label)
        return self

    def open(self, user_pin: str) -> Any:
        if user_pin != PIN:
            self.refused += 1
            raise PinIncorrect(f"wrong: {user_pin}")
        self.opened += 1
        return self

    def get_key(self, object_class: int, label: str) -> Any:
        return self

    def sign(self, data: bytes, mechanism: str) -> bytes:
        self.signed += 1
        assert mechanism == "sha256-rsa"
        return bytes(self.key.sign(data))


def with_(site: Any, **about: Any) -> Any:
    """The same site with something else in site.json, as it is read from there."""
    from chengxin.site.folder import NAME, Site, about_of

    (site.folder / NAME).write_bytes(msgspec.json.encode(msgspec.structs.replace(site.about, **about)))
    return Site(site.folder, about_of(site.folder), site.keys)


@pytest.fixture
def library(filled: Any, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A card whose certificate lies in the site's folder, without a key beside it."""
    from chengxin.reports.card import _opened
    from chengxin.reports.seal import KEY, load_seal, make_demo_seal

    make_demo_seal(filled.seal, "示例信用办")
    made = Library(load_seal(filled.seal))
    (filled.seal / KEY).unlink()
    _opened.cache_clear()
    monkeypatch.setattr("chengxin.reports.card._WRONG", set())
    monkeypatch.setitem(sys.modules, "pkcs11", made)
    monkeypatch.setenv("CHENGXIN_SEAL_PIN", PIN)
    return made


def card(**other: str) -> Any:
    from chengxin.site.folder import SealCard

    return SealCard(**{"module": "/nowhere/libcard.so", "token": "office", "label": "seal"} | other)


def test_a_key_on_a_card_seals_and_is_asked_once_for_its_pin(filled: Any, library: Library) -> None:
    from chengxin.reports.seal import check_seal
    from chengxin.site.actions.verifying import by_file

    site = with_(filled, seal_card=card())
    first, second = issued(site), issued(site)
    assert {by_file(made.file).state for made in (first, second)} == {"genuine"}
    assert check_seal(first.file, library.key.certificate).whole
    assert (library.opened, library.signed) == (1, 3)  # tried once, then one for each report


def test_the_pin_can_stand_in_a_file_of_its_own(
    filled: Any, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pin").write_text(f"{PIN}\n")
    monkeypatch.setenv("CHENGXIN_SEAL_PIN", "another")
    monkeypatch.setenv("CHENGXIN_SEAL_PIN_FILE", str(tmp_path / "pin"))
    assert issued(with_(filled, seal_card=card())).row.file


@pytest.mark.parametrize("wrong", ["no-card", "no-pin", "no-pkcs11", "no-seal", "no-card-pin"])
def test_a_card_that_can_not_be_used_is_refused_and_nothing_is_issued(
    filled: Any, library: Library, wrong: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from chengxin.reports.seal import load_seal, make_demo_seal
    from chengxin.site.store.models import Report
    from chengxin.values.errors import Refused

    token = "lost" if wrong == "no-card" else "office"
    if wrong == "no-pin":
        monkeypatch.delenv("CHENGXIN_SEAL_PIN")
    if wrong == "no-pkcs11":
        monkeypatch.setitem(sys.modules, "pkcs11", None)
    if wrong == "no-seal":  # the key of another certificate
        make_demo_seal(tmp_path / "other", "另一家")
        library.key = load_seal(tmp_path / "other")
    if wrong == "no-card-pin":
        monkeypatch.setenv("CHENGXIN_SEAL_PIN", "made-up-wrong")
    with pytest.raises(Refused, match=wrong.removesuffix("-pin") if wrong != "no-pin" else wrong) as refused:
        issued(with_(filled, seal_card=card(token=token)))
    assert "made-up" not in str(refused.value.said)  # no PIN is repeated
    if wrong == "no-card-pin":
        with pytest.raises(Refused, match="no-card"):
            issued(with_(filled, seal_card=card()))
        assert library.refused == 1  # three wrong ones would lock the card
    assert Report.objects.count() == 0


@pytest.fixture
def authority(filled: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a made-up time stamp authority."""
    from asn1crypto import keys, tsp, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps import DummyTimeStamper

    from chengxin.reports.seal import load_seal, make_demo_seal

    make_demo_seal(tmp_path / "tsa", "示例时间戳")
    own = load_seal(tmp_path / "tsa")
    secret = own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamps = DummyTimeStamper(x509.Certificate.load(own.certificate), keys.PrivateKeyInfo.load(secret))

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(stamps.request_tsa_response(asked).dump())

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_with_an_authority_each_seal_bears_its_time_stamp(filled: Any, authority: str) -> None:
    import io

    from pyhanko.pdf_utils.reader import PdfFileReader

    from chengxin.reports.seal import check_seal
    from chengxin.site.actions.seals import seal_here

    made = issued(with_(filled, stamps=authority))
    (signature,) = PdfFileReader(io.BytesIO(made.file)).embedded_signatures
    assert "time_stamp" in str(signature.signer_info["unsigned_attrs"].native)
    assert check_seal(made.file, seal_here(filled).certificate).whole
    (plain,) = PdfFileReader(io.BytesIO(issued(filled).file)).embedded_signatures
    assert not plain.signer_info["unsigned_attrs"].native


def test_while_the_authority_does_not_answer_no_report_leaves(filled: Any) -> None:
    from chengxin.site.actions.verifying import by_number
    from chengxin.site.store.models import Report
    from chengxin.values.errors import Refused

    with pytest.raises(Refused, match="no-stamp"):
        issued(with_(filled, stamps="http://127.0.0.1:9/"))
    assert by_number(Report.objects.get().number).state == "unknown"
    with pytest.raises(Refused, match="stamps"):
        issued(with_(filled, stamps="ftp://nowhere.example/"))
    assert Report.objects.count() == 1  # that is refused before anything is in the log
