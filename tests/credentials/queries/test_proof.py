"""The nightly walk: quiet when all is well, and each damage named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from credentials.models import Certificate, CertificateFile, SigningKey
from credentials.queries import verify_all_certificates
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def problems(**kwargs: Any) -> list[tuple[str, str]]:
    return [(problem.subject, problem.why) for problem in verify_all_certificates(**kwargs)]


def unguard(table: str) -> None:
    """As a superuser would, before tampering."""
    suffix = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{table}_no_update"{suffix}')


def tamper(row: Certificate, **changes: Any) -> None:
    unguard("credentials_certificate")
    Certificate.objects.filter(pk=row.pk).update(**changes)


def test_all_is_well() -> None:
    for _ in range(3):
        cred.certificate_file()
    assert problems(on=cred.DAY) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda row: {"snapshot": row.snapshot.replace("5400", "9999")},
            "the snapshot does not have its digest",
        ),
        (lambda row: {"signature": bytes(64)}, "the signature is not that of the snapshot"),
        (lambda row: {"valid_until": date(2099, 1, 1)}, "valid_until differs from what was signed"),
        (lambda row: {"occupation": "director"}, "occupation differs from what was signed"),
        (lambda row: {"kid": "credential-0000000000000000"}, "key credential-0000000000000000 is unknown"),
    ],
)
def test_a_change_by_sql_is_named(change: Callable[[Certificate], dict[str, Any]], why: str) -> None:
    row = cred.certificate()
    cred.certificate()
    tamper(row, **change(row))
    assert problems() == [(f"certificate:{row.number}", why)]


def test_a_snapshot_changed_with_its_digest_does_not_bear_its_signature() -> None:
    import hashlib

    row = cred.certificate()
    forged = row.snapshot.replace("5400", "9999")
    tamper(row, snapshot=forged, snapshot_sha256=hashlib.sha256(forged.encode()).hexdigest())
    assert problems() == [(f"certificate:{row.number}", "the signature is not that of the snapshot")]


def test_a_signature_of_another_certificate_proves_nothing() -> None:
    one, other = cred.certificate(), cred.certificate()
    tamper(one, signature=bytes(other.signature))
    assert problems() == [(f"certificate:{one.number}", "the signature is not that of the snapshot")]


def test_a_key_written_beside_the_key_folder_is_nobodys() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from credentials.signing.signer import Ed25519Signer

    signer = Ed25519Signer(Ed25519PrivateKey.generate(), purpose="credential")
    SigningKey.objects.create(
        kid=signer.kid,
        purpose="credential",
        alg=signer.alg,
        public_bytes=signer.public_bytes,
        in_use_from=cred.AT,
    )
    row = cred.certificate()
    tamper(row, kid=signer.kid, signature=signer.sign(row.snapshot.encode()))
    assert problems() == [(f"key:{signer.kid}", f"there is no key {signer.kid}")]


def test_a_changed_and_a_missing_pdf_are_named() -> None:
    changed, missing = cred.certificate_file(), cred.certificate_file()
    path = Path(changed.pdf.path)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    Path(missing.pdf.path).unlink()
    assert problems() == [
        (f"certificate:{changed.certificate.number}", "its PDF was changed"),
        (f"certificate:{missing.certificate.number}", "its PDF is missing"),
    ]


def test_a_banned_holder_with_a_certificate_that_stands_is_named() -> None:
    row = cred.certificate()
    make.exclusion(of=row.holder, from_day=cred.DAY)
    assert problems(on=cred.DAY) == [
        (f"certificate:{row.number}", "its holder is banned and it is not revoked")
    ]
    cred.mark(on=row, ground="ban")
    assert problems(on=cred.DAY) == []


def test_a_file_row_is_kept_as_it_was_handed_out() -> None:
    from django.db import IntegrityError, transaction

    file = cred.certificate_file()
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
