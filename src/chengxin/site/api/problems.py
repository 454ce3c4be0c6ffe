"""What went wrong, as RFC 9457 problems: a code that never changes, both languages, findings as in the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from django.http import HttpRequest, HttpResponse

from chengxin.site.api.shapes import Finding, Problem
from chengxin.values.errors import Refused, Said

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status and title."""

    status: int
    title: Said


def _kind(status: int, zh: str, en: str) -> Kind:
    return Kind(status, Said(zh, en))


_OTHER = _kind(422, "请求不能受理", "Can't be taken")
_FILE = _kind(422, "文件不能用", "Unusable file")
# Why a file or rows are refused as a whole, by intake; the words are those of its messages.
FILES = (
    *(
        "not-a-file",
        "empty-file",
        "too-big",
        "is-pdf",
        "is-iwork",
        "is-image",
        "is-word",
        "is-other-archive",
        "is-binary",
    ),
    *("is-ods", "is-xlsb", "is-mhtml", "is-xml-2003", "is-xml", "has-password", "broken-zip", "unreadable", "too-much"),
    *("too-slow", "no-room", "no-headings", "no-headings-but-hidden", "no-worksheet", "all-sheets-hidden", "no-rows"),
    *("too-many-columns", "too-many-rows", "zip-members", "zip-bomb", "zip-path", "zip-twice", "xml-entities"),
    *("sheet-spread", "zip-empty", "zip-in-zip", "json-not-objects", "json-broken"),
)
# By code. What is refused with another code is of the kind `refused`; its own code and words are told all the same.
KINDS: dict[str, Kind] = {
    "no-key": _kind(401, "没有出示密钥", "No key"),
    "wrong-key": _kind(401, "密钥无效", "Wrong key"),
    "key-scope": _kind(403, "密钥不能用于此", "Out of the key's scope"),
    "key-in-address": _kind(400, "密钥写进了网址", "Key in the address"),
    "not-found": _kind(404, "没有找到", "Not found"),
    "unknown-subject": _kind(404, "没有这个主体", "Unknown subject"),
    "unknown-report": _kind(404, "没有出具过这份报告", "Unknown report"),
    "mistyped": _kind(400, "编号有错字", "Mistyped number"),
    "method": _kind(405, "不支持这种方法", "Method not allowed"),
    "media-type": _kind(415, "不支持这种内容", "Unsupported media type"),
    "too-large": _kind(413, "内容过大", "Too large"),
    "bad-json": _kind(400, "不是正确的 JSON", "Malformed JSON"),
    "bad-form": _kind(400, "表单读不懂", "Malformed form"),
    "body": _kind(422, "内容不合要求", "The body does not fit"),
    "idempotency-key": _kind(400, "幂等键不合要求", "Unusable idempotency key"),
    "idempotency-reuse": _kind(422, "幂等键已用于别的内容", "Idempotency key used for something else"),
    "in-progress": _kind(409, "同一请求正在处理", "In progress"),
    "busy": _kind(429, "正在处理的太多", "Too many at work"),
    "too-many": _kind(429, "请求过于频繁", "Too many requests"),
    "too_many_persons": _kind(429, "当日查询自然人已达上限", "Too many checks of people"),
    "no_purpose": _kind(403, "用途不在目录中", "Unknown purpose"),
    "draft": _kind(403, "用途尚未确认", "Draft purpose"),
    "not_in_force": _kind(403, "用途没有效力", "Purpose not in force"),
    "reader": _kind(403, "用途不适用", "Not for this reader"),
    "kind": _kind(403, "用途不能用于这类主体", "Not for this kind of subject"),
    "action": _kind(403, "用途不能这样使用", "Not for this use"),
    "class": _kind(403, "披露方式不允许", "Not disclosed so"),
    "subject": _kind(422, "不是代码", "Not a code"),
    "check-character": _kind(422, "校验码不对，代码有错字", "Mistyped code"),
    "no_matter": _kind(422, "事项不在目录中", "Unknown matter"),
    "case_no": _kind(422, "案件编号写法不对", "Unusable case number"),
    "needs_case": _kind(422, "须有案件编号", "A case is needed"),
    "cursor-bad": _kind(400, "游标无效", "Unusable cursor"),
    "cursor-stale": _kind(410, "游标所依的范围已变化", "Cursor of another scope"),
    "cursor-expired": _kind(410, "游标过期", "Cursor too old"),
    "cursor-ahead": _kind(409, "游标晚于本站", "Cursor ahead of this site"),
    "unknown-resource": _kind(422, "目录中没有这个信息类", "Unknown resource"),
    "unknown-authority": _kind(422, "名录中没有这个机关", "Unknown authority"),
    "known-on": _kind(422, "只用于演示站点", "For demonstration sites only"),
    "not-kept": _kind(422, "原件已销毁", "The original was destroyed"),
    "kept-changed": _kind(422, "留存的原件已损坏", "The kept original was damaged"),
    "too-long-for-a-sheet": _kind(422, "一张表放不下", "Too long for a sheet"),
    "broken": _kind(500, "服务出错", "Something broke here"),
    "refused": _OTHER,
    **dict.fromkeys(FILES, _FILE),
}
_CHALLENGES = {"no-key": "", "wrong-key": ', error="invalid_token"', "key-scope": ', error="insufficient_scope"'}


