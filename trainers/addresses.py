"""Signed addresses of content: the upload host knows no sessions, so the address itself is the permission."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare

SALT = "trainers.content"
LASTS = timedelta(hours=6)
STEP_SECONDS = 3600
PREFIX = 12  # digits of the hash that stand in an address


def sign(public_id: str, *, at: datetime) -> str:
    """A key to one version for six to seven hours; the same key all through an hour."""
    begun = int(at.timestamp()) // STEP_SECONDS * STEP_SECONDS
    expires = begun + STEP_SECONDS + int(LASTS.total_seconds())
    return signing.Signer(salt=SALT).signature(f"{public_id}:{expires}") + f".{expires:x}"


def opens(key: str, public_id: str, *, at: datetime) -> bool:
    """True if `key` was signed for this version and its time is not over."""
    signature, _, stamp = key.rpartition(".")
    try:
        expires = int(stamp, 16)
    except ValueError:
        return False
    expected = signing.Signer(salt=SALT).signature(f"{public_id}:{expires}")
    return constant_time_compare(signature, expected) and at.timestamp() < expires
