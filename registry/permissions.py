"""Who may, where the answer needs more than a query's scope. Acts ask with the day they happen on."""

from __future__ import annotations

from datetime import date

from registry.models import Account, Division, Employment, Facility, Person
from registry.models.division import within_any
from registry.rules.divisions import prefix_of
from registry.rules.kinds import DutyKind


def is_administrator(account: Account, on: date) -> bool:
    return account.duties_on(on).filter(kind=DutyKind.ADMINISTRATOR).exists()


def overseen_prefixes(account: Account, on: date) -> tuple[str, ...]:
    """Prefixes of the divisions this account oversees as an officer."""
    codes = account.duties_on(on).filter(kind=DutyKind.OFFICER).values_list("division_id", flat=True)
    return tuple(sorted(prefix_of(code) for code in codes if code))


def oversees(account: Account, division: Division, on: date) -> bool:
    return any(division.code.startswith(prefix) for prefix in overseen_prefixes(account, on))


def may_grant(account: Account, kind: str, facility: Facility | None, on: date) -> bool:
    """An administrator anything; an officer the managers of the facilities in her divisions."""
    if is_administrator(account, on):
        return True
    return kind == DutyKind.MANAGER and facility is not None and oversees(account, facility.division, on)


def may_reveal(account: Account, person: Person, on: date) -> bool:
    """The manager of a facility where she is in post; an officer in whose divisions she is or was in post."""
    posts = Employment.objects.filter(person=person)
    managed = account.duties_on(on).filter(kind=DutyKind.MANAGER).values("facility_id")
    if posts.on(on).filter(facility_id__in=managed).exists():
        return True
    return posts.filter(within_any("facility__division_id", overseen_prefixes(account, on))).exists()


def one_human(person: Person) -> Person:
    """The record that stands for this human being after all mergers."""
    seen = {person.pk}
    while person.merged_into is not None and person.merged_into_id not in seen:
        person = person.merged_into
        seen.add(person.pk)
    return person


def same_human(one: Account, other: Account) -> bool:
    """The same login, or two logins of one human being, recorded once or twice."""
    if one.pk == other.pk:
        return True
    return (
        one.person is not None
        and other.person is not None
        and one_human(one.person) == one_human(other.person)
    )
