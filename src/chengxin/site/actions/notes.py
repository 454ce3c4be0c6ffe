"""Notes to the credit office: a department says that a rule is wrong, the office answers."""

import uuid

from django.utils import timezone

from chengxin.site.store.models import RuleNote
from chengxin.standards.model import Resource
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

_LONGEST = 1_000


def tell(authority: str, resource: Resource, rule: str, text: str, by: str) -> RuleNote:
    """Write a note down. Raises Refused if it says nothing."""
    text = text.strip()
    if not rule.strip() or not text or len(text) > _LONGEST:
        zh = f"请写明哪条规则、哪里不对（{_LONGEST} 字以内），不要写个人信息。"
        raise Refused("note", Said(zh, f"Say which rule is wrong and why, in {_LONGEST} characters."))
    return RuleNote.objects.create(
        id=uuid.UUID(new_id()), authority_id=authority, resource=resource.name, rule=rule.strip(), text=text, by=by,
        at=timezone.now(),
    )  # fmt: skip


def of_body(authority: str, resource: str) -> list[RuleNote]:
    """What a body told about the rules of a resource, newest first."""
    return list(RuleNote.objects.filter(authority=authority, resource=resource).order_by("-at")[:50])


def unanswered() -> list[RuleNote]:
    """What waits for the office, oldest first."""
    return list(RuleNote.objects.filter(answered_at=None).select_related("authority").order_by("at"))


def answer(identity: str, text: str, by: str) -> None:
    """The office's answer. Raises Refused."""
    if not text.strip():
        raise Refused("note", Said("请写明答复。", "Say something."))
    open_one = RuleNote.objects.filter(id=uuid.UUID(identity), answered_at=None)
    if not open_one.update(answer=text.strip(), answered_by=by, answered_at=timezone.now()):
        raise Refused("answered", Said("没有这条意见，或已答复。", "There is no such note, or it was answered."))
