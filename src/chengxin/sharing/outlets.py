"""The outlets: every way by which anything of a record leaves. A closed list; what is not in it can't be built.

Each view function of the site stands under `@through("name")`, which fails at import if the name is not here, and takes
what it shows from `site/access`, which asks `answer_at`. So a page can't do more than its row says. What shows nothing of any
record (help, sign-in) stands under `@without_records`. A test walks the site for functions under neither.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chengxin.sharing.access import decide
from chengxin.sharing.condition import At
from chengxin.sharing.questions import NOTHING, Action, Answer, Denied, Ground, Part, Question, Reason
from chengxin.standards.load import Catalogue
from chengxin.standards.readers import Kind, Reader, View
from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken


class Form(Spoken):
    """What kind of outlet it is."""

    PAGE = "page", "页面", "page"
    LIST = "list", "列表", "list"
    COUNT = "count", "计数", "count"
    SEARCH = "search", "检索", "search"
    ANSWER = "answer", "接口应答", "API answer"
    FEED = "feed", "推送", "feed"
    SNAPSHOT = "snapshot", "快照", "snapshot"
    FILE = "file", "文件", "file"


class Cache(Spoken):
    """Who may be given a kept copy. What a signed-in reader sees of records is never kept."""

    NEVER = "never", "不缓存", "never kept"
    ANYBODY = "anybody", "同一份给所有人", "one copy for anybody"
    BODY = "body", "每个机关一份", "one copy for each body"


@dataclass(frozen=True)
class Outlet:
    """One way out: for whom, by which view, doing what with which part."""

    name: str
    said: Said
    form: Form
    reader: Reader
    view: View
    action: Action
    part: Part = Part.RECORD
    cache: Cache = Cache.NEVER


def _public(name: str, zh: str, en: str, form: Form, action: Action, cache: Cache = Cache.ANYBODY) -> Outlet:
    return Outlet(f"public.{name}", Said(zh, en), form, Reader.PUBLIC, View.PUBLISHED, action, cache=cache)


def _desk(
    reader: Reader,
    view: View,
    name: str,
    zh: str,
    en: str,
    form: Form,
    action: Action,
    part: Part = Part.RECORD,
    cache: Cache = Cache.NEVER,
) -> Outlet:
    return Outlet(f"{reader.value}.{name}", Said(zh, en), form, reader, view, action, part, cache)


_A, _O, _S = Reader.AUTHORITY, Reader.OFFICE, Reader.SUBJECT
_LISTED: tuple[Outlet, ...] = (
    # What somebody types may be a person's number, so no answer to it is kept.
    _public("search", "检索", "search", Form.SEARCH, Action.SEARCH, Cache.NEVER),
    _public("find", "按代码或全称查找", "find by code or full name", Form.SEARCH, Action.FIND, Cache.NEVER),
    _public("subject", "主体页", "page of a subject", Form.PAGE, Action.READ),
    _public("record", "信息页", "page of a record", Form.PAGE, Action.READ),
    _public("list", "双公示和名单", "lists", Form.LIST, Action.LIST),
    _public("counts", "统计数", "counts", Form.COUNT, Action.COUNT),
    _public("answer", "公开接口", "public API", Form.ANSWER, Action.READ),
    _public("feed", "更新推送", "feed of changes", Form.FEED, Action.FEED),
    _public("snapshot", "开放数据快照", "open-data snapshot", Form.SNAPSHOT, Action.EXPORT),
    _public("file", "列表下载", "a list as a file", Form.FILE, Action.EXPORT),
    _public("verify", "核验信用报告", "verify a report", Form.PAGE, Action.READ, Cache.NEVER),
    _desk(_A, View.SHARED, "check", "核查一个主体", "check one subject", Form.PAGE, Action.READ),
    _desk(_A, View.SHARED, "check_find", "核查前查找", "find whom to check", Form.SEARCH, Action.FIND),
    _desk(_A, View.SHARED, "check_search", "核查前检索", "search whom to check", Form.SEARCH, Action.SEARCH),
    _desk(_A, View.SHARED, "check_many", "成批核查", "check many", Form.LIST, Action.LIST),
    _desk(_A, View.SHARED, "check_answer", "核查接口", "check by API", Form.ANSWER, Action.READ),
    _desk(_A, View.OWN, "records", "本单位信息", "its own records", Form.LIST, Action.LIST),
    _desk(_A, View.OWN, "record", "本单位一条信息", "one of its own records", Form.PAGE, Action.READ),
    _desk(_A, View.OWN, "records_search", "检索本单位信息", "search its own records", Form.SEARCH, Action.SEARCH),
    _desk(_A, View.OWN, "records_file", "本单位信息下载", "its own records as a file", Form.FILE, Action.EXPORT),
    _desk(_A, View.OWN, "history", "本单位信息沿革", "history of its own records", Form.PAGE, Action.TRACE),
    _desk(_A, View.OWN, "figures", "本单位数字", "its own figures", Form.COUNT, Action.COUNT, cache=Cache.BODY),
    _desk(_A, View.OWN, "sent", "本单位报送批次", "its own submissions", Form.LIST, Action.LIST, Part.SENT),
    _desk(_A, View.OWN, "problems", "问题数据", "rows not taken", Form.LIST, Action.LIST, Part.SENT),
    _desk(_A, View.OWN, "problems_file", "批注表下载", "the sheet handed back", Form.FILE, Action.EXPORT, Part.SENT),
    _desk(_O, View.KEPT, "records", "数据管理列表", "records as they are kept", Form.LIST, Action.LIST),
    _desk(_O, View.KEPT, "record", "数据管理一个主体", "one subject as it is kept", Form.PAGE, Action.READ),
    _desk(_O, View.KEPT, "file", "信用档案（命令）", "credit file by command", Form.FILE, Action.READ),
    _desk(_O, View.KEPT, "report", "出具信用报告", "issue a report", Form.FILE, Action.READ),
    _desk(_O, View.KEPT, "reports_file", "成批信用报告下载", "reports of a list, as a zip", Form.FILE, Action.READ),
    _desk(_O, View.KEPT, "search", "数据管理检索", "search in what is kept", Form.SEARCH, Action.SEARCH),
    _desk(_O, View.KEPT, "history", "信息沿革", "history", Form.PAGE, Action.TRACE),
    _desk(_O, View.KEPT, "figures", "运行数字", "figures of the office", Form.COUNT, Action.COUNT, cache=Cache.BODY),
    _desk(_O, View.KEPT, "intake", "归集情况", "what came in", Form.COUNT, Action.COUNT, Part.SENT),
    _desk(_O, View.HANDLED, "case", "个案", "one case", Form.PAGE, Action.READ),
    _desk(_O, View.HANDLED, "case_history", "个案信息沿革", "history in one case", Form.PAGE, Action.TRACE),
    _desk(_O, View.HANDLED, "case_looks", "个案查询留痕", "who looked, in one case", Form.PAGE, Action.READ, Part.LOOKS),
    _desk(_S, View.SELF, "file", "我的信用档案", "what is held about me", Form.PAGE, Action.READ),
    _desk(_S, View.SELF, "report", "我的信用报告", "my report", Form.FILE, Action.EXPORT),
    _desk(_S, View.SELF, "history", "我的信息沿革", "what was held about me", Form.PAGE, Action.TRACE),
    _desk(_S, View.SELF, "looks", "谁查过我", "who looked", Form.LIST, Action.LIST, Part.LOOKS),
    _desk(_S, View.SELF, "looks_file", "谁查过我（下载）", "who looked, as a file", Form.FILE, Action.EXPORT, Part.LOOKS),
    _desk(_S, View.SELF, "shares", "我分享的信用报告", "reports that I share", Form.LIST, Action.LIST, Part.REPORT),
    _desk(Reader.HOLDER, View.HANDED, "report", "凭链接查看信用报告", "a report by its link", Form.PAGE, Action.READ, Part.REPORT),
    _desk(Reader.HOLDER, View.HANDED, "report_file", "凭链接下载信用报告", "its file", Form.FILE, Action.EXPORT, Part.REPORT),
    _desk(Reader.PARTNER, View.GRANTED, "answer", "授权查询接口", "query with a grant by API", Form.ANSWER, Action.READ),
    _desk(Reader.PARTNER, View.GRANTED, "page", "授权查询", "query with a grant", Form.PAGE, Action.READ),
    _desk(Reader.UPPER, View.UPLOADED, "feed", "向上级推送", "feed upward", Form.FEED, Action.FEED),
    _desk(Reader.UPPER, View.UPLOADED, "snapshot", "向上级对账", "snapshot to compare", Form.SNAPSHOT, Action.EXPORT),
    _desk(Reader.AUDITOR, View.AUDITED, "records", "审计列表", "records for audit", Form.LIST, Action.LIST),
    _desk(Reader.AUDITOR, View.AUDITED, "history", "审计沿革", "history for audit", Form.PAGE, Action.TRACE),
    _desk(Reader.AUDITOR, View.AUDITED, "looks", "审计留痕", "looks for audit", Form.LIST, Action.LIST, Part.LOOKS),
)  # fmt: skip
OUTLETS: dict[str, Outlet] = {o.name: o for o in _LISTED}
F = TypeVar("F", bound=Callable[..., Any])


def outlet_named(name: str) -> Outlet:
    """The outlet of this name. Raises LookupError for one that is not registered: our own mistake, found at import."""
    if name not in OUTLETS:
        raise LookupError(f"no outlet {name!r} in sharing/outlets.py: what is not registered can't be built")
    return OUTLETS[name]


def through(*names: str) -> Callable[[F], F]:
    """Marks a view function of the site with the outlet it goes through. Raises LookupError at import.

    Several: the key or seat of who asks decides which one; the view asks at no other.
    """
    outlets = tuple(outlet_named(name) for name in names)

    def marked(view: F) -> F:
        view.outlet = outlets[0] if len(outlets) == 1 else outlets  # type: ignore[attr-defined]
        return view

    return marked


def without_records(view: F) -> F:
    """Marks a view function that shows nothing of any record: help, sign-in, the log's tiles."""
    view.outlet = None  # type: ignore[attr-defined]
    return view


