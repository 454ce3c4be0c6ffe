"""Where a case takes two people: are these two? The one place that compares names, and whoever can sign in as the other.

Who made an account or set its password back knows its password until its owner has chosen another, and is counted as its
owner until then.
"""

from chengxin.sharing.pairs import Duty, pair_forbidden
from chengxin.site.actions.accounts import AND, Change
from chengxin.site.store.models import StaffChange
from chengxin.values.errors import Refused, Said

_PASSWORDS = (Change.ADDED.value, Change.RESET.value, Change.CHOSEN.value)


def same(one: str, other: str) -> bool:
    """True if two names are one person's, however they are typed."""
    return _plain(one) == _plain(other)


def why_not_two(first: Duty, one: str, second: Duty, other: str) -> Said | None:
    """Why `other` may not do the second after `one` did the first; None if nothing speaks against it."""
    pair = pair_forbidden(first, second, same_case=True)
    if pair is None:
        return None
    if same(one, other):
        return pair.said
    for maker, owner in ((one, other), (other, one)):
        if _knows_password(maker, owner):
            return Said(
                f"{maker} 设过 {owner} 的密码，本人还没有改过，这件事不算两人办理。请 {owner} 先修改密码。",
                f"{maker} set the password of {owner}, who has not chosen another: this is not two people. "
                f"Let {owner} change it first.",
            )
    return None


def must_be_two(first: Duty, one: str, second: Duty, other: str) -> None:
    """Raises Refused (`same-person`) if `other` may not do the second after `one` did the first."""
    said = why_not_two(first, one, second, other)
    if said is not None:
        raise Refused("same-person", said)


def _knows_password(maker: str, owner: str) -> bool:
    rows = StaffChange.objects.filter(about=_plain(owner), what__in=_PASSWORDS)
    last = rows.order_by("-at", "-id").first()
    return last is not None and last.what != Change.CHOSEN.value and any(same(by, maker) for by in last.by.split(AND))


def _plain(name: str) -> str:
    return name.strip().casefold()
