"""What is planted where it must not be seen shows in nothing that is made of reports, whoever of the cast follows every link."""

import html
import io
import zipfile
from typing import Any

import pypdf
import pytest

from tests.site.conftest import DAY, HIT, NUMBER, PERSON, Cast, Stranger, code_of, fined, firm, registered
from tests.site.test_report_batches import ORDER as FOR_A_LIST
from tests.site.test_report_batches import PLACE
from tests.site.test_shares import made, opened
from tests.site.test_subject_reports import ordered
from tests.site.work import work

# Of a person, of another firm, minor, outside of the period, of another domain: each in words that stand nowhere else.
PERSONS, OTHERS, MINOR, OLD, ELSEWHERE = "甲殊号", "乙殊号", "丙殊号", "丁殊号", "戊殊号"
SHOWN = "己示号"
PLANTED = (PERSONS, OTHERS, MINOR, OLD, ELSEWHERE, NUMBER, NUMBER[6:14])


@pytest.fixture
def planted(stranger: Stranger) -> Any:
    stranger.desk.send("registration", [registered(1), registered(2)])
    tax = {"CF_CFJG": "示例市税务局"}
    stranger.desk.send(
        "penalty",
        [
            fined(1, SHOWN), fined(1, MINOR, X_SX_DJ="轻微"), fined(2, OTHERS), fined(1, PERSONS, **PERSON, CF_XDR_ZJHM=NUMBER),
            fined(1, OLD, CF_JDRQ="2025-01-05"), fined(1, ELSEWHERE, **tax),
        ],
    )  # fmt: skip
    return stranger.desk.site


def said(answer: Any) -> str:
    """All that an answer says: a page, the text of a paper with what is attached, the files of a zip."""
    if answer.streaming:
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as whole:
            return "".join(_inside(whole.read(name)) for name in whole.namelist())
    return _inside(answer.content)


def _inside(content: bytes) -> str:
    if not content.startswith(b"%PDF"):
        return content.decode("utf-8", "replace")
    pdf = pypdf.PdfReader(io.BytesIO(content))
    paper = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    return paper + "".join(part.decode("utf-8", "replace") for parts in pdf.attachments.values() for part in parts)


def test_a_special_report_shows_its_own_scope_alone_to_its_subject_by_link_and_to_who_verifies(
    stranger: Stranger, planted: Any, cast: Cast
) -> None:
    special = {"form": "special", "since": "2026-01-01", "until": str(DAY), "domain": "market", "purpose": "financing"}
    place = ordered(cast, **special)
    for end in ("", "baogao.pdf", "baogao.json"):
        told = said(cast("company").get(place + end))
        assert SHOWN in told and not [word for word in PLANTED if word in told], end
    path, code = made(cast, place)
    page = opened(stranger, path, code)
    assert SHOWN in page and not [word for word in PLANTED if word in page]
    number = said(cast("company").get(place + "baogao.json")).partition('"number":"')[2][:34]
    for address in (f"/verify/{number}/", f"/verify/{number}.json", f"/api/v1/reports/{number}"):
        told = stranger.get(address)
        assert not [word for word in (*PLANTED, SHOWN, firm(1), code_of(1)) if word in told], address


def test_what_comes_of_a_list_shows_nothing_that_is_planted_and_nobody_else_opens_it(planted: Any, cast: Cast) -> None:
    lines = [code_of(1), f"测试丁 {NUMBER}", firm(1)[:-2]]
    batch = str(cast("office").post(f"{PLACE}zhantie/", FOR_A_LIST | {"list": "\n".join(lines)})["Location"])
    work()
    cast("office").post(f"{batch}queren/")
    work()
    places = [batch, PLACE, *(batch + end for end in ("mingdan.csv", "baogao.zip")), "/xinyongban/baogao/"]
    for place in places:
        told = said(cast("office").get(place))
        assert not [word for word in (PERSONS, OTHERS, MINOR, NUMBER, NUMBER[6:14], "测试丁") if word in told], place
    for login in ("clerk", "auditor", "company", "citizen", "operator", "security"):
        for place in places:
            assert cast(login).get(place).status_code in (403, 404), (login, place)


def walked(who: Any) -> dict[str, str]:
    """What a subject's own desk says on every page and in every file that links lead to."""
    seen: dict[str, str] = {}
    todo = ["/wode/", "/wode/baogao/"]
    while todo:
        address = todo.pop()
        if address not in seen:
            answer = who.get(address)
            assert answer.status_code == 200, address
            seen[address] = said(answer)
            todo += [link for link in map(html.unescape, HIT.findall(seen[address])) if link.startswith("/wode/")]
    return seen


@pytest.mark.parametrize(("login", "own"), [("company", (SHOWN, MINOR, OLD, ELSEWHERE)), ("citizen", (PERSONS,))])
def test_who_has_reports_follows_every_link_and_meets_only_what_is_its_own(
    planted: Any, cast: Cast, login: str, own: tuple[str, ...]
) -> None:
    ordered(cast)
    assert cast("citizen").post("/wode/baogao/chuju/", {"form": "own", "purpose": "own"}).status_code == 302
    seen = walked(cast(login))
    assert {address.rpartition("/")[2] for address in seen} >= {"", "baogao.pdf", "baogao.json"}
    assert any(own[0] in told for told in seen.values())
    met = {(address, word) for address, told in seen.items() for word in PLANTED if word in told and word not in own}
    assert met == set()
