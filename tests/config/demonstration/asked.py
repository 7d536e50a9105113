"""Run against a built province, in a process of its own: prints as JSON what its tests want to know."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any


def counts() -> dict[str, Any]:
    """How many of what the issue names."""
    from credentials.models import BanSubject
    from registry.models import Division, Employment, Exclusion, Facility
    from trainers.models import Appointment, ExpertPool

    today = clock.today()
    seated = Appointment.objects.on(today).filter(pool__division_id="530000")
    return {
        "levels": Counter(Division.objects.filter(code__startswith="53").values_list("level", flat=True)),
        "counties_without_facility": Division.objects.filter(code__startswith="53", level="county")
        .exclude(pk__in=Facility.objects.values("division_id"))
        .count(),
        "facilities": Facility.objects.count(),
        "filed": Facility.objects.filed_on(today).count(),
        "in_post": Employment.objects.on(today).values("person_id").distinct().count(),
        "province_seats": ExpertPool.objects.get(division_id="530000").seats,
        "experts": seated.values("person_id").distinct().count(),
        "experts_by_field": Counter(seated.values_list("field", flat=True)),
        "prefecture_pools": ExpertPool.objects.filter(division__level="prefecture").count(),
        "prefecture_experts": Appointment.objects.on(today).exclude(pool__division_id="530000").count(),
        "ban_states": Counter(BanSubject.objects.values_list("state", flat=True)),
        "banned_in_force": Exclusion.objects.on(today)
        .filter(kind="ban")
        .values("person_id")
        .distinct()
        .count(),
        "banned_in_post": Employment.objects.on(today)
        .filter(person_id__in=Exclusion.objects.on(today).filter(kind="ban").values("person_id"))
        .count(),
    }


def courses() -> list[dict[str, Any]]:
    from lms.models import Course
    from lms.queries import content_of
    from trainers.models import MaterialVersion

    rows = []
    for course in Course.objects.filter(withdrawn_at=None).select_related("current"):
        content = content_of(course.current)
        versions = MaterialVersion.objects.approved().filter(
            public_id__in=[lesson.material.public_id for lesson in content.lessons if lesson.material]
        )
        rows.append(
            {
                "title": course.current.title,
                "kinds": sorted(lesson.kind.value for lesson in content.lessons),
                "approved": sorted(versions.values_list("mime", flat=True)),
                "seconds": max((version.duration_ms or 0) / 1000 for version in versions),
                "questions": sum(len(lesson.questions) for lesson in content.lessons),
            }
        )
    return rows


def documents() -> list[str]:
    """Every document of everybody, also of those who left: one is one too many if it could be real."""
    from registry.models import IdentityDocument

    return [document.number for document in IdentityDocument.objects.all()]


def rates() -> list[tuple[int, int]]:
    """Numerator and denominator of the province at the last five year-ends, and today."""
    from oversight.queries import rate_table
    from registry.models import Division

    today, province = clock.today(), Division.objects.get(code="530000")
    days = [date(today.year - back, 12, 31) for back in (5, 4, 3, 2, 1)] + [today]
    found = [rate_table(province, on=day).rate for day in days]
    return [(rate.numerator, rate.denominator) for rate in found]


def nearly() -> dict[str, Any]:
    """What the learner of the story lacks, and what the course she has open would add."""
    from config.demonstration.learners import LAST_COURSE
    from lms.models import Enrolment
    from lms.queries import content_of, standings_of
    from registry.models import Account

    person = Account.objects.get(username="learner").person
    (where,) = [one for one in standings_of(person, clock.today()) if one.hours.needed]
    enrolment = Enrolment.objects.get(person=person, completed_at=None)
    lessons = content_of(enrolment.version).lessons
    done = set(enrolment.completions.values_list("lesson_key", flat=True))
    return {
        "course": enrolment.course.slug == LAST_COURSE,
        "remaining": where.hours.remaining,
        "course_minutes": sum(lesson.class_minutes for lesson in lessons),
        "left": sorted(lesson.kind.value for lesson in lessons if lesson.key not in done),
    }


def signed_in() -> dict[str, str]:
    """For each account of the report: who the session belongs to after /accounts/login/."""
    from django.test import Client

    from registry.models import Account

    with open(sys.argv[2]) as file:
        rows = json.load(file)["accounts"]
    answer = {}
    for row in rows:
        client = Client(REMOTE_ADDR="127.0.0.1")
        client.post("/accounts/login/", {"login": row["username"], "password": row["password"]})
        pk = client.session.get("_auth_user_id")
        answer[row["username"]] = Account.objects.get(pk=pk).username if pk else ""
    return answer


QUESTIONS: dict[str, Callable[[], Any]] = {
    question.__name__: question for question in (counts, courses, documents, rates, nearly, signed_in)
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    from core import clock

    print(json.dumps({name: QUESTIONS[name]() for name in sys.argv[1].split(",")}))
