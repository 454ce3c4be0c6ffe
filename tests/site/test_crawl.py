"""What a stranger may open: every registered address with every method, and every link of every page."""

import json
from typing import Any

from chengxin.reports.number import printed
from tests.site.conftest import Cast, Stranger, code_of, fined, registered
from tests.site.desks import OPEN_TO_STRANGERS, OPENS, TAKES, addresses_of_desks
from tests.site.programs import program
from tests.site.test_changes import taker

NOBODYS = printed(bytes(16))  # the number of no report
# For each address by name: what stands in its places, and what opening it answers.
GIVEN: dict[str, tuple[list[dict[str, str]], int]] = {
    "home": ([{}], 200),
    "search": ([{}], 200),
    "search_file": ([{"form": f} for f in ("csv", "xlsx", "json")], 200),
    "subject": ([{"code": code_of(1)}], 200),
    "subject_json": ([{"code": code_of(1)}], 200),
    "record": ([{"identity": "RECORD"}], 200),
    "record_json": ([{"identity": "RECORD"}], 200),
    "list": ([{"name": n} for n in ("permits", "penalties", "serious", "abnormal", "honours")], 200),
    "list_file": ([{"name": "penalties", "form": f} for f in ("csv", "xlsx", "json")], 200),
    "dashboard": ([{}], 200),
    "tile_file": ([{"name": "months", "form": f} for f in ("csv", "xlsx", "json")], 200),
    "open_data": ([{}], 200),
    "dcat": ([{}], 200),
    "package": ([{"name": n} for n in ("penalties", "serious")], 200),
    "catalogue": ([{}], 200),
    "resource": ([{"name": "penalty"}], 200),
    "code_list": ([{"name": "penalty_kind"}], 200),
    "laws": ([{}], 200),
    "law": ([{"identity": "sd-credit-2020"}], 200),
    "law_lists": ([{}], 200),
    "measures": ([{}], 200),
    "standards": ([{}], 200),
    "articles": ([{"name": n} for n in ("notices", "education", "guides")], 200),
    "article": ([{"name": "notices", "slug": "nothing"}], 404),
    "feed": ([{}], 200),
    "log": ([{}], 200),
    "log_checkpoint": ([{}], 200),
    "log_files": ([{}], 200),
    "log_tile": ([{"path": "0/000.p/1"}, {"path": "entries/000.p/1"}], 200),
    "verify": ([{}], 200),
    "verify_certificate": ([{}], 200),
    "verify_number": ([{"number": NOBODYS}], 404),
    "verify_json": ([{"number": NOBODYS}], 404),
    "text": ([{"name": n} for n in ("about", "help", "persons", "accessibility", "privacy")], 200),
    "robots": ([{}], 200),
    "api": ([{}], 200),
    "api_openapi": ([{}], 200),
}

FROM_ANYBODY = {"verify_file", "shared", "shared_file"}  # what takes forms, see `test_verify_page` and `test_shares`
# Addresses of the API: `test_api` opens each with every kind of key.
OF_PROGRAMS = {
    f"api_{n}" for n in ("submissions", "submission", "findings", "checks", "receipt", "subject", "report", "unknown")
}
OF_PROGRAMS |= {f"api_{n}" for n in ("changes", "confirmations", "snapshot", "job")}
# What a partner's program gets there, with a key for what anybody may see: by GET and by POST of a body that fits. What is
# another's is for no purpose of its key, or as if it were not there.
OF_A_PARTNER: dict[str, tuple[dict[str, str], Any, int, int]] = {
    "api_submissions": ({}, {"resource": "penalty", "rows": [fined(1, "示例字〔2026〕9号")]}, 405, 403),
    "api_submission": ({"submission": "SUBMISSION"}, {}, 403, 405),
    "api_findings": ({"submission": "SUBMISSION"}, {}, 403, 405),
    "api_job": ({"job": "0" * 32}, {}, 403, 405),
    "api_checks": ({}, {"subject": code_of(1), "purpose": "administration", "matter": "permit"}, 405, 403),
    "api_receipt": ({"receipt": "RECEIPT"}, {}, 404, 405),
    "api_report": ({"number": NOBODYS}, {}, 404, 405),
    "api_subject": ({"code": code_of(1)}, {}, 200, 405),
    "api_changes": ({}, {}, 200, 405),
    "api_confirmations": ({}, {"cursor": "CURSOR"}, 405, 200),
    "api_snapshot": ({"resource": "penalty"}, {}, 200, 405),
    "api_unknown": ({"rest": "v1/elsewhere"}, {}, 404, 404),
}


