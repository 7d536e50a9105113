"""Field encryption and blind indexes: how an identity number rests in the database.

Sealed text is AES-256-GCM under a key that is not in the database, bound to a context
(table and column) so that a value copied into another column does not open.
A blind index is HMAC-SHA-256 under a second key, one per purpose: equal values
can be found, and without the key a province's whole number space cannot be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = b"\x01"


class CannotOpen(ValueError):
    """Sealed bytes were damaged, moved to another column, or sealed under another key."""


def seal(text: str, *, context: str) -> bytes:
    """Encrypt `text` for `context`; 29 bytes longer than its UTF-8 form."""
    nonce = os.urandom(12)
    sealed = AESGCM(settings.ENCRYPTION_KEY).encrypt(nonce, text.encode(), context.encode())
    return VERSION + nonce + sealed


def unseal(sealed: bytes, *, context: str) -> str:
    """The text again. Raises CannotOpen."""
    raw = bytes(sealed)
    if raw[:1] != VERSION:
        raise CannotOpen("unknown version of sealed text")
    try:
        return AESGCM(settings.ENCRYPTION_KEY).decrypt(raw[1:13], raw[13:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce and a tag
        raise CannotOpen("sealed text does not open") from error


def blind_index(value: str, *, purpose: str) -> str:
    """64 hexadecimal digits, equal for equal values of one purpose only."""
    return hmac.new(settings.INDEX_PEPPER, f"{purpose}:v1:{value}".encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """A text column that is ciphertext in the database and text in Python."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = seal(value, context=self._context)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(value, context=self._context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: every sealing differs, so a comparison would never find anything."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("sealed text is not written into fixtures")
