"""花名册导入: an uploaded staff roster between preview and confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import public_id
from core.secrecy import SealedTextField
from registry.models.facility import Facility

if TYPE_CHECKING:
    from registry.models.account import Account


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, account: Account) -> RosterImportQuerySet:
        return self.filter(facility_id__in=account.facility_ids)


class RosterImport(models.Model):
    """`rows` holds what was read (sealed: it has identity numbers); `errors` the refusals by row."""

    class State(models.TextChoices):
        PREVIEW = "preview"
        CONFIRMED = "confirmed"
        DISCARDED = "discarded"

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="roster_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    rows = SealedTextField()  # JSON
    errors = models.JSONField(default=list)
    row_count = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.PREVIEW)
    settled_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)  # counts after confirmation

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="preview", settled_at=None)
                | Q(state__in=["confirmed", "discarded"], settled_at__isnull=False),
                name="a_settled_roster_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"roster {self.public_id}"
