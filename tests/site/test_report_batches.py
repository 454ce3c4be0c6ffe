"""Reports for a list: nobody is guessed, nobody gets two, and a killed worker's batch goes on where it ended."""

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from chengxin.values.text import IDENTITY_MASK
from tests.site.conftest import NUMBER, Cast, Stranger, code_of, fined, firm, registered
from tests.site.test_inert import cells_of, inert
from tests.site.work import shown, text, work

PLACE = "/xinyongban/baogao/piliang/"
ORDER = {"form": "standard", "purpose": "funds", "matter": "示例项目资格核查", "language": "zh"}


@pytest.fixture
def office(stranger: Stranger, cast: Cast) -> Any:
    stranger.desk.send("registration", [registered(n) for n in range(1, 6)])
    stranger.desk.send("penalty", [fined(1, "一号"), fined(2, "二号")])
    return cast("office")


def pasted(office: Any, lines: list[str], **more: str) -> str:
    """The address of the batch, once its list was looked up."""
    answer = office.post(f"{PLACE}zhantie/", ORDER | {"list": "\n".join(lines)} | more)
    assert answer.status_code == 302, text(answer)
    work()
    return str(answer.headers["Location"])


def confirmed(office: Any, batch: str) -> str:
    assert office.post(f"{batch}queren/").status_code == 302
    work()
    return text(office.get(batch))


def files(office: Any, batch: str) -> dict[str, bytes]:
    answer = office.get(f"{batch}baogao.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def rows(told: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"))))


def test_each_row_is_told_what_it_came_to_and_nobody_is_guessed(office: Any) -> None:
    lines = [
        code_of(1), f"{firm(2)}", f"{code_of(3)},{firm(3)}", f"{code_of(4)},{firm(5)}", code_of(9), f"{firm(5)[:-4]}",
        NUMBER, f"{code_of(1)}\t{firm(1)}", "",
    ]  # fmt: skip
    batch = pasted(office, lines)
    page = text(office.get(batch))
    assert NUMBER not in page and IDENTITY_MASK in page
    assert "确认出具 3 份" in page
    states = [row["状态 State"] for row in rows(office.get(f"{batch}mingdan.csv").content)]
    found = "尚未出具"
    assert states[:5] == [found, found, found, "拿不准", "没有找到"]
    assert states[5] in ("拿不准", "没有找到") and states[6:] == ["自然人", "重复"]


