"""Public identifiers: what stands in addresses instead of primary keys."""

from __future__ import annotations

import secrets

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O S V Z
LENGTH = 16


def public_id() -> str:
    """16 random symbols, 79 bits: not guessable, not countable."""
    return random_symbols(LENGTH)


def random_symbols(count: int) -> str:
    """`count` symbols of 4.95 bits each, in one draw from the system's random source."""
    rest, symbols = secrets.randbelow(len(SYMBOLS) ** count), []
    for _ in range(count):
        rest, symbol = divmod(rest, len(SYMBOLS))
        symbols.append(SYMBOLS[symbol])
    return "".join(symbols)
