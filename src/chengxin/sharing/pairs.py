"""Forbidden pairs: what no one person may do in one case, and what no one person may hold at all (trust 3.2, INV-39)."""

from dataclasses import dataclass

from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken


class Duty(Spoken):
    """What a member of staff does or holds."""

    SUBMIT = "submit", "报送", "submits a file"
    REVIEW = "review", "审查报送", "reviews a submission"
    JUDGE = "judge", "裁定主体归属", "judges a waiting row"
    JUDGE_AGAIN = "judge_again", "复核主体归属", "confirms a judgement"
    RECALL = "recall", "提出撤回批次", "proposes the recall of a submission"
    RECALL_AGAIN = "recall_again", "复核撤回批次", "carries out a recall"
    UNSEAL = "unseal", "提出撤销报告", "proposes to withdraw a report"
    UNSEAL_AGAIN = "unseal_again", "复核撤销报告", "withdraws a report"
    PROPOSE = "propose", "提出列入名单", "proposes a list entry"
    DECIDE = "decide", "作出决定", "makes the decision"
    NOTIFY = "notify", "送达告知", "serves the notice"
    OBJECTION = "objection", "处理异议", "decides an objection"
    REPAIR = "repair", "决定修复", "decides a repair"
    WRITE = "write", "撰写", "writes an article"
    PUBLISH = "publish", "发布", "publishes"
    SECRECY = "secrecy", "保密审查", "reviews secrecy"
    PAPER = "paper", "录入书面授权", "enters a grant on paper"
    PAPER_AGAIN = "paper_again", "核对书面授权", "compares a grant on paper"
    CONFIRM = "confirm", "确认草案", "confirms a draft"
    CONFIRM_AGAIN = "confirm_again", "复核草案确认", "confirms a draft as the second"
    ADMIT = "admit", "提出接入和授权", "proposes whom to let in"
    ADMIT_AGAIN = "admit_again", "复核接入和授权", "lets in whom another proposed"
    GIVE_ROLE = "give_role", "授予角色", "gives a role"
    TAKE_ROLE = "take_role", "接受角色", "receives a role"
    KEYS = "keys", "管理密钥", "rotates keys"
    SECURITY = "security", "安全管理", "security officer"
    AUDIT = "audit", "审计", "audits"
    RUN = "run", "系统运维", "runs the system"
    READ = "read", "查看非公开信息", "reads what is not public"


class Reach(Spoken):
    """How far a pair reaches."""

    CASE = "case", "同一事项", "in one case"
    EVER = "ever", "任何时候", "ever"


@dataclass(frozen=True)
class Pair:
    """Two duties that one person may not unite, and why. `clause`: the rule it comes from, where it is not only ours."""

    first: Duty
    second: Duty
    reach: Reach
    said: Said
    clause: str | None = None


D = Duty


def _in_one_case(first: Duty, second: Duty, zh: str, en: str, clause: str | None = None) -> Pair:
    return Pair(first, second, Reach.CASE, Said(zh, en), clause)


def _ever(first: Duty, second: Duty, zh: str, en: str, clause: str | None = "pipl-2021:51") -> Pair:
    return Pair(first, second, Reach.EVER, Said(zh, en), clause)


_REVIEW = Said(
    "报送人不能审查自己报送的批次，请由本部门另一人审查。", "Whoever submits does not review: ask a colleague."
)
_HEARD = "sd-credit-2020:39"
PAIRS: tuple[Pair, ...] = (
    Pair(D.SUBMIT, D.REVIEW, Reach.CASE, _REVIEW, "sd-credit-2020:16"),
    _in_one_case(D.JUDGE, D.JUDGE_AGAIN, "裁定归属的人不能复核自己的裁定。", "Whoever judges does not confirm it."),
    _in_one_case(D.RECALL, D.RECALL_AGAIN, "提出撤回的人不能复核撤回。", "Whoever proposes a recall does not carry it out."),
    _in_one_case(D.SUBMIT, D.RECALL_AGAIN, "报送的人不能复核撤回。", "Whoever submitted it does not carry out its recall."),
    _in_one_case(D.UNSEAL, D.UNSEAL_AGAIN, "提出撤销报告的人不能复核。", "Whoever proposes to withdraw a report does not do it."),
    _in_one_case(D.PROPOSE, D.DECIDE, "提出列入的人不能决定列入。", "Whoever proposes an entry does not decide it."),
    _in_one_case(D.PROPOSE, D.NOTIFY, "提出列入的人不能送达告知。", "Whoever proposes does not serve the notice."),
    _in_one_case(D.DECIDE, D.NOTIFY, "作出决定的人不能送达告知。", "Whoever decides does not serve the notice."),
    _in_one_case(D.DECIDE, D.OBJECTION, "作出决定的人不能处理对它的异议。", "Whoever decided does not hear the objection.", _HEARD),
    _in_one_case(D.SUBMIT, D.OBJECTION, "报送的人不能处理对它的异议。", "Whoever recorded it does not hear the objection.", _HEARD),
    _in_one_case(D.REVIEW, D.OBJECTION, "审查的人不能处理对它的异议。", "Whoever reviewed it does not hear the objection.", _HEARD),
    _in_one_case(D.DECIDE, D.REPAIR, "作出决定的人不能决定修复。", "Whoever decided it does not decide the repair."),
    _in_one_case(D.WRITE, D.SECRECY, "撰写人不作保密审查，请另一人审查。", "Whoever writes does not review secrecy."),
    _in_one_case(D.PUBLISH, D.SECRECY, "发布的人不能作保密审查。", "Whoever publishes does not review secrecy."),
    _in_one_case(D.PAPER, D.PAPER_AGAIN, "书面授权须由两人录入和核对。", "A grant on paper takes two people."),
    _in_one_case(D.CONFIRM, D.CONFIRM_AGAIN, "确认草案须由两人。", "Confirming a draft takes two people."),
    _in_one_case(D.ADMIT, D.ADMIT_AGAIN, "提出接入的人不能复核。", "Whoever proposes to let somebody in does not confirm it."),
    _in_one_case(D.GIVE_ROLE, D.TAKE_ROLE, "不能给自己授予角色。", "Nobody gives a role to himself."),
    _ever(D.KEYS, D.AUDIT, "管理密钥的人不能审计。", "Whoever rotates keys does not audit."),
    _ever(D.SECURITY, D.AUDIT, "安全管理员不能兼审计。", "A security officer does not audit."),
    _ever(D.RUN, D.AUDIT, "运维人员不能审计。", "Whoever runs the system does not audit."),
    _ever(D.RUN, D.SECURITY, "运维人员不能兼安全管理员。", "Whoever runs the system does not guard it."),
    _ever(D.RUN, D.READ, "运维人员不能查看非公开信息。", "Whoever runs the system reads nothing that is not public."),
    _ever(D.AUDIT, D.SUBMIT, "审计人员不能报送。", "Whoever audits does not submit.", None),
    _ever(D.AUDIT, D.DECIDE, "审计人员不能作出决定。", "Whoever audits does not decide.", None),
)  # fmt: skip
_BY_DUTIES = {frozenset((p.first, p.second)): p for p in PAIRS}


def pair_forbidden(done: Duty, wanted: Duty, same_case: bool) -> Pair | None:
    """The pair that forbids whoever does or did `done` to do `wanted`; None if one person may do both. Order does not matter."""
    pair = _BY_DUTIES.get(frozenset((done, wanted)))
    return pair if pair is not None and (same_case or pair.reach is Reach.EVER) else None
