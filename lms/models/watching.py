"""Watching by the server's clock: one active session a person, and the intervals credited."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lms.models.enrolment import Enrolment
from lms.models.presence import PresenceCheck
from registry.models import Person


class ActiveSession(models.Model):
    """The one place where a person is learning now, and the mark up to which her time is spent.

    The row stays for good: `charged_ms` must outlive every session, so that the real time of
    any two credits of one person never overlaps. `generation` grows with every take-over.
    `presence` is the check that stands between her and credit: open, or failed until she passes another.
    """

    ALIVE_MS = 60_000  # a session unheard for longer may be taken over without asking

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.CharField(max_length=60)
    generation = models.PositiveIntegerField(default=1)
    device = models.CharField(max_length=32)  # a random name the player keeps: tells one tab from another
    sequence = models.PositiveIntegerField(default=0)  # last heartbeat taken
    anchor_ms = models.PositiveBigIntegerField(default=0)  # media position paid up to
    heard_ms = models.BigIntegerField()  # server time of the last beat
    charged_ms = models.BigIntegerField()  # server time up to which her time is spent
    opened_at = models.DateTimeField()
    presence = models.ForeignKey(
        PresenceCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    presence_due_ms = models.BigIntegerField(null=True, blank=True)  # credited time until the next check

    def __str__(self) -> str:
        return f"session of person {self.person_id}"


class WatchedInterval(models.Model):
    """Media (or dwell) [from_ms, to_ms) of one lesson, credited against real [began_ms, ended_ms).

    Both are equally long. A heartbeat widens the row it continues, in media and in real time, or opens
    a new one; the lesson's credit is the union of the media that no presence check holds. A check that is
    passed lets go of what it held; one that is not keeps it, as the record of what did not count and why.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="intervals")
    lesson_key = models.CharField(max_length=60)
    from_ms = models.PositiveIntegerField()
    to_ms = models.PositiveIntegerField()
    began_ms = models.BigIntegerField()  # server time, milliseconds since 1970
    ended_ms = models.BigIntegerField()
    held_by = models.ForeignKey(
        PresenceCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="held"
    )

    class Meta:
        ordering = ["from_ms"]
        indexes = [models.Index(fields=["enrolment", "lesson_key", "from_ms"], name="interval_of_lesson")]
        constraints = [
            models.CheckConstraint(condition=Q(to_ms__gt=F("from_ms")), name="an_interval_has_length"),
            models.CheckConstraint(
                condition=Q(ended_ms=F("began_ms") + F("to_ms") - F("from_ms")),
                name="credit_is_real_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_ms}–{self.to_ms} of {self.lesson_key}"
