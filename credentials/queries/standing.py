"""What a certificate is worth, read from its marks now."""

from __future__ import annotations

from datetime import date

from credentials.models import Certificate, StatusMark
from credentials.rules.state import StateOn, state_on
from registry.models import Person


def state_of(certificate: Certificate, *, on: date) -> StateOn:
    """One query for its marks; none if they were prefetched."""
    if "marks" in getattr(certificate, "_prefetched_objects_cache", {}):
        marks = list(certificate.marks.all())
    else:
        marks = list(StatusMark.objects.filter(certificate=certificate))
    return state_on(certificate.validity, [mark.value for mark in marks], on)


def records_of(human: Person) -> list[Person]:
    """The record that stands and all that were merged into it: one human being."""
    records, frontier = [human], [human.pk]
    while frontier:
        merged = list(
            Person.objects.filter(merged_into_id__in=frontier).exclude(pk__in=[r.pk for r in records])
        )
        records += merged
        frontier = [record.pk for record in merged]
    return records
