"""A link by which a subject shows one report: a code, an end, a Look for each opening, gone at once when it is revoked."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest

from tests.site.conftest import DAY, Cast, Stranger, code_of, fined, on
from tests.site.test_own_report import MINE, held
from tests.site.test_own_report import ordered as own_ordered
from tests.site.test_reports import filled, issued
from tests.site.test_subject_reports import main_of, ordered, text

__all__ = ["filled", "held"]
SHARES = "/wode/fenxiang/"
CLOSED = "打不开"


def made(cast: Cast, report: str, login: str = "company", last_day: date = DAY + timedelta(days=6)) -> tuple[str, str]:
    """The path and the code of a link that was just made to the report at this place."""
    sent = {"report": report.rstrip("/").rpartition("/")[2], "last_day": str(last_day)}
    page = main_of(text(cast(login).post(SHARES, sent)))
    path = re.findall(r"http://localhost(/shared/[0-9a-f]{32}/)", page)[0]
    return path, re.findall(r'<dd class="code">([a-z2-9]{5}-[a-z2-9]{5})</dd>', page)[0]


def opened(stranger: Stranger, path: str, code: str, status: int = 200) -> str:
    return text(stranger.client.post(path, {"code": code}), status)


def file_of(stranger: Stranger, path: str, page: str) -> Any:
    passed = re.findall(r'name="pass" value="([^"]+)"', page)[0]
    return stranger.client.post(f"{path}report.pdf", {"pass": passed})


def share() -> Any:
    from chengxin.site.store.models import Share

    return Share.objects.get()


def looks() -> list[tuple[str, str, str]]:
    from chengxin.site.store.models import Look

    rows = Look.objects.filter(reader="holder").order_by("at", "id")
    return [(row.outlet, row.purpose, row.ground) for row in rows]


def test_who_has_link_and_code_sees_the_report_and_takes_the_file(stranger: Stranger, filled: Any, cast: Cast) -> None:
    from chengxin.site.actions.verifying import by_file

    path, code = made(cast, ordered(cast))
    asked = stranger.get(path)
    assert "验证码" in asked and "一号" not in asked and code_of(1) not in asked
    page = opened(stranger, path, f"  {code.upper()} ")
    assert "一号" in page and "三号" not in page
    assert looks() == [("holder.report", "shown_report", "grant_live")]
    answer = file_of(stranger, path, page)
    assert by_file(answer.content).state == "genuine"
    assert "一号" in "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert [outlet for outlet, _, _ in looks()] == ["holder.report", "holder.report_file"]


def test_nothing_is_kept_indexed_or_told_to_other_sites(stranger: Stranger, filled: Any, cast: Cast) -> None:
    path, code = made(cast, ordered(cast))
    page = stranger.client.post(path, {"code": code})
    answers = [
        stranger.client.get(path), page, stranger.client.post(path, {"code": "wrong"}),
        file_of(stranger, path, page.content.decode()), stranger.client.post(path + "report.pdf"),
    ]  # fmt: skip
    for answer in answers:
        assert "noindex" in answer.headers["X-Robots-Tag"] and answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Disallow: /shared/" in stranger.get("/robots.txt")
    assert path not in page.headers.get("Location", "") and code not in page.content.decode()


def test_the_answer_is_the_same_whatever_is_wrong(
    stranger: Stranger, filled: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.access import spending

    monkeypatch.setattr(spending, "take", lambda *_: 1)
    path, code = made(cast, ordered(cast))
    identity = path.split("/")[2]

    def refused(path: str, code: str) -> str:
        return main_of(opened(stranger, path, code, 403)).replace(path.split("/")[2], "ID")

    wrong = refused(path, "aaaaa-aaaaa")
    assert CLOSED in wrong and "一号" not in wrong
    nowhere = path.replace(identity, "0" * 32)
    assert refused(nowhere, code) == wrong and refused(path, "") == wrong and refused(path, "é" * 40) == wrong
    assert stranger.get(nowhere).replace("0" * 32, "ID") == stranger.get(path).replace(identity, "ID")
    on(monkeypatch, DAY + timedelta(days=6))
    assert "一号" in opened(stranger, path, code)
    on(monkeypatch, DAY + timedelta(days=7))
    assert refused(path, code) == wrong
    on(monkeypatch, DAY)
    cast("company").post(SHARES, {"do": "revoke", "link": identity})
    assert refused(path, code) == wrong
    assert len(looks()) == 1  # of those who were refused none


def test_revoked_it_opens_no_more_at_once_not_even_the_file(stranger: Stranger, filled: Any, cast: Cast) -> None:
    path, code = made(cast, ordered(cast))
    page = opened(stranger, path, code)
    answer = cast("company").post(SHARES, {"do": "revoke", "link": path.split("/")[2]}, follow=True)
    assert "已收回" in text(answer)
    assert file_of(stranger, path, page).status_code == 403
    opened(stranger, path, code, 403)
    assert "没有这个链接" in text(cast("company").post(SHARES, {"do": "revoke", "link": path.split("/")[2]}), 400)


def test_the_subject_sees_when_it_was_opened_and_how_often_a_code_was_wrong(
    stranger: Stranger, filled: Any, cast: Cast
) -> None:
    path, code = made(cast, ordered(cast))
    file_of(stranger, path, opened(stranger, path, code))
    for _ in range(3):
        opened(stranger, path, "bbbbb-bbbbb", 403)
    page = main_of(text(cast("company").get(SHARES)))
    assert "2 次" in page and "3 次输错" in page and "凭链接下载信用报告" in page
    assert code not in page
    told = main_of(text(cast("company").get("/wode/chaxun/")))
    assert "持有主体所给链接" in told and "查看主体出示的信用报告" in told


def test_tries_are_limited_by_address_and_by_link(
    stranger: Stranger, filled: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.access import spending
    from chengxin.site.actions import shares
    from chengxin.site.public import shared

    path, code = made(cast, ordered(cast))
    statuses = [stranger.client.post(path, {"code": "x"}).status_code for _ in range(shared.MOST + 2)]
    assert statuses == [403] * shared.MOST + [429] * 2
    assert stranger.client.post(path, {"code": code}).status_code == 429
    monkeypatch.setattr(spending, "take", lambda *_: 1)  # from elsewhere
    for _ in range(shares.WRONG_A_DAY - shared.MOST):
        opened(stranger, path, "x", 403)
    opened(stranger, path, code, 403)
    on(monkeypatch, DAY + timedelta(days=1))
    opened(stranger, path, code)


def test_the_code_is_kept_as_a_keyed_digest_and_none_is_like_another(filled: Any, cast: Cast) -> None:
    from chengxin.site.actions.accounts import LETTERS
    from chengxin.site.actions.shares import _CODE
    from chengxin.site.store.models import Report, Share

    place = ordered(cast)
    codes = {made(cast, place)[1] for _ in range(3)}
    assert len(codes) == 3 and len(LETTERS) ** _CODE > 2**40
    digests = {bytes(one.code) for one in Share.objects.all()}
    assert len(digests) == 3 and {len(d) for d in digests} == {32}
    assert not any(code.replace("-", "").encode() in repr(Share.objects.values()).encode() for code in codes)
    assert Report.objects.count() == 1


def test_a_link_lasts_as_long_as_the_catalogue_says_and_is_of_a_report_of_ones_own(filled: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Share
    from chengxin.standards.load import load_catalogue
    from chengxin.standards.reports import report_forms

    rule = report_forms(load_catalogue(DAY)).link
    assert rule is not None
    place = ordered(cast)
    mine = place.rstrip("/").rpartition("/")[2]
    other = issued(filled, code_of(2)).row.id.hex
    for report, day, why in (
        (mine, DAY + timedelta(days=rule.days), "最后一日应在"),
        (mine, DAY - timedelta(days=1), "最后一日应在"),
        (mine, "soon", "请填写最后一日"),
        (other, DAY, "请选择一份"),
        ("x", DAY, "请选择一份"),
    ):
        answer = cast("company").post(SHARES, {"report": report, "last_day": str(day)})
        assert why in text(answer, 400), why
    assert not Share.objects.exists()
    made(cast, place, last_day=DAY + timedelta(days=rule.days - 1))


def test_nobody_revokes_or_sees_the_links_of_somebody_else(held: Any, cast: Cast) -> None:
    path, _ = made(cast, own_ordered(cast), "citizen")
    identity = path.split("/")[2]
    answer = cast("company").post(SHARES, {"do": "revoke", "link": identity})
    assert "没有这个链接" in text(answer, 400)
    assert share().revoked_at is None and identity not in text(cast("company").get(SHARES))
    for login in ("office", "auditor", "clerk"):
        assert cast(login).get(SHARES).status_code == 403


def test_a_person_shows_the_own_report_by_a_link_of_its_own_and_only_so(
    stranger: Stranger, held: Any, cast: Cast
) -> None:
    from chengxin.site.actions.keys import destroy, person_of
    from tests.site.conftest import NUMBER, OWNER

    path, code = made(cast, own_ordered(cast), "citizen")
    page = opened(stranger, path, code)
    assert MINE in page and "此后公示的信息" not in page
    assert file_of(stranger, path, page).status_code == 200
    assert looks()[0] == ("holder.report", "shown_report", "grant_live")
    destroy(held, person_of(held, NUMBER), "office", "测试销毁", OWNER[0])
    assert CLOSED in opened(stranger, path, code, 403)


def test_a_withdrawn_or_superseded_report_says_so(stranger: Stranger, filled: Any, cast: Cast) -> None:
    from chengxin.site.actions.reports import withdraw

    path, code = made(cast, ordered(cast))
    assert "更新的报告" not in opened(stranger, path, code)
    ordered(cast)
    assert "更新的报告" not in opened(stranger, path, code)  # it says the same
    stranger.desk.send("penalty", [fined(1, "后来号")])
    ordered(cast)
    page = opened(stranger, path, code)
    assert "更新的报告" in page and "公示的信息有变化" in page and "后来号" not in page
    withdraw(filled, share().report.number, "office", "出具有误，主体代码写错了一位")
    page = opened(stranger, path, code)
    assert "已撤销这份报告" in page and "出具有误" not in page


def test_the_gate_alone_opens_a_link(
    stranger: Stranger, filled: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.sharing import access, rules
    from chengxin.sharing.questions import Part
    from chengxin.site.access import asked

    path, code = made(cast, ordered(cast))
    less = {key: rule for key, rule in rules.INDEX.items() if key[3] is not Part.REPORT}
    access._remembered.cache_clear()
    asked.answers_at.cache_clear()
    monkeypatch.setattr(access, "judge", lambda q, c: access._answer(q, c, less))
    opened(stranger, path, code, 403)
    monkeypatch.undo()
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    access._remembered.cache_clear()
    asked.answers_at.cache_clear()
    assert "一号" in opened(stranger, path, code)


def test_the_pass_for_the_file_is_of_this_link_and_ends(stranger: Stranger, filled: Any, cast: Cast) -> None:
    from django.core import signing

    from chengxin.site.public.shared import _SALT

    path, code = made(cast, ordered(cast))
    opened(stranger, path, code)
    other = signing.dumps("0" * 32, salt=_SALT)
    for passed in ("", "x:y:z", other, signing.dumps(path.split("/")[2], salt="elsewhere")):
        assert stranger.client.post(path + "report.pdf", {"pass": passed}).status_code == 403
    assert stranger.client.get(path + "report.pdf").status_code == 405
