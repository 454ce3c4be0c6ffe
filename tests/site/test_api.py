"""The API: keys, problems, limits, submissions, checks, public files; each cell of who may and who may not."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chengxin.reports.number import printed
from tests.site.conftest import DAY, OTHER, OWNER, Stranger, code_of, fined, on
from tests.site.programs import ASK, ROW, Program, problem, program
from tests.site.test_reports import issued
from tests.store.conftest import NUMBER

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
