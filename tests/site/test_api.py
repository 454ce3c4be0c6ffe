"""The API: keys, problems, limits, submissions, checks, public files; each cell of who may and who may not."""

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chengxin.reports.number import printed
from tests.site.conftest import DAY, OTHER, OWNER, Stranger, code_of, fined, on, registered
from tests.site.test_reports import issued
from tests.site.work import text
from tests.store.conftest import NUMBER

ASK = {"subject": code_of(1), "purpose": "administration", "matter": "permit"}
ROW = fined(1, "示例字〔2026〕9号")


@dataclass
class Program:
    """A program of an authority, with its key."""

    client: Any
    key: str

    def __call__(self, method: str, address: str, body: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        if body is not None and "content_type" not in more:
            body, more["content_type"] = json.dumps(body), "application/json"
        more |= {"data": body} if body is not None else {}
        return getattr(self.client, method)(f"/api/v1/{address}", headers=headers, **more)

    def check(self, **wanted: Any) -> Any:
        return self("post", "checks", ASK | wanted)

    def send(self, rows: list[Any], headers: Any = None, **more: Any) -> Any:
        return self("post", "submissions", {"resource": "penalty", "rows": rows} | more, headers=headers or {})


def program(stranger: Stranger, body: str = OWNER[0], **scope: Any) -> Program:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    told = {"purposes": ["own_records", "administration"]} | scope
    _, key = give_key(
        body, COMMAND_LINE, name=f"程序{len(told)}{told['purposes']}"[:60], scope=Scope(**told), demo=True
    )
    return Program(stranger.client, key)


@pytest.fixture
def ours(stranger: Stranger) -> Program:
    stranger.desk.send("registration", [registered(n) for n in (1, 2)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    return program(stranger)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that an answer must be."""
    told = json.loads(answer.content)
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code), answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert re.fullmatch(r"http://localhost/api/#[a-z_-]+", told["type"]) and told["title"]
    assert told["said"]["zh"] and told["said"]["en"] and told["detail"] in told["said"].values()
    assert "Access-Control-Allow-Origin" not in answer.headers
    return told


OPERATIONS = [
    ("post", "checks", ASK),
    ("get", f"checks/{'0' * 32}", None),
    ("post", "submissions", {"resource": "penalty", "rows": [ROW]}),
    ("get", f"submissions/{'0' * 32}", None),
    ("get", f"submissions/{'0' * 32}/findings", None),
]


@pytest.mark.parametrize(("method", "address", "body"), OPERATIONS)
def test_without_a_living_key_nothing_opens(
    stranger: Stranger, ours: Program, method: str, address: str, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import revoke_key
    from chengxin.site.store.models import ApiKey, Authority

    for header in ("", "Basic eDp5", "Bearer", "Bearer ", "Bearer a b", ours.key):
        refused = ours(method, address, body, headers={"Authorization": header})
        problem(refused, 401, "no-key")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="chengxin"'
    for key in ("cx_nope", "cx_" + "x" * 43, "cx_密钥", "x" * 300):
        refused = Program(stranger.client, key)(method, address, body)
        problem(refused, 401, "wrong-key")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    for query in (f"?key={ours.key}", f"?access_token={'x' * 20}"):
        problem(ours(method, address + query, body), 400, "key-in-address")
    Authority.objects.filter(code=OWNER[0]).update(active=False)
    problem(ours(method, address, body), 401, "wrong-key")
    Authority.objects.filter(code=OWNER[0]).update(active=True)
    with monkeypatch.context() as later:
        on(later, ApiKey.objects.get().expires_on + timedelta(days=1))
        problem(ours(method, address, body), 401, "wrong-key")
    assert ours(method, address, body).status_code in (200, 201, 404)
    revoke_key(ApiKey.objects.get().id.hex, COMMAND_LINE)
    problem(ours(method, address, body), 401, "wrong-key")


def test_a_session_is_no_key(stranger: Stranger, ours: Program, cast: Any) -> None:
    problem(cast("officer").post("/api/v1/checks", ASK, content_type="application/json"), 401, "no-key")


def test_a_key_is_for_its_resources_and_purposes(stranger: Stranger, ours: Program) -> None:
    sending = program(stranger, purposes=["own_records"], resources=["registration"])
    refused = sending.check()
    problem(refused, 403, "key-scope")
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    problem(sending.send([ROW]), 403, "key-scope")
    checking = program(stranger, purposes=["administration"])
    problem(checking.send([ROW]), 403, "key-scope")
    problem(checking("get", f"submissions/{'0' * 32}"), 403, "key-scope")
    said = problem(ours.check(purpose="curiosity"), 403, "key-scope")["said"]
    assert said["zh"] == "这把密钥不能用于所写的用途（目录中没有）。" and "curiosity" not in said["en"]
    said = problem(sending.send([ROW]), 403, "key-scope")["said"]
    assert said["zh"] == "这把密钥不能用于信息类“行政处罚”。" and said["en"].startswith(
        "This key may not be used for the kind “"
    )
    said = problem(checking("get", f"submissions/{'0' * 32}"), 403, "key-scope")["said"]
    assert "用途“" in said["zh"] and "own_records" not in said["zh"] + said["en"]


@pytest.mark.parametrize("address", sorted({a for _, a, _ in OPERATIONS} | {f"subjects/{code_of(1)}"}))
def test_other_methods_are_problems_that_name_those_that_work(ours: Program, address: str) -> None:
    works = {m for m, a, _ in OPERATIONS if a == address} or {"get"}
    for method in {"get", "post", "put", "patch", "delete", "options"} - works:
        refused = ours(method, address)
        problem(refused, 405, "method")
        assert works <= {m.lower() for m in refused.headers["Allow"].split(", ")}
    problem(ours("get", "elsewhere"), 404, "not-found")


@pytest.mark.parametrize(("address", "name"), [("checks", "subject"), ("submissions", "resource")])
@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        ("{}", "text/plain", 415, "media-type"),
        ("{}", "application/json; charset=gbk", 415, "media-type"),
        ("", "application/json", 415, "media-type"),  # nothing came, and of no kind
        ("{", "application/json", 400, "bad-json"),
        ('{"NAME": NaN}', "application/json", 400, "bad-json"),
        ('{"NAME": "\udcff"}', "application/json", 400, "bad-json"),
        ("{}", "application/json", 422, "body"),
        ("[]", "application/json", 422, "body"),
        ('{"surprise": 1}', "application/json", 422, "body"),
    ],
)
def test_bodies_that_are_none_are_told_so(
    ours: Program, address: str, name: str, content: str, media: str, status: int, code: str
) -> None:
    sent = content.replace("NAME", name).encode("utf-8", "surrogateescape")
    told = problem(ours("post", address, sent, content_type=media), status, code)
    if code == "body":
        assert told["findings"][0]["rule"] == "body" and told["findings"][0]["message"]["zh"]


def test_rows_nested_without_end_are_no_json(ours: Program) -> None:
    deep = '{"resource": "penalty", "rows": ' + "[" * 100_000
    problem(ours("post", "submissions", deep, content_type="application/json"), 400, "bad-json")
    told = ours.send([{"CF_WSH": {"a": {"b": 1}}}])
    assert told.status_code in (201, 422)


@pytest.mark.parametrize(
    ("wanted", "column"),
    [({"subject": 5}, "subject"), ({"case_no": "x" * 101}, "case_no"), ({"subject": ""}, "subject")],
)
def test_what_does_not_fit_is_named_and_not_repeated(ours: Program, wanted: Any, column: str) -> None:
    told = problem(ours.check(**wanted), 422, "body")
    assert told["findings"][0]["column"] == column
    said = told["findings"][0]["message"]
    assert not re.search("[A-Za-z`]", said["zh"].replace(column, "")) and not re.search("[一-鿿]", said["en"])


def test_a_body_that_lacks_or_adds_a_field_is_told_which(ours: Program) -> None:
    def finding(body: Any) -> dict[str, Any]:
        return problem(ours("post", "checks", body), 422, "body")["findings"][0]

    lacking = finding({"subject": code_of(1), "purpose": "administration"})
    assert (lacking["column"], lacking["message"]["zh"]) == ("matter", "“matter”：缺少这一项。")
    more = finding(ASK | {"surprise": 1})
    assert (more["column"], more["message"]["en"]) == ("surprise", "surprise: there is no such field")
    hidden = finding(ASK | {NUMBER: 1})
    assert "column" not in hidden and NUMBER not in json.dumps(hidden)
    assert finding([])["message"]["zh"] == "内容：应为对象，收到的是数组。"


def test_a_body_that_is_too_large_is_not_read(ours: Program) -> None:
    problem(ours.check(subject="x" * (1 << 20)), 413, "too-large")


@pytest.mark.parametrize(
    ("accept", "english"),
    [
        ("", False),
        ("en", True),
        ("zh-CN,en;q=0.8", False),
        ("en-GB, zh;q=0.9", True),
        ("de", False),
        ("en;q=x, zh", False),
    ],
)
def test_a_problem_speaks_the_language_that_is_asked_for(ours: Program, accept: str, english: bool) -> None:
    told = problem(ours.check(matter="lunch") if not accept else _in(ours, accept), 422, "no_matter")
    assert (told["detail"] == told["said"]["en"]) is english


def _in(ours: Program, accept: str) -> Any:
    return ours("post", "checks", ASK | {"matter": "lunch"}, headers={"Accept-Language": accept})


def test_a_check_is_answered_with_a_receipt_that_only_its_body_sees(stranger: Stranger, ours: Program) -> None:
    from chengxin.site.store.models import Check, Look

    answer = ours.check(case_no="示例案〔2026〕1号")
    told = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (entry,) = told["entries"]
    assert entry["document"] == "示例字〔2026〕1号" and entry["clause"] and entry["last_day"] == "2026-06-05"
    assert told["subject"]["code"] == code_of(1)
    assert Check.objects.get().id.hex == told["receipt"] and Look.objects.get().who == Check.objects.get().who
    again = json.loads(ours("get", f"checks/{told['receipt']}").content)
    assert again["entries"] == [entry["id"]] and again["digest"] == told["digest"]
    assert (again["body"], again["case_no"]) == (OWNER[0], "示例案〔2026〕1号")
    theirs = program(stranger, OTHER[0])
    hidden, absent = (theirs("get", f"checks/{i}") for i in (told["receipt"], "0" * 32))
    assert problem(hidden, 404, "not-found") == problem(absent, 404, "not-found")


def test_receipt_and_look_are_there_even_if_the_answer_never_arrives(
    ours: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Check, Look

    def torn(*_: Any, **__: Any) -> Any:
        raise BrokenPipeError

    monkeypatch.setattr("chengxin.site.api.checks.Reply", torn)
    problem(ours.check(), 500, "broken")
    assert Check.objects.count() == Look.objects.count() == 1


def test_about_people_no_and_nobody_read_alike_and_the_number_stays_nowhere(
    stranger: Stranger, ours: Program, caplog: pytest.LogCaptureFixture
) -> None:
    from chengxin.values.identifiers import identity_check_character

    nobody = "00000019900101002" + identity_check_character("00000019900101002")
    problem(ours.check(subject=NUMBER), 422, "needs_case")
    answers = [json.loads(ours.check(subject=n, case_no="示例案〔2026〕1号").content) for n in (NUMBER, nobody)]
    for told in answers:
        assert told.pop("receipt") and told.pop("at")
        assert "subject" not in told and told["entries"] == []
    assert answers[0] == answers[1]
    from django.core.serializers import serialize

    from chengxin.site.store.models import Check, Look

    assert NUMBER not in serialize("json", [*Check.objects.all(), *Look.objects.all()]) + caplog.text


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


def test_a_public_file_is_the_page_as_data_with_a_tag_that_changes_with_the_log(
    stranger: Stranger, ours: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/api/v1/subjects/{code_of(1)}"
    first = stranger.client.get(address)
    told = json.loads(first.content)
    assert told["subject"]["code"] == code_of(1) and told["as_of"] == DAY.isoformat()
    assert [r["document"] for r in told["records"] if r["resource"] == "penalty"] == ["示例字〔2026〕1号"]
    assert first.headers["Cache-Control"] == "no-store"
    known = {"If-None-Match": first.headers["ETag"]}
    same = stranger.client.get(address, headers=known)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    stranger.desk.send("penalty", [fined(2, "示例字〔2026〕2号")])
    assert stranger.client.get(address, headers=known).status_code == 200
    on(monkeypatch, DAY + timedelta(days=1))
    assert stranger.client.get(address, headers=known).status_code == 200
    problem(stranger.client.get(f"/api/v1/subjects/{code_of(9)}"), 404, "unknown-subject")
    problem(stranger.client.get(f"/api/v1/subjects/{NUMBER}"), 404, "unknown-subject")


def test_limits_are_told_and_end_with_the_minute(
    stranger: Stranger, ours: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.api import limits

    monkeypatch.setattr(limits, "ANYBODY", limits.Limit("anonymous", 3))
    monkeypatch.setattr(limits, "_PURSE", limits._Purse())
    now = [1_000_000.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    address = f"/api/v1/subjects/{code_of(1)}"
    left = [stranger.client.get(address).headers["RateLimit"] for _ in range(3)]
    assert left == ['"anonymous";r=2;t=20', '"anonymous";r=1;t=20', '"anonymous";r=0;t=20']
    refused = stranger.client.get(address)
    problem(refused, 429, "too-many")
    assert refused.headers["Retry-After"] == "20" and "q=3;w=60" in refused.headers["RateLimit-Policy"]
    monkeypatch.setattr(limits, "_PURSE", limits._Purse())  # another process knows of it
    problem(stranger.client.get(address), 429, "too-many")
    assert ours.check().status_code == 200
    now[0] += 60
    assert stranger.client.get(address).status_code == 200


def test_the_documentation_tells_every_operation_problem_and_shape_without_a_script(stranger: Stranger) -> None:
    from chengxin.site.api.operations import OPERATIONS as ALL
    from chengxin.site.api.problems import KINDS

    page = stranger.get("/api/")
    assert "<script" not in page and "http://" not in page.replace("http://localhost", "")
    told = json.loads(stranger.get("/api/v1/openapi.json"))
    for one in ALL:
        assert told["paths"][one.path][one.method.lower()]["responses"] and f"/api/v1{one.path}" in page
    assert all(f'id="{code}"' in page for code in KINDS)
    assert all(f'id="{name}"' in page for name in told["components"]["schemas"])


def test_whatever_the_api_refuses_has_a_line_of_its_own() -> None:
    from chengxin.site.api.problems import KINDS

    house = Path(__file__).parents[2] / "src" / "chengxin"
    acts = ("checks", "judging", "kept", "repeats", "verifying")
    files = [*(house / "intake").glob("*.py"), *(house / "site" / "api").glob("*.py")]
    files += [house / "site" / "actions" / f"{name}.py" for name in acts]
    files += [house / "site" / "access" / f"{name}.py" for name in ("cursors", "feeding", "spending")]
    code = re.compile(r"""(?:refuse|Refused|Wrong)\(\s*"([a-z_-]+)\"""")
    codes = {found for file in files for found in code.findall(file.read_text("utf-8"))}
    assert len(codes) > 50 and codes <= set(KINDS), codes - set(KINDS)


def test_a_form_without_a_file_is_told_both_ways_of_sending(stranger: Stranger, ours: Program) -> None:
    form = "application/x-www-form-urlencoded"
    refused = ours("post", "submissions", "resource=penalty", content_type=form)
    said = problem(refused, 415, "media-type")["said"]
    assert all("application/json" in said[t] and "multipart/form-data" in said[t] for t in ("zh", "en"))
    said = problem(ours("post", "checks", "subject=x", content_type=form), 415, "media-type")["said"]
    assert "multipart" not in said["zh"] + said["en"]


def test_what_the_api_answers_fits_its_own_document(stranger: Stranger, ours: Program) -> None:
    import jsonschema

    told = json.loads(stranger.get("/api/v1/openapi.json"))

    def fits(answer: Any, path: str, method: str) -> None:
        known = told["paths"][path][method]["responses"][str(answer.status_code)]["content"]
        schema = known[answer.headers["Content-Type"]]["schema"] | {"components": told["components"]}
        jsonschema.validate(json.loads(answer.content), schema, jsonschema.Draft202012Validator)

    sent = ours.send([ROW, {**ROW, "CF_JDRQ": "x"}])
    fits(sent, "/submissions", "post")
    fits(
        ours("get", f"submissions/{json.loads(sent.content)['id']}/findings"),
        "/submissions/{submission}/findings",
        "get",
    )
    checked = ours.check()
    fits(checked, "/checks", "post")
    fits(ours("get", f"checks/{json.loads(checked.content)['receipt']}"), "/checks/{receipt}", "get")
    fits(ours.check(matter="lunch"), "/checks", "post")
    fits(stranger.client.get(f"/api/v1/subjects/{code_of(1)}"), "/subjects/{code}", "get")
    number = issued(stranger.desk.site).row.number
    fits(stranger.client.get(f"/api/v1/reports/{number}"), "/reports/{number}", "get")
    fits(stranger.client.get(f"/api/v1/reports/{printed(bytes(16))}"), "/reports/{number}", "get")


def test_every_family_of_operations_is_told_of(stranger: Stranger) -> None:
    told = stranger.client.get("/api/v1/openapi.json").json()
    used = {tag for path in told["paths"].values() for one in path.values() if "tags" in one for tag in one["tags"]}
    assert used == {tag["name"] for tag in told["tags"]}


def test_an_address_with_a_line_break_in_it_is_a_problem_like_any_other_that_is_not_there(stranger: Stranger) -> None:
    for address in ("/api/v1/reports/a%0Ab", "/api/v1/nothing%0A", "/api/%0A%0A"):
        answer = stranger.client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (
            404,
            "application/problem+json",
        )
