"""Who asks without a name, and how often: by a token of the address, of which nothing else is kept."""

import hmac
import time

from django.conf import settings
from django.http import HttpRequest

from chengxin.site.store.spent import take

WINDOW = 60  # seconds


def address_of(incoming: HttpRequest) -> str:
    """A name for where an anonymous request comes from: a token, by which no address is kept."""
    address = incoming.META.get("REMOTE_ADDR", "")
    if settings.ABOUT.proxied:  # the proxy adds the address that it saw as the last one
        address = incoming.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return hmac.digest(settings.SECRET_KEY.encode(), address.encode(), "sha256").hex()[:40]


def too_many(incoming: HttpRequest, what: str, most: int) -> bool:
    """True if this address has asked for this more than `most` times in this minute; each call counts."""
    name = f"{what[:4]}-{address_of(incoming)[:35]}"
    return take(name, int(time.time() // WINDOW), 1) > most
