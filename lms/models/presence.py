"""在场确认: the question asked of whoever learns, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import public_id
from lms.models.enrolment import Enrolment
from lms.rules.presence import Outcome


class PresenceCheck(models.Model):
    """Append-only (triggers); its end is written once. `public_id` is the token that answers it.

    It belongs to one generation of one person's session, and ends with it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="presence_checks")
    lesson_key = models.CharField(max_length=60)
    generation = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)  # what is asked for, by lms.rules.presence
    words = models.JSONField()  # slugs, in the order they are shown
    right = models.PositiveSmallIntegerField()  # place in `words`; never sent
    issued_ms = models.BigIntegerField()  # server time, milliseconds since 1970
    expires_ms = models.BigIntegerField()  # the first moment at which an answer is too late
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(
        max_length=6, choices=[(end.value, end.value) for end in Outcome], null=True, blank=True
    )
    ended_ms = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(outcome=None), name="one_open_check_an_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(outcome=None, ended_ms=None, choice=None)
                | Q(outcome__isnull=False, ended_ms__isnull=False),
                name="a_check_ends_once_and_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.public_id}"
