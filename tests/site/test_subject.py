"""A subject's desk: it sees all that is held about it and who looked; nobody else's, whatever it asks for."""

import json
from typing import Any

from tests.site.conftest import Cast, Stranger, code_of, fined, registered


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def filled(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "一号"), fined(2, "二号")])


def test_a_subject_sees_its_own_file_and_nobody_elses(stranger: Stranger, cast: Cast) -> None:
    filled(stranger)
    page = text(cast("company").get("/wode/"))
    assert "一号" in page
    assert "二号" not in page
    assert "二号" not in text(cast("company").get(f"/wode/?code={code_of(2)}"))


def test_what_a_subject_takes_away_is_what_it_sees(stranger: Stranger, cast: Cast) -> None:
    filled(stranger)
    answer = cast("company").get("/wode/dangan.json")
    data = json.loads(text(answer))
    documents = [r["document"] for c in data["chapters"] for s in c["resources"] for r in s["records"]]
    assert (data["code"], "一号" in documents, "二号" in documents) == (code_of(1), True, False)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_was_recalled_is_gone_from_the_subjects_file_too(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.actions.recall import take_back
    from chengxin.site.store.models import Submission
    from tests.store.cast import COLLEAGUE

    filled(stranger)
    take_back(stranger.desk.site, Submission.objects.get(resource="penalty"), COLLEAGUE, "报错了")
    assert "一号" not in text(cast("company").get("/wode/"))


def test_a_subject_is_told_who_looked_but_not_the_members_of_staff(stranger: Stranger, cast: Cast) -> None:
    filled(stranger)
    text(cast("company").get("/wode/"))
    page = text(cast("company").get("/wode/chaxun/"))
    assert "主体查询自身信息" in page
    assert page.count("<tr>") == 1 + 2  # the heading, its own look at the file and this one
    assert "company" not in page.partition("<main")[2]


def test_before_it_is_registered_a_subject_is_told_that_nothing_is_held(cast: Cast) -> None:
    page = text(cast("company").get("/wode/"))
    assert code_of(1) in page
    assert "还没有" in page
    assert "没有" in text(cast("company").get("/wode/chaxun/"))
    assert json.loads(text(cast("company").get("/wode/dangan.json")))["chapters"] == []


def test_a_citizen_is_no_body(cast: Cast) -> None:
    assert "本单位" in text(cast("company").get("/wode/chaxun/"))
    page = text(cast("citizen").get("/wode/chaxun/"))
    assert "您本人的信息" in page and "本单位" not in page