def named_addresses() -> dict[str, Any]:
    from django.urls import get_resolver

    def inside(resolver: Any) -> Any:
        for pattern in resolver.url_patterns:
            yield from inside(pattern) if hasattr(pattern, "url_patterns") else [pattern]

    return {pattern.name: pattern for pattern in inside(get_resolver())}


def test_every_registered_address_answers_as_it_should_to_every_method(stranger: Stranger) -> None:
    from django.test import Client
    from django.urls import reverse

    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    record = stranger.records(stranger.page(1))[0].split("/")[2]
    bare = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)  # a browser without the mark of any form
    assert set(named_addresses()) == set(GIVEN) | set(OPENS) | set(TAKES) | OF_PROGRAMS | FROM_ANYBODY
    for name, (places, status) in GIVEN.items():
        for place in places:
            address = reverse(name, kwargs={k: record if v == "RECORD" else v for k, v in place.items()})
            assert stranger.client.get(address).status_code == status, address
            head = stranger.client.head(address)
            assert (head.status_code, head.content) == (status, b""), address
            for method in ("post", "put", "patch", "delete", "options", "trace"):
                assert getattr(stranger.client, method)(address).status_code == 405, (method, address)
            assert bare.post(address).status_code == 405, address


def test_a_partner_with_a_key_gets_what_it_is_here_for_and_its_key_opens_no_page(
    stranger: Stranger, cast: Cast
) -> None:
    from django.urls import reverse

    from chengxin.site.store.models import Check, Look

    sent = stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    receipt = json.loads(program(stranger).check().content)["receipt"]
    looked = Look.objects.count()
    bank = taker(stranger, 101, "partner")
    cursor = json.loads(bank("get", "changes").content)["cursor"]
    here = {"SUBMISSION": sent.id.hex, "RECEIPT": receipt, "CURSOR": cursor}
    key = {"Authorization": f"Bearer {bank.key}"}
    assert set(OF_A_PARTNER) == OF_PROGRAMS
    for name, (place, body, get, post) in OF_A_PARTNER.items():
        address = reverse(name, kwargs={k: here.get(v, v) for k, v in place.items()})
        told = {k: here.get(v, v) if isinstance(v, str) else v for k, v in body.items()}
        assert stranger.client.get(address, headers=key).status_code == get, address
        answer = stranger.client.post(address, json.dumps(told), content_type="application/json", headers=key)
        assert answer.status_code == post, (address, answer.content.decode())
    record = stranger.records(stranger.page(1))[0].split("/")[2]
    for name, (places, status) in GIVEN.items():
        for place in places:
            address = reverse(name, kwargs={k: record if v == "RECORD" else v for k, v in place.items()})
            answers = [stranger.client.get(address, headers=given) for given in (key, {})]
            assert [a.status_code for a in answers] == [status] * 2, address
            assert stranger.client.post(address, headers=key).status_code == 405, address
    for address, get, post in (("/verify/file/", 405, 400), (f"/shared/{'0' * 32}/", 200, 403)):
        assert stranger.client.get(address, headers=key).status_code == get, address
        assert stranger.client.post(address, headers=key).status_code == post, address
    assert stranger.client.get(f"/shared/{'0' * 32}/report.pdf", headers=key).status_code == 405
    for name, address in addresses_of_desks(sent).items():
        answer = stranger.client.get(address, headers=key)
        assert answer.status_code == OPEN_TO_STRANGERS.get(name, 302), address
        posts = [stranger.client.post(address, headers=given).status_code for given in (key, {})]
        assert posts[0] == posts[1] and posts[0] in ((302, 403) if name in TAKES else (200, 302, 404, 405)), address
    assert (Check.objects.count(), Look.objects.count()) == (1, looked)  # nothing of a subject was opened


