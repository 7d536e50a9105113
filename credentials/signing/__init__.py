"""Signing: what signs, what verifies, and where private keys rest. No domain word is known here."""

from credentials.signing.keys import KeyRing, KeyTrouble
from credentials.signing.signer import ED25519, PublicKey, Signer, verify

__all__ = ["ED25519", "KeyRing", "KeyTrouble", "PublicKey", "Signer", "verify"]
