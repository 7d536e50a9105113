from __future__ import annotations

import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credentials.signing.signer import ED25519, Ed25519Signer, PublicKey, Signer, UnknownAlgorithm, verify

# RFC 8032, section 7.1, tests 1 to 3: private key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("private", "public", "message", "signature"), VECTORS)
def test_signatures_are_those_of_rfc_8032(private: str, public: str, message: str, signature: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    signer: Signer = Ed25519Signer(key, purpose="credential")
    assert signer.public_bytes.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    assert verify(ED25519, bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_every_flipped_bit_is_refused() -> None:
    signer = Ed25519Signer(Ed25519PrivateKey.generate(), purpose="credential")
    message = "证书".encode()
    signature = signer.sign(message)
    public = PublicKey(signer.alg, signer.kid, signer.public_bytes)
    assert public.verifies(message, signature)
    for place in range(len(signature) * 8):
        forged = bytearray(signature)
        forged[place // 8] ^= 1 << place % 8
        assert not public.verifies(message, bytes(forged))
    for place in range(len(message) * 8):
        other = bytearray(message)
        other[place // 8] ^= 1 << place % 8
        assert not public.verifies(bytes(other), signature)


@pytest.mark.parametrize("signature", [b"", b"\0" * 63, b"\0" * 64, b"\0" * 65])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    signer = Ed25519Signer(Ed25519PrivateKey.generate(), purpose="credential")
    assert not verify(ED25519, signer.public_bytes, b"", signature)


def test_what_is_no_key_verifies_nothing() -> None:
    assert not verify(ED25519, b"short", b"", b"\0" * 64)


def test_an_unknown_algorithm_is_not_called_a_forgery() -> None:
    with pytest.raises(UnknownAlgorithm, match="SM2"):
        verify("SM2", b"", b"", b"")


def test_a_private_key_does_not_leave_its_process() -> None:
    signer = Ed25519Signer(Ed25519PrivateKey.generate(), purpose="credential")
    with pytest.raises(TypeError):
        pickle.dumps(signer)
    assert signer.public_bytes.hex() not in repr(signer)
    assert repr(signer) == f"<Ed25519Signer {signer.kid}>"
