"""A facility's checks of certificates: each asked and answered once, and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from core.ids import public_id
from registry.models import Facility

if TYPE_CHECKING:
    from registry.models import Account


class StaffCheckQuerySet(models.QuerySet["StaffCheck"]):
    def visible_to(self, account: Account) -> StaffCheckQuerySet:
        return self.filter(facility_id__in=account.facility_ids)


class StaffCheck(models.Model):
    """Who asked about which certificate or about all staff, when, and what was answered."""

    class Kind(models.TextChoices):
        ONE = "one"
        STAFF = "staff"

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Kind)
    certificate = models.ForeignKey(
        "credentials.Certificate", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.JSONField()  # states and counts

    objects = StaffCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"check {self.public_id}"