@dataclass  # not frozen: Python writes the traceback into it
class Wrong(Exception):  # noqa: N818 - it is an answer
    """A problem to be answered with: `code` of `KINDS`, what happened, findings, more headers."""

    code: str
    said: Said
    findings: tuple[Finding, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def wrong_from(refusal: Refused) -> Wrong:
    """The same refusal as a problem."""
    return Wrong(refusal.code, refusal.said)


def answer(incoming: HttpRequest, wrong: Wrong) -> HttpResponse:
    """The problem as an answer, in the language that is asked for first; the other one stands beside it."""
    kind = KINDS.get(wrong.code, _OTHER)
    english = prefers_english(incoming)
    anchor = wrong.code if wrong.code in KINDS else "refused"
    body = Problem(
        type=incoming.build_absolute_uri(f"/api/#{anchor}") if _host_is_ours(incoming) else f"/api/#{anchor}",
        title=kind.title.en if english else kind.title.zh,
        status=kind.status,
        code=wrong.code,
        detail=wrong.said.en if english else wrong.said.zh,
        said=wrong.said,
        findings=wrong.findings,
    )
    headers = {"Content-Language": "en" if english else "zh-Hans", **wrong.headers}
    if wrong.code in _CHALLENGES:  # RFC 6750, section 3
        headers["WWW-Authenticate"] = f'Bearer realm="chengxin"{_CHALLENGES[wrong.code]}'
    return HttpResponse(msgspec.json.encode(body), status=kind.status, content_type=MEDIA_TYPE, headers=headers)


def _host_is_ours(incoming: HttpRequest) -> bool:
    try:
        incoming.get_host()
    except Exception:  # a name that is not the site's: never repeat it
        return False
    return True


def prefers_english(incoming: HttpRequest) -> bool:
    """True if Accept-Language names English before Chinese, by weight and then by order (RFC 9110, 12.5.4)."""
    weights = {"zh": 0.0, "en": 0.0}
    for place, part in enumerate(incoming.headers.get("Accept-Language", "")[:200].split(",")):
        name, _, weight = part.strip().partition(";q=")
        tongue = name.strip().lower()[:2]
        if tongue in weights:
            weights[tongue] = max(weights[tongue], _weight(weight) - place / 1000)
    return weights["en"] > weights["zh"]


def _weight(text: str) -> float:
    try:
        return min(max(float(text or 1), 0.0), 1.0)
    except ValueError:
        return 0.0
