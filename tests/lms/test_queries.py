"""Which standards bind whom, through the database; what the ledger check finds."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.models import CourseVersion
from lms.proof import verify_all_ledgers
from lms.queries import content_of, standings_of
from registry.actions.load_divisions import load_divisions
from registry.actions.load_rulebook import load_rulebook
from registry.models import Division, Facility, Person
from registry.rules.standard import StandardRules
from tests.factories import credentials as credential
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
SONGJIANG_DAY = date(2023, 10, 1)  # its plan has an end


@pytest.fixture
def rulebook(db: None) -> None:
    """The divisions and standards as shipped."""
    load_divisions(by=learn.SYSTEM, at=learn.AT)
    load_rulebook(by=learn.SYSTEM, at=learn.AT)


def facility_in(code: str) -> Facility:
    return Facility.objects.create(
        name=f"托育园{code}",
        credit_code=f"TEST{code}{Facility.objects.count():08d}",
        division=Division.objects.get(code=code),
        places=60,
        opened_on=date(2020, 1, 1),
    )


def in_post(
    code: str, occupation: str = "caregiver", *, person: Person | None = None, **fields: object
) -> Person:
    person = person or make.person()
    make.employment(of=person, at=facility_in(code), occupation=occupation, **fields)
    return person


def bound(person: Person, day: date = learn.DAY) -> list[tuple[str, bool]]:
    return [(where.standard_code, where.in_post) for where in standings_of(person, day)]


@pytest.mark.usefixtures("rulebook")
class TestShippedRulebook:
    def test_a_caregiver_in_songjiang_is_bound_by_songjiang_alone(self) -> None:
        (where,) = standings_of(in_post("310117"), SONGJIANG_DAY)
        assert (where.standard_code, where.in_post, where.hours.needed) == (
            "songjiang-staff-caregiver",
            True,
            128 * 45,
        )

    def test_a_caregiver_in_yunnan_by_yunnan(self) -> None:
        (where,) = standings_of(in_post("532901"), learn.DAY)
        assert (where.standard_code, where.hours.needed) == ("yunnan-caregivers", 120 * 45)

    def test_two_occupations_are_two_standards_on_one_ledger(self) -> None:
        person = in_post("530102")
        in_post("530103", "director", person=person)
        learn.hours(of=person, minutes=90)
        assert [(where.standard_code, where.hours.counted) for where in standings_of(person, learn.DAY)] == [
            ("yunnan-caregivers", 90),
            ("yunnan-directors", 90),
        ]

    def test_two_facilities_in_one_province_are_one_standard(self) -> None:
        person = in_post("530102")
        in_post("532901", person=person)
        assert bound(person) == [("yunnan-caregivers", True)]

    def test_posts_in_two_provinces_are_two_standards(self) -> None:
        person = in_post("530102")
        in_post("310117", person=person)
        assert bound(person, SONGJIANG_DAY) == [
            ("songjiang-staff-caregiver", True),
            ("yunnan-caregivers", True),
        ]

    def test_who_moved_is_bound_where_she_works_and_sees_what_she_left(self) -> None:
        person = in_post("530102", until=date(2023, 9, 1))
        in_post("310117", person=person, started_on=date(2023, 9, 1))
        assert bound(person, date(2023, 8, 31)) == [("yunnan-caregivers", True)]
        assert bound(person, SONGJIANG_DAY) == [
            ("songjiang-staff-caregiver", True),
            ("yunnan-caregivers", False),
        ]

    def test_yearly_duties_of_anshan_are_owed_beside_each_other(self) -> None:
        duties = [duty.kind for where in standings_of(in_post("210302"), learn.DAY) for duty in where.duties]
        assert sorted(duties) == ["health_check", "hygiene_training"]


def test_a_standard_that_changes_does_not_change_the_cycle_that_has_begun() -> None:
    make.standard(rules=StandardRules(needed_minutes=100 * 45))
    make.standard(rules=StandardRules(needed_minutes=200 * 45), in_force_from=date(2024, 1, 1))
    before, after = make.person(), make.person()
    make.employment(of=before, at=make.facility(), started_on=date(2023, 12, 31))
    make.employment(of=after, at=make.facility(), started_on=date(2024, 1, 1))
    needed = [standings_of(person, learn.DAY)[0].hours.needed // 45 for person in (before, after)]
    assert needed == [100, 200]


def test_a_standing_costs_the_same_queries_with_1_and_3_posts_and_lines() -> None:
    make.standard()
    counts = []
    for number in (1, 3):
        person = make.person()
        for _ in range(number):
            make.employment(of=person, at=make.facility())
            learn.hours(of=person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(standings_of(person, learn.DAY)) == 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_nobody_without_a_post_is_bound() -> None:
    make.standard()
    assert bound(make.person()) == []


def test_content_that_differs_from_its_hash_is_found() -> None:
    draft = learn.draft(learn.reading_lesson())
    version = learn.course_version(learn.reading_lesson())
    assert list(verify_all_ledgers()) == []
    forged = CourseVersion.objects.create(
        course=version.course, number=2, title="x", topic="x", category="theory", minutes=1,
        content=draft.as_json(), content_sha256="0" * 64, author=version.author, reviewer=version.reviewer,
        published_at=learn.AT,
    )  # fmt: skip
    assert [problem.subject for problem in verify_all_ledgers()] == [f"course-version:{forged.public_id}"]


def test_content_is_read_once_and_never_another_versions() -> None:
    one, two = learn.course_version(learn.reading_lesson()), learn.course_version(learn.pdf_lesson())
    with CaptureQueriesContext(connection) as queries:
        keys = [content_of(version).lessons[0].key for version in (one, two, one)]
    assert (keys, len(queries)) == (["read", "handout", "read"], 2)


def test_a_revocation_that_was_lifted_stays_in_the_days_it_stood() -> None:
    """What a page said then it says for ever: lifting in March gives nothing back to February."""
    person = in_post_of_yunnan()
    paper = credential.certificate(of=person, issued_on=date(2026, 1, 5))
    credential.mark(
        on=paper,
        effective_on=date(2026, 2, 1),
        recorded_at=credential.at(date(2026, 2, 1)),
        lifted_on=date(2026, 2, 20),
        lifted_recorded_at=credential.at(date(2026, 2, 20)),
        lifted_reason="appeal",
    )
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 19), date(2026, 2, 20)]
    assert [standings_of(person, day)[0].valid_until is not None for day in days] == [
        True,
        False,
        False,
        True,
    ]


def in_post_of_yunnan() -> Person:
    credential.standard_for()
    person = make.person()
    make.employment(of=person)
    return person
