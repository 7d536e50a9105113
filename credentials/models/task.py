"""What an employer must acknowledge: a certificate or a person of theirs changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models import Facility, Person
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class EmployerTaskQuerySet(models.QuerySet["EmployerTask"]):
    def visible_to(self, account: Account) -> EmployerTaskQuerySet:
        mine = Q(facility_id__in=account.facility_ids)
        return self.filter(mine | within_any("facility__division_id", account.division_prefixes))


class EmployerTask(models.Model):
    """Open until acknowledged; silence after `due_on` is visible to the regulator."""

    class Kind(models.TextChoices):
        BANNED = "banned", _("may no longer work with children")
        SUSPENDED = "suspended", _("suspended until a decision")
        REVOKED = "revoked", _("certificate revoked")
        OVERTURNED = "overturned", _("measure lifted")
        EXPIRING = "expiring", _("certificate expires soon")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=60)
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EmployerTaskQuerySet.as_manager()

    class Meta:
        ordering = ["acknowledged_at", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "person", "kind", "source"], name="one_task_per_event"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="an_acknowledgement_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} task for facility {self.facility_id}"
