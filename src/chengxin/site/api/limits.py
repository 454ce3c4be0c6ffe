"""How often somebody may ask: windows of a minute, counted for all processes together and told in headers.

A process takes shares of what is left from the shared counter (`store.Spent`) and spends them by itself, so that a request
costs no write of its own. What it took and did not spend is lost to the others until the minute ends: never too many.
"""

import threading
import time
from dataclasses import dataclass, field

from chengxin.site.access.spending import WINDOW
from chengxin.site.api.problems import Wrong
from chengxin.site.store.spent import forget, take
from chengxin.values.errors import Said

_SHARES = 20  # into how many a limit is divided
_KEPT = 20_000  # names that a process remembers within a window


@dataclass(frozen=True)
class Limit:
    """So many requests in a window."""

    name: str
    most: int


ANYBODY = Limit("anonymous", 120)  # from one address
KEY = Limit("key", 3_000)
SNAPSHOT = Limit("snapshot", 60)  # whole resources of one key: all of them, and then again


@dataclass
class _Purse:
    """What this process holds of a window. `left`: spendable here; `used`: by all, as far as known."""

    window: int = -1
    left: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_PURSE = _Purse()


def spend(limit: Limit, name: str) -> dict[str, str]:
    """Spend one request of `name`; gives the headers that tell of it. Raises Wrong (too-many)."""
    now = time.time()
    window, reset = int(now // WINDOW), WINDOW - int(now % WINDOW)
    with _PURSE.lock:
        left = _spent(limit, name, window)
    headers = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={WINDOW}',
        "RateLimit": f'"{limit.name}";r={max(left, 0)};t={reset}',
    }
    if left < 0:
        zh = f"每分钟不超过 {limit.most} 次，请在 {reset} 秒后再试。"
        said = Said(zh, f"At most {limit.most} a minute; try again in {reset} seconds.")
        raise Wrong("too-many", said, headers=headers | {"Retry-After": str(reset)})
    return headers


def _spent(limit: Limit, name: str, window: int) -> int:
    """What is left of the limit after this request; below 0 if there was none."""
    if window != _PURSE.window or len(_PURSE.left) > _KEPT:
        _PURSE.window, _PURSE.left, _PURSE.used = window, {}, {}
        forget(window)
    if _PURSE.left.get(name, 0) < 1:
        if _PURSE.used.get(name, 0) >= limit.most:
            return -1
        share = max(1, limit.most // _SHARES)
        used = take(name, window, share)
        _PURSE.used[name] = used
        _PURSE.left[name] = max(0, share - max(0, used - limit.most))
        if _PURSE.left[name] < 1:
            return -1
    _PURSE.left[name] -= 1
    return max(limit.most - _PURSE.used[name], 0) + _PURSE.left[name]
