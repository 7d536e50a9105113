"""Is a stored certificate the one that was signed? Asked on every look-up, and of all of them by night."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from credentials.models import Certificate, CertificateFile, SigningKey, StatusMark
from credentials.rules.snapshot import BadSnapshot, CertificateFacts
from credentials.signing import KeyRing, KeyTrouble, verify
from credentials.signing.signer import UnknownAlgorithm, kid_of
from registry.models import Exclusion

PURPOSE = "credential"


@dataclass(frozen=True, slots=True)
class Key:
    """The public half as the database has it."""

    alg: str
    public_bytes: bytes
    compromised_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold; `subject` names the row, `why` is for an operator."""

    subject: str
    why: str


def is_genuine(certificate: Certificate, key: Key | None) -> CertificateFacts | str:
    """The signed facts, or why they cannot be trusted.

    The columns beside the snapshot are for searching; they must say what was signed.
    """
    raw = certificate.snapshot.encode()
    if hashlib.sha256(raw).hexdigest() != certificate.snapshot_sha256:
        return "the snapshot does not have its digest"
    if key is None:
        return f"key {certificate.kid} is unknown"
    if kid_of(PURPOSE, key.public_bytes) != certificate.kid:
        return f"key {certificate.kid} is not its own"
    if key.compromised_since is not None and certificate.issued_at >= key.compromised_since:
        return f"key {certificate.kid} was compromised before the issue"
    try:
        if not verify(key.alg, key.public_bytes, raw, bytes(certificate.signature)):
            return "the signature is not that of the snapshot"
    except UnknownAlgorithm:
        return f"the algorithm {key.alg} is unknown to this release"
    try:
        facts = CertificateFacts.from_bytes(raw)
    except BadSnapshot as error:
        return f"the snapshot cannot be read: {error}"
    for name in ("number", "verify_code", "occupation", "edition", "valid_from", "valid_until"):
        if getattr(facts, name) != getattr(certificate, name):
            return f"{name} differs from what was signed"
    return facts


def keys() -> dict[str, Key]:
    return {
        row.kid: Key(row.alg, bytes(row.public_bytes), row.compromised_since)
        for row in SigningKey.objects.all()
    }


def verify_all_certificates(*, on: date | None = None) -> Iterator[Problem]:
    """Walk all certificates: digest, signature, columns, key files, PDF hashes; with `on` also that
    whoever is banned that day holds nothing that is not revoked. Yields nothing when all is well."""
    known = keys()
    yield from _keys_that_are_not_ours(known)
    for certificate in Certificate.objects.order_by("pk").iterator(chunk_size=2000):
        answer = is_genuine(certificate, known.get(certificate.kid))
        if isinstance(answer, str):
            yield Problem(f"certificate:{certificate.number}", answer)
            continue
        for name in ("minutes", "standard_code", "cycle_starts_on", "issued_on"):
            if getattr(answer, name) != getattr(certificate, name):
                yield Problem(f"certificate:{certificate.number}", f"{name} differs from what was signed")
    yield from _files(
        CertificateFile.objects.select_related("certificate").order_by("pk").iterator(chunk_size=500)
    )
    if on is not None:
        yield from _banned_and_not_revoked(on)


def _keys_that_are_not_ours(known: dict[str, Key]) -> Iterator[Problem]:
    """A key that was written into the database beside the key folder signs for nobody."""
    ring = KeyRing(settings.KEY_FOLDER)
    for kid, key in known.items():
        try:
            ours = ring.public(kid).public_bytes == key.public_bytes
        except KeyTrouble as trouble:
            yield Problem(f"key:{kid}", str(trouble))
            continue
        if not ours:
            yield Problem(f"key:{kid}", "the database has another public half than the key folder")


def _files(files: Iterable[CertificateFile]) -> Iterator[Problem]:
    for file in files:
        subject = f"certificate:{file.certificate.number}"
        try:
            with file.pdf.open("rb") as pdf:
                digest = hashlib.file_digest(pdf, "sha256").hexdigest()
        except OSError:
            yield Problem(subject, "its PDF is missing")
            continue
        if digest != file.sha256:
            yield Problem(subject, "its PDF was changed")


def _banned_and_not_revoked(on: date) -> Iterator[Problem]:
    bans = Exclusion.objects.on(on).filter(kind=Exclusion.Kind.BAN).of_human("holder")
    revoked = StatusMark.objects.in_force_on(on).filter(
        kind=StatusMark.Kind.REVOKED, certificate=OuterRef("pk")
    )
    for number in (
        Certificate.objects.filter(Exists(bans)).exclude(Exists(revoked)).values_list("number", flat=True)
    ):
        yield Problem(f"certificate:{number}", "its holder is banned and it is not revoked")
