"""A person's own report: made for that person alone, of all that is held, and gone with the person's key."""

import io
import json
from typing import Any

import pypdf
import pytest

from chengxin.values.identifiers import identity_check_character
from tests.site.conftest import NUMBER, OWNER, PERSON, Cast, Stranger, fined, registered
from tests.site.test_subject_reports import main_of, text

OTHER_NUMBER = "00000019910202002" + identity_check_character("00000019910202002")
ORDER = {"form": "own", "purpose": "own"}
MINE, MINOR, THEIRS, FIRMS = "本人一号", "本人轻微号", "他人二号", "企业三号"


@pytest.fixture
def held(stranger: Stranger) -> Any:
    mine = PERSON | {"CF_XDR_ZJHM": NUMBER}
    theirs = PERSON | {"CF_XDR_MC": "测试戊", "CF_XDR_ZJHM": OTHER_NUMBER}
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send(
        "penalty",
        [fined(1, MINE, **mine), fined(1, MINOR, **mine, X_SX_DJ="轻微"), fined(1, THEIRS, **theirs), fined(1, FIRMS)],
    )
    return stranger.desk.site


def ordered(cast: Cast, login: str = "citizen") -> str:
    answer = cast(login).post("/wode/baogao/chuju/", ORDER)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def row() -> Any:
    from chengxin.site.store.models import Report

    return Report.objects.get()


def test_the_person_has_it_as_page_data_and_sealed_paper_that_say_the_same(held: Any, cast: Cast) -> None:
    from chengxin.site.actions.verifying import by_file

    place = ordered(cast)
    page = main_of(text(cast("citizen").get(place)))
    data = cast("citizen").get(place + "baogao.json").content
    file = cast("citizen").get(place + "baogao.pdf").content
    pdf = pypdf.PdfReader(io.BytesIO(file))
    assert bytes(pdf.attachments["report.json"][0]) == data
    paper = "".join("".join(p.extract_text().split()) for p in pdf.pages)
    told = json.loads(data)
    documents = {i["document"] for c in told["chapters"] for s in c["sections"] for i in s["items"]}
    assert documents == {MINE, MINOR}
    for said in (MINE, MINOR, "测试丁", "行政管理信息", "只交给本人"):
        assert said in page and said in paper
    for never in (THEIRS, FIRMS, NUMBER, "测试戊", "登记状态"):
        assert never not in page and never not in paper and never not in data.decode()
    assert by_file(file).state == "genuine"
    assert told["counts"] == told["labels"] == []  # nothing that ranks


def test_no_token_of_a_number_stands_in_it(held: Any, cast: Cast) -> None:
    from chengxin.intake.identity import token

    place = ordered(cast)
    whole = text(cast("citizen").get(place)) + cast("citizen").get(place + "baogao.json").content.decode()
    assert token(held.keys.token, NUMBER) not in whole + text(cast("citizen").get("/wode/"))


def test_the_look_is_written_and_told_to_the_person(held: Any, cast: Cast) -> None:
    from chengxin.site.store.models import Look

    ordered(cast)
    look = Look.objects.get(outlet="subject.report")
    assert (look.who, look.subject) == ("citizen", row().subject)
    assert "我的信用报告" in text(cast("citizen").get("/wode/chaxun/"))


def test_nobody_else_has_it_whoever_asks(held: Any, cast: Cast) -> None:
    from tests.site.cast import PEOPLE

    place = ordered(cast)
    for login in sorted(set(PEOPLE) - {"citizen"}):
        for end in ("", "baogao.pdf", "baogao.json"):
            status = cast(login).get(place + end).status_code
            assert status == (404 if login == "company" else 403), (login, end)
    office = text(cast("office").get("/xinyongban/baogao/"))
    assert "本人信用信息报告" in office  # how many, and nothing else
    assert row().number not in office and "citizen" not in main_of(office) and MINE not in office