def test_every_link_leads_somewhere_in_both_languages(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    starts = ("/", "/search/?q=第1号商贸", "/search/?q=无此", f"/subjects/{code_of(1)}/")
    seen = stranger.walk(*starts)
    assert len(seen) > 100
    stranger.get("/?lang=en")
    assert len(stranger.walk(*starts)) == len(seen)
    assert 'lang="en"' in stranger.get("/about/")


def test_an_empty_site_has_a_page_for_everything(stranger: Stranger) -> None:
    stranger.walk("/", "/search/?q=没有")
    assert "尚未有单位报送" not in stranger.get("/")
    assert "日志还没有内容" in stranger.get("/log/")
    assert "目前没有正在公示的信息" in stranger.get("/lists/penalties/")
    stranger.get("/log/checkpoint", 404)


def test_wrong_addresses_have_pages_of_their_own(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    assert "没有这一页" in stranger.get("/nowhere/", 404)
    assert "No such page" in stranger.get("/nowhere/?lang=en", 404)
    assert "登记信息中没有这个代码" in stranger.get(f"/subjects/{code_of(9)}/?lang=zh", 404)
    stranger.get("/records/" + "0" * 32 + "/", 404)
    stranger.get("/lists/everybody/", 404)
    for path in (
        "0/1",
        "0/x000/001",
        "64/000",
        "0/000.p/257",
        "0/000.p/0",
        "entries/999",
        "../checkpoint",
        "0/000.p/99",
    ):
        stranger.get(f"/log/tile/{path}", 404)
    bad = (
        "year=20x6",
        "year=9999",
        "authority=1' OR 1=1",
        "kind=L99",
        "as_of=2026-02-30",
        "as_of=2026-03-11",
        "after=x",
    )
    for query in bad:
        assert "请求有误" in stranger.get(f"/lists/serious/?{query}", 400), query


def test_a_list_as_of_a_day_says_that_day(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    page = stranger.get("/lists/penalties/?as_of=1900-01-01")
    assert "1900-01-01 及以前决定、2026-03-10 仍公示" in page and "没有符合" in page
    page = stranger.get("/lists/penalties/?as_of=2026-03-09")
    assert "2026-03-09 及以前决定、2026-03-10 仍公示" in page and "示例字〔2026〕1号" in page


def test_a_broken_page_tells_nothing(stranger: Stranger, monkeypatch: Any) -> None:
    from chengxin.site.public import pages

    def broken() -> None:
        raise RuntimeError("canary 5f1c")

    monkeypatch.setattr(pages, "figures", broken)
    stranger.client.raise_request_exception = False
    text = stranger.get("/", 500)
    assert "暂时无法使用" in text and "Out of order" in text and "canary" not in text


def test_each_answer_closes_what_a_page_does_not_need(stranger: Stranger) -> None:
    for address, status in (("/", 200), ("/nowhere/", 404), ("/lists/permits/?year=x", 400), ("/log/files.txt", 200)):
        stranger.get(address, status)
        headers = stranger.pages[address].headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "<script" not in stranger.pages[address].content.decode()
        assert " style=" not in stranger.pages[address].content.decode()


def test_a_page_under_a_name_that_is_not_ours_is_refused_as_a_page(stranger: Stranger) -> None:
    assert "看不懂" in stranger.get("/", 400, headers={"host": "evil.example"})
