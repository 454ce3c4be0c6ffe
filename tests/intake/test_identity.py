"""Identity numbers: checked, tokenised, and in no frame, wherever the clerk wrote them."""

from pathlib import Path

import pytest

from chengxin.intake.hiding import hide_in
from chengxin.values.identifiers import registration_check_digit
from chengxin.values.text import IDENTITY_MASK
from tests.intake.made import DAY, KEY, made_identity, take, text_of, write

HEAD = ["行政相对人名称", "行政处罚决定书文号", "自然人证件类型", "自然人证件号码", "处罚决定日期", "违法事实"]
GOOD = made_identity()
OLD = "379999900101000"  # of the old form; its region does not exist
AGREEING = OLD[:14] + registration_check_digit(OLD[:14])
WRONG = GOOD[:17] + ("0" if GOOD[17] != "0" else "1")


def states(folder: Path, *numbers: str, paper: str = "身份证", decided: str = "2026-03-01") -> list[str | None]:
    rows = [["测试甲", f"{i}号", paper, n, decided, ""] for i, n in enumerate(numbers)]
    frame = take(write(folder, "t.csv", text_of([HEAD, *rows]))).frame
    assert not any(GOOD[:17] in (c or "") for r in frame.drop("row").iter_rows() for c in r)
    return frame["CF_XDR_ZJHM?"].to_list()


def test_each_state_is_told(tmp_path: Path) -> None:
    numbers = [GOOD, GOOD[:10], made_identity("19801332"), WRONG, made_identity("20150101"), ""]
    assert states(tmp_path, *numbers) == ["ok", "shape", "birth", "check", "minor", None]


def test_width_case_spaces_and_the_old_form_are_the_same_number(tmp_path: Path) -> None:
    with_x = next(n for s in range(200) if (n := made_identity(serial=f"{s:03d}")).endswith("X"))
    full = "".join(chr(ord(c) + 0xFEE0) for c in with_x)
    spellings = [with_x, with_x.lower(), f" {with_x[:6]} {with_x[6:14]} {with_x[14:]}", full, with_x[:6] + with_x[8:17]]
    rows = [["测试甲", f"{i}号", "", n, "2026-03-01", ""] for i, n in enumerate(spellings)]
    frame = take(write(tmp_path, "t.csv", text_of([HEAD, *rows]))).frame
    assert frame["CF_XDR_ZJHM?"].to_list() == ["ok"] * 5
    assert frame["CF_XDR_ZJHM"].n_unique() == 1
    assert len(frame["CF_XDR_ZJHM"][0]) == 22


def test_tokens_depend_on_the_key(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", text_of([HEAD, ["测试甲", "1号", "", GOOD, "", ""]]))
    one, other = (take(path, token_key=k).frame["CF_XDR_ZJHM"][0] for k in (KEY, KEY[::-1]))
    assert one != other


def test_another_kind_of_paper_is_tokenised_unchecked(tmp_path: Path) -> None:
    assert states(tmp_path, "H12345678", paper="港澳居民来往内地通行证") == ["foreign"]
    assert states(tmp_path, "H12345678", paper="02") == ["foreign"]


def test_age_counts_on_the_day_of_the_decision(tmp_path: Path) -> None:
    number = made_identity("20070301")
    assert states(tmp_path, number, decided="2025/3/1") == ["minor"]
    assert states(tmp_path, number, decided="2025-03-02") == ["ok"]
    assert states(tmp_path, number, decided="20250228") == ["minor"]
    assert states(tmp_path, number, decided="不详") == ["ok"]


def test_the_number_of_a_legal_representative_serves_the_check_and_is_dropped(tmp_path: Path) -> None:
    head = ["行政相对人名称", "行政处罚决定书文号", "法定代表人证件号码"]
    frame = take(write(tmp_path, "t.csv", text_of([head, ["甲公司", "1号", GOOD]]))).frame
    assert frame.columns == ["row", "CF_XDR_MC", "CF_WSH", "CF_FR_ZJHM?"]
    assert frame["CF_FR_ZJHM?"].to_list() == ["ok"]


@pytest.mark.parametrize(
    "text",
    [
        f"当事人{GOOD}违法",
        f"当事人（身份证号：{WRONG}）",
        f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}",
        f"{GOOD[:6]}-{GOOD[6:14]}-{GOOD[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in GOOD),
        f"身份证号{GOOD[:6] + GOOD[8:17]}。",
        f"2025-03-07 {GOOD}",
        f"{GOOD}、{GOOD}",
        f"{GOOD[:6]}\u200b{GOOD[6:]}",
        "\u2060".join(GOOD),
        f"{GOOD[:6]}\xa0{GOOD[6:14]}\u2009{GOOD[14:]}",
        f"{GOOD[:10]}\r\n{GOOD[10:]}",
        f"{GOOD[:6]}  {GOOD[6:14]} - {GOOD[14:]}".replace(" - ", "--"),
        f"公民身份号码{GOOD[:6] + GOOD[8:17]}",
        *(mark.join((GOOD[:6], GOOD[6:14], GOOD[14:])) for mark in ".、,/．。，／·—–"),
        *(mark.join((WRONG[:6], WRONG[6:10], WRONG[10:12], WRONG[12:14], WRONG[14:])) for mark in "./、"),
        f"{GOOD[:6]} / {GOOD[6:14]} / {GOOD[14:]}",
        ".".join(GOOD),
        f"号码为{'，'.join(OLD[a:b] for a, b in ((0, 6), (6, 12), (12, 15)))}",
        f"当事人{OLD}未到场",
        f"身份证{OLD[:6]}.{OLD[6:12]}.{OLD[12:]}",
    ],
)
def test_numbers_in_texts_are_hidden(text: str) -> None:
    hidden = hide_in(text, "text", DAY)
    assert IDENTITY_MASK in hidden
    assert not any(n in hidden for n in (GOOD[8:16], GOOD[14:], OLD[6:12]))
    assert hide_in(hidden, "text", DAY) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "91370215MXFAK00148",
        "即示罚字〔2025〕第000000000000000001号",
        "6222021234567890123",
        "2025-03-07 08:00:00 13800000000",
        "2024.1.1、2025.1.1、2026.1.1",
        "2025.03.07-2026.03.06、2027.03.07",
        "20250307、20250407、20250507",
        "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21",
        "1,234,567.20、1,990,010.10、370,282.00",
        f"{AGREEING}执照",  # a registration number: its check digit agrees
        f"注册号{OLD}、账号：{OLD}，发票号码{OLD}",
        "259999900101000",  # no such region
        f"{OLD[:6]}901301000",  # no such day
        f"NO{OLD}",
        f"{OLD}0",
    ],
)
def test_other_long_numbers_stay(text: str) -> None:
    assert hide_in(text, "text", DAY) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("持护照E12345678入境", "持护照〇入境"),
        ("护照号码：EA1234567。", "护照号码：〇。"),
        ("（美国护照，号码123456789）", "（美国护照，号码〇）"),
        ("护照号(No.C01X00T47)", "护照号(No.〇)"),
        ("护照 Ｅ１２３４５６７８", "护照 〇"),
        ("护照E 1234 5678、E87654321和G11111111", "护照〇、〇和〇"),
        ("持M123A4567号大韩民国护照", "持〇号大韩民国护照"),
        ("港澳居民来往内地通行证H1234567801", "港澳居民来往内地通行证〇"),
        ("往来港澳通行证：C12345678", "往来港澳通行证：〇"),
        ("台胞证（01234567）", "台胞证（〇）"),
        ("回乡证号H12345678，", "回乡证号〇，"),
    ],
)
def test_passports_and_permits_are_hidden_where_a_word_says_what_they_are(text: str, hidden: str) -> None:
    assert hide_in(text, "text", DAY) == hidden.replace("〇", IDENTITY_MASK)
    assert hide_in(text, "number", DAY) == text


