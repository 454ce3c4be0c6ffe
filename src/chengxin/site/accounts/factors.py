"""Second factors that come and go stand among the changes of an account, so that its owner sees what somebody else did."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed

from chengxin.site.actions.accounts import Change, Giver, write

_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _written(what: Change) -> Any:
    def written(sender: Any, user: Any, authenticator: Authenticator, **_: Any) -> None:
        if authenticator.type in _KINDS:
            write(Giver(user.login, frozenset()), what, user.login, user.authority_id, kind=str(authenticator.type))

    return written


_ADDED, _REMOVED = _written(Change.FACTOR_ADDED), _written(Change.FACTOR_REMOVED)


def listen() -> None:
    """From now on each is written down."""
    authenticator_added.connect(_ADDED, dispatch_uid="factor added")
    authenticator_removed.connect(_REMOVED, dispatch_uid="factor removed")
