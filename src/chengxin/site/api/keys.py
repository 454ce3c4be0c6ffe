"""Keys of programs: `Authorization: Bearer cx_…` and nowhere else (RFC 6750)."""

import re

from django.http import HttpRequest

from chengxin.site.access.asked import Who
from chengxin.site.actions.api_keys import PREFIX, PROGRAM, Holder, presented
from chengxin.site.api.problems import Wrong
from chengxin.values.errors import Said

_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)  # whatever is presented is a key, if a wrong one
_NO_KEY = Said(
    "请在 Authorization 请求头出示密钥：Bearer cx_…", "Present a key in the Authorization header: Bearer cx_…"
)
_IN_ADDRESS = Said(
    "网址会被沿途记下，密钥不能写在其中：请立即更换这把密钥，改用 Authorization 请求头。",
    "Addresses are written down on the way: replace this key at once, and use the Authorization header.",
)


def not_in_address(incoming: HttpRequest) -> None:
    """Raises Wrong if a key stands in the address."""
    asked = incoming.META.get("QUERY_STRING", "")
    if "access_token=" in asked or PREFIX in asked:
        raise Wrong("key-in-address", _IN_ADDRESS)


def holder(incoming: HttpRequest) -> Holder:
    """Who presents a key that lives. Raises Wrong (no-key) or Refused (wrong-key)."""
    given = incoming.META.get("HTTP_AUTHORIZATION", "")
    found = _BEARER.fullmatch(given.strip())
    if found is None:
        raise Wrong("no-key", _NO_KEY)
    return presented(found[1])


def who(held: Holder, case: str = "") -> Who:
    """How Looks and receipts name a program: by its key's id, which is nobody else's."""
    return Who(f"{PROGRAM}{held.id}", held.authority_id, case)