@pytest.mark.parametrize(
    "text",
    [
        "护照于20250307到期",
        "吊销护照。罚款1234567元",
        "没收护照12345678元",
        "货车通行证12345678",
        "E12345678号文件",
        "办理护照1234件",
        "护照（有效期2025-03-07）",
    ],
)
def test_what_only_stands_near_such_a_word_stays(text: str) -> None:
    assert hide_in(text, "text", DAY) == text


def test_in_code_columns_only_a_sound_number_of_a_person_is_hidden() -> None:
    assert hide_in(GOOD, "number", DAY) == IDENTITY_MASK
    assert hide_in(WRONG, "number", DAY) == WRONG
    assert hide_in(made_identity("20200101"), "uscc", DAY) == made_identity("20200101")


def test_no_frame_and_no_mark_holds_a_number_wherever_it_stood(tmp_path: Path) -> None:
    head = [
        "行政相对人名称",
        "统一社会信用代码",
        "文号",
        "法定代表人证件号码",
        "自然人证件号码",
        "违法事实",
        "罚款金额",
        "备注",
    ]
    rows = [[GOOD] * 8, [f"x{GOOD}y"] * 8, [f" {GOOD} "] * 8]
    taken = take(write(tmp_path, "t.csv", text_of([head, *rows])))
    for chunk in taken.chunks:
        cells = [c for frame in (chunk.frame, chunk.marks) for r in frame.iter_rows() for c in r if isinstance(c, str)]
        assert not any(GOOD in c for c in cells)


def test_a_cell_without_a_digit_says_that_there_is_no_number(tmp_path: Path) -> None:
    from chengxin.intake.read import read_here
    from chengxin.intake.received import Chunk, Order

    path = tmp_path / "p.csv"
    path.write_text("CF_XDR_MC,CF_WSH,CF_FR_ZJHM,CF_XDR_ZJHM\n甲,1号,无,/\n乙,2号,同上,\n", encoding="utf-8")
    order = Order("penalty", DAY, token_key=b"k")
    frames = [e.frame for e in read_here(path, order) if isinstance(e, Chunk)]
    assert frames[0]["CF_FR_ZJHM?"].to_list() == [None, None]
    assert frames[0]["CF_XDR_ZJHM"].to_list() == [None, None]


def test_a_number_in_the_name_of_a_file_is_in_no_message_and_no_receipt(tmp_path: Path) -> None:
    from chengxin.intake.receive import receive
    from tests.intake.made import order, refusal

    empty = write(tmp_path, f"张某{GOOD}.csv", "")
    said = refusal(empty).said
    assert GOOD not in said.zh + said.en
    with receive(
        write(tmp_path, f"{GOOD}的处罚.csv", text_of([["文号", "违法事实"], ["1号", "乱停车"]])), order()
    ) as taken:
        list(taken.chunks())
        assert GOOD not in taken.receipt.name and taken.receipt.name.endswith("的处罚.csv")
