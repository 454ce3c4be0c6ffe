"""The small fixed cast: two bodies, firms of a series that no office issues, their registrations and penalties as rows."""

from datetime import date
from typing import Any

from chengxin.values.identifiers import (
    USCC_ALPHABET,
    identity_check_character,
    organisation_check_character,
    uscc_check_character,
)

OWNER = ("11370215MXFAK0X145", "青岛市即墨区市场监督管理局")
OTHER = ("11370215MXFAK0X220", "青岛市即墨区综合行政执法局")
CLERK, COLLEAGUE = "测试甲", "测试乙"
DAY = date(2026, 3, 10)


def code_of(number: int, region: str = "370215", kind: str = "91") -> str:
    """A code of the series MXFA, which no office issues."""
    tail, rest = "", number
    for _ in range(4):
        rest, digit = divmod(rest, 31)
        tail = USCC_ALPHABET[digit] + tail
    body = f"MXFA{tail}"
    seventeen = f"{kind}{region}{body}{organisation_check_character(body)}"
    return seventeen + uscc_check_character(seventeen)


def firm(number: int) -> str:
    return f"青岛示例第{number}号商贸有限公司"


def registered(number: int, **cells: Any) -> dict[str, Any]:
    base = {
        "名称": firm(number),
        "统一社会信用代码": code_of(number),
        "主体类别": "法人及非法人组织",
        "法定代表人（负责人）": "测试丙",
        "登记状态": "存续",
        "主体类型": "企业",
        "成立日期": "2019-01-02",
        "核准日期": "2020-03-04",
        "登记机关": OWNER[1],
        "登记机关统一社会信用代码": OWNER[0],
    }
    return base | cells


def fined(number: int, document: str, **cells: Any) -> dict[str, Any]:
    base = {
        "CF_XDR_MC": firm(number),
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": code_of(number),
        "CF_FRDB": "测试丙",
        "CF_WSH": document,
        "CF_WFXW": "销售超过保质期的食品",
        "CF_SY": "经查，当事人销售超过保质期的食品，事实清楚。",
        "CF_YJ": "《中华人民共和国食品安全法》第一百二十四条",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款1.5万元",
        "CF_NR_FK": "1.5",
        "CF_JDRQ": "2026/03/05",
        "CF_YXQ": "2027/03/05",
        "CF_GSJZQ": "2026/06/05",
        "CF_CFJG": OWNER[1],
        "CF_CFJGDM": OWNER[0],
        "CF_SJLY": OWNER[1],
        "CF_SJLYDM": OWNER[0],
        "X_SX_DJ": "一般",
    }
    return base | cells


PERSON = {"CF_XDR_MC": "测试丁", "CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None, "CF_XDR_ZJLX": "身份证"}
NUMBER = "00000019900101001" + identity_check_character("00000019900101001")  # of a region that does not exist
