"""Kept copies of what anybody may see: found again only on the same legal day at the same place in the log."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import caches

from chengxin.sharing.outlets import cache_key
from chengxin.site.access.asked import Asked

T = TypeVar("T")


def kept(asked: Asked, about: tuple[str, ...], make: Callable[[], T]) -> T:
    """The kept copy, or a fresh one, which is kept if the outlet allows it and `about` holds nothing but words of ours."""
    key = cache_key(asked.outlet, asked.at, about)
    if key is None:
        return make()
    copies = caches["pages"]
    found = copies.get(key)
    if found is None:
        found = make()
        copies.set(key, found)
    return cast(T, found)
