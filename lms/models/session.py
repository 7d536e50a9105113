"""面授: a class session, who signed in and out, and the minutes each earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from lms.models.entry import HourEntry
from registry.models import Division, Person
from trainers.models import TrainingBody

if TYPE_CHECKING:
    from registry.models import Account


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, account: Account) -> ClassSessionQuerySet:
        """Those one leads."""
        return self.filter(led_by=account)


class ClassSession(models.Model):
    """`offered_minutes` is what a full attendance earns, breaks already subtracted."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    title = models.CharField(max_length=120)
    body = models.ForeignKey(TrainingBody, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=120)
    content = models.CharField(max_length=8, choices=HourEntry.Content)
    topic = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    breaks = models.JSONField(default=list)  # [[from, to], …] as ISO moments
    offered_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    secret = models.CharField(max_length=64)  # of the rotating sign-in code
    head_count = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_session_lasts"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="a_session_has_room"),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """One person in one session."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True, blank=True)
    signed_out_at = models.DateTimeField(null=True, blank=True)
    earned_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why less than offered
    entry = models.OneToOneField(HourEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_seat_per_person"),
            models.CheckConstraint(
                condition=Q(signed_out_at=None)
                | Q(signed_in_at__isnull=False, signed_out_at__gte=F("signed_in_at")),
                name="signed_out_after_signing_in",
            ),
        ]

    def __str__(self) -> str:
        return f"seat of person {self.person_id}"
