"""What a body lacks, in both languages: msgspec says it in English alone."""

import re
from collections.abc import Callable

from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Finding
from chengxin.values.errors import Said

_PLACE = re.compile(r" - at `([^`]*)`$")
_KINDS = {
    "str": "文字",
    "int": "整数",
    "float": "数字",
    "bool": "真假值",
    "array": "数组",
    "object": "对象",
    "null": "空值",
}
_NAME = re.compile("[A-Za-z_]{1,40}")  # what is longer or other is not repeated
Words = Callable[[re.Match[str]], str]
_SAID: list[tuple[re.Pattern[str], Words]] = [
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), lambda m: f"应为{_kinds(m[1])}，收到的是{_kinds(m[2])}"),
    (re.compile(r"Object missing required field `[^`]+`"), lambda m: "缺少这一项"),
    (re.compile(r"Object contains unknown field `[^`]+`"), lambda m: "没有这一项"),
    (re.compile(r"Expected `str` of length >= (\d+)"), lambda m: f"至少 {m[1]} 个字符"),
    (re.compile(r"Expected `str` of length <= (\d+)"), lambda m: f"不超过 {m[1]} 个字符"),
    (re.compile(r"Expected `(?:int|float)` >= (-?\d+)"), lambda m: f"不小于 {m[1]}"),
    (re.compile(r"Expected `(?:int|float)` <= (-?\d+)"), lambda m: f"不大于 {m[1]}"),
    (re.compile(r"Integer value out of range"), lambda m: "数字过大"),
    (re.compile(r"Expected `int` from (\d+) to (\d+)"), lambda m: f"应为 {m[1]} 至 {m[2]} 的整数"),
    (re.compile(r"Expected one of (.+)"), lambda m: f"应为 {m[1].replace(', ', '、')} 之一"),
    (re.compile(r"Invalid enum value .*", re.DOTALL), lambda m: "不是可用的值，见接口页"),
    (re.compile(r"Invalid RFC3339 encoded date.*"), lambda m: "应为日期，如 2026-03-10"),
]
_FIELD = re.compile(r"Object (?:missing required|contains unknown) field `([^`]+)`")


def unfit(error: str) -> Wrong:
    """The problem of a body that is not of the shape: where, and what is expected there."""
    place, why = _PLACE.search(error), _PLACE.sub("", error)
    path = [part for part in (place[1] if place else "$").removeprefix("$").split(".") if part]
    if named := _FIELD.fullmatch(why):
        path += [named[1]] if _NAME.fullmatch(named[1]) else []
    column = ".".join(path) or None
    zh = next((words(found) for known, words in _SAID if (found := known.fullmatch(why))), "不合要求")
    en = why if column is None or not named else "it is missing" if "missing" in why else "there is no such field"
    said = Said(f"{f'“{column}”' if column else '内容'}：{zh}。", f"{column or 'body'}: {_safe(en)}")
    return Wrong(
        "body",
        Said("内容不合要求，见 findings。", "The body does not fit, see findings."),
        (Finding("body", said, column=column),),
    )


def _kinds(told: str) -> str:
    return "或".join(_KINDS.get(kind, kind) for kind in told.split(" | "))


def _safe(why: str) -> str:
    """Without what was sent."""
    return re.sub(r"(unknown field|Invalid enum value) .*", r"\1", why, flags=re.DOTALL)
