"""Who may read by which view, whatever the catalogue says: the floor under the purposes in `cn/purposes.yaml`.

A purpose of the catalogue chooses a view, and may allow fewer readers and kinds of subject and ask for more than the floor;
it can't allow more (lint refuses it, and the gate would not heed it).
"""

from dataclasses import dataclass

from chengxin.values.spoken import Spoken


class Reader(Spoken):
    """Who asks. One person may sit at several desks; each question comes from one."""

    PUBLIC = "public", "公众", "anybody"
    SUBJECT = "subject", "信用主体本人", "the subject itself"
    AUTHORITY = "authority", "部门", "authority"
    UPPER = "upper", "上级平台", "upper platform"
    OFFICE = "office", "信用办", "credit office"
    PARTNER = "partner", "金融机构和信用服务机构", "bank or agency"
    HOLDER = "holder", "持有主体所给链接和验证码的人", "holder of a subject's link and code"
    AUDITOR = "auditor", "审计人员", "auditor"
    OPERATOR = "operator", "系统运维人员", "system operator"


class Kind(Spoken):
    """Whom it is about."""

    ORGANISATION = "organisation", "法人和其他组织", "organisation"
    SOLE_TRADER = "sole_trader", "个体工商户", "sole trader"
    PERSON = "person", "自然人", "natural person"


class Need(Spoken):
    """What the reader must bring beside the purpose."""

    NONE = "none", "不需要", "nothing"
    CASE = "case", "办理中的案件编号", "the number of an open case"
    GRANT = "grant", "主体有效的授权", "a live grant of the subject"


class View(Spoken):
    """A way of looking: which channel of the disclosure classes it opens, and which records, stands in `sharing.rules`."""

    PUBLISHED = "published", "公示", "publicity"
    OWN = "own", "来源单位", "its own records"
    SHARED = "shared", "政务共享", "shared within government"
    UPLOADED = "uploaded", "上报", "reported upward"
    GRANTED = "granted", "授权查询", "on authorisation"
    SELF = "self", "本人查询", "the subject's own"
    HANDED = "handed", "主体出示", "shown by the subject"
    KEPT = "kept", "数据管理", "administration of the data"
    HANDLED = "handled", "个案办理", "one case"
    AUDITED = "audited", "审计", "audit"


@dataclass(frozen=True)
class Floor:
    """Who may ever have a view, and what each kind of subject takes at least; a kind that is not there is never seen."""

    readers: frozenset[Reader]
    needs: dict[Kind, Need]


def _all(need: Need) -> dict[Kind, Need]:
    return dict.fromkeys(Kind, need)


_FIRMS = {Kind.ORGANISATION: Need.NONE, Kind.SOLE_TRADER: Need.NONE}
FLOORS: dict[View, Floor] = {
    View.PUBLISHED: Floor(frozenset(Reader), _FIRMS),
    View.OWN: Floor(frozenset({Reader.AUTHORITY}), _all(Need.NONE)),
    View.SHARED: Floor(frozenset({Reader.AUTHORITY}), {**_FIRMS, Kind.PERSON: Need.CASE}),
    View.UPLOADED: Floor(frozenset({Reader.UPPER}), _FIRMS),
    View.GRANTED: Floor(frozenset({Reader.PARTNER}), _all(Need.GRANT)),
    View.SELF: Floor(frozenset({Reader.SUBJECT}), _all(Need.NONE)),
    View.HANDED: Floor(frozenset({Reader.HOLDER}), _all(Need.GRANT)),
    View.KEPT: Floor(frozenset({Reader.OFFICE}), _all(Need.NONE)),
    View.HANDLED: Floor(frozenset({Reader.OFFICE}), _all(Need.CASE)),
    View.AUDITED: Floor(frozenset({Reader.AUDITOR}), _all(Need.NONE)),
}
