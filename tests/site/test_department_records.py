"""A record by the form, corrected and withdrawn on screen; problem data of all ways; figures with the rows behind."""

import re

import pytest

from chengxin.values.identifiers import identity_check_character
from tests.site.conftest import NUMBER, OWNER, PERSON, Cast, Stranger, code_of, fined, firm, on, registered
from tests.site.work import checked, landed, sent, shown, signed, text, work

FORM = "/bumen/baosong/penalty/luru/"
FINE = fined(1, "示例字〔2026〕1号")
FIELDS = {k: v for k, v in FINE.items() if not k.startswith("CF_SJLY")}


def filled(cast: Cast, **cells: str) -> tuple[int, str]:
    """Fill the form in and let it be checked: status, and the page that follows."""
    answer = cast("clerk").post(FORM, FIELDS | cells | {"do": "check"})
    if answer.status_code == 302:
        return 302, text(cast("clerk").get(answer.headers["Location"]))
    return answer.status_code, text(answer)


def test_a_record_filled_in_by_hand_is_published_after_the_review(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    status, page = filled(cast)
    assert status == 302 and "请再核对一遍" in page and "销售超过保质期的食品" in page
    job = cast("clerk").post(FORM, {"do": "send"}).headers["Location"]
    work()
    receipt = landed(cast("clerk"), job)
    assert "待保密审查" in text(cast("clerk").get(receipt))
    assert "已生效" in signed(cast("reviewer"), receipt)
    assert "示例字〔2026〕1号" in stranger.page(1)


def test_all_faults_stand_on_top_and_beside_their_fields(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    status, page = filled(cast, CF_JDRQ="2027-01-01", CF_NR_FK="", CF_XDR_SHXYM="911")
    assert status == 200 and "<title>有错：" in page
    for name in ("CF_JDRQ", "CF_NR_FK", "CF_XDR_SHXYM"):
        assert f'<a href="#{name}">' in page and f'id="e-{name}-1"' in page
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true"', page)
    assert 'value="2027-01-01"' in page  # nothing has to be written twice


def test_a_form_speaks_of_fields_not_of_columns_that_are_missing(stranger: Stranger, cast: Cast) -> None:
    page = text(cast("clerk").post(FORM, {"CF_WSH": "示例字〔2026〕1号", "do": "check"}))
    assert "“处罚决定日期”不能为空" in page and "整列" not in page


def test_the_code_brings_the_name_and_a_draft_waits(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    page = text(cast("clerk").post(FORM, {"CF_XDR_SHXYM": code_of(1).lower(), "do": "find"}))
    assert f'value="{firm(1)}"' in page
    cast("clerk").post(FORM, {"CF_XDR_SHXYM": code_of(1), "CF_WSH": "草稿字1号", "do": "save"})
    assert "草稿字1号" in text(cast("clerk").get(FORM))
    assert OWNER[1] in text(cast("clerk").get(FORM)) or "草稿" in text(cast("clerk").get(FORM))
    from chengxin.site.store.models import Draft

    assert "草稿字".encode() not in bytes(Draft.objects.get().sealed)
    cast("clerk").post(FORM, {"do": "discard"})
    assert "草稿字1号" not in text(cast("clerk").get(FORM))


def test_a_draft_outlives_the_rotation_of_keys(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.actions.keys import rotate

    cast("clerk").post(FORM, {"CF_WSH": "草稿字1号", "do": "save"})
    rotate(stranger.desk.site)
    assert "草稿字1号" in text(cast("clerk").get(FORM))


def test_the_last_one_can_be_copied_without_its_number_and_party(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    filled(cast)
    cast("clerk").post(FORM, {"do": "send"})
    assert "照上一条填" in text(cast("clerk").get(FORM))
    cast("clerk").post(FORM, {"do": "copy"})
    page = text(cast("clerk").get(FORM))
    assert "《中华人民共和国食品安全法》第一百二十四条" in page
    assert "示例字〔2026〕1号" not in page and code_of(1) not in page


def test_a_person_number_is_taken_and_never_shown(stranger: Stranger, cast: Cast) -> None:
    person = {k: v or "" for k, v in PERSON.items()}
    status, page = filled(cast, **person, CF_XDR_ZJHM=NUMBER, CF_JDRQ="x")
    assert status == 200 and NUMBER not in page and "已填，不显示" in page
    status, page = filled(cast, **person)  # not written anew
    assert status == 302 and NUMBER not in page
    job = cast("clerk").post(FORM, {"do": "send"}).headers["Location"]
    work()
    receipt = landed(cast("clerk"), job)
    assert NUMBER not in text(cast("clerk").get(receipt)) and "可接收" in text(cast("clerk").get(receipt))


def own_record(stranger: Stranger, cast: Cast, **cells: str) -> str:
    """The address of the desk's page of a record that is in effect."""
    stranger.desk.send("registration", [registered(1)])
    signed(cast("reviewer"), sent(cast("clerk"), "penalty", [FINE | cells]))
    page = text(cast("clerk").get("/bumen/xinxi/?document=示例字〔2026〕1号"))
    return re.findall(r'href="(/bumen/xinxi/[0-9a-f]{32}/)"', page)[0]


def test_own_records_are_found_by_exact_code_or_document(stranger: Stranger, cast: Cast) -> None:
    address = own_record(stranger, cast)
    for query in (f"code={code_of(1)}", "document=示例字〔2026〕1号", "resource=penalty"):
        assert address in text(cast("clerk").get(f"/bumen/xinxi/?{query}")), query
    for query in (f"code={code_of(1)[:10]}", "document=示例字", "resource=permit", f"code={code_of(2)}", "after=x"):
        assert (address in text(cast("clerk").get(f"/bumen/xinxi/?{query}"))) is (query == "after=x"), query
    answer = cast("clerk").get(f"/bumen/xinxi/?code={NUMBER}")
    page = text(cast("clerk").get(answer.headers["Location"]))
    assert "不按证件号码查" in page and NUMBER not in page + answer.headers["Location"]
    assert cast("neighbour").get(address).status_code == 404
    assert "示例字〔2026〕1号" not in text(cast("neighbour").get("/bumen/xinxi/"))


def test_a_correction_needs_a_reason_a_document_and_a_second_person(stranger: Stranger, cast: Cast) -> None:
    address = own_record(stranger, cast)
    form = f"{address}gengzheng/"
    page = text(cast("clerk").get(form))
    assert 'value="示例字〔2026〕1号" disabled' in page and "罚款1.5万元" in page
    new = {"CF_NR": "罚款1.2万元", "CF_NR_FK": "1.2"}
    assert "请写明理由" in text(cast("clerk").post(form, new | {"do": "check"}))
    why = {"why-reason": "笔误", "why-document": "更正字〔2026〕1号"}
    assert "没有改动" in text(cast("clerk").post(form, why | {"do": "check"}))
    answer = cast("clerk").post(form, new | why | {"do": "check", "CF_WSH": "另字1号"})
    assert answer.status_code == 302, text(answer)
    page = text(cast("clerk").get(answer.headers["Location"]))
    assert "罚款1.2万元" in page and "笔误" in page and "另字1号" not in page
    job = cast("clerk").post(form, {"do": "send"}).headers["Location"]
    work()
    receipt = landed(cast("clerk"), job)
    assert "罚款1.5万元" in stranger.page(1)
    page = text(cast("reviewer").get(receipt.replace("pici", "shencha")))
    assert '<span class="tag warn">更正</span></h1>' in page and "笔误" in page
    assert "更正字〔2026〕1号" in signed(cast("reviewer"), receipt)
    assert "罚款1.2万元" in stranger.page(1) and "罚款1.5万元" not in stranger.page(1)
    page = shown(text(cast("clerk").get(address)))
    assert "罚款1.2万元" in page and page.count("报送批次") == 2


def test_a_withdrawal_asks_for_the_new_decision_and_takes_it_off_the_public_page(
    stranger: Stranger, cast: Cast
) -> None:
    address = own_record(stranger, cast)
    form = f"{address}chexiao/"
    ways = re.search(r'<select id="how".*?</select>', text(cast("clerk").get(form)), re.DOTALL)
    assert ways is not None
    offered = re.findall(r"<option>([^<]+)</option>", ways[0])  # what a clerk can choose, not what a program could send
    assert len(offered) > 1
    given = {"how": offered[0], "document": "撤字〔2026〕1号", "decided": "2026-03-09", "reason": "复议撤销"}
    assert "请勾选" in text(cast("clerk").post(form, given))
    assert "晚于今天" in text(cast("clerk").post(form, given | {"decided": "2026-03-11", "sure": "yes"}))
    assert "请选怎样" in text(cast("clerk").post(form, given | {"document": "", "sure": "yes"}))
    assert "写成" in text(cast("clerk").post(form, given | {"decided": "昨天", "sure": "yes"}))
    job = cast("clerk").post(form, given | {"sure": "yes"}).headers["Location"]
    work()
    receipt = landed(cast("clerk"), job)
    assert "示例字〔2026〕1号" in stranger.page(1)
    for again in (form, f"{address}gengzheng/"):  # the first one still waits for its review
        assert cast("clerk").post(again, given | {"sure": "yes", "do": "send"}).headers["Location"] == address
        assert cast("clerk").get(again).status_code == 302
    review = receipt.replace("pici", "shencha")
    page = text(cast("reviewer").get(review))
    assert '<span class="tag warn">撤销</span></h1>' in page and "这是一次撤销" in page and "复议撤销" in page
    assert f'href="{address}"' in page
    assert '<span class="tag warn">撤销</span>' in text(cast("reviewer").get("/bumen/shencha/"))
    page = text(cast("clerk").get(address))
    assert "还在等审查" in page and "gengzheng" not in page and "chexiao" not in page
    assert "撤字〔2026〕1号" in signed(cast("reviewer"), receipt)
    assert "示例字〔2026〕1号" not in stranger.page(1)


OTHERS_NUMBER = "00000019900101003" + identity_check_character("00000019900101003")


def persons_record(stranger: Stranger, cast: Cast) -> str:
    row = fined(1, "人字〔2026〕1号", **PERSON, CF_XDR_ZJHM=NUMBER)
    signed(cast("reviewer"), sent(cast("clerk"), "penalty", [row]))
    page = text(cast("clerk").get("/bumen/xinxi/?document=人字〔2026〕1号"))
    assert "测试丁" not in page
    return re.findall(
        r'href="(/bumen/xinxi/[0-9a-f]{32}/)"', text(cast("clerk").get("/bumen/xinxi/?resource=penalty"))
    )[0]


def test_a_persons_record_is_opened_alone_by_its_own_body_and_leaves_a_look(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Look, Subject

    address = persons_record(stranger, cast)
    page = text(cast("clerk").get(address))
    assert "测试丁" in page and NUMBER not in page and "测试丁" not in page.partition("</title>")[0]
    person = Subject.objects.get(kind="person").id
    assert Look.objects.filter(subject=person, outlet="authority.record", who="clerk").exists()
    assert cast("neighbour").get(address).status_code == 404
    assert "公众现在看不到" in page


def test_a_persons_record_is_corrected_and_withdrawn_only_with_that_persons_number(
    stranger: Stranger, cast: Cast
) -> None:
    address = persons_record(stranger, cast)
    form = f"{address}gengzheng/"
    new = {"CF_NR": "罚款1.2万元", "CF_NR_FK": "1.2", "why-reason": "笔误", "why-document": "更正字〔2026〕2号"}
    assert "请再填一次" in text(cast("clerk").post(form, new | {"do": "check"}))
    page = text(cast("clerk").post(form, new | {"do": "check", "CF_XDR_ZJHM": OTHERS_NUMBER}))
    assert "不符" in page and OTHERS_NUMBER not in page
    answer = cast("clerk").post(form, new | {"do": "check", "CF_XDR_ZJHM": NUMBER})
    assert answer.status_code == 302, text(answer)
    assert NUMBER not in text(cast("clerk").get(answer.headers["Location"]))
    job = cast("clerk").post(form, {"do": "send"}).headers["Location"]
    work()
    signed(cast("reviewer"), landed(cast("clerk"), job))
    page = text(cast("clerk").get(address))
    assert "罚款1.2万元" in page and page.count("报送批次") == 2
    given = {"how": "撤销", "document": "撤字〔2026〕2号", "decided": "2026-03-09", "reason": "复议撤销", "sure": "yes"}
    assert "请再填一次" in text(cast("clerk").post(f"{address}chexiao/", given))
    job = cast("clerk").post(f"{address}chexiao/", given | {"number": NUMBER}).headers["Location"]
    work()
    signed(cast("reviewer"), landed(cast("clerk"), job))
    assert "已撤销" in text(cast("clerk").get(address)) or cast("clerk").get(address).status_code == 404


def test_problem_data_come_from_all_ways_and_are_mended_here(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [FINE, fined(1, "示例字〔2026〕2号", CF_JDRQ="x")])  # by the command line
    sent(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕3号"), fined(1, "示例字〔2026〕4号", CF_NR_FK="")])
    page = shown(text(cast("clerk").get("/bumen/wenti/")))
    assert "命令行" in page and "网页上传" in page
    first = re.findall(r'href="(/bumen/wenti/[0-9a-f]{32}/)"', text(cast("clerk").get("/bumen/wenti/")))[-1]
    assert cast("neighbour").get(first).status_code == 404
    job = cast("clerk").post(f"{first}zaibao/").headers["Location"]
    work()
    page = text(cast("clerk").get(f"{job}xiugai/"))
    assert 'name="0-2-CF_JDRQ" value="x"' in page and "示例字〔2026〕1号" not in page
    cast("clerk").post(f"{job}xiugai/", {"0-2-CF_JDRQ": "2026-03-04"})
    work()
    cast("clerk").post(f"{job}queren/")
    work()
    receipt = landed(cast("clerk"), job)
    assert "改自批次" in text(cast("clerk").get(receipt))
    signed(cast("reviewer"), receipt)
    assert "示例字〔2026〕2号" in stranger.desk.documents(1)


def test_a_rule_can_be_disputed(stranger: Stranger, cast: Cast) -> None:
    page = "/bumen/baosong/penalty/guize/"
    assert "penalty.sender" in text(cast("clerk").get(f"{page}?rule=penalty.sender"))
    cast("clerk").post(page, {"rule": "penalty.sender", "text": ""})
    cast("clerk").post(page, {"rule": "penalty.sender", "text": "街道代报的也应接收"})
    assert "街道代报的也应接收" in text(cast("clerk").get(page))
    from chengxin.site.actions import notes

    (note,) = notes.unanswered()
    notes.answer(note.id.hex, "已核，按委托书可报", "office")
    assert "已核，按委托书可报" in text(cast("clerk").get(page)) and notes.unanswered() == []


def test_the_reviewer_is_another_person_and_may_withhold_or_send_back(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    own = sent(cast("neighbour"), "penalty", [fined(1, "邻字1号", CF_SJLYDM="", CF_SJLY="")]).split("/")[3]
    page = text(cast("neighbour").get(f"/bumen/shencha/{own}/"))
    assert "报送人不能审查自己报送的批次" in page and "签署并生效" not in page
    cast("neighbour").post(f"/bumen/shencha/{own}/", {"do": "sign", "looked": "yes"})
    assert "报送人不能审查" in text(cast("neighbour").get(f"/bumen/shencha/{own}/"))
    receipt = sent(cast("clerk"), "penalty", [FINE])
    review = receipt.replace("pici", "shencha")
    assert "测试丙" in text(cast("reviewer").get(review))
    cast("reviewer").post(review, {"do": "sign"})
    assert "三项都已看过" in text(cast("reviewer").get(review))
    cast("reviewer").post(review, {"do": "sign", "looked": "yes", "withhold-CF_SY": "on"})
    refused = text(cast("reviewer").get(review))
    assert re.search("请写明“[^“A-Z]+”不公开的理由。", refused) and "CF_SY”" not in refused
    cast("reviewer").post(review, {"do": "sign", "looked": "yes", "withhold-X": "on", "why-X": "示例"})
    assert "“X”不是行政处罚的数据项。" in text(cast("reviewer").get(review))
    cast("reviewer").post(review, {"do": "sign", "looked": "yes", "withhold-CF_SY": "on", "why-CF_SY": "涉商业秘密"})
    work()
    assert "涉商业秘密" in text(cast("reviewer").get(receipt))
    assert "示例字〔2026〕1号" in stranger.page(1) and "事实清楚" not in stranger.page(1)
    second = sent(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕2号")])
    review = second.replace("pici", "shencha")
    cast("reviewer").post(review, {"do": "back", "reason": ""})
    assert "写明退回的理由" in text(cast("reviewer").get(review))
    cast("reviewer").post(review, {"do": "back", "reason": "附件不全"})
    assert "附件不全" in text(cast("clerk").get(second)) and "审查退回" in text(cast("clerk").get(second))
    _, page = checked(cast("clerk"), "penalty", [fined(1, "示例字〔2026〕2号")])
    assert "此前已报送过" not in page  # what went back may be sent again


def test_figures_show_their_formula_and_their_rows(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = fined(1, "示例字〔2026〕7号", CF_JDRQ="2026-01-05")
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [FINE, FINE, late, fined(1, "示例字〔2026〕8号", CF_JDRQ="x")])
    on(monkeypatch, "2026-03-20")
    page = shown(text(cast("clerk").get("/bumen/zhibiao/")))
    assert "50.0% 1 / 2" in page and "50.0% 2 / 4" in page and "25.0% 1 / 4" in page
    behind = text(cast("clerk").get("/bumen/zhibiao/timeliness/penalty/"))
    assert "示例字〔2026〕7号" in behind and "示例字〔2026〕1号" not in behind
    for measure in ("compliance", "completeness", "duplicates"):
        assert cast("clerk").get(f"/bumen/zhibiao/{measure}/penalty/").status_code == 200
    assert cast("clerk").get("/bumen/zhibiao/score/penalty/").status_code == 404
    assert "示例字" not in text(cast("neighbour").get("/bumen/zhibiao/timeliness/penalty/"))
