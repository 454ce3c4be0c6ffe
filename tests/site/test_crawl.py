"""What a stranger may open: every registered address with every method, and every link of every page."""

from typing import Any

from chengxin.reports.number import printed
from tests.site.conftest import Stranger, code_of, fined, registered
from tests.site.desks import OPENS, TAKES

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


def named_addresses() -> dict[str, Any]:
    from django.urls import get_resolver

    def inside(resolver: Any) -> Any:
        for pattern in resolver.url_patterns:
            yield from inside(pattern) if hasattr(pattern, "url_patterns") else [pattern]

    return {pattern.name: pattern for pattern in inside(get_resolver())}


def test_every_registered_address_answers_as_it_should_to_every_method(stranger: Stranger) -> None:
    from django.urls import reverse

    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    record = stranger.records(stranger.page(1))[0].split("/")[2]
    assert set(named_addresses()) == set(GIVEN) | set(OPENS) | set(TAKES) | OF_PROGRAMS | FROM_ANYBODY
    for name, (places, status) in GIVEN.items():
        for place in places:
            address = reverse(name, kwargs={k: record if v == "RECORD" else v for k, v in place.items()})
            assert stranger.client.get(address).status_code == status, address
            head = stranger.client.head(address)
            assert (head.status_code, head.content) == (status, b""), address
            for method in ("post", "put", "patch", "delete", "options", "trace"):
                assert getattr(stranger.client, method)(address).status_code == 405, (method, address)


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
