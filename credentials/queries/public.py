"""What anybody who holds a code may know. One query, no session, the minimum of personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection, models

from core.days import Period
from credentials.models import Certificate, StatusMark
from credentials.queries.proof import Key, is_genuine
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import StateOn, could_not_check, state_on


@dataclass(frozen=True, slots=True)
class Answer:
    """`facts` are what was signed; None exactly when the state is "could not check"."""

    state: StateOn
    facts: CertificateFacts | None
    why: str = ""  # for the log, never for the page


def _columns(model: type[models.Model], *names: str) -> tuple[str, ...]:
    """In the order in which `from_db` expects them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)


# By hand, since this is the page that everybody's phone asks: the ORM took longer to write the two
# statements than the database to answer them. One row for each mark, or one without any.
SEALED = _columns(
    Certificate, "id", "number", "verify_code", "occupation", "edition", "valid_from", "valid_until",
    "issued_at", "snapshot", "snapshot_sha256", "kid", "signature",
)  # fmt: skip
MARKED = _columns(StatusMark, "id", "kind", "effective_on", "until", "lifted_on")
STATEMENT = f"""
SELECT signer.alg, signer.public_bytes, signer.compromised_since,
       {", ".join(f"certificate.{name}" for name in SEALED)}, {", ".join(f"mark.{name}" for name in MARKED)}
FROM credentials_certificate certificate
LEFT JOIN credentials_signingkey signer ON signer.kid = certificate.kid
LEFT JOIN credentials_statusmark mark ON mark.certificate_id = certificate.id
WHERE certificate.verify_code = %s
ORDER BY mark.recorded_at, mark.id
"""  # noqa: S608 - our own constants


def look_up(code: str, *, on: date) -> Answer | None:
    """What the certificate of this code (12 symbols) is worth on a day; None: there is none. One query.

    A record that does not bear its signature, or a mark this release does not know, is
    "could not check". Raises django.db.DatabaseError when the record cannot be read.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [code])
        rows = cursor.fetchall()
    if not rows:
        return None
    (alg, public_bytes, compromised_since), end = rows[0][:3], 3 + len(SEALED)
    certificate = Certificate.from_db(connection.alias, SEALED, rows[0][3:end])
    certificate.issued_at = _aware(certificate.issued_at)
    key = Key(alg, bytes(public_bytes), compromised_since and _aware(compromised_since)) if alg else None
    marks = [StatusMark.from_db(connection.alias, MARKED, row[end:]) for row in rows if row[end] is not None]
    return judge(certificate, key, marks, on)


def judge(certificate: Certificate, key: Key | None, marks: Iterable[StatusMark], on: date) -> Answer:
    """The same, of a certificate and its marks at hand."""
    facts = is_genuine(certificate, key)
    if isinstance(facts, str):
        return Answer(could_not_check(on), None, facts)
    try:
        values = [mark.value for mark in marks]
    except ValueError:
        return Answer(could_not_check(on), None, "a mark of an unknown kind")
    return Answer(state_on(Period(facts.valid_from, facts.valid_until), values, on), facts)


def _aware(moment: datetime) -> datetime:
    """SQLite keeps moments without their zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
