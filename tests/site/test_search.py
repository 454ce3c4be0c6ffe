"""Search on the site: who is found and why, what is as if it were not there, facets, files; and the index behind it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.site.conftest import DAY, Stranger, code_of, fined, registered
from tests.store.conftest import COLLEAGUE, NUMBER, PERSON

NAMES = {
    1: "青岛示例恒达商贸有限公司",
    2: "青岛示例恒达机电设备有限公司",
    3: "示例宏图食品（青岛）有限公司",
    4: "山东示例瑞丰农业科技股份有限公司",
    5: "青岛市即墨区示例长清会展服务有限公司",
    6: "青岛示例有限公司",
}
TRADER = code_of(9, kind="92")
SHOP, OPERATOR = "即墨区通济街道示例满口香小吃店", "测试经营甲乙"


def sent(stranger: Stranger, *rows: dict[str, Any], **given: Any) -> Any:
    return stranger.desk.send("registration", list(rows), **given)


def firm(number: int, **cells: Any) -> dict[str, Any]:
    return registered(number, **({"名称": NAMES.get(number, "")} | cells))


@pytest.fixture
def town(stranger: Stranger) -> Stranger:
    sent(stranger, *(firm(n) for n in NAMES))
    shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": OPERATOR, "法定代表人（负责人）": OPERATOR}
    sent(stranger, registered(9, 统一社会信用代码=TRADER, 名称=SHOP, **shop))
    return stranger


def found(stranger: Stranger, text: str, **more: str) -> list[tuple[str, str]]:
    """Codes and reasons, as a file lists them."""
    data = stranger.client.get("/search.json", {"q": text, **more}).json()
    return [(s["code"], s["found_by"]["reason"]) for s in data["subjects"]]


def shown(stranger: Stranger, text: str, **more: str) -> list[str]:
    """Codes in the order of the page."""
    page = stranger.get("/search/", data={"q": text, **more})
    return [part.partition("/")[0] for part in page.split('href="/subjects/')[1:]]


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        (code_of(1), 1, "code"),
        (code_of(1).lower(), 1, "code"),
        (f" {code_of(1)[:4]}-{code_of(1)[4:]} ", 1, "code"),
        (code_of(1)[:16], 1, "code-part"),
        (code_of(1)[8:], 1, "code-part"),
        (code_of(1)[5:17], 1, "code-part"),
        (code_of(1)[11:], 1, "code-part"),
        (code_of(1)[-6:], 1, "code-part"),
        (NAMES[1], 1, "name"),
        ("青岛示例　恒达商贸　有限公司", 1, "name"),
        ("示例宏图食品(青岛)有限公司", 3, "name"),
        ("示例宏圖食品〔青島〕有限公司", 3, "script"),
        ("恒达商贸", 1, "core"),
        ("即墨恒达商贸股份有限公司", 1, "core"),
        ("宏图", 3, "part"),
        ("恒大商贸", 1, "sound"),
        ("hengdashangmao", 1, "pinyin"),
        ("qingdao shili hengda shangmao youxian gongsi", 1, "pinyin"),
        ("HDSM", 1, "initials"),
        ("qdslhdsm", 1, "initials"),
        ("slhdsm", 1, "initials"),
        ("qdslhdsmyxgs", 1, "initials"),
        (f"{NAMES[1]}（即墨分公司）", 1, "branch"),
        ("changqing", 5, "pinyin"),
        ("恒远商贸", 1, "character"),
        ("达恒商贸", 1, "character"),
        ("瑞农业科技", 4, "character"),
        ("瑞丰源农业科技", 4, "character"),
        ("青岛示例有限公司", 6, "name"),
    ],
)
def test_a_firm_is_found_first_and_told_why(town: Stranger, text: str, number: int, reason: str) -> None:
    assert found(town, text)[0] == (code_of(number), reason)
    assert shown(town, text)[0] == code_of(number)
    from chengxin.standards.load import load_catalogue

    why = load_catalogue(DAY).message(f"found-{reason}")
    assert why.zh in town.get("/search/", data={"q": text})
    town.get("/?lang=en")
    assert why.en in town.get("/search/", data={"q": text})


@pytest.mark.parametrize(
    "text",
    [
        "青岛",
        "青岛示例",
        "有限公司",
        "青岛市即墨区示例商贸有限公司",
        "商贸",
        "号",
        "370215",
        "测试丙",
        OPERATOR,
        "满口香",
        SHOP[:-1],
        TRADER[:17],
        "%",
        "_",
        "青岛%",
        "'; DROP TABLE store_record; --",
        "<script>",
        "\x00",
        " ",
        "宏达食品餐饮",
        "zzz",
        "x" * 300,
    ],
)
def test_nobody_is_found_by_what_all_share_by_people_or_by_odd_things(town: Stranger, text: str) -> None:
    assert found(town, text) == [] and shown(town, text) == []
    assert "<script" not in town.get("/search/", data={"q": text})


@pytest.mark.parametrize("part", ["MXFAUW", "XFAUWAY", "auwayx", "UWAYXL"])
def test_part_of_a_code_that_is_letters_alone_is_found(stranger: Stranger, part: str) -> None:
    code = "91370215MXFAUWAYXL"
    sent(stranger, registered(1), registered(2, 统一社会信用代码=code, 名称=NAMES[2]))
    assert found(stranger, part) == [(code, "code-part")]


def test_what_is_found_nowhere_and_what_says_nothing_are_told_apart(town: Stranger) -> None:
    assert "登记信息中没有找到" in town.get("/search/?q=无此字号商贸")
    assert "请加上字号" in town.get("/search/?q=青岛有限公司")
    assert "写下名称或代码再查" in town.get("/search/?q=")


def test_a_sole_trader_is_found_by_whole_code_or_name_alone_and_is_in_no_file(town: Stranger) -> None:
    for text in (TRADER, SHOP, SHOP.replace("示例", " 示例 ")):
        assert shown(town, text) == [TRADER] and found(town, text) == []
    page = town.get("/search/", data={"q": SHOP})
    assert OPERATOR not in page and "测试丙" not in page


def test_a_persons_number_is_looked_up_nowhere_and_never_repeated(town: Stranger) -> None:
    town.desk.send("penalty", [fined(7, "示例字〔2026〕7号", **PERSON, CF_XDR_ZJHM=NUMBER)])
    mistyped = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
    for number in (NUMBER, mistyped):
        for address in ("/search/", "/search.json", "/search.csv"):
            answer = town.client.get(address, {"q": number})
            assert number not in answer.content.decode() + repr(answer.headers)
        assert "不能按身份证件号码查询" in town.get("/search/", data={"q": number})
    assert "不能按身份证件号码查询" not in town.get("/search/?q=913702827255784561")  # no day of birth in it
    assert found(town, "测试丁") == []


def test_near_names_are_shown_only_where_nothing_fits(town: Stranger) -> None:
    assert sorted(found(town, "恒达物流")) == [(code_of(1), "mark"), (code_of(2), "mark")]
    assert "没有完全相符的；名称相近的有 2 个" in town.get("/search/?q=恒达物流")
    assert [code for code, _ in found(town, "恒达商贸")] == [code_of(1)]


def test_a_former_name_and_a_former_code_lead_to_the_present_one(town: Stranger) -> None:
    later = DAY + timedelta(days=1)
    row = firm(3, 名称="青岛示例鸿运食品有限公司", 曾用名称=NAMES[3], 统一社会信用代码=code_of(13), 曾用代码=code_of(3))
    sent(town, row, on=later)
    assert found(town, "鸿运食品") == [(code_of(13), "core")]
    assert found(town, "宏图食品") == [(code_of(13), "core")]
    assert f"曾用名：{NAMES[3]}" in town.get("/search/?q=宏图食品")
    assert found(town, code_of(3)) == [(code_of(13), "former-code")]
    assert found(town, code_of(3)[:17]) == [(code_of(13), "code-part")]
    assert f"曾用代码：{code_of(3)}" in town.get("/search/", data={"q": code_of(3)[:17]})


def test_an_older_number_leads_to_it(town: Stranger) -> None:
    sent(town, firm(1, 注册号="370282228000017"), on=DAY + timedelta(days=1))
    assert found(town, "370282228000017") == [(code_of(1), "former-code")]


def test_of_two_that_are_one_the_one_is_shown_under_its_name(town: Stranger) -> None:
    from chengxin.site.actions.merges import merge, split

    merge(town.desk.site, code_of(3), code_of(1), COLLEAGUE, "同一主体")
    assert found(town, "宏图食品") == [(code_of(1), "core")]
    assert f"曾用名：{NAMES[3]}" in town.get("/search/?q=宏图食品")
    assert found(town, code_of(3)) == [(code_of(1), "former-code")]
    split(town.desk.site, code_of(3), COLLEAGUE, "并错了")
    assert found(town, "宏图食品") == [(code_of(3), "core")]


def test_a_firm_judged_to_be_a_sole_trader_is_found_by_its_whole_number_or_name_alone(town: Stranger) -> None:
    from chengxin.site.actions.merges import merge

    merge(town.desk.site, code_of(3), TRADER, COLLEAGUE, "个转企")
    assert shown(town, "宏图食品") == [] and TRADER not in town.get("/search/?q=宏图")
    assert shown(town, code_of(3)) == shown(town, NAMES[3]) == [TRADER]


def hints() -> set[tuple[str, str]]:
    from chengxin.site.store.models import NameGram

    return {(gram, subject.hex) for gram, subject in NameGram.objects.values_list("gram", "subject")}


def anew() -> set[tuple[str, str]]:
    """What the index is made anew to."""
    from chengxin.site.store.models import Head
    from chengxin.site.store.names import keep_up

    Head.objects.update(names="")
    keep_up(Head.objects.get())
    return hints()


def test_a_recalled_registration_is_gone_at_once_and_its_hints_with_it(town: Stranger) -> None:
    from chengxin.site.actions.recall import take_back

    before = hints()
    added = sent(town, firm(11, 名称="青岛示例昙花商贸有限公司"))
    assert found(town, "昙花商贸") == [(code_of(11), "core")] and hints() > before
    take_back(town.desk.site, added, COLLEAGUE, "报错了")
    assert found(town, "昙花商贸") == [] and found(town, code_of(11)) == [] and hints() == before
    changed = sent(town, firm(1, 名称="青岛示例昙花商贸有限公司"), on=DAY + timedelta(days=1))
    assert found(town, "昙花商贸") == [(code_of(1), "core")] and found(town, "恒达商贸")[0][1] != "core"
    take_back(town.desk.site, changed, COLLEAGUE, "报错了")
    assert found(town, "恒达商贸")[0] == (code_of(1), "core") and found(town, "昙花商贸") == [] and hints() == before


def test_the_index_that_grew_holds_what_one_made_anew_does(town: Stranger) -> None:
    for number, cells in ((1, {"登记状态": "注销"}), (2, {"名称": "青岛示例鸿运商贸有限公司", "曾用名称": NAMES[2]})):
        sent(town, firm(number, **cells), on=DAY + timedelta(days=1))
    sent(town, firm(2, 名称=NAMES[2], 曾用名称="青岛示例鸿运商贸有限公司"), on=DAY + timedelta(days=2))
    grown = hints()
    assert grown >= anew() and grown == hints()  # a name given up stays as a former one
    assert {reason for _, reason in found(town, "鸿运商贸")} == {"core"}


def test_what_a_crash_left_leads_to_nobody_and_is_taken_away(town: Stranger) -> None:
    from chengxin.site.store import registers
    from chengxin.site.store.models import Head, NameGram
    from chengxin.values.ids import new_id

    number = Head.objects.get().committed + 1
    NameGram.objects.create(gram="昙花", subject=new_id(), since=number)
    assert found(town, "昙花商贸") == []
    registers._announce(registers.Occasion("submission", "x", "registration", "", DAY), number)
    registers.recover(number - 1)
    assert not NameGram.objects.filter(gram="昙花").exists()


def test_other_words_of_names_make_the_index_anew_before_anything_is_written(town: Stranger) -> None:
    from chengxin.site.store.models import Head, NameGram
    from chengxin.site.store.registers import SiteStore

    whole = hints()
    NameGram.objects.all().delete()
    Head.objects.update(names="of another catalogue")
    assert found(town, "恒达商贸") == []
    SiteStore(town.desk.site.folder, town.desk.site.keys).settle()
    assert hints() == whole and found(town, "恒达商贸")


def test_no_name_of_a_trader_or_person_is_in_the_index(town: Stranger) -> None:
    town.desk.send("penalty", [fined(7, "示例字〔2026〕7号", **PERSON, CF_XDR_ZJHM=NUMBER)])
    from chengxin.site.store.models import Subject

    others = {s.hex for s in Subject.objects.exclude(kind="organisation").values_list("id", flat=True)}
    assert len(others) == 2 and not others & {subject for _, subject in hints()}
    text = " ".join(gram for gram, _ in hints())
    assert not any(word in text for word in ("满口", "口香", "测试", "经营甲"))


def test_facets_count_what_choosing_them_leaves(town: Stranger) -> None:
    sent(town, *(firm(n, 名称=f"青岛示例恒达{'甲乙丙丁'[n - 20]}商贸有限公司", 住所=f"青岛市即墨区{s}1号") for n, s in
                 ((20, "通济街道"), (21, "通济街道"), (22, "环秀街道"), (23, ""))))  # fmt: skip
    sent(
        town,
        firm(20, 名称="青岛示例恒达甲商贸有限公司", 登记状态="注销", 住所="青岛市即墨区通济街道1号"),
        on=DAY + timedelta(days=1),
    )

    def of(number: int) -> dict[str, Any]:
        return {"CF_XDR_MC": f"青岛示例恒达{'甲乙丙丁'[number - 20]}商贸有限公司"}

    town.desk.send("penalty", [fined(21, "示例字〔2026〕1号", **of(21)), fined(22, "示例字〔2026〕2号", **of(22))])
    from chengxin.site.access.asked import place
    from chengxin.site.public.hits import FACETS, chosen, counted, hits

    listed = hits("恒达", place())
    assert len(listed) == 6
    assert counted(listed, {}, "street") == {"通济街道": 2, "环秀街道": 1}
    assert counted(listed, {}, "status") == {"存续": 5, "注销": 1}
    assert counted(listed, {}, "record")["penalty"] == 2
    for given in (
        {},
        {"status": "存续"},
        {"record": "penalty"},
        {"record": "penalty", "year": "2026"},
        {"street": "通济街道"},
    ):
        for facet in FACETS:
            for value, number in counted(listed, given, facet).items():
                asked = given | {facet: value}
                assert len(chosen(listed, asked)) == number == len(found(town, "恒达", **asked)), asked
    page = town.get("/search/?q=恒达&record=penalty")
    assert "找到 6 个。 其中符合条件的 2 个。" in page and "通济街道 (1)" in page
    assert "都不符合这些条件" in town.get("/search/?q=恒达&record=penalty&status=注销")


def test_the_address_keeps_everything_and_what_is_no_filter_is_refused(town: Stranger) -> None:
    sent(town, *(firm(n, 名称=f"青岛示例恒达{n}商贸有限公司") for n in range(100, 145)))
    page = town.get("/search/?q=恒达&register=enterprise&order=name")
    assert len(shown(town, "恒达", register="enterprise", order="name")) == 20
    follow = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "register=enterprise" in follow and "order=name" in follow and "page=2" in follow
    pages = [shown(town, "恒达", order="name", page=str(n)) for n in (1, 2, 3)]
    assert [len(p) for p in pages] == [20, 20, 7] and len({c for p in pages for c in p}) == 47
    assert [code for code, _ in found(town, "恒达", order="name")] == [c for p in pages for c in p]
    assert "/search.csv?q=%E6%81%92%E8%BE%BE&amp;register=enterprise&amp;order=name" in page
    for query in ("register=x", "kind=person", "street=x", "record=x", "year=20x6", "year=9999", "status=x", "order=x"):
        assert "请求有误" in town.get(f"/search/?q=恒达&{query}", 400), query
        town.get(f"/search.csv?q=恒达&{query}", 400)


def test_the_files_hold_what_the_page_lists_and_run_nothing(town: Stranger) -> None:
    sent(town, firm(30, 名称="青岛示例恒达商贸有限公司分公司", 住所="=HYPERLINK(示例)"))
    rows = list(csv.reader(io.StringIO(town.get("/search.csv?q=恒达").removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == [code for code, _ in found(town, "恒达")] == shown(town, "恒达")
    assert any(cell == "'=HYPERLINK(示例)" for row in rows for cell in row)
    assert town.client.get("/search.xlsx?q=恒达").content[:2] == b"PK"
    assert town.client.get("/search.json").json()["subjects"] == []


def test_a_large_town_is_searched_without_reading_it_all(town: Stranger) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            found(town, "恒达商贸")
        counts.append(len(asked))
        sent(town, *(firm(n, 名称=f"青岛示例盛世{n}商贸有限公司") for n in range(200, 260)))
    assert counts[0] == counts[1] <= 12
