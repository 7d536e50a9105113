"""Learners one can sign in as: one nearly done, one certified, one new, one from another county."""

from __future__ import annotations

from datetime import timedelta

from config.demonstration.cast import caregivers, facility_of, let_in
from config.demonstration.history import NEEDS, issue_all
from config.demonstration.world import BY, World, at_ten
from credentials.models import Certificate
from lms.actions.complete import complete_lesson
from lms.actions.enrol import enrol
from lms.actions.record_hours import Line, record_many
from lms.models import Course, HourEntry
from lms.queries import content_of, standings_of
from lms.rules.course import LessonKind
from registry.models import Person

LAST_COURSE = "hand-hygiene"
OPEN_COURSE = "fire-safety"


def prepare(world: World) -> None:
    """Before certificates are issued: the ledger of the one who is nearly done."""
    people = caregivers(facility_of(world, "manager"))
    nearly = next(person for person in people if not _has_hours(person, NEEDS["caregiver"] // 2))
    _bring_to(world, nearly, short_by=_minutes(LAST_COURSE))
    let_in(world, nearly, "learner")


def admit(world: World) -> None:
    """After: accounts, and the courses they have open."""
    learner = world.accounts["learner"].person
    assert learner is not None
    _open_but_two(world, learner)
    home = [person for person in caregivers(facility_of(world, "manager")) if person.pk != learner.pk]
    certified = [person for person in home if _is_valid(world, person)]
    others = [person for person in home if person not in certified]
    if not certified:  # the story needs one; her colleague has learned a lot
        certified = [others.pop(0)]
        _bring_to(world, certified[0], short_by=0)
        issue_all(world, [certified[0].pk])
    let_in(world, certified[0], "learner2")
    if others:
        beginner = let_in(world, others[0], "learner3")
        assert beginner.person is not None
        enrol(person=beginner.person, course=Course.objects.get(slug=OPEN_COURSE), by=BY, at=world.at)
    let_in(world, caregivers(facility_of(world, "manager3"))[0], "learner4")


def _minutes(slug: str) -> int:
    course = Course.objects.select_related("current").get(slug=slug)
    assert course.current is not None
    return sum(
        lesson.class_minutes
        for lesson in content_of(course.current).lessons
        if lesson.kind is not LessonKind.QUIZ
    )


def _has_hours(person: Person, minutes: int) -> bool:
    return sum(HourEntry.objects.filter(person=person).values_list("minutes", flat=True)) >= minutes


def _is_valid(world: World, person: Person) -> bool:
    return Certificate.objects.filter(holder=person, occupation="caregiver").valid_on(world.today).exists()


def _bring_to(world: World, person: Person, *, short_by: int) -> None:
    """Add offline days until her running cycle lacks just `short_by` minutes."""
    where = next(one for one in standings_of(person, world.today) if one.hours.needed)
    missing = where.hours.remaining - short_by
    begins = max(where.cycle.starts_on, world.today - timedelta(days=300))
    number = 0
    lines = []
    while missing > 0:
        minutes = min(missing, 360)
        day = min(begins + timedelta(days=7 * number), world.today - timedelta(days=1))
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
                source_key=f"demonstration:learner:{person.pk}:{number}",
                recorded_at=at_ten(day),
            )
        )
        missing -= minutes
        number += 1
    record_many(lines=lines, by=BY, at=world.at)


def _open_but_two(world: World, person: Person) -> None:
    """All lessons of the last course are done but its video and its quiz."""
    enrolment = enrol(person=person, course=Course.objects.get(slug=LAST_COURSE), by=BY, at=world.at)
    for lesson in content_of(enrolment.version).lessons:
        if lesson.kind not in (LessonKind.VIDEO, LessonKind.QUIZ):
            complete_lesson(enrolment=enrolment, lesson_key=lesson.key, by=BY, at=world.at)
