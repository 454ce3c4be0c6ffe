"""What is asked of the gate and what it answers: closed lists, one question, two kinds of answer."""

from dataclasses import dataclass

from chengxin.sharing.condition import Condition, Scope
from chengxin.standards.readers import Kind, Reader
from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken


class Action(Spoken):
    """What the reader wants to do."""

    FIND = "find", "精确查找", "find by exact code or full name"
    SEARCH = "search", "模糊检索", "search"
    READ = "read", "查看一个主体", "read one subject"
    LIST = "list", "成批列出", "list many"
    COUNT = "count", "计数", "count"
    FEED = "feed", "持续推送", "feed of changes"
    EXPORT = "export", "下载文件", "file to take away"
    TRACE = "trace", "查看曾有", "see that it existed"


class Part(Spoken):
    """Of what."""

    RECORD = "record", "信用信息", "records"
    LOOKS = "looks", "查询留痕", "who looked"
    SENT = "sent", "报送原件与问题行", "files as sent and rows not taken"
    REPORT = "report", "已出具的信用报告", "reports that were issued"


class Ground(Spoken):
    """What the reader brings, checked by whoever keeps the cases and the grants on this very request."""

    NONE = "none", "没有案件或授权", "nothing"
    CASE_OPEN = "case_open", "案件办理中", "an open case"
    CASE_CLOSED = "case_closed", "案件已办结", "a closed case"
    GRANT_LIVE = "grant_live", "授权有效", "a live grant for this purpose"
    GRANT_ENDED = "grant_ended", "授权已到期、用完或撤回", "a grant that ended, was used up or withdrawn"


class FieldClass(Spoken):
    """The disclosure classes of the catalogue (cn/disclosure.yaml; a test compares the two)."""

    PUBLIC = "public", "公开公示", "public"
    ON_AUTH = "on_auth", "授权查询", "on authorisation"
    GOV = "gov", "政务共享", "shared within government"
    WITHHELD = "withheld", "不予共享", "not shared"
    RESTRICTED = "restricted", "须专门书面同意", "special written consent"
    FORBIDDEN = "forbidden", "禁止归集", "never collected"


class Reason(Spoken):
    """Why not. About people there is one reason only, and it is the answer for a missing record too."""

    NOTHING = "nothing", "没有查到。", "Nothing found."
    NO_PURPOSE = "no_purpose", "目录中没有这一查询用途。", "The catalogue has no such purpose."
    DRAFT = (
        "draft",
        "这一用途的依据尚待确认，确认前不得使用。",
        "This purpose is a draft: nobody may use it until it is confirmed.",
    )
    NOT_IN_FORCE = (
        "not_in_force",
        "这一用途或其依据这一天没有效力。",
        "This purpose or its clause is not in force on this day.",
    )
    READER = "reader", "这一用途不适用于您的身份。", "This purpose is not for you."
    KIND = "kind", "这一用途不能用于这类主体。", "This purpose is not for this kind of subject."
    NEEDS_CASE = "needs_case", "须填写办理中的案件编号。", "Give the number of an open case."
    CASE_CLOSED = "case_closed", "该案件已办结，不能再凭它查询。", "That case is closed."
    NEEDS_GRANT = "needs_grant", "须有主体的授权。", "The subject's grant is needed."
    GRANT_ENDED = "grant_ended", "授权已到期、用完或撤回。", "The grant ended, was used up or withdrawn."
    ACTION = "action", "这一用途不能这样使用。", "This purpose does not allow that."
    RESOURCE = (
        "resource",
        "目录中没有这一信息类，或它没有这类主体。",
        "No such resource, or it is not about such subjects.",
    )
    CLASS = "class", "这一信息类的披露方式不允许。", "The resource's disclosure class does not allow it."


@dataclass(frozen=True, slots=True)
class Question:
    """Who wants to do what with which information about whom, for what, on which ground. The day is the catalogue's."""

    reader: Reader
    action: Action
    resource: str
    kind: Kind
    purpose: str
    ground: Ground = Ground.NONE
    part: Part = Part.RECORD


@dataclass(frozen=True, slots=True)
class Allowed:
    """`fields` of the content and `columns` of the record that may be seen, of the records that `condition` chooses.

    Of looks and files sent there are no fields: all of them, of whom the scope says.
    """

    fields: frozenset[str]
    columns: frozenset[str]
    condition: Condition | Scope
    clause: str


@dataclass(frozen=True, slots=True)
class Denied:
    """No, and why; `clause` is what the purpose rests on, where there is a purpose."""

    reason: Reason
    clause: str | None = None

    @property
    def said(self) -> Said:
        """The reason for people."""
        return self.reason.said


# The one answer about a person who may not be seen, and the one about a person who is not there.
NOTHING = Denied(Reason.NOTHING)
Answer = Allowed | Denied
