"""A file from the form to the registers: checked, mended, sent, reviewed; and what is refused on the way."""

import io
import re
from typing import Any

import pytest

from tests.site.conftest import NUMBER, PERSON, Cast, Stranger, code_of, fined, on, registered
from tests.site.work import as_csv, checked, landed, sent, shown, signed, text, upload, work

FINE = fined(1, "示例字〔2026〕1号")


def test_a_good_file_goes_from_the_form_to_the_public_page(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    waiting = text(cast("clerk").get(address))
    assert 'http-equiv="refresh"' in waiting and "排队等候" in waiting
    work()
    page = text(cast("clerk").get(address))
    assert "确认报送 1 行" in page and 'http-equiv="refresh"' not in page
    cast("clerk").post(f"{address}queren/")
    work()
    receipt = landed(cast("clerk"), address)
    assert "待保密审查" in text(cast("clerk").get(receipt))
    assert "示例字〔2026〕1号" not in stranger.page(1)
    page = signed(cast("reviewer"), receipt)
    assert "已生效" in page and "测试审查员乙（reviewer）" in page
    assert "示例字〔2026〕1号" in stranger.page(1)


@pytest.mark.parametrize("length", [90, 300])
def test_a_long_name_of_a_file_is_cut_for_the_disk_and_keeps_its_kind(
    stranger: Stranger, cast: Cast, length: int
) -> None:
    stranger.desk.send("registration", [registered(1)])
    address = upload(cast("clerk"), "penalty", as_csv([FINE]), f"{'长' * length}.csv")
    work()
    page = text(cast("clerk").get(address))
    assert "确认报送 1 行" in page and "长.csv" in page
    cast("clerk").post(f"{address}queren/")
    work()
    assert "长.csv" in text(cast("clerk").get(landed(cast("clerk"), address)))


def test_faults_are_counted_listed_and_handed_back(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    address, page = checked(cast("clerk"), "penalty", [FINE, fined(1, "示例字〔2026〕2号", CF_JDRQ="2026年13月")])
    assert "确认报送可接收的 1 行" in page and "CF_JDRQ" in page
    book = cast("clerk").get(f"{address}pizhu.xlsx")
    assert book.status_code == 200 and book.content.startswith(b"PK")
    listed = cast("clerk").get(f"{address}wenti.csv").content.decode("utf-8-sig")
    assert listed.startswith("row,column,rule") and ",CF_JDRQ," in listed
    assert cast("clerk").get(f"{address}?rule=penalty.CF_JDRQ.date&page=9").status_code == 200


def test_what_is_mended_on_the_page_is_judged_again_and_sent(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    address, _ = checked(cast("clerk"), "penalty", [FINE, fined(1, "示例字〔2026〕2号", CF_JDRQ="2026年13月")])
    page = text(cast("clerk").get(f"{address}xiugai/"))
    assert "第 3 行" in page and 'name="0-3-CF_JDRQ" value="2026年13月"' in page and "0-2-" not in page
    cast("clerk").post(f"{address}xiugai/", {"0-3-CF_JDRQ": "2026年14月"})
    work()
    assert "确认报送可接收的 1 行" in text(cast("clerk").get(address))  # still wrong: the same rules
    cast("clerk").post(f"{address}xiugai/", {"0-3-CF_JDRQ": "2026-03-06", "0-2-CF_WSH": "not shown, so not taken"})
    work()
    assert "确认报送 2 行" in text(cast("clerk").get(address))
    cast("clerk").post(f"{address}queren/")
    work()
    receipt = landed(cast("clerk"), address)
    assert "2 处" in text(cast("clerk").get(receipt))
    signed(cast("reviewer"), receipt)
    assert stranger.desk.documents(1) == ["示例字〔2026〕1号", "示例字〔2026〕2号"]


def test_all_that_is_wrong_with_a_cell_stands_at_the_cell(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    told = "当事人身份证号" + NUMBER + "，电话" + "13800" + "138000" + "，事实清楚。"
    address, _ = checked(cast("clerk"), "penalty", [FINE, fined(1, "示例字〔2026〕2号", CF_SY=told)])
    page = text(cast("clerk").get(f"{address}xiugai/"))
    reasons = re.findall(r'id="(e0-3-CF_SY-[0-9])">([^<]+)<', page)
    assert len(reasons) == 2 and "证件" in "".join(w for _, w in reasons) and "电话" in "".join(w for _, w in reasons)
    assert f'aria-describedby="{reasons[0][0]} {reasons[1][0]}"' in page


def test_suggestions_are_taken_one_by_one_or_all_of_a_kind(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1), registered(2)])
    wrong = [fined(n, f"示例字〔2026〕{n}{k}号", CF_XDR_SHXYM=code_of(n)[:-1] + "*") for n in (1, 2) for k in (1, 2)]
    address, page = checked(cast("clerk"), "penalty", wrong)
    page = text(cast("clerk").get(f"{address}xiugai/"))
    assert f"用建议：{code_of(1)}" in page and "4 处有同一类建议" in page
    cast("clerk").post(f"{address}xiugai/", {"take-0-2-CF_XDR_SHXYM": "yes", "0-2-CF_XDR_SHXYM": "left as it was"})
    work()
    assert "确认报送可接收的 1 行" in text(cast("clerk").get(address))
    rule = re.findall(r'name="rule" value="([^"]+)"', text(cast("clerk").get(f"{address}xiugai/")))
    cast("clerk").post(f"{address}xiugai/", {"rule": rule[0]})
    work()
    assert "确认报送 4 行" in text(cast("clerk").get(address))


def test_before_a_whole_list_hides_anything_clerk_office_and_reviewer_are_told_how_much(
    stranger: Stranger, cast: Cast
) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, f"示例字〔2026〕{n}号") for n in range(1, 4)])
    address, page = checked(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕9号")], mode="full")
    assert "本单位有效的 3 条行政处罚，有 3 条不在这份文件中" in page and "信用办核实" in page
    assert "，3 条不再显示</button>" in page
    cast("clerk").post(f"{address}queren/")
    work()
    receipt = landed(cast("clerk"), address)
    assert "暂存待核" in text(cast("clerk").get(receipt)) and "3 条不在其中" in text(cast("clerk").get(receipt))
    identity = receipt.rstrip("/").rpartition("/")[2]
    cast("office").post(f"/xinyongban/zancun/{identity}/", {"do": "release", "reason": "已电话核实"})
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕3号", X_CX_BJ="撤销：原决定已撤销")], source_order=1)
    review = f"/bumen/shencha/{identity}/"
    cast("reviewer").post(review, {"do": "sign", "looked": "yes", "gone": "3"})  # what was shown before the withdrawal
    page = text(cast("reviewer").get(review))
    assert "与您看过的数目不同了" in page and 'name="gone" value="2"' in page
    assert "本单位有效的 2 条行政处罚，有 2 条不在这份文件中" in page  # as things stand when it is signed
    assert "示例字〔2026〕9号" in page
    assert "2 条" in shown(page) and "全量" in text(cast("reviewer").get("/bumen/shencha/"))
    assert "全量中缺失 2" in shown(signed(cast("reviewer"), receipt, gone="2"))  # just as many as was said
    page = shown(text(cast("clerk").get("/bumen/xinxi/")))
    assert page.count("全量中缺失 ") == 2 and "示例字〔2026〕1号" in page  # what vanished is found by who sent it
    assert "示例字〔2026〕1号" not in text(cast("neighbour").get("/bumen/xinxi/"))
    assert "示例字〔2026〕1号" not in stranger.page(1)


def test_a_whole_list_that_leaves_out_little_is_told_and_not_held(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    rows = [fined(1, f"示例字〔2026〕{n}号") for n in range(1, 4)]
    stranger.desk.send("penalty", rows)
    _, page = checked(cast("clerk"), "penalty", rows, mode="full")
    assert "3 条行政处罚都在这份文件中" in page and "不再显示</button>" not in page
    receipt = sent(cast("clerk"), "penalty", rows[:2], mode="full")
    assert "待保密审查" in text(cast("clerk").get(receipt))
    assert "有 1 条不在这份文件中" in text(cast("reviewer").get(receipt.replace("pici", "shencha")))


def test_a_file_sent_before_says_so_and_doubles_nothing(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    first = sent(cast("clerk"), "penalty", [FINE])
    address, page = checked(cast("clerk"), "penalty", [FINE])
    assert "此前已报送过" in page and first in page
    cast("clerk").post(f"{address}queren/")
    work()
    assert landed(cast("clerk"), address) == first


def test_unknown_headings_are_asked_once_and_remembered(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    strange = {("处罚日子" if k == "CF_JDRQ" else k): v for k, v in FINE.items()}
    address, page = checked(cast("clerk"), "penalty", [strange])
    assert "处罚日子" in page and "没有可以接收的行" in page
    assert "处罚日子" in text(cast("clerk").get(f"{address}biaotou/"))
    cast("clerk").post(f"{address}biaotou/", {"h0": "CF_JDRQ"})
    work()
    assert "确认报送 1 行" in text(cast("clerk").get(address))
    _, page = checked(cast("clerk"), "penalty", [{**strange, "CF_WSH": "示例字〔2026〕3号"}])
    assert "确认报送 1 行" in page


def test_hidden_rows_are_asked_before_anything_is_sent(stranger: Stranger, cast: Cast) -> None:
    from openpyxl import Workbook

    stranger.desk.send("registration", [registered(1)])
    book = Workbook()
    book.active.append(list(FINE))
    for row in (FINE, fined(1, "示例字〔2026〕2号")):
        book.active.append(list(row.values()))
    book.active.row_dimensions[3].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    address = upload(cast("clerk"), "penalty", stream.getvalue(), "隐藏.xlsx")
    work()
    page = text(cast("clerk").get(address))
    assert "读取隐藏的行" in page and "确认报送" not in page
    cast("clerk").post(f"{address}queren/")
    assert "请先回答" in text(cast("clerk").get(address))
    cast("clerk").post(f"{address}yincang/", {"hidden": "read"})
    work()
    assert "确认报送 2 行" in text(cast("clerk").get(address))


def test_nobody_else_sees_or_moves_a_job(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    address, _ = checked(cast("clerk"), "penalty", [FINE, fined(1, "示例字〔2026〕2号", CF_JDRQ="2026年13月")])
    parts = ("", "xiugai/", "biaotou/", "pizhu.xlsx", "wenti.csv")
    for part in parts:
        assert cast("neighbour").get(address + part).status_code == 404
        assert stranger.client.get(address + part).status_code == 302
        assert cast("office").get(address + part).status_code == 403
    for part in ("tingzhi/", "queren/", "yincang/"):
        assert cast("neighbour").post(address + part).status_code == 404
        assert cast("reviewer").post(address + part).status_code == 403
    page = text(cast("reviewer").get(address))  # a colleague sees that it is under way, not what stands in it
    assert "由 clerk 处理" in page and "2026年13月" not in page
    for part in ("xiugai/", "pizhu.xlsx", "wenti.csv"):
        assert cast("reviewer").get(address + part).status_code == 403
    receipt = sent(cast("clerk"), "penalty", [FINE])
    assert cast("neighbour").get(receipt).status_code == 404
    assert cast("neighbour").get(f"{receipt}huizhi.pdf").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "空.csv", "文件是空的"),
        (b"%PDF-1.7 nothing", "a.pdf", "是 PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.xlsx", "图片"),
        (b"\x00" * 400, "a.csv", ""),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    stranger: Stranger, cast: Cast, content: bytes, name: str, said: str
) -> None:
    address = upload(cast("clerk"), "penalty", content, name)
    work()
    page = text(cast("clerk").get(address))
    assert (said in page and "重新上传" in page) or "文件是空的" in page


def test_a_giant_is_refused_while_it_comes_and_leaves_nothing(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site import arriving

    monkeypatch.setattr(arriving, "MOST", 100_000)
    address = upload(cast("clerk"), "penalty", b"a" * 200_000)
    assert address == "/bumen/baosong/penalty/" and "文件超过" in text(cast("clerk").get(address))
    assert list((stranger.desk.site.folder / "kept").glob("*")) == []
    address = upload(cast("clerk"), "penalty", b"a" * (2 << 20))  # says so itself
    assert "文件超过" in text(cast("clerk").get(address))


def test_a_body_has_so_many_files_under_way_and_no_more(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import uploads

    monkeypatch.setattr(uploads, "MOST_BUSY", 1)
    upload(cast("clerk"), "penalty", as_csv([FINE]))
    assert upload(cast("clerk"), "penalty", as_csv([FINE])) == "/bumen/baosong/penalty/"
    assert "请等一会再传" in text(cast("clerk").get("/bumen/baosong/penalty/"))
    assert upload(cast("neighbour"), "penalty", as_csv([FINE])).startswith("/bumen/renwu/")
    work()
    assert upload(cast("clerk"), "penalty", as_csv([FINE])).startswith("/bumen/renwu/")


def test_files_lie_sealed_and_go_when_they_are_sent(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    kept = stranger.desk.site.folder / "kept"
    before = set(kept.glob("*"))
    upload(cast("clerk"), "penalty", as_csv([FINE]))
    files = set(kept.glob("*")) - before
    assert files and all("示例字".encode() not in f.read_bytes() for f in files)
    work()
    sent(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕2号", CF_JDRQ="2026年13月"), FINE])
    from chengxin.site.store.models import Job, Kept

    done = Job.objects.get(state="done")
    assert not Kept.objects.filter(job=done).exists()
    assert {f.name for f in kept.glob("*")} == {k.id.hex for k in Kept.objects.all()}


def test_a_person_number_is_in_no_page_title_address_or_log(
    stranger: Stranger, cast: Cast, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    good = FINE | PERSON | {"CF_XDR_ZJHM": NUMBER}
    inside = fined(1, "示例字〔2026〕9号", CF_SY=f"当事人身份证号{NUMBER}", CF_JDRQ="x")
    wrong = good | {"CF_XDR_ZJHM": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "CF_WSH": "示例字〔2026〕8号"}
    address, page = checked(cast("clerk"), "penalty", [good, inside, wrong])
    pages = [page, *(text(cast("clerk").get(address + p)) for p in ("xiugai/", "wenti.csv", "biaotou/"))]
    cast("clerk").post(f"{address}queren/")
    work()
    receipt = landed(cast("clerk"), address)
    identity = receipt.split("/")[3]
    pages += [text(cast("clerk").get(receipt)), text(cast("reviewer").get(f"/bumen/shencha/{identity}/"))]
    pages += [text(cast("clerk").get("/bumen/wenti/")), text(cast("clerk").get(f"/bumen/wenti/{identity}/"))]
    pages += [signed(cast("reviewer"), receipt), address, receipt, caplog.text, *capfd.readouterr()]
    assert "测试丁" in pages[5]  # what the reviewer reviews
    for one in pages:
        assert NUMBER not in one and NUMBER[:17] not in one


def test_forms_without_their_mark_are_refused(stranger: Stranger, cast: Cast) -> None:
    from django.test import Client

    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.cookies = cast("clerk").cookies
    stream = io.BytesIO(b"a,b\n1,2\n")
    stream.name = "a.csv"
    assert strict.post("/bumen/baosong/penalty/shangchuan/", {"file": stream}).status_code == 403
    assert list((stranger.desk.site.folder / "kept").glob("*")) == []
    for part in ("lingbaogao/", "guize/"):
        assert strict.post(f"/bumen/baosong/penalty/{part}", {}).status_code == 403


def test_a_zero_report_is_signed_once_and_not_against_what_was_sent(stranger: Stranger, cast: Cast) -> None:
    def said(**form: str) -> str:
        cast("clerk").post("/bumen/baosong/permit/lingbaogao/", form)
        return shown(text(cast("clerk").get("/bumen/baosong/permit/")))

    period = {"since": "2026-03-01", "until": "2026-03-05"}
    assert "请勾选确认" in said(**period)
    assert "零报告已签" in said(**period, sign="yes")
    assert "已签过" in said(**period, sign="yes")
    assert "起止日期不对" in said(since="2026-03-01", until="2026-03-20", sign="yes")
    assert "看不懂" in said(since="三月", until="2026-03-20", sign="yes")
    assert "2026-03-16" in said()  # seven working days after the period
    sent(cast("clerk"), "penalty", [FINE])
    cast("clerk").post(
        "/bumen/baosong/penalty/lingbaogao/", {"since": "2026-03-10", "until": "2026-03-10", "sign": "yes"}
    )
    assert "不能作零报告" in text(cast("clerk").get("/bumen/baosong/penalty/"))


def test_a_zero_report_clears_its_own_days_and_no_arrears(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signed_for(since: str, until: str) -> str:
        form = {"since": since, "until": until, "sign": "yes"}
        cast("clerk").post("/bumen/baosong/penalty/lingbaogao/", form)
        return shown(text(cast("clerk").get("/bumen/baosong/penalty/")))

    stranger.desk.send("penalty", [FINE])  # on Tuesday 2026-03-10
    on(monkeypatch, "2026-05-29")
    page = signed_for("2026-05-29", "2026-05-29")
    assert "零报告已签" in page and "2026-03-11 至 2026-05-28 没有报送" in page and "已过" in page
    assert "沉默：已过期未报 青岛市即墨区市场监督管理局" in shown(text(cast("office").get("/xinyongban/jinri/")))
    assert 'value="2026-03-11"' in text(cast("clerk").get("/bumen/baosong/penalty/"))  # from where it goes on
    page = signed_for("2026-03-11", "2026-05-28")
    assert "没有报送" not in page and "已过" not in page
    assert "沉默：已过期未报 青岛市即墨区市场监督管理局" not in shown(text(cast("office").get("/xinyongban/jinri/")))


def test_only_what_the_body_reports_can_be_sent(stranger: Stranger, cast: Cast) -> None:
    for part in ("", "moban.xlsx", "guize/"):
        assert cast("clerk").get(f"/bumen/baosong/credit_grade/{part}").status_code == 404
        assert cast("neighbour").get(f"/bumen/baosong/permit/{part}").status_code == 404
    assert cast("clerk").get("/bumen/baosong/penalty/moban.xlsx").content.startswith(b"PK")
    assert cast("clerk").post("/bumen/baosong/credit_grade/shangchuan/", {}).status_code == 404


def test_a_receipt_can_be_taken_away_as_a_pdf_that_can_be_read(stranger: Stranger, cast: Cast) -> None:
    from pypdf import PdfReader

    receipt = sent(cast("clerk"), "penalty", [FINE])
    answer = cast("clerk").get(f"{receipt}huizhi.pdf")
    read: Any = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert answer.headers["Content-Type"] == "application/pdf"
    for words in ("报送回执", receipt.split("/")[3], "测试录入员甲（clerk）", "待保密审查", "收到行"):
        assert words in read
