"""What anybody who holds a code may know. Two queries, no session, the minimum of personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from core.days import Period
from credentials.models import Certificate, SigningKey, StatusMark
from credentials.queries.proof import Key, is_genuine
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import StateOn, could_not_check, state_on


@dataclass(frozen=True, slots=True)
class Answer:
    """`facts` are what was signed; None exactly when the state is "could not check"."""

    state: StateOn
    facts: CertificateFacts | None
    why: str = ""  # for the log, never for the page


def look_up(code: str, *, on: date) -> Answer | None:
    """What the certificate of this code (12 symbols) is worth on a day; None: there is none.

    A record that does not bear its signature, or a mark this release does not know, is
    "could not check". Raises django.db.DatabaseError when the record cannot be read.
    """
    key = SigningKey.objects.filter(kid=OuterRef("kid"))
    certificate = (
        Certificate.objects.filter(verify_code=code)
        .defer("evidence")
        .annotate(
            key_alg=Subquery(key.values("alg")[:1]),
            key_bytes=Subquery(key.values("public_bytes")[:1]),
            key_compromised=Subquery(key.values("compromised_since")[:1]),
        )
        .first()
    )
    if certificate is None:
        return None
    return judge(certificate, _key(certificate), StatusMark.objects.filter(certificate=certificate), on)


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


def _key(certificate: Certificate) -> Key | None:
    alg = getattr(certificate, "key_alg", None)
    if alg is None:
        return None
    public_bytes = getattr(certificate, "key_bytes", b"")
    return Key(alg, bytes(public_bytes), getattr(certificate, "key_compromised", None))