def test_only_the_person_orders_it_and_only_in_its_own_form(held: Any, cast: Cast) -> None:
    from chengxin.reports.compose import Order
    from chengxin.site.access.own import own_group
    from chengxin.site.actions.reports import issue
    from chengxin.site.store.models import Account, Report
    from tests.site.test_reports import asked_as

    answer = cast("citizen").post("/wode/baogao/chuju/", {"form": "standard", "purpose": "tender"}, follow=True)
    assert "不用于这类主体" in text(answer)
    answer = cast("citizen").post("/wode/baogao/chuju/", ORDER | {"purpose": "tender"}, follow=True)
    assert "用途只能是" in text(answer)
    assert "不用于这类主体" in text(cast("company").post("/wode/baogao/chuju/", ORDER, follow=True))
    asked = asked_as()
    group = own_group(asked, Account.objects.get(login="citizen"))
    office = _at_the_counter()
    with pytest.raises(LookupError, match="only the person"):
        issue(held, office, group, Order("own", "own"))
    with pytest.raises(LookupError, match="own"):
        own_group(office, Account.objects.get(login="citizen"))
    assert Report.objects.count() == 0


def _at_the_counter() -> Any:
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.standards.load import load_catalogue

    at = place()
    return Asked(outlet_named("office.report"), at, load_catalogue(at.day), "stewardship", who=Who("clerk"))


def test_the_log_shows_the_week_alone_and_the_proof_inside_holds(held: Any, cast: Cast) -> None:
    from chengxin.reports.proof import proves
    from chengxin.site.store import log
    from chengxin.site.store.models import ChangeSet

    file = cast("citizen").get(ordered(cast) + "baogao.pdf").content
    inside = pypdf.PdfReader(io.BytesIO(file)).attachments
    content, proof = (bytes(inside[name][0]) for name in ("report.json", "report.tlog-proof"))
    assert proves(proof, content, held.keys.log.verifier)
    assert not proves(proof, content + b" ", held.keys.log.verifier)
    change = ChangeSet.objects.get(number=row().change_set)
    (entries,) = log.entries_of(change)
    assert len(entries) % 16 == 0
    assert {tuple(sorted(json.loads(e))) for e in entries} == {("commitment", "event", "format", "week")}
    assert log.verify(held.keys) == []


def test_whoever_verifies_learns_that_it_is_genuine_and_nothing_of_what_it_says(
    stranger: Stranger, held: Any, cast: Cast
) -> None:
    file = cast("citizen").get(ordered(cast) + "baogao.pdf").content
    number = row().number
    stranger.desk.send("penalty", [fined(1, "后来号", **PERSON | {"CF_XDR_ZJHM": NUMBER})])
    page = stranger.get(f"/verify/{number}/")
    told = json.loads(stranger.get(f"/verify/{number}.json"))
    assert (told["state"], told["changed_since"]) == ("genuine", None)
    assert json.loads(stranger.get(f"/api/v1/reports/{number}"))["changed_since"] is None
    for never in ("测试丁", MINE, "后来号", "此后公示的信息"):
        assert never not in page
    assert "被改动" in _uploaded(stranger, file[:-1] + b"!")
    assert "是本平台出具的报告" in _uploaded(stranger, file)


def _uploaded(stranger: Stranger, file: bytes) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = stranger.client.post("/verify/file/", {"file": SimpleUploadedFile("r.pdf", file)})
    return text(answer)


def test_the_kept_file_opens_with_the_persons_key_alone(held: Any, cast: Cast) -> None:
    from chengxin.site.actions.keys import rotate
    from chengxin.site.folder import open_site

    place = ordered(cast)
    (kept,) = (held.folder / "reports").iterdir()
    assert b"%PDF" not in kept.read_bytes() and MINE.encode() not in kept.read_bytes()
    assert row().wrapped_by == "person"
    rotate(held)
    open_site(held.folder)
    assert cast("citizen").get(place + "baogao.pdf").status_code == 200


