"""One's own account, and the picture that an authenticator app reads."""

import json
from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.sharing.outlets import without_records
from chengxin.sharing.roles import in_order
from chengxin.site.accounts.manage import told_changes
from chengxin.site.actions.accounts import COMMAND_LINE, changes_of
from chengxin.site.actions.demo_accounts import demo_accounts
from chengxin.site.desks import Seat, menu, seated
from chengxin.site.folder import folder_here
from chengxin.site.frame import asset
from chengxin.site.keys import load_keys
from chengxin.site.methods import require_safe
from chengxin.values.errors import Said


class SignIn(LoginView):  # type: ignore[misc] # it has no types
    """Signing in; on a demonstration the page says with which accounts."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page shows."""
        shown = demo_accounts(load_keys(folder_here())) if settings.ABOUT.demo else []
        context: dict[str, Any] = super().get_context_data(**more)
        return context | {"demo_accounts": shown}


class _WithPasskey:
    """A page on which the browser is asked for a passkey: what it is asked, and the script that asks."""

    word = Said("用通行密钥继续", "Go on with a passkey")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page shows."""
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]
        told = context.get("js_data", {})
        asked = told.get("creation_options") or told.get("request_options")
        known = asked and ("creation_options" in told or asked["publicKey"].get("allowCredentials"))
        return context | {
            "options": json.dumps(asked, cls=DjangoJSONEncoder) if known else "",
            "script": asset("passkey.js"),
            "word": self.word,
        }


class Authenticate(_WithPasskey, AuthenticateView):  # type: ignore[misc] # it has no types
    """The second step of signing in: a code, or a passkey of whoever has one."""


class AddPasskey(_WithPasskey, AddWebAuthnView):  # type: ignore[misc]
    """A passkey is added."""

    word = Said("添加", "Add it")


class ReauthenticatePasskey(_WithPasskey, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Once more, with a passkey."""


authenticate, add_passkey = Authenticate.as_view(), AddPasskey.as_view()
reauthenticate_passkey = ReauthenticatePasskey.as_view()


@require_safe
@without_records
@seated
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who am I, my roles, password and second factor."""
    second = is_mfa_enabled(seat.account, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    changes = told_changes(changes_of(COMMAND_LINE, 5, seat.account.login))  # who set it back, should somebody have
    context = {
        "second": second,
        "desk": menu(seat)[:1],
        "changes": changes,
        "roles": in_order(seat.roles),
        "closed": bool(seat.account.roles) and not seat.roles,
    }
    return render(request, "account/home.html", context)


@require_safe
@without_records
def picture(request: HttpRequest) -> HttpResponse:
    """The secret that is being set up, as a picture; no page may hold it inside itself, the policy of content forbids that."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not request.user.is_authenticated or not secret:
        raise Http404
    adapter = get_adapter()
    return HttpResponse(adapter.build_totp_svg(adapter.build_totp_url(request.user, secret)), "image/svg+xml")
