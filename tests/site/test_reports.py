"""Reports of a site: what is issued is what the subject sees, bound by the log, kept sealed, and can be composed again."""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.conftest import cases_of
from tests.site.conftest import DAY, OWNER, Cast, Stranger, code_of, fined, firm, on, registered


@pytest.fixture
def filled(stranger: Stranger) -> Any:
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "一号"), fined(1, "二号"), fined(2, "三号")])
    return stranger.desk.site


def asked_as(code: str = code_of(1)) -> Any:
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.standards.load import load_catalogue

    at = place()
    return Asked(outlet_named("subject.report"), at, load_catalogue(at.day), "own_access", who=Who("company"))


def issued(site: Any, code: str = code_of(1), form: str = "standard", **more: Any) -> Any:
    from chengxin.reports.compose import Order
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue

    asked = asked_as()
    return issue(site, asked, group_of(asked, code), Order(form, "tender", **more))


def documents(told: Any) -> list[str]:
    return sorted(i.document for c in told.chapters for s in c.sections for i in s.items if i.resource == "penalty")


def test_a_report_holds_what_is_published_of_its_subject_and_of_nobody_else(filled: Any) -> None:
    made = issued(filled)
    assert documents(made.told) == ["一号", "二号"]
    assert made.told.subject.code == code_of(1)
    assert "三号" not in "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(made.file)).pages)


def test_the_log_holds_its_issue_and_the_proof_is_inside(filled: Any) -> None:
    from chengxin.reports.paper import JSON_NAME, PROOF_NAME
    from chengxin.reports.proof import proves
    from chengxin.site.store import log

    made = issued(filled)
    inside = pypdf.PdfReader(io.BytesIO(made.file)).attachments
    content, proof = (bytes(inside[name][0]) for name in (JSON_NAME, PROOF_NAME))
    key = filled.keys.log.verifier
    assert proves(proof, content, key)
    assert not proves(proof, content.replace("一号".encode(), "九号".encode()), key)
    assert [at for at in range(len(proof)) if proves(proof[:at] + b"!" + proof[at + 1 :], content, key)] == []
    assert log.verify(filled.keys) == []


def test_the_kept_file_is_the_one_that_was_issued_and_lies_encrypted(filled: Any) -> None:
    from chengxin.site.actions.keys import rotate
    from chengxin.site.actions.reports import file_of
    from chengxin.site.folder import open_site
    from chengxin.site.store.models import Report

    made = issued(filled)
    (kept,) = (filled.folder / "reports").iterdir()
    assert b"%PDF" not in kept.read_bytes()
    rotate(filled)
    row = Report.objects.get()
    assert file_of(open_site(filled.folder), row) == made.file


