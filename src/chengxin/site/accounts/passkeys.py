"""Forms that take what a browser says of a passkey: what is none is told so, whatever it is."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm

# What reading of something that is no credential may raise.
_NONE = (KeyError, TypeError, ValueError, AttributeError, IndexError, struct.error)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # it has no types
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """Its fields. Raises ValidationError."""
        try:
            told: dict[str, Any] = super().clean()
        except _NONE as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return told


class _Asked:
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _NONE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateForm(_Asked, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step of signing in."""


class ReauthenticateForm(_Asked, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""
