"""Submissions by API: judged as files are, told in the words of the desk, once for each key of an answer."""

import html
import json
from typing import Any

import pytest

from tests.site.conftest import OTHER, Stranger
from tests.site.programs import ROW, Program, problem, program
from tests.site.work import text


def test_rows_are_judged_as_a_file_is_and_wait_for_the_second_person(stranger: Stranger, ours: Program) -> None:
    from chengxin.site.actions.submissions import review
    from chengxin.site.store.models import Submission

    wrong = {**ROW, "CF_WSH": "示例字〔2026〕10号", "CF_JDRQ": "2026年13月1日"}
    answer = ours.send([ROW, wrong])
    told = json.loads(answer.content)
    assert (answer.status_code, told["state"]) == (201, "received")
    assert {k: told["counts"][k] for k in ("received", "accepted", "rejected")} == {
        "received": 2,
        "accepted": 1,
        "rejected": 1,
    }
    assert answer.headers["Location"] == f"/api/v1/submissions/{told['id']}"
    found = json.loads(stranger.client.get(told["findings"], headers={"Authorization": f"Bearer {ours.key}"}).content)
    (finding,) = [f for f in found["findings"] if f["severity"] == "reject"]
    assert (finding["row"], finding["field"]) == (2, "CF_JDRQ") and finding["message"]["zh"] and finding["clause"]
    assert [e["document"] for e in json.loads(ours.check().content)["entries"]] == ["示例字〔2026〕1号"]
    review(stranger.desk.site, told["id"], "reviewer", {})
    assert len(json.loads(ours.check().content)["entries"]) == 2
    again = ours.send([ROW, wrong])
    assert (again.status_code, json.loads(again.content)["answered_from_receipt"]) == (200, True)
    assert json.loads(again.content)["state"] == "effective" and Submission.objects.count() == 3


def test_rows_of_which_none_can_be_taken_leave_nothing_to_sign_and_say_so(
    stranger: Stranger, ours: Program, cast: Any
) -> None:
    answer = ours.send([{"行政处罚决定书文号": "x"}])
    told = answer.json()
    assert (answer.status_code, told["state"], told["counts"]["accepted"]) == (201, "empty", 0)
    assert (
        "没有一行可以接收" in told["reason"]
        and ours("get", told["findings"].removeprefix("/api/v1/")).json()["total"] > 0
    )
    review = f"/bumen/shencha/{told['id']}/"
    assert "没有等您审查的批次" in text(cast("reviewer").get("/bumen/shencha/"))
    assert cast("reviewer").get(review).status_code == 302
    refused = cast("reviewer").post(review, {"do": "sign", "looked": "yes"}, follow=True)
    assert "没有一行可以接收" in text(refused)
    again = ours.send([{"行政处罚决定书文号": "x"}])  # it is judged anew, not answered from what came to nothing
    assert again.status_code == 201 and again.json()["id"] != told["id"]


def test_desks_name_a_program_by_its_key_and_say_what_is_of_no_row(
    stranger: Stranger, ours: Program, cast: Any
) -> None:
    import io

    from pypdf import PdfReader

    from chengxin.site.store.models import ApiKey

    told = ours.send([ROW]).json()
    name = ApiKey.objects.get().name
    receipt = f"/bumen/pici/{told['id']}/"
    for address in ("/bumen/", receipt, receipt.replace("pici", "shencha")):
        page = html.unescape(text(cast("reviewer").get(address)))
        assert f"密钥“{name}”" in page and "key:" not in page, address
    paper = PdfReader(io.BytesIO(cast("clerk").get(f"{receipt}huizhi.pdf").content)).pages[0].extract_text()
    assert "密钥“" in paper and "key:" not in paper
    told = ours.send([{"行政处罚决定书文号": "x"}]).json()
    page = text(cast("clerk").get(f"/bumen/wenti/{told['id']}/"))
    assert 'data-label="行">整列' in page


