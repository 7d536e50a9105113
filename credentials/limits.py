"""How many wrong codes may be told from right ones.

59 bits are out of reach of guessing; the limits keep a guesser from costing others their answer.
An address that was wrong 60 times in a minute is not looked up for the rest of it. When all together
were wrong 100 times in a second, whoever was wrong before is not looked up either, and no further
wrong answer is told that second; a first scan of a genuine code is answered all the same.
The counters live in the cache: with several web processes that means a shared one.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

PER_ADDRESS_A_MINUTE = 60
OVERALL_A_SECOND = 100


def address_of(request: HttpRequest) -> str:
    """Who asks: an IPv4 address, or the /64 of a household in IPv6. Behind a proxy, what the proxy saw."""
    raw: str = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def may_look_up(address: str, at: datetime) -> bool:
    """False: the answer is "too many", whatever the code."""
    mine, all_together = _keys(address, at)
    counts = cache.get_many([mine, all_together])
    wrong: int = counts.get(mine, 0)
    all_wrong: int = counts.get(all_together, 0)
    if wrong >= PER_ADDRESS_A_MINUTE:
        return False
    return wrong == 0 or all_wrong < OVERALL_A_SECOND


def count_wrong(address: str, at: datetime) -> bool:
    """Count one wrong code. False: do not tell that it is wrong."""
    mine, all_together = _keys(address, at)
    _add_one(mine, seconds=120)
    return _add_one(all_together, seconds=10) <= OVERALL_A_SECOND


def _keys(address: str, at: datetime) -> tuple[str, str]:
    second = int(at.timestamp())
    return f"verify:wrong:{address}:{second // 60}", f"verify:wrong:all:{second}"


def _add_one(key: str, *, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two
        cache.set(key, 1, timeout=seconds)
        return 1
