"""One interface for everything that signs: a key file today, a hardware module or SM2 tomorrow."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = "Ed25519"


class UnknownAlgorithm(ValueError):
    """This release cannot verify that algorithm: an answer of "could not check", not of "forged"."""


class Signer(Protocol):
    """A private key that is used and never seen."""

    @property
    def alg(self) -> str: ...

    @property
    def kid(self) -> str: ...

    @property
    def public_bytes(self) -> bytes: ...

    def sign(self, message: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What anybody may have of a key."""

    alg: str
    kid: str
    public_bytes: bytes

    def verifies(self, message: bytes, signature: bytes) -> bool:
        return verify(self.alg, self.public_bytes, message, signature)


class Ed25519Signer:
    """A Signer over a private key in memory; it is never printed, pickled or handed out."""

    __slots__ = ("_private", "kid", "public_bytes")

    alg = ED25519

    def __init__(self, private: Ed25519PrivateKey, *, purpose: str) -> None:
        self._private = private
        self.public_bytes = private.public_key().public_bytes_raw()
        self.kid = kid_of(purpose, self.public_bytes)

    def sign(self, message: bytes, /) -> bytes:
        """64 bytes, the same for the same message."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"<Ed25519Signer {self.kid}>"

    def __reduce__(self) -> str:
        raise TypeError("a private key does not leave its process")


def kid_of(purpose: str, public_bytes: bytes) -> str:
    """A key's name: its purpose and 64 bits of its fingerprint, so that two places never clash."""
    return f"{purpose}-{hashlib.sha256(public_bytes).hexdigest()[:16]}"


def verify(alg: str, public_bytes: bytes, message: bytes, signature: bytes) -> bool:
    """True if `signature` over `message` was made by the key's private half.

    Raises UnknownAlgorithm for an `alg` this release does not know.
    """
    if alg != ED25519:
        raise UnknownAlgorithm(alg)
    try:
        Ed25519PublicKey.from_public_bytes(bytes(public_bytes)).verify(bytes(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