def test_a_report_whose_making_broke_off_hinders_no_change_of_keys(
    filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import reports
    from chengxin.site.actions.keys import rotate
    from chengxin.site.actions.verifying import by_number
    from chengxin.site.store.models import Report

    def broken(*_: Any) -> bytes:
        raise OSError("no place left")

    with monkeypatch.context() as during:
        during.setattr(reports, "sealed", broken)
        with pytest.raises(OSError, match="no place left"):
            issued(filled)
    made = issued(filled)
    rotate(filled)
    assert Report.objects.exclude(wrapped_by="").count() == 1
    assert by_number(Report.objects.get(file="").number).state == "unknown"
    assert by_number(made.row.number).state == "genuine"


def test_a_kept_file_that_was_changed_is_not_handed_out(filled: Any) -> None:
    from chengxin.site.actions.reports import file_of
    from chengxin.values.errors import Refused

    made = issued(filled)
    (kept,) = (filled.folder / "reports").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    with pytest.raises(Refused, match="kept-changed"):
        file_of(filled, made.row)


def test_after_its_days_the_file_is_gone_and_the_number_is_still_known(filled: Any) -> None:
    from chengxin.site.actions.reports import KEEP_DAYS, file_of, sweep
    from chengxin.site.actions.verifying import by_number
    from chengxin.values.errors import Refused

    made = issued(filled)
    assert sweep(filled, DAY + timedelta(days=KEEP_DAYS)) == 0
    assert sweep(filled, DAY + timedelta(days=KEEP_DAYS + 1)) == 1
    made.row.refresh_from_db()
    with pytest.raises(Refused, match="not-kept"):
        file_of(filled, made.row)
    assert by_number(made.row.number).state == "genuine"
    assert list((filled.folder / "reports").iterdir()) == []


def test_a_report_of_a_day_can_be_composed_again_whatever_came_since(stranger: Stranger, filled: Any) -> None:
    from chengxin.reports.report import as_json
    from chengxin.reports.seal import digest_of
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.recall import take_back
    from chengxin.site.actions.reports import replayed
    from chengxin.site.store.models import Submission

    made = issued(filled)
    stranger.desk.send("penalty", [fined(1, "四号")])
    take_back(
        filled, Submission.objects.filter(resource="penalty").order_by("received_at")[0], "测试审查员乙", "报错了"
    )
    now = issued(filled)
    assert documents(now.told) == ["四号"]
    asked = asked_as()
    then = replace(asked, at=replace(asked.at, included=made.row.included, committed=made.row.committed))
    again = replayed(then, group_of(then, code_of(1)), made.row, made.told.issue)
    assert as_json(again) == as_json(made.told)
    assert digest_of(as_json(again)) == made.row.content


@pytest.fixture
def moving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue in which the standard form has another version from 2027 on; the file of the forms."""
    from chengxin.standards import load

    root = tmp_path / "catalogue"
    shutil.copytree(load.shipped_catalogue(), root)
    forms = root / "cn" / "reports.yaml"
    told = forms.read_text("utf-8")
    first = told[told.index("  standard-2022:") : told.index("  special-2023:")]
    ended = first.replace("since: 2022-09-07", "since: 2022-09-07\n    until: 2026-12-31")
    second = first.replace("standard-2022:", "standard-2027:", 1).replace("since: 2022-09-07", "since: 2027-01-01")
    forms.write_text(told.replace(first, ended + second.replace("公共信用信息报告（", "改版的信用报告（")), "utf-8")
    with monkeypatch.context() as during:
        during.setattr(load, "shipped_catalogue", lambda: root)
        load._as_read.cache_clear()
        yield forms
    load._as_read.cache_clear()


def test_a_report_is_composed_again_on_a_later_day_by_the_rules_of_its_own(
    filled: Any, moving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.reports.report import as_json
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import replayed
    from chengxin.site.actions.verifying import by_number
    from chengxin.standards.load import load_catalogue

    made = issued(filled)
    on(monkeypatch, date(2027, 2, 1))
    now = issued(filled)
    assert (made.told.form, now.told.form) == ("standard-2022", "standard-2027")
    assert "改版" in now.told.form_title.zh and "改版" not in made.told.form_title.zh
    asked = asked_as()
    at = replace(asked.at, day=made.row.day, included=made.row.included, committed=made.row.committed)
    then = replace(asked, at=at, catalogue=load_catalogue(made.row.day))
    again = replayed(then, group_of(then, code_of(1)), made.row, made.told.issue)
    assert as_json(again) == as_json(made.told)
    told = by_number(made.row.number)
    assert told.form == made.told.form_title and told.newer  # another version of the form says something else


def test_minor_records_are_in_the_file_of_the_subject_and_in_no_report(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "一号"), fined(1, "轻微号") | {"X_SX_DJ": "轻微"}])
    made = issued(stranger.desk.site)
    assert documents(made.told) == ["一号"]


def test_a_site_in_service_without_a_seal_issues_nothing(filled: Any) -> None:
    from chengxin.site.store.models import ChangeSet, Report
    from chengxin.values.errors import Refused

    service = replace(filled, about=type(filled.about)("test.example/log", demo=False))
    before = ChangeSet.objects.count()
    with pytest.raises(Refused, match="no-seal"):
        issued(service)
    assert (Report.objects.count(), ChangeSet.objects.count()) == (0, before)


def test_numbers_agree_on_page_data_and_paper(filled: Any) -> None:
    from chengxin.reports.paper import JSON_NAME
    from chengxin.reports.report import from_json

    made = issued(filled)
    pdf = pypdf.PdfReader(io.BytesIO(made.file))
    assert from_json(bytes(pdf.attachments[JSON_NAME][0])) == made.told
    text = "".join("".join(p.extract_text().split()) for p in pdf.pages)
    for count in made.told.counts:
        assert f"{count.title.zh}{count.number}" in text


def test_the_special_report_asks_for_a_period(filled: Any) -> None:
    from chengxin.values.errors import Refused

    made = issued(filled, form="special", since=date(2026, 1, 1), until=DAY)
    assert documents(made.told) == ["一号", "二号"]
    assert documents(issued(filled, form="special", since=date(2022, 1, 1), until=date(2022, 2, 1)).told) == []
    with pytest.raises(Refused, match="period"):
        issued(filled, form="special")


def test_one_act_under_two_codes_of_one_subject_stands_once(stranger: Stranger) -> None:
    from chengxin.site.actions.merges import merge

    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "同一号"), fined(2, "同一号"), fined(2, "另一号")])
    merge(stranger.desk.site, code_of(2), code_of(1), "office", "同一主体")
    made = issued(stranger.desk.site)
    assert documents(made.told) == sorted(["同一号", "另一号"])
    assert made.told.subject.same_codes == (code_of(2),)


def test_permits_of_one_document_are_each_in_the_report_also_of_two_codes_judged_one(stranger: Stranger) -> None:
    from chengxin.site.actions.merges import merge

    body = {"XK_XKJG": OWNER[1], "XK_XKJGDM": OWNER[0], "XK_LYDW": OWNER[1], "XK_LYDWDM": OWNER[0]}
    base = cases_of("permit")["base"] | body
    own = {"XK_XDR_MC": firm(1), "XK_XDR_SHXYM": code_of(1)}
    numbers = ["示许1", "示许2", "示许3"]
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("permit", [base | own | {"XK_XKBH": number} for number in numbers])
    told = issued(stranger.desk.site).told
    assert sum(i.resource == "permit" for c in told.chapters for s in c.sections for i in s.items) == 3
    assert (stranger.desk.file(1).records["resource"] == "permit").sum() == 3

    other = {"XK_XDR_MC": firm(2), "XK_XDR_SHXYM": code_of(2)}
    stranger.desk.send("permit", [base | other | {"XK_XKBH": numbers[0]}])
    merge(stranger.desk.site, code_of(2), code_of(1), "office", "同一主体")
    told = issued(stranger.desk.site).told
    assert sum(i.resource == "permit" for c in told.chapters for s in c.sections for i in s.items) == 3


def test_the_independent_verifier_needs_only_what_is_attached(filled: Any, tmp_path: Path) -> None:
    from chengxin.reports.paper import JSON_NAME, PROOF_NAME
    from chengxin.reports.seal import attached
    from tests.audit.made import VERIFIER

    inside = attached(issued(filled).file)
    content, text = inside[JSON_NAME], inside[PROOF_NAME]

    def says(content: bytes, text: bytes, key: str = str(filled.keys.log.verifier)) -> tuple[int, str]:
        (tmp_path / "report.json").write_bytes(content)
        (tmp_path / "report.tlog-proof").write_bytes(text)
        command = [
            sys.executable,
            "-I",
            str(VERIFIER.parent / "report.py"),
            "report.json",
            "report.tlog-proof",
            "--key",
            key,
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    code, said = says(content, text)
    assert (code, "是这份报告的出具" in said) == (0, True), said
    wrong = [(content[:-1] + b" ", text), (content, b""), (b"", text), (content, text[:-3])]
    wrong += [(content, text[:at] + b"!" + text[at + 1 :]) for at in range(0, len(text), len(text) // 6)]
    for one in wrong:
        code, said = says(*one)
        assert code == 1 and "FAIL" in said and "Traceback" not in said
    assert says(content, text, str(filled.keys.log.verifier)[:-4] + "AAA=")[0] == 1
