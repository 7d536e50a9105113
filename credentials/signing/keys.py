"""Key files: one folder outside the database and the repository, one subfolder per purpose.

    <folder>/credential/<kid>.pem   private half, mode 0600, PKCS 8, encrypted if a passphrase is given
    <folder>/credential/<kid>.pub   public half, raw bytes; stays when the key is retired
    <folder>/credential/current     the kid that signs now

A file is written beside its place, flushed to the disk and renamed: a crash leaves the old
state or the new one. Writers take a lock on the folder: of two processes that start at
once one creates the key and the other finds it.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from credentials.signing.signer import ED25519, Ed25519Signer, PublicKey, Signer, kid_of

PURPOSES = frozenset({"credential"})

_KID = re.compile(r"([a-z]+)-[0-9a-f]{16}", re.ASCII)


class KeyTrouble(Exception):
    """A key cannot be had. `code`: missing, retired, exists, damaged, passphrase, readable_by_others."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class KeyRing:
    """The private keys of one deployment. Signers stay in memory once read."""

    def __init__(self, folder: Path, passphrase: bytes | None = None) -> None:
        self._folder = Path(folder)
        self._passphrase = passphrase or None
        self._read: dict[str, Ed25519Signer] = {}

    def create(self, purpose: str) -> Signer:
        """A new key, current from now on. Raises KeyTrouble `exists` if the purpose has one."""
        with self._locked(purpose) as place:
            if (place / "current").exists():
                raise KeyTrouble("exists", f"{purpose} has a current key; retire it first")
            return self._create(place, purpose)

    def current(self, purpose: str) -> Signer:
        """The key that signs now. Raises KeyTrouble `missing` if there is none."""
        kid = self._current_kid(self._place(purpose))
        if kid is None:
            raise KeyTrouble("missing", f"{purpose} has no current key")
        return self.by_kid(kid)

    def ensure(self, purpose: str) -> Signer:
        """The current key; created if the purpose never had one.

        Raises KeyTrouble `missing` if keys were retired and none put in their place: signing
        then waits for a person, it does not quietly begin anew.
        """
        if self._current_kid(self._place(purpose)) is None:
            with self._locked(purpose) as place:
                if self._current_kid(place) is None:
                    if any(place.glob("*.pub")):
                        raise KeyTrouble("missing", f"{purpose} has retired keys only; create one")
                    return self._create(place, purpose)
        return self.current(purpose)

    def by_kid(self, kid: str) -> Signer:
        """The signer of that name. Raises KeyTrouble `missing`, or `retired` if its private half is gone."""
        place = self._place(self._purpose_of(kid))
        private = place / f"{kid}.pem"
        if not private.exists():
            self._read.pop(kid, None)
            if (place / f"{kid}.pub").exists():
                raise KeyTrouble("retired", f"{kid} is retired: its private half was destroyed")
            raise KeyTrouble("missing", f"there is no key {kid}")
        if kid not in self._read:
            self._read[kid] = self._open(private, kid)
        return self._read[kid]

    def public(self, kid: str) -> PublicKey:
        """The public half, also of a retired key. Raises KeyTrouble `missing` or `damaged`."""
        purpose = self._purpose_of(kid)
        try:
            public_bytes = (self._place(purpose) / f"{kid}.pub").read_bytes()
        except FileNotFoundError:
            raise KeyTrouble("missing", f"there is no key {kid}") from None
        if kid_of(purpose, public_bytes) != kid:
            raise KeyTrouble("damaged", f"the public half of {kid} is not its own")
        return PublicKey(ED25519, kid, public_bytes)

    def retire(self, kid: str) -> PublicKey:
        """Destroy the private half; the public half stays so that old signatures verify.

        Raises KeyTrouble `missing`. Retiring twice gives the same answer.
        """
        purpose = self._purpose_of(kid)
        public = self.public(kid)
        with self._locked(purpose) as place:
            if self._current_kid(place) == kid:
                (place / "current").unlink()
            (place / f"{kid}.pem").unlink(missing_ok=True)
            _flush_folder(place)
        self._read.pop(kid, None)
        return public

    def _place(self, purpose: str) -> Path:
        if purpose not in PURPOSES:
            raise ValueError(f"{purpose!r} is not a purpose of a key")
        return self._folder / purpose

    @staticmethod
    def _purpose_of(kid: str) -> str:
        form = _KID.fullmatch(kid)
        if form is None or form[1] not in PURPOSES:
            raise KeyTrouble("missing", "there is no such key")
        return form[1]

    @staticmethod
    def _current_kid(place: Path) -> str | None:
        try:
            return (place / "current").read_text("ascii").strip()
        except FileNotFoundError:
            return None

    @contextmanager
    def _locked(self, purpose: str) -> Iterator[Path]:
        place = self._place(purpose)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(place / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield place
        finally:
            os.close(lock)

    def _create(self, place: Path, purpose: str) -> Signer:
        private = Ed25519PrivateKey.generate()
        signer = Ed25519Signer(private, purpose=purpose)
        sealed: KeySerializationEncryption = (
            BestAvailableEncryption(self._passphrase) if self._passphrase else NoEncryption()
        )
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)
        _write(place / f"{signer.kid}.pem", pem)
        _write(place / f"{signer.kid}.pub", signer.public_bytes)
        _write(place / "current", signer.kid.encode("ascii"))  # last: it names only what is whole
        self._read[signer.kid] = signer
        return signer

    def _open(self, path: Path, kid: str) -> Ed25519Signer:
        if path.stat().st_mode & 0o077:
            raise KeyTrouble("readable_by_others", f"{path.name} may be read by others; chmod 600 it")
        try:
            private = load_pem_private_key(path.read_bytes(), self._passphrase)
        except TypeError as error:  # a passphrase where none is needed, or none where one is
            raise KeyTrouble("passphrase", f"{kid}: {error}") from error
        except ValueError as error:  # cryptography says the same for a wrong passphrase and a broken file
            code = "passphrase" if self._passphrase else "damaged"
            raise KeyTrouble(code, f"{kid} does not open") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyTrouble("damaged", f"{kid} is not an Ed25519 key")
        signer = Ed25519Signer(private, purpose=path.parent.name)
        if signer.kid != kid:
            raise KeyTrouble("damaged", f"the private half of {kid} is not its own")
        return signer


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
