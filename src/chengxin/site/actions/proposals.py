"""Acts that take two people: one proposes with a reason, another carries it out or turns it down. The rows stay.

What is carried out is done by the act's own action, which looks again whether it may be done; only then the row says so.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from chengxin.sharing.pairs import Duty
from chengxin.sharing.roles import Role
from chengxin.site.actions import accounts, admission, api_keys, confirmations, merges, queue, recall, reports
from chengxin.site.actions.accounts import Giver, New
from chengxin.site.actions.submissions import found as submission_of
from chengxin.site.actions.two_people import must_be_two, why_not_two
from chengxin.site.folder import Site
from chengxin.site.store.models import Proposal
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

_LONGEST = 1_000


@dataclass(frozen=True)
class Act:
    """A kind of act: its two duties, and what is done in the end."""

    said: Said
    first: Duty
    second: Duty
    done: Callable[[Site, Proposal, str], object]


def _judge(site: Site, what: Proposal, by: str) -> object:
    return queue.judge(site, what.about, what.detail["verdict"], what.by, what.detail.get("code"), by)


def _merge(site: Site, what: Proposal, by: str) -> object:
    return merges.merge(site, what.about, what.detail["into"], f"{what.by}；{by}", what.reason)


def _recall(site: Site, what: Proposal, by: str) -> object:
    submission = submission_of(what.about)
    must_be_two(Duty.SUBMIT, submission.submitted_by, Duty.RECALL_AGAIN, by)
    return recall.take_back(site, submission, f"{what.by}；{by}", what.reason)


def _unseal(site: Site, what: Proposal, by: str) -> object:
    return reports.withdraw(site, what.about, f"{what.by}；{by}", what.reason)


def _draft(site: Site, what: Proposal, by: str) -> object:
    kind, _, name = what.about.partition(":")
    return confirmations.confirm(site, kind, name, what.detail["document"], what.detail["on"], what.by, by)


def _two(what: Proposal, by: str) -> Giver:
    return Giver(what.by, frozenset(Role), second=by)


def _admit(site: Site, what: Proposal, by: str) -> object:
    return admission.admit(what.about, what.detail["name"], what.detail["kind"], _two(what, by))


def _resume(site: Site, what: Proposal, by: str) -> None:
    admission.resume(what.about, _two(what, by))


def _key(site: Site, what: Proposal, by: str) -> str:
    code, _, name = what.about.partition(":")
    return api_keys.give_key(code, _two(what, by), name, scope_of(what), site.about.demo)[1]


def _account(site: Site, what: Proposal, by: str) -> str:
    new = New(what.about, what.detail["name"], _roles(what), demo=site.about.demo)
    return accounts.add_account(new, None, _two(what, by))[1]


def _give_roles(site: Site, what: Proposal, by: str) -> object:
    return accounts.change_roles(what.about, _roles(what), _two(what, by))


def _reset(site: Site, what: Proposal, by: str) -> str:
    return accounts.reset(what.about, None, _two(what, by))[1]


def _roles(what: Proposal) -> frozenset[Role]:
    return frozenset(Role(code) for code in what.detail["roles"].split())


def scope_of(what: Proposal) -> api_keys.Scope:
    """What a key that is proposed is to be for."""
    detail = what.detail
    return api_keys.Scope(detail["resources"].split(), detail["purposes"].split(), date.fromisoformat(detail["until"]))


ACTS = {
    "judge": Act(Said("裁定归属", "whom a row is about"), Duty.JUDGE, Duty.JUDGE_AGAIN, _judge),
    "merge": Act(Said("合并主体", "two subjects are one"), Duty.JUDGE, Duty.JUDGE_AGAIN, _merge),
    "recall": Act(Said("撤回批次", "recall of a submission"), Duty.RECALL, Duty.RECALL_AGAIN, _recall),
    "unseal": Act(Said("撤销报告", "withdrawal of a report"), Duty.UNSEAL, Duty.UNSEAL_AGAIN, _unseal),
    "draft": Act(Said("确认草案", "confirmation of a draft"), Duty.CONFIRM, Duty.CONFIRM_AGAIN, _draft),
    "admit": Act(Said("接入合作方", "letting a partner in"), Duty.ADMIT, Duty.ADMIT_AGAIN, _admit),
    "resume": Act(Said("恢复接入", "letting a partner in again"), Duty.ADMIT, Duty.ADMIT_AGAIN, _resume),
    "key": Act(Said("发放密钥", "a key for a partner"), Duty.ADMIT, Duty.ADMIT_AGAIN, _key),
    "account": Act(Said("新建信用办账号", "an account of the office's desk"), Duty.ADMIT, Duty.ADMIT_AGAIN, _account),
    "roles": Act(Said("授予信用办角色", "a role of the office's desk"), Duty.ADMIT, Duty.ADMIT_AGAIN, _give_roles),
    "reset": Act(
        Said("重设信用办账号", "setting back an account of the office's desk"), Duty.ADMIT, Duty.ADMIT_AGAIN, _reset
    ),
}


def propose(what: str, about: str, by: str, reason: str, detail: dict[str, str] | None = None) -> Proposal:
    """Write a proposal down; nothing is done yet. Raises Refused without a reason, or if one about the same is open."""
    if not reason.strip() or len(reason) > _LONGEST:
        raise Refused("reason", Said(f"请写明理由（{_LONGEST} 字以内）。", f"Give a reason, in {_LONGEST} characters."))
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                id=uuid.UUID(new_id()), what=what, about=about, detail=detail or {}, reason=reason.strip(), by=by,
                at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        said = Said("已有人提出，等第二人复核。", "Somebody has proposed it; it waits for a second person.")
        raise Refused("proposed", said) from error


def carry_out(site: Site, identity: str, by: str) -> object:
    """The second person carries it out; gives what its action gave, such as a key. Raises Refused, and then it stays open."""
    proposal = _open(identity)
    act = ACTS[proposal.what]
    must_be_two(act.first, proposal.by, act.second, by)
    made = act.done(site, proposal, by)
    _answered(proposal, "done", by, "")
    return made


def turn_down(identity: str, by: str, reason: str) -> Proposal:
    """It is not done: a second person says no, or who proposed it takes it back. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("reason", Said("请写明理由。", "Give a reason."))
    return _answered(_open(identity), "declined", by, reason.strip()[:_LONGEST])


def waiting(what: str = "") -> list[Proposal]:
    """What waits for a second person, oldest first; of one kind, or of all."""
    rows = Proposal.objects.filter(answer="").order_by("at")
    return list(rows.filter(what=what) if what else rows)


def why_not(proposal: Proposal, by: str) -> Said | None:
    """Why this person may not carry it out; None if nothing speaks against it."""
    act = ACTS[proposal.what]
    return why_not_two(act.first, proposal.by, act.second, by)


def _answered(proposal: Proposal, answer: str, by: str, reason: str) -> Proposal:
    Proposal.objects.filter(id=proposal.id, answer="").update(
        answer=answer, answered_by=by, answer_reason=reason, answered_at=timezone.now()
    )
    proposal.refresh_from_db()
    return proposal


def _open(identity: str) -> Proposal:
    try:
        found = Proposal.objects.filter(id=identity, answer="").first()
    except ValidationError:
        found = None
    if found is None:
        raise Refused("no-proposal", Said("没有这件待复核的事，或已办结。", "Nothing of this kind waits any longer."))
    return found
