"""Learners one can sign in as: one nearly done, one certified, one new, one from another county."""

from __future__ import annotations

from datetime import timedelta

from config.demonstration.cast import caregivers, facility_of, let_in
from config.demonstration.people import one_more
from config.demonstration.world import BY, World, at_ten
from lms.actions.complete import complete_lesson
from lms.actions.enrol import enrol
from lms.actions.record_hours import Line, record_many
from lms.models import Course, HourEntry
from lms.queries import content_of, standings_of
from lms.rules.course import LessonKind
from registry.actions.employ import employ
from registry.models import Facility, Person
from registry.rules.standard import Occupation

LAST_COURSE = "hand-hygiene"
OPEN_COURSE = "fire-safety"
A_DAY = 360  # minutes of training on one day


def prepare(world: World) -> None:
    """Before certificates are issued: three caregivers join the home facility, two of them have learned.

    They are hired for the story instead of picked out of the staff: whatever the seed, somebody
    is nearly done, somebody certified and somebody new.
    """
    facility = facility_of(world, "manager")
    nearly = _hire(world, facility, days_ago=400)
    certified = _hire(world, facility, days_ago=800)
    beginner = _hire(world, facility, days_ago=30)
    _bring_to(world, nearly, short_by=_minutes(LAST_COURSE))
    _bring_to(world, certified, short_by=0)
    let_in(world, nearly, "learner")
    let_in(world, certified, "learner2")
    let_in(world, beginner, "learner3")
    let_in(world, caregivers(facility_of(world, "manager3"))[0], "learner4")


def admit(world: World) -> None:
    """After: the courses they have open."""
    learner, beginner = (world.accounts[username].person for username in ("learner", "learner3"))
    assert learner is not None
    assert beginner is not None
    _open_but_two(world, learner)
    enrol(person=beginner, course=Course.objects.get(slug=OPEN_COURSE), by=BY, at=world.at)


def _hire(world: World, facility: Facility, *, days_ago: int) -> Person:
    person = one_more(world, world.chance(f"learner:{days_ago}"))
    employ(
        person=person,
        facility=facility,
        occupation=Occupation.CAREGIVER,
        started_on=max(facility.opened_on, world.today - timedelta(days=days_ago)),
        by=BY,
        at=world.at,
    )
    return person


def _minutes(slug: str) -> int:
    """What the course surely adds to the ledger; what its quiz adds depends on the time spent on it."""
    course = Course.objects.select_related("current").get(slug=slug)
    assert course.current is not None
    lessons = content_of(course.current).lessons
    return sum(lesson.class_minutes for lesson in lessons if lesson.kind is not LessonKind.QUIZ)


def _bring_to(world: World, person: Person, *, short_by: int) -> None:
    """Add a day of training a week until her first cycle lacks just `short_by` minutes."""
    (where,) = [one for one in standings_of(person, world.today) if one.hours.needed]
    missing = where.hours.remaining - short_by
    lines: list[Line] = []
    while missing > 0:
        minutes = min(missing, A_DAY)
        day = where.cycle.starts_on + timedelta(days=7 * (len(lines) + 1))
        lines.append(
            Line(
                person_id=person.pk,
                minutes=minutes,
                content="practice",
                channel="offline",
                topic="care_routine",
                source_class=HourEntry.Source.TRAINING_BODY,
                happened_on=day,
                title="一日照护流程跟岗",
                source_key=f"demonstration:learner:{person.pk}:{len(lines) + 1}",
                recorded_at=at_ten(day),
            )
        )
        missing -= minutes
    record_many(lines=lines, by=BY, at=world.at)


def _open_but_two(world: World, person: Person) -> None:
    """All lessons of the last course are done but its video and its quiz."""
    enrolment = enrol(person=person, course=Course.objects.get(slug=LAST_COURSE), by=BY, at=world.at)
    for lesson in content_of(enrolment.version).lessons:
        if lesson.kind not in (LessonKind.VIDEO, LessonKind.QUIZ):
            complete_lesson(enrolment=enrolment, lesson_key=lesson.key, by=BY, at=world.at)
