"""Watching by the server's clock: one active session a person, and the media intervals credited."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lms.models.enrolment import Enrolment
from registry.models import Person


class ActiveSession(models.Model):
    """The one place where a person is learning now; taking over raises `generation`."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.CharField(max_length=60)
    token = models.CharField(max_length=32)
    generation = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)  # last heartbeat taken
    position_ms = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session of person {self.person_id}"


class WatchedInterval(models.Model):
    """Media [from_ms, to_ms) of one lesson, watched between two server moments. Kept as a union:
    a heartbeat widens the last row or opens a new one."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="intervals")
    lesson_key = models.CharField(max_length=60)
    from_ms = models.PositiveIntegerField()
    to_ms = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["from_ms"]
        indexes = [models.Index(fields=["enrolment", "lesson_key", "from_ms"], name="interval_of_lesson")]
        constraints = [
            models.CheckConstraint(condition=Q(to_ms__gt=F("from_ms")), name="an_interval_has_length"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name="an_interval_took_time"),
        ]

    def __str__(self) -> str:
        return f"{self.from_ms}–{self.to_ms} of {self.lesson_key}"
