"""What a ban would do, shown before it is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from credentials.models import BanSubject, Certificate, StatusMark
from registry.models import Account, Employment, Facility, Person
from registry.permissions import records_of


@dataclass(frozen=True, slots=True)
class Impact:
    """Certificates not revoked yet, facilities that employ her now or soon, whether she can sign in."""

    certificates: tuple[Certificate, ...]
    employers: tuple[Facility, ...]
    has_account: bool


def impact_of_ban(person: Person, *, on: date) -> Impact:
    revoked = StatusMark.objects.in_force_on(on).filter(
        kind=StatusMark.Kind.REVOKED, certificate=OuterRef("pk")
    )
    certificates = (
        Certificate.objects.filter(holder_id__in=records_of(person))
        .exclude(Exists(revoked))
        .order_by("valid_until")
    )
    return Impact(
        tuple(certificates.select_related("division")),
        tuple(employers_of(person, on=on)),
        Account.objects.filter(person_id__in=records_of(person), is_active=True).exists(),
    )


def employers_of(person: Person, *, on: date) -> list[Facility]:
    """Facilities where she is in post on a day or will be later; each once."""
    posts = Employment.objects.filter(Q(until=None) | Q(until__gt=on), person=person)
    return list(Facility.objects.filter(pk__in=posts.values("facility_id")).order_by("pk"))


def has_open_case(people: Iterable[int], on: date) -> bool:
    """A ban was proposed for one of these records and is not decided."""
    return BanSubject.objects.filter(person_id__in=people, state=BanSubject.State.PROPOSED).exists()
