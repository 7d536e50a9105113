"""Public identifiers: what stands in addresses instead of primary keys."""

from __future__ import annotations

import secrets

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O S V Z
LENGTH = 16


def public_id() -> str:
    """16 random symbols, 79 bits: not guessable, not countable."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))
