"""390 facilities and the people in post there, past and present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from config.demonstration.names import address, facility_names, person_name, short_place
from config.demonstration.world import BIRTH_DIVISION, BY, World
from registry.actions.employ import Post, employ_all
from registry.actions.file_facility import file_facility
from registry.actions.open_facility import FacilityRow, open_facilities
from registry.actions.record_person import PersonRow, record_people
from registry.models import Division, Facility, Filing, Person
from registry.rules.credit_code import synthetic_credit_code
from registry.rules.standard import Occupation
from registry.rules.synthetic import synthetic_resident_id

FACILITIES = 390  # policy fact Y12
FILED = 170
CHUNK = 2000
HOME = "530102"  # 五华区: the county of the story
HOME_FACILITIES = 9
OTHER = "532901"  # 大理市: the county that must see nothing of it


def open_all(world: World) -> None:
    """Facilities by county: every county has one, the capital's counties have most."""
    chance = world.chance("facilities")
    counties = list(Division.objects.filter(code__startswith="53", level="county").order_by("code"))
    places = list(counties)
    places += [county for county in counties if county.code == HOME] * (HOME_FACILITIES - 1)
    weights = [
        8 if county.code.startswith("5301") else 3 if county.code.startswith("5329") else 1
        for county in counties
    ]
    places += chance.choices(counties, weights, k=FACILITIES - len(places))
    names = facility_names(chance, [short_place(place.name) for place in places])
    rows = []
    for number, (place, name) in enumerate(zip(places, names, strict=True)):
        opened_on = world.today - timedelta(days=chance.randint(260, 8 * 365))
        rows.append(
            FacilityRow(
                name=name if world.step == 1 else f"{name}{world.step}部",
                credit_code=synthetic_credit_code(BIRTH_DIVISION, (world.step - 1) * FACILITIES + number + 1),
                division=place,
                opened_on=opened_on,
                address=address(chance, place.name),
                places=chance.choice((30, 45, 60, 75, 90, 120, 150)),
            )
        )
    opened = open_facilities(rows=rows, by=BY, at=world.at)
    world.facilities.extend(opened)
    filed = [
        (facility, facility.opened_on + timedelta(days=chance.randint(60, 250)))
        for facility in chance.sample(opened, FILED)
    ]
    if world.step == 1:
        for serial, (facility, filed_on) in enumerate(filed, 1):
            file_facility(
                facility=facility,
                number=f"滇托备{filed_on:%Y%m}{serial:04d}",
                filed_on=filed_on,
                by=BY,
                at=world.at,
            )
    else:  # of further steps the rows matter, not the acts
        Filing.objects.bulk_create(
            [Filing(facility=facility, filed_on=filed_on) for facility, filed_on in filed]
        )


def staff_all(world: World) -> None:
    """About eight people a facility, in post or gone; one director, mostly caregivers."""
    chance, posts_chance = world.chance("staff"), world.chance("posts")
    planned = (
        (facility, *post)
        for facility in world.facilities
        for post in _plan(posts_chance, facility, world.today)
    )
    while chunk := list(islice(planned, CHUNK)):
        rows = [_row(world, chance) for _ in chunk]
        people = [recorded.person for recorded in record_people(rows=rows, by=BY, at=world.at)]
        posts = []
        for person, (facility, occupation, started_on, until) in zip(people, chunk, strict=True):
            assert isinstance(person, Person)
            posts.append(Post(person, facility, occupation, started_on, until))
            if occupation == Occupation.DIRECTOR and until is None:
                world.directors[facility.pk] = person
        for answer in employ_all(posts=posts, by=BY, at=world.at):
            if isinstance(answer, Exception):
                raise answer


def _plan(chance: Random, facility: Facility, today: date) -> Iterator[tuple[Occupation, date, date | None]]:
    """(occupation, first day, first day no longer in post)."""
    settled = facility.opened_on + timedelta(days=20)
    yield Occupation.DIRECTOR, settled, None
    caregivers = chance.randint(3, 8)
    for number in range(caregivers):
        days = (today - settled).days
        began = settled if number < 2 else settled + timedelta(days=int(days * chance.random() ** 1.6))
        yield Occupation.CAREGIVER, min(began, today - timedelta(days=3)), None
    if chance.random() < 0.62:
        yield Occupation.HEALTH, settled + timedelta(days=chance.randint(0, 200)), None
    if chance.random() < 0.5:
        yield Occupation.SECURITY, settled + timedelta(days=chance.randint(0, 200)), None
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):  # those who left
        began = settled + timedelta(days=chance.randint(0, max(1, (today - settled).days - 120)))
        left = began + timedelta(days=chance.randint(60, max(61, (today - began).days - 10)))
        yield Occupation.CAREGIVER, began, min(left, today)


def _row(world: World, chance: Random) -> PersonRow:
    while True:
        is_woman = chance.random() < 0.93
        born = date(chance.randint(1966, 2003), chance.randint(1, 12), chance.randint(1, 28))
        sequence = chance.choice(world.sequences[is_woman::2])  # the first is odd: a man's
        birth = born.toordinal() * 1000 + sequence
        if birth not in world.births:
            world.births.add(birth)
            break
    return PersonRow(
        name=person_name(chance, is_woman=is_woman),
        document_kind="resident_id",
        document_number=synthetic_resident_id(world.birth_division, born, sequence),
    )


def one_more(world: World, chance: Random, name: str = "") -> Person:
    """A person outside the facilities: an officer, an expert, an editor."""
    row = _row(world, chance)
    (recorded,) = record_people(
        rows=[PersonRow(name or row.name, row.document_kind, row.document_number)], by=BY, at=world.at
    )
    assert recorded.person is not None
    return recorded.person
