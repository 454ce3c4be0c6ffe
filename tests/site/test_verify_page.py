"""The page that verifies: for anybody, by number or file, without telling more than yes or no."""

from typing import Any

import pytest

from tests.site.conftest import Stranger, code_of, fined, firm
from tests.site.test_reports import filled, issued

__all__ = ["filled"]


def upload(stranger: Stranger, file: bytes, status: int = 200) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = stranger.client.post("/verify/file/", {"file": SimpleUploadedFile("r.pdf", file)})
    assert answer.status_code == status
    return str(answer.content.decode())


def test_the_address_on_the_report_says_that_it_is_genuine_and_nothing_of_the_subject(
    stranger: Stranger, filled: Any
) -> None:
    made = issued(filled)
    page = stranger.get("/verify/" + made.told.issue.address.rsplit("/verify/")[1])
    assert "是本平台出具的报告" in page and made.row.number in page and "此后公示的信息有没有变化" in page
    told = stranger.get(f"/verify/{made.row.number}.json")
    for secret in (code_of(1), firm(1), "一号", "tender", "招标"):
        assert secret not in page and secret not in told
    stranger.desk.send("penalty", [fined(1, "四号")])
    assert '"changed_since": true' in stranger.get(f"/verify/{made.row.number}.json").replace('":true', '": true')


def test_a_typed_number_leads_to_its_page_and_a_mistyped_one_says_what_a_number_is(
    stranger: Stranger, filled: Any
) -> None:
    number = issued(filled).row.number
    answer = stranger.client.get("/verify/", {"number": number.lower().replace("-", " ")})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/verify/{number}/")
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert stranger.client.get("/verify/", {"number": wide}).headers["Location"] == f"/verify/{number}/"
    assert "七组" in stranger.get("/verify/?number=ABCD", 400)
    assert "七组" in stranger.get("/verify/ABCD/", 400)
    for wrong in ("ABCD", number[:-1] + ("0" if number[-1] != "0" else "1")):
        told = stranger.client.get(f"/verify/{wrong}.json")
        assert (told.status_code, told.headers["Content-Type"]) == (400, "application/json")
        assert told.json()["state"] == "mistyped" and "七组" in told.json()["said"]
    assert "Seven groups" in stranger.get("/verify/?number=ABCD&lang=en", 400)


def test_an_uploaded_file_is_looked_at_to_the_last_byte(stranger: Stranger, filled: Any) -> None:
    from chengxin.site.actions.reports import data_of

    made = issued(filled)
    file = made.file
    assert "是本平台出具的报告" in upload(stranger, file)
    changed = upload(stranger, file[:9000] + bytes([file[9000] ^ 1]) + file[9001:])
    assert "被改动过" in changed and firm(1) not in changed
    for other in (b"%PDF-1.7 something else", b" ", b""):
        page = upload(stranger, other)
        assert "找不到报告编号" in page and "没有出具过" not in page
    copied = upload(stranger, f"print of {made.row.number}".encode())
    assert "不是出具的原件" in copied and f"/verify/{made.row.number}/" in copied
    assert "数据文件，与出具时相同" in upload(stranger, data_of(filled, made.row))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(stranger: Stranger, monkeypatch: Any) -> None:
    from chengxin.site.actions import verifying

    monkeypatch.setattr(verifying, "LARGEST", 1000)
    assert "文件太大" in upload(stranger, bytes(200_000), 400)


def test_a_form_without_a_file_says_so(stranger: Stranger) -> None:
    answer = stranger.client.post("/verify/file/", {})
    assert answer.status_code == 400 and "请选择报告文件" in answer.content.decode()


def test_nobody_tries_numbers_out(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.reports.number import new_number
    from chengxin.site.public import verify

    monkeypatch.setattr(verify, "MOST", 5)
    statuses = [stranger.client.get(f"/verify/{new_number()}/").status_code for _ in range(7)]
    assert statuses[:5] == [404] * 5 and statuses[-1] == 429
    for answer in (
        stranger.client.post("/verify/file/", {}), stranger.client.get(f"/verify/{new_number()}/"),
        stranger.client.get(f"/verify/{new_number()}.json"),
    ):  # fmt: skip
        assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.json()["state"] == "too-many"


def test_a_withdrawn_report_says_so_first(stranger: Stranger, filled: Any) -> None:
    from chengxin.site.actions.reports import withdraw

    made = issued(filled)
    withdraw(filled, made.row.number, "office", "出具有误，主体代码写错了一位")
    page = stranger.get(f"/verify/{made.row.number}/")
    assert "已撤销" in page and "出具有误" not in page


def test_a_program_verifies_by_number_and_compares_the_digest_of_its_file(stranger: Stranger, filled: Any) -> None:
    import json

    from chengxin.reports.number import new_number
    from chengxin.reports.seal import digest_of

    made = issued(filled)
    answer = stranger.client.get(f"/api/v1/reports/{made.row.number}")
    told = json.loads(answer.content)
    assert (answer.status_code, told["file"], told["changed_since"]) == (200, digest_of(made.file), False)
    assert code_of(1) not in answer.content.decode() and firm(1) not in answer.content.decode()
    assert stranger.client.get(f"/api/v1/reports/{new_number()}").status_code == 404
    assert stranger.client.get(f"/api/v1/reports/{made.row.number[:-1]}Z").status_code in (400, 404)


def test_a_program_that_asks_too_often_is_told_when_to_come_again(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.reports.number import new_number
    from chengxin.site.api import limits

    monkeypatch.setattr(limits, "ANYBODY", limits.Limit("anonymous", 2))
    answers = [stranger.client.get(f"/api/v1/reports/{new_number()}") for _ in range(6)]
    assert (answers[0].status_code, answers[-1].status_code) == (404, 429)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_whoever_verifies_without_us_has_the_certificate_and_its_fingerprint(stranger: Stranger, filled: Any) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    from chengxin.reports.seal import check_seal

    file = issued(filled).file
    answer = stranger.client.get("/verify/certificate.pem")
    certificate = x509.load_pem_x509_certificate(answer.content)
    assert b"PRIVATE" not in answer.content and check_seal(file, certificate.public_bytes(Encoding.DER)).whole
    page = stranger.get("/verify/")
    assert certificate.fingerprint(hashes.SHA256()).hex().upper() in page and "/verify/certificate.pem" in page


def test_a_site_without_a_seal_says_nothing_of_a_certificate(stranger: Stranger, monkeypatch: Any) -> None:
    from chengxin.reports.seal import _no_seal
    from chengxin.site.public import verify

    def none(*_: Any) -> Any:
        raise _no_seal(stranger.desk.site.seal)

    monkeypatch.setattr(verify, "certificate_here", none)
    assert "verify/certificate.pem" not in stranger.get("/verify/")
    assert stranger.client.get("/verify/certificate.pem").status_code == 404
