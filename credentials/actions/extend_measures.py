"""A measure of a human being reaches what another record of hers held, once the two are merged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from audit.acts import System, act, record
from core.days import day_of
from credentials.actions.tell_employers import tell_employers
from credentials.models import Certificate, EmployerTask, StatusMark
from registry.actions.exclude import lock_person
from registry.models import Exclusion, Person
from registry.permissions import records_of


@act
def extend_measures(*, kept: Person, absorbed: Person, by: System, at: datetime) -> int:
    """Mark the certificates of the absorbed record as the measures in force mark those of the other, and
    tell its employers. How many were marked; doing it twice marks nothing more. Parting the records
    lifts none of it: that is for an officer who knows the case.
    """
    day, marked = day_of(at), 0
    kept = lock_person(kept)
    if absorbed.pk not in records_of(kept):
        return 0
    for exclusion in Exclusion.objects.on(day).filter(person_id__in=records_of(kept)):
        is_ban = exclusion.kind == Exclusion.Kind.BAN
        source = exclusion.source if is_ban else f"{exclusion.source}:{exclusion.from_day:%Y%m%d}"
        for certificate in _unmarked(absorbed, source):
            StatusMark.objects.create(
                certificate=certificate,
                kind=StatusMark.Kind.REVOKED if is_ban else StatusMark.Kind.SUSPENDED,
                ground=StatusMark.Ground.BAN if is_ban else StatusMark.Ground.INTERIM,
                source=source,
                effective_on=day,
                until=exclusion.until,
                recorded_at=at,
            )
            record(
                "credentials.revoke" if is_ban else "credentials.suspend",
                subject=f"certificate:{certificate.number}",
                by=by,
                at=at,
                source=source,
                effective_on=day,
            )
            marked += 1
        kind = EmployerTask.Kind.BANNED if is_ban else EmployerTask.Kind.SUSPENDED
        tell_employers(people=[absorbed], kind=kind, source=source, by=by, at=at)
    return marked


def _unmarked(holder: Person, source: str) -> Iterator[Certificate]:
    marked = StatusMark.objects.filter(source=source).values("certificate")
    yield from Certificate.objects.filter(holder=holder).exclude(pk__in=marked).order_by("pk")