def nearly(number: str) -> str:
    """The same with a wrong check character."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


@pytest.mark.parametrize(
    "line",
    [
        f"测试丁 {NUMBER}", f"{NUMBER} 测试丁", f"测试丁({NUMBER})", f"测试丁（{NUMBER}）", f"测试丁,{NUMBER}",
        nearly(NUMBER), f"测试丁 {nearly(NUMBER)}", NUMBER[:-1], f"{NUMBER}0", f"{NUMBER[:10]}13{NUMBER[12:]}",
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} 测试丁",
    ],
)  # fmt: skip
def test_of_a_person_on_a_list_neither_number_nor_name_is_kept_or_shown(
    stranger: Stranger, office: Any, line: str
) -> None:
    from chengxin.site.actions.report_batches import rows_of
    from chengxin.site.store.models import Job

    batch = pasted(office, [code_of(1), line])
    told = text(office.get(batch)) + office.get(f"{batch}mingdan.csv").content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(f"{batch}mingdan.xlsx").content)).active
    told += str(list(sheet.values)) + str(rows_of(stranger.desk.site, Job.objects.get()))
    assert "测试丁" not in told and NUMBER[6:12] not in told
    assert [row["状态 State"] for row in rows(office.get(f"{batch}mingdan.csv").content)] == ["尚未出具", "自然人"]
    again = text(office.post(f"{PLACE}zhantie/", ORDER | {"list": f"{firm(1)}\n{line}", "matter": ""}))
    assert firm(1) in again and NUMBER[6:12] not in again  # what was typed comes back without it


def test_a_sheet_with_a_mistyped_number_of_a_person_keeps_neither_it_nor_the_name(office: Any) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["信用代码", "企业名称"], [nearly(NUMBER), "测试丁"], ["", f"测试丁{NUMBER}"], [code_of(1), firm(1)]):
        book.active.append(row)
    book.save(stream)
    stream.seek(0)
    stream.name = "名单.xlsx"
    batch = str(office.post(f"{PLACE}shangchuan/", ORDER | {"file": stream}).headers["Location"])
    work()
    told = office.get(f"{batch}mingdan.csv").content
    assert [row["状态 State"] for row in rows(told)] == ["自然人", "自然人", "尚未出具"]
    assert "测试丁" not in told.decode() and NUMBER[6:12] not in told.decode()


def test_confirmed_each_gets_one_sealed_report_with_its_look_and_one_change_set(office: Any) -> None:
    from chengxin.site.actions.verifying import by_file
    from chengxin.site.store.models import ChangeSet, Look, Report

    batch = pasted(office, [code_of(1), code_of(2), code_of(1)])
    assert Report.objects.count() == 0  # nothing before it is confirmed
    assert "下载 2 份报告" in confirmed(office, batch)
    looks = Look.objects.filter(outlet="office.report")
    assert {(one.who, one.case_number, one.subject is None) for one in looks} == {("office", ORDER["matter"], False)}
    inside = files(office, batch)
    told = rows(inside.pop("table.csv"))
    assert sorted(inside) == sorted(f"{code_of(n)}.pdf" for n in (1, 2))
    assert {by_file(file).state for file in inside.values()} == {"genuine"}
    numbers = {row["报告编号 Number"] for row in told} - {""}
    assert numbers == set(Report.objects.values_list("number", flat=True)) and len(numbers) == 2
    assert [row["核验地址 To be verified at"].startswith("http://localhost/verify/") for row in told[:2]] == [
        True,
        True,
    ]
    assert [c.events for c in ChangeSet.objects.filter(kind="report")] == [2]
    assert Look.objects.filter(outlet="office.reports_file").count() == 2  # the download: each of the two is told
    assert office.post(f"{batch}queren/", follow=True).status_code == 200
    work()
    assert Report.objects.count() == 2  # confirmed again: nothing more


def test_a_sheet_is_read_by_its_headings_without_what_is_hidden_and_its_table_runs_nothing(office: Any) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["序号", "信用代码", "企业名称"], [1, code_of(1), firm(1)], [2, code_of(2), None], [3, "", "=1+1"]):
        book.active.append(row)
        book.active.cell(book.active.max_row, 3).data_type = "s"
    book.active.row_dimensions[3].hidden = True
    book.save(stream)
    stream.seek(0)
    stream.name = "名单.xlsx"
    answer = office.post(f"{PLACE}shangchuan/", ORDER | {"file": stream})
    assert answer.status_code == 302, text(answer)
    work()
    batch = str(answer.headers["Location"])
    assert "确认出具 1 份" in text(office.get(batch))
    states = [row["状态 State"] for row in rows(office.get(f"{batch}mingdan.csv").content)]
    assert states == ["尚未出具", "隐藏行", "没有找到"]
    inert(office.get(f"{batch}mingdan.csv"))
    inert(office.get(f"{batch}mingdan.xlsx"))
    confirmed(office, batch)
    assert not [c for c in cells_of(files(office, batch)["table.csv"]) if c.startswith("=")]


def test_a_killed_worker_goes_on_and_nobody_gets_two(
    stranger: Stranger, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import jobs, report_batches, reports
    from chengxin.site.store.models import Report

    batch = pasted(office, [code_of(n) for n in range(1, 6)])
    monkeypatch.setattr(report_batches, "TOGETHER", 2)
    sealing, done = reports._sealed, []

    def dies(*given: Any) -> Any:
        if len(done) == 3:  # the log knows of the fourth already
            raise SystemExit
        done.append(given)
        return sealing(*given)

    with monkeypatch.context() as patched:
        patched.setattr(reports, "_sealed", dies)
        office.post(f"{batch}queren/")
        work()
    assert sorted(Report.objects.values_list("file", flat=True)).count("") == 1
    numbers = set(Report.objects.values_list("number", flat=True))
    page = text(office.get(batch))
    assert "进行中" in page and "已出具 3 / 5 份" in shown(page)
    assert jobs.take_up(stranger.desk.site) == 1
    work()
    assert "下载 5 份报告" in text(office.get(batch))
    assert Report.objects.count() == 5 and not Report.objects.filter(file="").exists()
    assert numbers < set(Report.objects.values_list("number", flat=True))  # the fourth kept its number


def test_what_can_t_be_made_again_to_the_byte_gets_another_number_and_the_first_stays_unknown(
    stranger: Stranger, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import jobs, reports
    from chengxin.site.actions.verifying import by_number
    from chengxin.site.store.models import Report

    batch = pasted(office, [code_of(1)])

    def dies(*given: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(reports, "_sealed", dies)
        office.post(f"{batch}queren/")
        work()
    Report.objects.update(content="0" * 64)
    jobs.take_up(stranger.desk.site)
    work()
    broken, whole = Report.objects.order_by("change_set")
    assert (by_number(broken.number).state, by_number(whole.number).state) == ("unknown", "genuine")
    assert list(files(office, batch)) == [f"{code_of(1)}.pdf", "table.csv"] or len(files(office, batch)) == 2


def test_a_stopped_batch_says_what_is_missing_and_goes_on(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import report_batches
    from chengxin.site.store.models import Job, Report

    batch = pasted(office, [code_of(n) for n in range(1, 5)])
    monkeypatch.setattr(report_batches, "TOGETHER", 2)
    issuing = report_batches.issue_together

    def stopped(*given: Any) -> Any:
        office.post(f"{batch}tingzhi/")
        return issuing(*given)

    with monkeypatch.context() as patched:
        patched.setattr(report_batches, "issue_together", stopped)
        page = confirmed(office, batch)
    assert Job.objects.get().state == "stopped" and "还有 2 份没有出具" in page
    assert "下载 2 份报告" in page  # what is out can be had
    assert "下载 4 份报告" in confirmed(office, batch)
    assert Report.objects.count() == 4


def test_a_colleague_sees_a_batch_and_decides_nothing_in_it(office: Any, cast: Cast) -> None:
    batch = pasted(office, [code_of(1)])
    assert "确认出具" not in text(cast("colleague").get(batch))
    assert cast("colleague").post(f"{batch}queren/").status_code == 404
    assert cast("auditor").get(batch).status_code == 403


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"matter": " "}, "请写明办理事项"),
        ({"purpose": "nothing"}, "请选择用途"),
        ({"form": "special"}, "请选择起止日期"),
        ({"list": " "}, "请粘贴名单"),
    ],
)
def test_an_order_that_can_t_be_is_refused_and_what_was_typed_stays(
    office: Any, more: dict[str, str], said: str
) -> None:
    answer = office.post(f"{PLACE}zhantie/", ORDER | {"list": f"{code_of(1)}\n{code_of(2)}"} | more)
    page = text(answer)
    assert answer.status_code == 422 and said in page
    assert "list" in more or f"{code_of(1)}\n{code_of(2)}" in page


def test_a_sheet_without_headings_says_what_they_may_be(office: Any) -> None:
    from chengxin.site.store.models import Kept

    stream = io.BytesIO("甲,乙\n1,2\n".encode())
    stream.name = "名单.csv"
    batch = office.post(f"{PLACE}shangchuan/", ORDER | {"file": stream}).headers["Location"]
    work()
    assert "没有找到表头" in text(office.get(batch))
    assert not Kept.objects.filter(job__isnull=False).exists()  # what can't be read is not kept either


def test_a_pasted_list_that_is_too_long_is_refused_at_once(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import report_batches, report_lists
    from chengxin.site.store.models import Job

    for place in (report_batches, report_lists):
        monkeypatch.setattr(place, "MOST", 3)
    answer = office.post(f"{PLACE}zhantie/", ORDER | {"list": "\n".join(code_of(n) for n in range(1, 5))})
    assert answer.status_code == 422 and "名单应有 1 到 3 行" in text(answer)
    assert Job.objects.count() == 0
    assert "确认出具 3 份" in text(office.get(pasted(office, [code_of(n) for n in range(1, 4)])))


def test_a_list_without_a_row_is_told_so_and_of_no_nil_return(office: Any) -> None:
    stream = io.BytesIO("统一社会信用代码,企业名称\n".encode())
    stream.name = "名单.csv"
    batch = office.post(f"{PLACE}shangchuan/", ORDER | {"file": stream}).headers["Location"]
    work()
    page = text(office.get(batch))
    assert "名单是空的" in page and "零报送" not in page
    assert "名单是空的" in text(office.post(f"{PLACE}zhantie/", ORDER | {"list": ",\n、"}))


def test_what_is_kept_of_a_batch_is_destroyed_with_it(stranger: Stranger, office: Any) -> None:
    from datetime import timedelta

    from chengxin.site.actions import jobs
    from chengxin.site.store.models import Job, Kept

    batch = pasted(office, [code_of(1)])
    confirmed(office, batch)
    assert {kept.what for kept in Kept.objects.filter(job__isnull=False)} == {"rows"}
    (place,) = [
        p
        for p in (stranger.desk.site.folder / "kept").iterdir()
        if p.name in {k.id.hex for k in Kept.objects.filter(what="rows")}
    ]
    assert firm(1).encode() not in place.read_bytes() and code_of(1).encode() not in place.read_bytes()
    Job.objects.update(changed_at=Job.objects.get().changed_at - timedelta(days=stranger.desk.site.about.keep_days + 1))
    jobs.prune(stranger.desk.site)
    assert office.get(batch).status_code == 404 and not Kept.objects.filter(what="rows").exists()