def answer_at(
    outlet: Outlet, catalogue: Catalogue, resource: str, kind: Kind, purpose: str, ground: Ground = Ground.NONE
) -> Answer:
    """The gate's answer at an outlet: its own reader, action and part, and only purposes of its view."""
    question = Question(outlet.reader, outlet.action, resource, kind, purpose, ground, outlet.part)
    known = catalogue.purposes.get(purpose)
    if known is not None and known.view is not outlet.view:
        return NOTHING if kind is Kind.PERSON else Denied(Reason.ACTION, known.clause)
    return decide(question, catalogue)


# What a key may be made of: words of ours, ids and small numbers; never what somebody typed, never an identity number.
_SAFE = re.compile(r"[a-z][a-z_]{0,39}|[0-9a-f]{32}|[0-9]{1,6}")
_BODY = re.compile(r"[0-9A-Z]{18}")


def cache_key(outlet: Outlet, at: At, about: tuple[str, ...]) -> str | None:
    """The key of a kept copy, or None if no copy may be kept.

    It names the legal day and the place in the log: a copy of yesterday or of before the last change set is never found again.
    """
    if outlet.cache is Cache.NEVER or not all(_SAFE.fullmatch(word) for word in about):
        return None
    scope = "anybody"
    if outlet.cache is Cache.BODY:
        if at.body is None or not _BODY.fullmatch(at.body):
            return None
        scope = at.body
    return "/".join((outlet.name, at.day.isoformat(), f"{at.included}-{at.committed}", scope, *about))
