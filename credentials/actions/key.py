"""The key that signs now, and its public half on record before the first signature."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from audit.acts import Actor, act, record
from core import faults
from credentials.models import SigningKey
from credentials.queries.proof import PURPOSE
from credentials.signing import KeyRing
from credentials.signing.signer import Signer


@cache
def _ring(folder: Path) -> KeyRing:
    return KeyRing(folder)


@act
def signing_key(*, by: Actor, at: datetime) -> Signer:
    """The current key of this deployment, made if it never had one.

    `by` is whoever needed it first. Raises KeyTrouble when the key cannot be had: nothing is issued unsigned.
    """
    signer = _ring(Path(settings.KEY_FOLDER)).ensure(PURPOSE)
    if not SigningKey.objects.filter(kid=signer.kid).exists():
        faults.point("issue.before_key")
        _row, is_new = SigningKey.objects.get_or_create(
            kid=signer.kid,
            defaults={
                "purpose": PURPOSE,
                "alg": signer.alg,
                "public_bytes": signer.public_bytes,
                "in_use_from": at,
            },
        )
        if is_new:
            record("credentials.key_in_use", subject=f"key:{signer.kid}", by=by, at=at)
    return signer