def test_a_file_is_taken_as_a_form_and_handed_back_as_a_workbook(stranger: Stranger, ours: Program) -> None:
    import io

    import openpyxl
    from django.core.files.uploadedfile import SimpleUploadedFile

    from chengxin.site.store.models import Submission

    wrong = {**ROW, "CF_JDRQ": "2026年13月1日"}
    text = ",".join(wrong) + "\n" + ",".join(str(v) for v in wrong.values()) + "\n"
    file = SimpleUploadedFile(f"{'处罚' * 50}.csv", text.encode(), "text/csv")
    headers = {"Authorization": f"Bearer {ours.key}"}
    answer = stranger.client.post("/api/v1/submissions", {"resource": "penalty", "file": file}, headers=headers)
    told = json.loads(answer.content)
    assert (answer.status_code, told["counts"]["rejected"]) == (201, 1), answer.content.decode()
    assert Submission.objects.get(id=told["id"]).name.endswith("处罚.csv")  # longer than a disk takes: its end
    book = ours("get", f"submissions/{told['id']}/findings?format=xlsx")
    assert book.status_code == 200 and "spreadsheetml" in book.headers["Content-Type"]
    cells = [c.value for row in openpyxl.load_workbook(io.BytesIO(book.content)).active for c in row]
    assert "结果" in cells and "需修改" in cells
    assert not [p for p in (stranger.desk.site.folder / "work").rglob("*") if p.is_file()]


def test_what_the_catalogue_does_not_know_is_told_and_mends_nothing(stranger: Stranger, ours: Program) -> None:
    sent = json.loads(ours.send([{**ROW, "新列": "示例"}]).content)
    told = json.loads(ours("get", f"submissions/{sent['id']}/findings").content)
    (finding,) = told["findings"]
    assert (told["total"], finding["rule"], finding["severity"]) == (1, "columns-not-kept", "warn")
    assert "新列" in finding["message"]["zh"] and "新列" in finding["message"]["en"] and "row" not in finding
    assert (sent["counts"]["accepted"], sent["counts"]["rejected"]) == (1, 0)
    bad = json.loads(ours.send([{**ROW, "新列": "示例", "CF_JDRQ": "x"}]).content)
    told = json.loads(ours("get", f"submissions/{bad['id']}/findings").content)
    assert [f["severity"] for f in told["findings"]][:2] == ["warn", "reject"]


@pytest.mark.parametrize(
    "form",
    [
        {"resource": "penalty"},
        {"file": "x"},
        {"resource": "penalty", "other": "x"},
    ],
)
def test_a_form_without_its_file_is_told_so(stranger: Stranger, ours: Program, form: dict[str, str]) -> None:
    answer = stranger.client.post("/api/v1/submissions", form, headers={"Authorization": f"Bearer {ours.key}"})
    problem(answer, 400, "bad-form")


def test_another_bodys_submission_is_as_if_it_were_not_there(stranger: Stranger, ours: Program) -> None:
    identity = json.loads(ours.send([ROW]).content)["id"]
    theirs = program(stranger, OTHER[0])
    for more in ("", "/findings", "/findings?format=xlsx"):
        assert ours("get", f"submissions/{identity}{more}").status_code == 200
        hidden, absent = (theirs("get", f"submissions/{i}{more}") for i in (identity, "0" * 32))
        assert problem(hidden, 404, "not-found") == problem(absent, 404, "not-found")


def test_an_unknown_resource_and_a_refused_file_have_the_words_of_the_workbook(ours: Program) -> None:
    told = problem(ours("post", "submissions", {"resource": "gossip", "rows": [ROW]}), 422, "unknown-resource")
    assert "penalty" in told["said"]["en"]
    told = json.loads(ours.send([]).content)
    assert told["status"] == 422 and told["type"].endswith(f"/api/#{told['code']}") and told["code"] != "refused"
    problem(ours("post", "submissions", {"resource": "penalty", "rows": {}}), 422, "body")


def test_the_same_key_gives_the_same_answer_and_no_other_content(stranger: Stranger, ours: Program) -> None:
    from chengxin.site.store.models import Repeat, Submission

    key = {"Idempotency-Key": "send-1"}
    first = ours.send([ROW], key)
    again = ours.send([ROW], key)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(ours.send([{**ROW, "CF_WSH": "示例字〔2026〕10号"}], key), 422, "idempotency-reuse")
    problem(ours.send([ROW], key, mode="full"), 422, "idempotency-reuse")
    problem(ours.send([ROW], {"Idempotency-Key": "x" * 256}), 400, "idempotency-key")
    assert program(stranger, OTHER[0]).send([{**ROW, "CF_WSH": "示例字〔2026〕11号"}], key).status_code == 201
    Repeat.objects.update(status=None)  # it is being handled
    problem(ours.send([ROW], key), 409, "in-progress")
    refused = ours.send([], {"Idempotency-Key": "send-2"})
    assert refused.status_code == 422
    assert ours.send([{**ROW, "CF_WSH": "示例字〔2026〕12号"}], {"Idempotency-Key": "send-2"}).status_code == 201
    assert Submission.objects.filter(name="rows.json").count() == 3
