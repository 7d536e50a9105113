"""The words a course is filed under."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.rules.course import LessonKind
from registry.rules.standard import Occupation
from registry.rules.topics import TOPICS

__all__ = ["CATEGORIES", "LESSONS", "OCCUPATIONS", "TOPICS"]

CATEGORIES: dict[str, Promise] = {
    "theory": pgettext_lazy("hours", "Theory"),
    "practice": pgettext_lazy("hours", "Practice"),
    "ethics": pgettext_lazy("hours", "Professional ethics"),
}

OCCUPATIONS: dict[str, Promise] = {
    Occupation.CAREGIVER.value: _("Caregivers"),
    Occupation.DIRECTOR.value: _("Directors"),
    Occupation.HEALTH.value: _("Health workers"),
    Occupation.SECURITY.value: _("Security staff"),
}

LESSONS: dict[str, Promise] = {
    LessonKind.VIDEO.value: pgettext_lazy("lesson", "Video"),
    LessonKind.READING.value: pgettext_lazy("lesson", "Reading"),
    LessonKind.PDF.value: pgettext_lazy("lesson", "Handout"),
    LessonKind.SLIDES.value: pgettext_lazy("lesson", "Slides"),
    LessonKind.QUIZ.value: pgettext_lazy("lesson", "Quiz"),
}


def topic_label(code: str) -> str:
    """The topic in the reader's language; a topic nobody named yet as it is."""
    return str(TOPICS.get(code, code))


def occupation_labels(codes: list[str] | tuple[str, ...]) -> list[str]:
    """In the order of the rulebook."""
    return [str(label) for code, label in OCCUPATIONS.items() if code in codes]
