"""What a course version holds."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from lms.models import CourseVersion, Enrolment
from lms.rules.course import CourseDraft, LessonDraft


@lru_cache(maxsize=256)
def _content(pk: int, _sha256: str) -> CourseDraft:
    return CourseDraft.from_json(CourseVersion.objects.values_list("content", flat=True).get(pk=pk))


def content_of(version: CourseVersion) -> CourseDraft:
    """The frozen course; read once per process, since a version never changes."""
    return _content(version.pk, version.content_sha256)


def lesson_of(enrolment: Enrolment, key: str) -> LessonDraft:
    """The frozen lesson. Raises Refused `no_such_lesson` for a key the version does not have."""
    try:
        return content_of(enrolment.version).lesson(key)
    except KeyError:
        raise Refused("no_such_lesson", _("This course has no such lesson.")) from None
