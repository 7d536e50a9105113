"""A province of people in post, each with a certificate. All invented, drawn from SEED."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.core.management import call_command
from django.db import connection

from core import clock
from core.days import day_of
from lms.models import HourEntry
from registry.models import Account, Division, Employment, Facility, IdentityDocument, Person
from registry.models.person import document_index
from tests.bench.bulk import insert, next_key
from tests.bench.holdings import BENCH, Maker, certify, issued
from tests.bench.sizes import LEDGER_LINES, SEED, Size
from tests.factories.registry import synthetic_number

PROVINCE = "530000"
OCCUPATIONS = ("caregiver",) * 8 + ("director", "health")


@dataclass(frozen=True, slots=True)
class World:
    """What was made. `codes`: of certificates all over the table; `waiting`: people who hold nothing yet."""

    size: Size
    today: date
    learner: Person
    learners: tuple[Account, ...]
    codes: tuple[str, ...]
    waiting: tuple[Person, ...]


def fill(size: Size) -> World:
    """Fill an empty, migrated database."""
    now = clock.now()
    make = Maker(Random(SEED), now, day_of(now))
    call_command("load_registry", verbosity=0, stdout=_Silence())
    facilities = _facilities(make, size.facilities)
    waiting = _in_post(make, 2 + size.batch * (size.batches + 1), facilities, caregivers_only=True)
    _documents(make, waiting)
    people = _in_post(make, size.people, facilities)
    first, learner, *documented = Person.objects.in_bulk(waiting).values()
    codes = certify(make, people, issued(first, make))
    _ledgers(make, people[: max(1, size.people // 20)], 10)
    _ledgers(make, [learner.pk], LEDGER_LINES)
    learners = _accounts(make, people[: size.learners])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return World(size, make.today, learner, learners, codes, tuple(documented))


class _Silence:
    def write(self, text: str) -> None: ...


def _facilities(make: Maker, count: int) -> list[int]:
    counties = Division.objects.filter(level="county", code__startswith=PROVINCE[:2]).order_by("code")
    codes = list(counties.values_list("code", flat=True))
    start = next_key(Facility)
    insert(
        Facility,
        (
            {
                "id": key,
                "public_id": make.public_id(),
                "name": f"测试托育园{key}",
                "credit_code": f"TEST{key:014d}",
                "division_id": make.random.choice(codes),
                "address": "",
                "places": 60,
                "opened_on": date(2020, 1, 1),
            }
            for key in range(start, start + count)
        ),
    )
    return list(range(start, start + count))


def _in_post(
    make: Maker, count: int, facilities: Sequence[int], *, caregivers_only: bool = False
) -> list[int]:
    """People in post since some day: eight caregivers to one director and one health worker."""
    start, post, random = next_key(Person), next_key(Employment), make.random
    names = [make.name() for _number in range(count)]
    insert(
        Person,
        (
            {
                "id": start + place,
                "public_id": make.public_id(),
                "name": name,
                "name_key": name,
                "birth_date": date(1990, 5, 1),
                "sex": "F",
                "recorded_at": make.now,
            }
            for place, name in enumerate(names)
        ),
    )
    insert(
        Employment,
        (
            {
                "id": post + place,
                "public_id": make.public_id(),
                "person_id": start + place,
                "facility_id": random.choice(facilities),
                "occupation": "caregiver" if caregivers_only else random.choice(OCCUPATIONS),
                "started_on": date(2021, 1, 1) + timedelta(days=random.randrange(1500)),
                "recorded_at": make.now,
            }
            for place in range(count)
        ),
    )
    return list(range(start, start + count))


def _documents(make: Maker, people: Sequence[int]) -> None:
    rows = []
    for serial, person in enumerate(people):
        number = synthetic_number(serial % 1000, birth=date(1970 + serial // 1000, 1, 1))
        index = document_index("resident_id", number)
        rows.append(
            IdentityDocument(
                person_id=person, kind="resident_id", number=number, number_index=index, recorded_at=make.now
            )
        )
    IdentityDocument.objects.bulk_create(rows, batch_size=500)


def _ledgers(make: Maker, people: Sequence[int], lines: int) -> None:
    """Hours of the last six years in every category; one line in forty is told by the learner herself."""
    random, start = make.random, next_key(HourEntry)
    insert(
        HourEntry,
        (
            {
                "id": start + place * lines + number,
                "public_id": make.public_id(),
                "person_id": person,
                "kind": "earn",
                "minutes": random.choice((15, 30, 45, 90)),
                "content": random.choice(("theory", "practice", "ethics")),
                "channel": random.choice(("online", "offline")),
                "topic": random.choice(("", "care_skills", "safety", "emergency")),
                "source_class": random.choice(("platform", "training_body"))
                if random.random() > 1 / 40
                else "self",
                "happened_on": make.today - timedelta(days=random.randrange(1, 6 * 365)),
                "recorded_at": make.now - timedelta(days=1),
                "recorded_by": BENCH.actor,
                "title": "托育机构消防安全培训",
                "source_key": f"bench:{person}:{number}",
                "note": "",
            }
            for place, person in enumerate(people)
            for number in range(lines)
        ),
    )


def _accounts(make: Maker, people: Sequence[int]) -> tuple[Account, ...]:
    rows = [Account(username=f"learner{key}", person_id=key, date_joined=make.now) for key in people]
    for row in rows:
        row.set_unusable_password()
    Account.objects.bulk_create(rows)
    return tuple(rows)
