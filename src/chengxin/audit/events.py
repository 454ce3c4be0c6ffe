"""The closed list of events. Whatever changes the state, or proves that it changed, is one of these and nothing else.

A tag has three parts: the area, the thing, what happened to it. Its row lists the fields of its content once; the page
in the docs is made from this list. A stage that brings new kinds of change brings its rows here.
"""

from collections.abc import Mapping
from enum import StrEnum

import polars as pl

from chengxin.audit.canonical import Content, canonical_rows
from chengxin.values.errors import Said

# What every content says: the resource or list concerned with its version, the reporting or deciding body, the legal
# day, and the index in the log of the event before it about the same thing (null: none).
COMMON = ("item", "authority", "day", "previous")
# The tag that the log shows for any event about a person; which one it was is inside the commitment (trust 4.2).
PERSON_TAG = "person:event:recorded"
# What a site notes of an entry that stands for nothing, which the log shows like any other about a person; and of how many
# entries about persons the log holds a multiple, for each week and in each checkpoint (trust 4.2).
PADDING = "person:event:padding"
TOGETHER = 16

_FILE = ("submission",)
_RECORD = ("record", "version", "subject")
_SUBJECT = ("subject",)


class Tag(StrEnum):
    """One kind of event: its tag, the fields of its content beside `COMMON`, what it says in both languages."""

    fields: tuple[str, ...]
    said: Said

    # Defaults only let a type checker read `Tag(text)` as the look-up that it is.
    def __new__(cls, tag: str, fields: tuple[str, ...] = (), zh: str = "", en: str = "") -> "Tag":
        """One row of the list below."""
        member = str.__new__(cls, tag)
        member._value_ = tag
        member.fields, member.said = fields, Said(zh, en)
        return member

    @property
    def person_tag(self) -> str:
        """What a person's leaf shows in place of the tag: the same for all, so that it says nothing."""
        return PERSON_TAG

    SUBMISSION_RECEIVED = (
        "intake:submission:received",
        (*_FILE, "channel", "digest", "received"),
        "收到报送",
        "file received",
    )
    SUBMISSION_EFFECTIVE = (
        "intake:submission:effective",
        (*_FILE, "accepted", "rejected", "duplicate", "held"),
        "报送生效",
        "submission took effect",
    )
    SUBMISSION_RECALLED = "intake:submission:recalled", (*_FILE, "reason"), "撤回报送", "submission recalled"
    SUBMISSION_HELD = "intake:submission:held", (*_FILE, "reason"), "报送暂存待核", "submission held for review"
    SUBMISSION_RELEASED = "intake:submission:released", (*_FILE, "reason"), "暂存报送放行", "held submission released"
    QUEUE_JUDGED = "subjects:queue:judged", (*_FILE, "row", "verdict", "subject"), "主体归属裁定", "waiting row judged"
    SUBJECT_ADDED = "register:subject:added", (*_SUBJECT, "kind", "content"), "新增主体", "subject added"
    SUBJECT_CHANGED = "register:subject:changed", (*_SUBJECT, "content"), "主体信息变更", "subject changed"
    SUBJECT_MERGED = "register:subject:merged", (*_SUBJECT, "into", "reason"), "主体合并", "subject merged"
    SUBJECT_SPLIT = "register:subject:split", (*_SUBJECT, "from", "reason"), "主体拆分", "merged subject split again"
    RECORD_ADDED = "register:record:added", (*_RECORD, "content"), "新增信用信息", "record added"
    RECORD_LATE = "register:record:late", (*_RECORD, "content"), "迟到的旧版本", "earlier version that came late"
    RECORD_SUPERSEDED = "register:record:superseded", (*_RECORD, "content"), "信用信息更正", "record superseded"
    RECORD_WITHDRAWN = "register:record:withdrawn", (*_RECORD, "content"), "信用信息撤销", "record withdrawn"
    RECORD_MISSING = (
        "register:record:missing",
        (*_RECORD, "content"),
        "全量报送中缺失",
        "record absent from a full feed",
    )
    RECORD_RETURNED = "register:record:returned", (*_RECORD, "content"), "信用信息恢复", "record came back"
    RECORD_REPAIRED = "register:record:repaired", (*_RECORD, "reason"), "信用修复", "record repaired"
    RECORD_RECALLED = (
        "register:record:recalled",
        (*_RECORD, "content"),
        "报送撤回后恢复原状",
        "as it was before a recalled file",
    )
    RECORD_REMOVED = "register:record:removed", _RECORD, "报送撤回后移除", "removed with a recalled file"
    RECORD_DESTROYED = "register:record:destroyed", _RECORD, "信用信息销毁", "record destroyed"
    RECORD_MASKED = "register:record:masked", (*_RECORD, "reason"), "信用信息屏蔽", "record masked (reorganisation)"
    SOURCE_ADDED = "register:source:added", (*_RECORD, "source"), "增加信息来源", "second sender of one record"
    CATALOGUE_LOADED = "catalogue:version:loaded", ("version", "digest"), "目录版本启用", "catalogue version loaded"
    DRAFT_CONFIRMED = "catalogue:draft:confirmed", ("what", "document", "dated"), "草案确认", "draft confirmed"
    AUTHORITY_LOADED = "authority:table:loaded", ("digest", "count"), "机关名录载入", "table of authorities loaded"
    KEYS_ROTATED = "keys:signing:rotated", ("old", "new"), "签名密钥更换", "signing key rotated"
    KEYS_DESTROYED = "keys:subject:destroyed", _SUBJECT, "主体密钥销毁", "key of a subject destroyed"
    REPORT_ISSUED = "reports:report:issued", ("report", "digest"), "出具信用报告", "credit report issued"
    REPORT_WITHDRAWN = "reports:report:withdrawn", ("report", "reason"), "撤销信用报告", "credit report withdrawn"
    OBJECTION_OPENED = "redress:objection:opened", ("objection", "record"), "提出异议", "objection raised"
    OBJECTION_MOVED = "redress:objection:moved", ("objection", "record", "to"), "异议办理", "objection moved on"
    LOG_RESTORED = "log:backup:restored", ("size", "root", "reason"), "日志自备份恢复", "log restored from a backup"


def content(tag: Tag, values: Mapping[str, Content]) -> dict[str, Content]:
    """The content of one event, to be made canonical: `event` and `values`. Raises ValueError unless all fields are there."""
    _check(tag, set(values))
    return {"event": str(tag), **values}


def contents(tag: Tag, rows: pl.DataFrame) -> pl.Series:
    """Canonical content of many events of one kind, one row each, the columns being the fields: Binary.

    Raises ValueError for a missing or unknown column and for what `canonical_rows` refuses.
    """
    _check(tag, set(rows.columns))
    return canonical_rows(rows.with_columns(pl.lit(str(tag)).alias("event")))


def table() -> str:
    """The list as a Markdown table, for the docs; a test compares the page with it."""
    lines = ["| event | 中文 | English | fields |", "|---|---|---|---|"]
    lines += [f"| `{t}` | {t.said.zh} | {t.said.en} | {', '.join((*COMMON, *t.fields))} |" for t in Tag]
    return "\n".join(lines) + "\n"


def _check(tag: Tag, given: set[str]) -> None:
    wanted = {*COMMON, *tag.fields}
    if given != wanted:
        raise ValueError(f"{tag}: missing {sorted(wanted - given)}, unknown {sorted(given - wanted)}")
