"""Who may, where the answer needs more than a query's scope. Acts ask with the day they happen on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q

from registry.models import Account, Division, Employment, Exclusion, Facility, Person
from registry.models.division import Level, within_any
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


def records_of(person: Person | int) -> list[int]:
    """Keys of all records of this human being as joined now, the one that stands first."""
    pk = person if isinstance(person, int) else person.pk
    near = dict(Person.objects.filter(Q(pk=pk) | Q(merged_into=pk)).values_list("pk", "merged_into"))
    if near == {pk: None}:  # nearly everybody
        return [pk]
    keys = frontier = [one_human(Person.objects.get(pk=pk)).pk]
    while frontier:
        found = Person.objects.filter(merged_into_id__in=frontier).exclude(pk__in=keys)
        frontier = list(found.order_by("pk").values_list("pk", flat=True))
        keys = keys + frontier
    return keys


def is_excluded(person: Person | int, on: date) -> bool:
    """A measure keeps this human being out on that day, under whichever record it stands."""
    return Exclusion.objects.on(on).filter(person_id__in=records_of(person)).exists()


def oversees_person(account: Account, person: Person, on: date) -> bool:
    """An officer in whose divisions she is or was in post, under any of her records."""
    posts = Employment.objects.filter(person_id__in=records_of(person))
    return posts.filter(within_any("facility__division_id", overseen_prefixes(account, on))).exists()


def is_of_province(account: Account, on: date) -> bool:
    """An officer of a province."""
    duties = account.duties_on(on).filter(kind=DutyKind.OFFICER, division__level=Level.PROVINCE)
    return account.is_active and duties.exists()


Measure = Callable[[Iterable[int], date], bool]
_MEASURES: list[Measure] = []


def counts_as_measure(question: Measure) -> None:
    """A room above answers for record keys: is something open that merging must not disturb?"""
    if question not in _MEASURES:
        _MEASURES.append(question)


def under_measure(keys: Iterable[int], on: date) -> bool:
    """An exclusion in force that day or still to come, or what the rooms above count as one."""
    keys = list(keys)
    coming = Exclusion.objects.filter(Q(until=None) | Q(until__gt=on), person_id__in=keys)
    if coming.filter(Q(lifted_on=None) | Q(lifted_on__gt=on)).exists():
        return True
    return any(question(keys, on) for question in _MEASURES)


def same_human(one: Account, other: Account) -> bool:
    """The same login, or two logins of one human being, recorded once or twice."""
    if one.pk == other.pk:
        return True
    return (
        one.person is not None
        and other.person is not None
        and one_human(one.person) == one_human(other.person)
    )
