"""What an account may do: dated, scoped, granted by somebody."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from registry.models.division import Division
from registry.rules.kinds import DutyKind


class DutyQuerySet(models.QuerySet["Duty"]):
    def in_force_on(self, day: date) -> DutyQuerySet:
        return self.filter(Q(starts_on__lte=day), Q(until=None) | Q(until__gt=day), Q(revoked_on=None) | Q(revoked_on__gt=day))


class Duty(models.Model):
    """`account` may act as `kind` for one division, facility or pool from a day until a day."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in DutyKind])
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.PROTECT, related_name="duties")
    facility = models.ForeignKey(
        "registry.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    pool_code = models.CharField(max_length=20, blank=True)  # an expert pool of the room above, by its code
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_granted"
    )
    granted_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_revoked"
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[DutyKind.OFFICER, DutyKind.ISSUER], division__isnull=False, facility=None)
                | Q(kind=DutyKind.MANAGER, facility__isnull=False, division=None)
                | Q(
                    kind__in=[DutyKind.TRAINER, DutyKind.REVIEWER, DutyKind.EDITOR, DutyKind.ADMINISTRATOR],
                    division=None,
                    facility=None,
                ),
                name="duty_has_the_scope_of_its_kind",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("starts_on")), name="duty_lasts"),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("account")), name="nobody_grants_herself_a_duty"
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(revoked_by__isnull=False), name="a_revoked_duty_names_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of account {self.account_id}"
