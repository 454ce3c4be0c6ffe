"""The feed by API: cursors, tombstones, confirmation, snapshots; what a partner folds is what may be shown."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chengxin.standards.load import load_catalogue
from tests.site.conftest import DAY, NUMBER, OTHER, OWNER, PERSON, Cast, Stranger, code_of, fined, firm, on, registered
from tests.site.programs import Program, problem, program

BANK, CITY = ("91370215MXFAK0X30X", "示例银行"), ("11370200MXFAK0X402", "示例市信用平台")
LINES = "application/jsonl"


def roster(stranger: Stranger, *rows: str) -> None:
    from chengxin.site.actions.authorities import load_roster
    from chengxin.standards.load import load_catalogue

    path = stranger.desk.folder / "takers.csv"
    path.write_text("code,name,resources,kind\n" + "\n".join(rows) + "\n", "utf-8")
    load_roster(path, load_catalogue(DAY))


def taker(stranger: Stranger, number: int, kind: str, **scope: Any) -> Program:
    """A program of a body that takes over: its key is for what its body is here for, unless scope says less."""
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    code = code_of(number, kind="11")
    roster(stranger, f"{code},示例{kind}{number},,{kind}")
    return Program(stranger.client, give_key(code, COMMAND_LINE, name="接收", scope=Scope(**scope), demo=True)[1])


@pytest.fixture
def bank(stranger: Stranger) -> Program:
    return taker(stranger, 101, "partner")


@pytest.fixture
def city(stranger: Stranger) -> Program:
    return taker(stranger, 102, "upper")


def shop(number: int) -> dict[str, Any]:
    """The registration of a sole trader."""
    said = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": "测试己", "法定代表人（负责人）": ""}
    return registered(number, 统一社会信用代码=code_of(number, kind="92"), **said)


def get(who: Program, address: str = "changes") -> dict[str, Any]:
    answer = who("get", address)
    assert answer.status_code == 200, answer.content.decode()
    return dict(json.loads(answer.content))


def on_to_now(who: Program, held: dict[str, Any], since: str = "", limit: int = 1_000) -> str:
    """Fold the feed from a cursor to now; gives the next cursor."""
    from chengxin.sharing.feed import fold

    while True:
        part = get(who, f"changes?limit={limit}" + (f"&since={since}" if since else ""))
        assert len(part["entries"]) <= limit
        fold(held, part["entries"])
        since = part["cursor"]
        if not part["more"]:
            return since


def loaded(who: Program, resource: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The lines of a snapshot, and its last one, which vouches for them."""
    answer = who("get", f"snapshots/{resource}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, LINES)
    whole = b"".join(answer.streaming_content)
    body, _, last = whole.removesuffix(b"\n").rpartition(b"\n")
    body = body + b"\n" if body else b""
    end = json.loads(last)
    lines = [json.loads(line) for line in body.splitlines()]
    assert (end["op"], end["count"], end["sha256"]) == ("end", len(lines), hashlib.sha256(body).hexdigest())
    return lines, end


def all_loaded(who: Program) -> dict[str, Any]:
    refused = problem(who("get", "snapshots/nothing"), 404, "not-found")
    names = refused["said"]["en"].partition(": ")[2].rstrip(".").split("、")
    return {e["id"]: e for name in names for e in loaded(who, name)[0]}


OPERATIONS = [
    ("get", "changes", None),
    ("get", "snapshots/penalty", None),
    ("post", "changes/confirmations", {"cursor": "x"}),
]


@pytest.mark.parametrize(("method", "address", "body"), OPERATIONS)
def test_without_a_living_key_or_with_another_method_nothing_opens(
    stranger: Stranger, bank: Program, method: str, address: str, body: Any
) -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import revoke_key
    from chengxin.site.store.models import ApiKey, Look, Taker

    for header in ("", "Basic eDp5", bank.key):
        problem(bank(method, address, body, headers={"Authorization": header}), 401, "no-key")
    problem(Program(stranger.client, "cx_" + "x" * 43)(method, address, body), 401, "wrong-key")
    problem(bank(method, f"{address}?access_token={'x' * 20}", body), 400, "key-in-address")
    for other in {"get", "post", "put", "patch", "delete", "options"} - {method}:
        problem(bank(other, address), 405, "method")
    revoke_key(ApiKey.objects.get().id.hex, COMMAND_LINE)
    problem(bank(method, address, body), 401, "wrong-key")
    assert Look.objects.count() == Taker.objects.count() == 0


def test_what_a_program_is_told_is_what_the_document_says(stranger: Stranger, bank: Program) -> None:
    from jsonschema import Draft202012Validator

    stranger.desk.send("registration", [registered(1)])
    document = json.loads(stranger.client.get("/api/v1/openapi.json").content)
    told = document["paths"]["/changes"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    shape = told | {"components": document["components"]}
    Draft202012Validator(shape).validate(get(bank))
    with pytest.raises(Exception, match="op"):
        Draft202012Validator(shape).validate(get(bank) | {"entries": [{"id": "0" * 32, "change_set": 1}]})
    assert set(document["paths"]["/snapshots/{resource}"]["get"]["responses"]["200"]["content"]) == {LINES}
    assert {"400", "403", "409", "410"} <= set(document["paths"]["/changes"]["get"]["responses"])


@pytest.mark.parametrize(("side", "limit"), [("bank", 1), ("bank", 1_000), ("city", 2)])
def test_the_feed_folded_is_the_snapshots_at_every_stop(
    stranger: Stranger, side: str, limit: int, request: pytest.FixtureRequest
) -> None:
    from chengxin.site.actions.merges import merge
    from chengxin.site.actions.recall import take_back

    who, desk, held = request.getfixturevalue(side), stranger.desk, {}
    desk.send("registration", [registered(1), registered(2)])
    cursor = on_to_now(who, held, limit=limit)
    assert held == all_loaded(who) and len(held) == 2
    last = desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(2, "示例字〔2026〕2号")])
    merge(desk.site, code_of(1), code_of(2), "测试甲", "同一主体")
    cursor = on_to_now(who, held, cursor, limit)
    assert held == all_loaded(who) and len(held) == 5
    take_back(desk.site, last, "测试甲", "报错")
    cursor = on_to_now(who, held, cursor, limit)
    assert held == all_loaded(who) and len(held) == 3
    assert get(who, f"changes?since={cursor}")["entries"] == []


