"""What a reader may choose without a script: language, large type, high contrast; how heavy the first page is."""

import gzip
import re
from pathlib import Path

import pytest

from tests.site.conftest import Stranger, code_of, fined, registered
from tests.store.conftest import NUMBER

STATIC = Path(__file__).parents[2] / "src" / "chengxin" / "site" / "static"
LIGHT = 120 * 1024  # bytes of the first page with all that it loads, zipped (ux 3.8)


def classes(page: str) -> list[str]:
    found = re.search(r'<html lang="[\w-]+"(?: class="([^"]*)")?>', page)
    assert found is not None
    return (found[1] or "").split()


def test_large_type_and_high_contrast_are_chosen_by_a_link_and_remembered(stranger: Stranger) -> None:
    assert classes(stranger.get("/")) == []
    assert classes(stranger.get("/?type=large")) == ["large"]
    cookie = stranger.client.cookies["type"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("large", True, "Lax")
    assert classes(stranger.get("/help/")) == ["large"]
    assert classes(stranger.get("/lists/penalties/?contrast=high&year=2026")) == ["large", "contrast"]
    page = stranger.get("/lists/penalties/?year=2026")
    assert 'href="?year=2026&amp;type=normal"' in page and 'href="?year=2026&amp;contrast=normal"' in page
    stranger.get("/?type=normal")
    stranger.get("/?contrast=normal")
    assert classes(stranger.get("/")) == []


@pytest.mark.parametrize("query", ["type=huge", "contrast=<b>", "lang=fr", "type=", "type=large%00"])
def test_another_choice_is_none(stranger: Stranger, query: str) -> None:
    assert classes(stranger.get(f"/?{query}")) == []
    assert not stranger.client.cookies


def test_a_number_that_was_typed_is_in_no_link_to_the_page_itself(stranger: Stranger) -> None:
    for choice in ("lang=en", "type=large", "contrast=high"):
        assert NUMBER not in stranger.get(f"/search/?q={NUMBER}&{choice}")


def test_every_page_opens_in_every_choice(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    stranger.get("/?lang=en&type=large&contrast=high")
    for address in ("/", f"/subjects/{code_of(1)}/", "/dashboard/", "/lists/penalties/", "/measures/", "/open-data/"):
        assert classes(stranger.get(address)) == ["large", "contrast"]


def test_the_first_page_weighs_little(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(n) for n in range(1, 30)])
    stranger.desk.send("penalty", [fined(n, f"示例字〔2026〕{n}号") for n in range(1, 30)])
    for address in ("/", f"/subjects/{code_of(1)}/", "/lists/penalties/"):
        page = stranger.get(address)
        loaded = re.findall(r'(?:href|src)="/static/([^"?]+)', page)
        assert "site.css" in loaded
        weight = sum(len(gzip.compress(d)) for d in (page.encode(), *((STATIC / n).read_bytes() for n in loaded)))
        assert weight < LIGHT / 8, (address, weight)


def test_what_is_loaded_travels_zipped(stranger: Stranger) -> None:
    page = stranger.get("/dashboard/")
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        answer = stranger.client.get(address, headers={"accept-encoding": "gzip"})
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        whole = (STATIC / address.partition("?")[0].rpartition("/")[2]).read_bytes()
        assert answer.status_code == 200
        assert len(whole) < 500 or (answer["Content-Encoding"] == "gzip" and len(data) < len(whole) / 2)
