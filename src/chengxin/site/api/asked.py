"""Requests of programs as the gate takes them."""

from dataclasses import replace

from chengxin.sharing.outlets import outlet_named
from chengxin.site.access.asked import Asked, place
from chengxin.site.actions.api_keys import Holder
from chengxin.site.api.keys import who
from chengxin.standards.load import load_catalogue


def asked_by(held: Holder, outlet: str, purpose: str) -> Asked:
    """A request at an outlet by whoever holds the key, for its own body. Raises Refused (key-scope)."""
    held.may(purpose=purpose)
    at = replace(place(), body=held.authority_id)
    return Asked(outlet_named(outlet), at, load_catalogue(at.day), purpose, who=who(held))