def test_the_first_read_after_a_lifting_is_clean_in_feed_and_snapshot(stranger: Stranger, bank: Program) -> None:
    from chengxin.site.actions.recall import take_back

    stranger.desk.send("registration", [registered(1)])
    sent = stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    lines, end = loaded(bank, "penalty")
    assert len(lines) == 1
    take_back(stranger.desk.site, sent, "测试甲", "报错")
    assert loaded(bank, "penalty")[0] == []
    told = get(bank, f"changes?since={end['cursor']}")["entries"]
    assert [set(entry) for entry in told if entry["op"] == "gone"] == [{"op", "id", "change_set"}]
    assert told[0]["id"] == lines[0]["id"]
    assert "示例字〔2026〕1号" not in json.dumps(get(bank), ensure_ascii=False)


def test_the_day_after_the_last_day_is_clean_with_no_job_run(
    stranger: Stranger, bank: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    on(monkeypatch, "2026-06-05")
    assert len(loaded(bank, "penalty")[0]) == 1
    assert "示例字" in json.dumps(get(bank), ensure_ascii=False)
    on(monkeypatch, "2026-06-06")
    assert loaded(bank, "penalty")[0] == []
    assert "示例字" not in json.dumps(get(bank), ensure_ascii=False)


def test_what_no_longer_fits_the_log_is_gone_over_http(stranger: Stranger, bank: Program) -> None:
    from chengxin.site.store.models import Record

    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    held: dict[str, Any] = {}
    cursor = on_to_now(bank, held)
    record = Record.objects.get(resource="penalty")
    Record.objects.filter(id=record.id).update(content=record.content.replace("1.5", "9.9"))
    assert loaded(bank, "penalty")[0] == []
    on_to_now(bank, held, cursor)
    assert record.id.hex not in held and held == all_loaded(bank)


def test_a_snapshot_is_signed_and_its_cursor_goes_on_from_it(stranger: Stranger, bank: Program) -> None:
    from chengxin.audit.notes import open_note

    stranger.desk.send("registration", [registered(1)])
    _, end = loaded(bank, "registration")
    text, _ = open_note(end["note"].encode(), [stranger.desk.site.keys.log.verifier])
    name, place, count, digest = text.splitlines()
    assert name == "test.example/log/snapshot/registration"
    assert (place.split()[0], count, digest) == (str(DAY), "1", f"sha256 {end['sha256']}")
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    told = get(bank, f"changes?since={end['cursor']}")["entries"]
    assert [e["record"]["document"] for e in told] == ["示例字〔2026〕1号"]
    assert bank("head", "snapshots/registration").status_code == 200
    assert bank("head", "snapshots/registration").content == b""


def test_who_loads_all_snapshots_while_things_change_goes_on_from_the_first_cursor(
    stranger: Stranger, bank: Program
) -> None:
    from chengxin.sharing.feed import fold
    from chengxin.site.actions.recall import take_back

    desk = stranger.desk
    desk.send("registration", [registered(1)])
    sent = desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    lines, first = loaded(bank, "penalty")
    held = {e["id"]: e for e in lines}
    take_back(desk.site, sent, "测试甲", "报错")
    desk.send("registration", [registered(2)])
    held |= {e["id"]: e for e in loaded(bank, "registration")[0]}
    fold(held, get(bank, f"changes?since={first['cursor']}")["entries"])
    assert held == all_loaded(bank) and len(held) == 2


def test_no_person_and_for_partners_no_sole_trader_is_told(stranger: Stranger, bank: Program, city: Program) -> None:
    trader = {"CF_XDR_MC": firm(3), "CF_XDR_SHXYM": code_of(3, kind="92"), "CF_XDR_LB": "个体工商户"}
    rows = [
        fined(1, "示例字〔2026〕1号"),
        fined(3, "示例字〔2026〕3号", **trader),
        fined(4, "示例字〔2026〕4号", **PERSON, CF_XDR_ZJHM=NUMBER),
    ]
    stranger.desk.send("registration", [registered(1, 经营者=""), shop(3)])
    stranger.desk.send("penalty", [row | {"CF_XDR_ZJHM": row.get("CF_XDR_ZJHM")} for row in rows])
    for who, shown, hidden in (
        (bank, ["1号"], ["〕3号", "〕4号", firm(3), "测试丁", NUMBER]),
        (city, ["〕1号", "〕3号"], ["〕4号", "测试丁", NUMBER]),
    ):
        for told in (json.dumps(get(who), ensure_ascii=False), json.dumps(all_loaded(who), ensure_ascii=False)):
            assert [word for word in shown if word not in told] == []
            assert [word for word in hidden if word in told] == []


def test_only_what_is_not_public_leaves_a_look_and_it_is_there_first(
    stranger: Stranger, bank: Program, city: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.access import steps
    from chengxin.site.store.models import Look

    stranger.desk.send("registration", [registered(1)])
    get(bank), loaded(bank, "registration")
    assert Look.objects.count() == 0
    looks: list[int] = []
    asked_for = steps.rows_where
    monkeypatch.setattr(steps, "rows_where", lambda *a: (looks.append(Look.objects.count()), asked_for(*a))[1])
    get(city)
    assert set(looks) == {1}
    look = Look.objects.get()
    assert (look.outlet, look.purpose, look.body) == ("upper.feed", "upper_platform", code_of(102, kind="11"))
    loaded(city, "registration")
    assert Look.objects.filter(outlet="upper.snapshot").count() == 1


def test_cursors_that_cannot_be_used_say_what_to_do(
    stranger: Stranger, bank: Program, city: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Head

    stranger.desk.send("registration", [registered(1)])
    cursor = on_to_now(bank, {})
    middle = len(cursor) // 2
    changed = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    foreign = on_to_now(city, {})
    for bad in (changed, foreign, "x", "%E8%AF%9A", "A" * 3_000):
        told = problem(bank("get", f"changes?since={bad}"), 400, "cursor-bad")
        assert "从头" in told["said"]["zh"]
    narrow = taker(stranger, 101, "partner", resources=["penalty"])
    assert "快照" in problem(narrow("get", f"changes?since={cursor}"), 410, "cursor-stale")["said"]["zh"]
    bank = taker(stranger, 101, "partner")
    on(monkeypatch, DAY + timedelta(days=180))
    assert get(bank, f"changes?since={cursor}")
    on(monkeypatch, DAY + timedelta(days=181))
    assert "快照" in problem(bank("get", f"changes?since={cursor}"), 410, "cursor-expired")["said"]["zh"]
    on(monkeypatch, DAY)
    Head.objects.update(included=0, committed=0)  # as after an old backup was put back
    assert "备份" in problem(bank("get", f"changes?since={cursor}"), 409, "cursor-ahead")["said"]["zh"]
    problem(bank("post", "changes/confirmations", {"cursor": changed}), 400, "cursor-bad")


@pytest.mark.parametrize("limit", ["0", "5001", "-1", "x", "", "1e3", "９"])
def test_a_limit_that_is_none_is_told_so(stranger: Stranger, bank: Program, limit: str) -> None:
    told = problem(bank("get", f"changes?limit={limit}"), 422, "body")
    assert told["findings"][0]["column"] == "limit"


def test_a_key_takes_over_only_what_it_is_for(stranger: Stranger, bank: Program) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    for address in ("changes", "snapshots/penalty"):
        problem(program(stranger)("get", address), 403, "key-scope")
        problem(bank("get", f"{address}?purpose=upper_platform"), 403, "key-scope")
        problem(bank("get", f"{address}?purpose=lunch"), 422, "body")
    problem(
        bank("post", "checks", {"subject": code_of(1), "purpose": "administration", "matter": "permit"}),
        403,
        "key-scope",
    )
    narrow = taker(stranger, 101, "partner", resources=["penalty"])
    assert {e["record"]["resource"] for e in get(narrow)["entries"]} == {"penalty"}
    problem(narrow("get", "snapshots/registration"), 404, "not-found")


def test_a_body_stays_what_it_is_and_who_takes_over_reports_nothing(stranger: Stranger) -> None:
    from chengxin.values.errors import Refused

    for row in (
        f"{OWNER[0]},{OWNER[1]},,upper",
        f"{code_of(7, kind='11')},示例,penalty,partner",
        f"{code_of(7, kind='11')},示例,,friend",
    ):
        with pytest.raises(Refused, match="not-a-roster"):
            roster(stranger, row)


def test_a_partner_confirms_and_the_office_sees_how_far(stranger: Stranger, bank: Program, cast: Cast) -> None:
    from chengxin.site.actions.recall import take_back
    from chengxin.site.store.models import ChangeSet

    desk, office = stranger.desk, cast("office")

    def page() -> str:
        return str(office.get("/xinyongban/hezuofang/").content.decode())

    assert "还没有合作方" in page()
    desk.send("registration", [registered(1)])
    sent = desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    cursor = on_to_now(bank, {})
    assert "从未确认" in page()
    told = json.loads(bank("post", "changes/confirmations", {"cursor": cursor}).content)
    assert (told["as_of"], told["behind"]) == (str(DAY), 0)
    assert "正常" in page() and f"变更集 {told['committed']}" in page()
    take_back(desk.site, sent, "测试甲", "报错")
    assert "撤下待确认" in page()
    later = on_to_now(bank, {}, cursor)
    assert "撤下待确认" in page()  # taken is not applied
    lifted = ChangeSet.objects.order_by("-number").first()
    assert lifted
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    ChangeSet.objects.filter(number=lifted.number).update(known_at=long_ago)
    assert "已超时" in page()
    assert "撤下未确认的合作方" in office.get("/xinyongban/jinri/").content.decode()
    assert bank("post", "changes/confirmations", {"cursor": later}).status_code == 200
    assert "正常" in page() and "已超时" not in page()
    again = json.loads(
        bank("post", "changes/confirmations", {"cursor": cursor}).content
    )  # an old word takes nothing back
    assert again["committed"] > told["committed"] and "正常" in page()


def test_a_confirmation_in_the_middle_of_a_way_confirms_what_was_whole(stranger: Stranger, bank: Program) -> None:
    stranger.desk.send("registration", [registered(1), registered(2)])
    part = get(bank, "changes?limit=1")
    assert part["more"]
    told = json.loads(bank("post", "changes/confirmations", {"cursor": part["cursor"]}).content)
    assert (told["included"], told["committed"]) == (0, 0)


def test_what_was_lifted_before_a_partner_came_is_no_alarm(stranger: Stranger, bank: Program, cast: Cast) -> None:
    from chengxin.site.actions.recall import take_back

    stranger.desk.send("registration", [registered(1)])
    take_back(stranger.desk.site, stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")]), "测试甲", "报错")
    on_to_now(bank, {})
    page = cast("office").get("/xinyongban/hezuofang/").content.decode()
    assert "从未确认" in page and "撤下待确认</span>" not in page


def test_limits_are_told_in_headers_and_snapshots_have_their_own(
    stranger: Stranger, bank: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.api import limits

    monkeypatch.setattr(limits, "_PURSE", limits._Purse())
    monkeypatch.setattr(limits, "SNAPSHOT", limits.Limit("snapshot", 2))
    assert bank("get", "changes").headers["RateLimit-Policy"].startswith('"key";q=3000')
    for _ in range(2):
        assert bank("get", "snapshots/penalty").headers["RateLimit-Policy"] == '"snapshot";q=2;w=60'
    refused = bank("get", "snapshots/penalty")
    problem(refused, 429, "too-many")
    assert refused.headers["Retry-After"]


def test_a_roster_may_call_its_columns_as_people_do(stranger: Stranger, tmp_path: Path) -> None:
    from chengxin.site.actions.authorities import load_roster
    from chengxin.site.store.models import Authority

    roster = tmp_path / "roster.csv"
    roster.write_text(f"单位名称,统一社会信用代码,信息类\n测试某局,{OTHER[0]},permit；penalty\n", "utf-8")
    assert load_roster(roster, load_catalogue(DAY)) == [OTHER[0]]
    found = Authority.objects.get(code=OTHER[0])
    assert (found.name, found.resources) == ("测试某局", ["permit", "penalty"])