def test_with_the_persons_key_the_content_is_gone_and_log_and_number_still_verify(held: Any, cast: Cast) -> None:
    from chengxin.site.actions.keys import destroy, person_of
    from chengxin.site.actions.verifying import by_number
    from chengxin.site.store import log

    place = ordered(cast)
    (kept,) = (held.folder / "reports").iterdir()
    before = kept.read_bytes()
    destroy(held, person_of(held, NUMBER), "office", "测试销毁", OWNER[0])
    assert not kept.exists()
    kept.write_bytes(before)  # as a copy of the disk would have it
    for end in ("", "baogao.pdf", "baogao.json"):
        assert MINE.encode() not in cast("citizen").get(place + end).content
    type(row()).objects.update(kept=True)
    assert "已经销毁" in text(cast("citizen").get(place + "baogao.pdf"), 400)
    answer = cast("citizen").post("/wode/baogao/chuju/", ORDER, follow=True)
    assert "已经销毁" in text(answer)
    assert type(row()).objects.count() == 1
    assert by_number(row().number).state == "genuine"
    assert log.verify(held.keys) == []


def test_the_office_withdraws_it_by_the_number_that_it_is_told(held: Any, stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store import log
    from chengxin.site.store.models import Proposal

    place = ordered(cast)
    issued_in = (row().change_set, row().place_in_set)
    told = {"number": row().number, "reason": "出具有误，主体代码写错了一位"}
    page = text(cast("office").post("/xinyongban/baogao/chexiao/", told, follow=True))
    assert "自然人本人" in page and "等第二人复核" in page and "citizen" not in page
    second = f"/xinyongban/fuhe/{Proposal.objects.get().id.hex}/"
    assert "这份报告已经撤销" in text(cast("colleague").post(second, {"do": "yes"}, follow=True))
    page = stranger.get(f"/verify/{row().number}/")
    assert "已撤销这份报告" in page and "出具有误" not in page
    assert "出具有误" in text(cast("citizen").get(place))
    assert (row().change_set, row().place_in_set) == issued_in
    assert log.verify(held.keys) == []


def test_of_whom_nothing_is_held_is_told_so(stranger: Stranger, cast: Cast) -> None:
    for address in ("/wode/", "/wode/baogao/"):
        assert "没有关于您本人的信息" in text(cast("citizen").get(address))
    assert cast("citizen").post("/wode/baogao/chuju/", ORDER, follow=True).status_code == 200


def test_the_file_page_of_a_person_shows_what_is_held_and_no_public_page(held: Any, cast: Cast) -> None:
    page = main_of(text(cast("citizen").get("/wode/")))
    assert MINE in page and MINOR in page and THEIRS not in page
    assert "/subjects/" not in page and "<dt>统一社会信用代码" not in page


def test_an_account_of_a_person_speaks_for_nobody_else(stranger: Stranger) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account
    from chengxin.values.errors import Refused
    from tests.site.conftest import code_of

    for roles, code in (([Role.SUBJECT], code_of(1)), ([Role.OFFICE], "")):
        with pytest.raises(Refused, match="person"):
            add_account(New("nobody", "测试", roles, None, code, person="t" * 22), "made-up-for-tests-7", COMMAND_LINE)


def test_the_account_is_made_from_a_number_that_is_read_checked_and_not_kept(
    held: Any, monkeypatch: pytest.MonkeyPatch, quick_hash: None
) -> None:
    from typer.testing import CliRunner

    from chengxin.cli.main import app
    from chengxin.intake.identity import token
    from chengxin.site.store.models import Account

    command = [
        "accounts",
        "add",
        "ding",
        "--name",
        "测试丁",
        "--role",
        "subject",
        "--person",
        "--site",
        str(held.folder),
    ]
    wrong = CliRunner().invoke(app, command, input=NUMBER[:-1] + "0\n")
    assert wrong.exit_code != 0 and not Account.objects.exists()
    made = CliRunner().invoke(app, command, input=NUMBER + "\n")
    assert made.exit_code == 0 and NUMBER not in made.output
    account = Account.objects.get()
    assert (account.person, account.organisation) == (token(held.keys.token, NUMBER), "")


def test_a_demonstration_has_an_account_of_a_person(held: Any, quick_hash: None) -> None:
    from chengxin.site.actions.demo_accounts import make_demo_accounts
    from chengxin.site.store.models import Identifier

    (one,) = (d.account for d in make_demo_accounts(held) if d.account.login == "geren")
    assert Identifier.objects.filter(kind="person", value=one.person).exists()
