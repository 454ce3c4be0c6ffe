"""One's own account, and the picture that an authenticator app reads."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chengxin.sharing.outlets import without_records
from chengxin.site.desks import home_of, needs_second_factor, seat_of


@require_safe
@without_records
def home(request: HttpRequest) -> HttpResponse:
    """Who am I, my roles, password and second factor."""
    seat = seat_of(request)
    if seat is None:
        return redirect_to_login(request.get_full_path())
    if needs_second_factor(seat):
        return redirect("mfa_activate_totp")
    request.seat = seat  # type: ignore[attr-defined]
    second = is_mfa_enabled(seat.account, [Authenticator.Type.TOTP])
    return render(request, "account/home.html", {"second": second, "desk": home_of(seat.account)})


@require_safe
@without_records
def picture(request: HttpRequest) -> HttpResponse:
    """The secret that is being set up, as a picture; no page may hold it inside itself, the policy of content forbids that."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not request.user.is_authenticated or not secret:
        raise Http404
    adapter = get_adapter()
    return HttpResponse(adapter.build_totp_svg(adapter.build_totp_url(request.user, secret)), "image/svg+xml")
