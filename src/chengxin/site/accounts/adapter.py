"""What django-allauth asks of a site: nobody signs up, no mail, words in both languages, second factors sealed at rest."""

import base64
import hmac
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone

from chengxin.site.actions.accounts import Change, Giver, write
from chengxin.site.desks import home_of
from chengxin.site.folder import folder_here
from chengxin.site.keys import load_keys, seal, unseal
from chengxin.site.store.models import Tried
from chengxin.site.words import spoken
from chengxin.values.errors import Said

_ABOUT = "second factor"
# The same words whether the name is unknown, the password wrong or the account disabled.
_WRONG = spoken(Said("登录名或密码不对。", "The login name or the password is not right."))
_TOO_MANY = spoken(Said("尝试次数太多，请十分钟后再试。", "Too many attempts. Please try again in ten minutes."))
_CODE = spoken(Said("验证码不对，或已经用过。", "The code is not right, or was used before."))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # it has no types
    """Accounts of staff and subjects."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "invalid_login": _WRONG,
        "incorrect_password": spoken(Said("密码不对。", "The password is not right.")),
        "enter_current_password": spoken(Said("请填写现在的密码。", "Please type your present password.")),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "incorrect_code": _CODE,
    }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin a session under a fresh key; sessions and counts that ended are swept away."""
        super().login(request, user)
        now = timezone.now()
        Session.objects.filter(expire_date__lt=now).delete()
        Tried.objects.filter(expires__lt=now).delete()

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> Any:
        """Signed in: of too many sessions the oldest ends."""
        from chengxin.site.accounts.sessions import keep_few  # noqa: PLC0415 - models exist once the apps are ready

        response = super().post_login(request, user, **told)
        keep_few(user, request.session.session_key or "")
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Its owner chooses a password, and whoever set the one before knows it no more: that is written down."""
        with transaction.atomic():
            super().set_password(user, password)
            write(Giver(user.login, frozenset()), Change.CHOSEN, user.login, user.authority_id)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by whoever manages a team, never by a stranger."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk at which the account sits."""
        return resolve_url(home_of(request.user))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """One's own account."""
        return resolve_url("account_home")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No account has an address."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what was done."""


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc] # it has no types
    """Codes of an authenticator app; what makes them is sealed with a key outside the database."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {"incorrect_code": _CODE}

    def encrypt(self, text: str) -> str:
        """Sealed, as text."""
        return base64.b64encode(seal(_key(), text.encode(), _ABOUT)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` sealed. Raises Refused if it was changed."""
        return unseal(_key(), base64.b64decode(encrypted_text), _ABOUT).decode()


def _key() -> bytes:
    return hmac.digest(load_keys(folder_here()).token, _ABOUT.encode(), "sha256")
