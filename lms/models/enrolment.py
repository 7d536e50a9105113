"""选课: a learner in one version of a course, and what she has completed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.ids import public_id
from lms.models.course import CourseVersion
from registry.models import Person

if TYPE_CHECKING:
    from registry.models import Account


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, account: Account) -> EnrolmentQuerySet:
        return self.filter(person_id__in=account.record_ids)


class Enrolment(models.Model):
    """She finishes the version she began. One open enrolment per person and course."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey("lms.Course", on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # left, or stopped by a measure
    stopped_reason = models.CharField(max_length=60, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(completed_at=None, stopped_at=None),
                name="one_open_enrolment_per_course",
            )
        ]
        indexes = [models.Index(fields=["person", "course"], name="enrolment_of_person")]

    def __str__(self) -> str:
        return f"enrolment {self.public_id}"


class LessonCompletion(models.Model):
    """A lesson of the frozen version, completed once. `key` is the lesson's key in the content."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="completions")
    lesson_key = models.CharField(max_length=60)
    completed_at = models.DateTimeField()

    class Meta:
        ordering = ["completed_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="lesson_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} in enrolment {self.enrolment_id}"
