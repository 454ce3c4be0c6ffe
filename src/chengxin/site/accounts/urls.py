"""Addresses of signing in. Only these of django-allauth's views exist here: no sign-up, no e-mail."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from chengxin.site.accounts import factors, pages, sessions

factors.listen()
urlpatterns = [
    path("", pages.home, name="account_home"),
    path("login/", pages.SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("disabled/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("code/", pages.authenticate, name="mfa_authenticate"),
    path("code/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("second/", second.index, name="mfa_index"),
    path("second/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("second/picture.svg", pages.picture, name="account_picture"),
    path("second/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("code/passkey/", pages.reauthenticate_passkey, name="mfa_reauthenticate_webauthn"),
    path("second/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("second/passkeys/add/", pages.add_passkey, name="mfa_add_webauthn"),
    path("second/passkeys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("second/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
