"""测验: one attempt, its paper frozen when it began, its answers graded here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import public_id
from lms.models.enrolment import Enrolment


class QuizAttempt(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    lesson_key = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    paper = models.JSONField()  # lms.rules.quiz.Paper, with the order drawn for this attempt
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(null=True, blank=True)
    score_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    earned_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # real time spent on nothing else

    class Meta:
        ordering = ["enrolment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key", "number"], name="quiz_attempt_number"),
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key"], condition=Q(submitted_at=None), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, passed=None, earned_minutes=None)
                | Q(submitted_at__isnull=False, passed__isnull=False, earned_minutes__isnull=False),
                name="a_submitted_attempt_is_graded",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.lesson_key}"
