"""培训机构: accredited to train and sign people in, from a day until a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from registry.models import Division
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class TrainingBodyQuerySet(models.QuerySet["TrainingBody"]):
    def accredited_on(self, day: date) -> TrainingBodyQuerySet:
        """Accredited on `day`: begun, not lapsed, not ended."""
        return self.filter(
            Q(accredited_from__lte=day),
            Q(accredited_until=None) | Q(accredited_until__gt=day),
            Q(ended_on=None) | Q(ended_on__gt=day),
        )

    def visible_to(self, account: Account) -> TrainingBodyQuerySet:
        """Bodies of the divisions an officer answers for."""
        return self.filter(within_any("division_id", account.division_prefixes))


class TrainingBody(models.Model):
    """One accreditation of one organisation; accredited anew, it gets a new row.

    Append-only but for the end, which is recorded once.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    accredited_from = models.DateField()
    accredited_until = models.DateField(null=True, blank=True)  # as granted
    accredited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accredited_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)  # before its term
    ended_reason = models.CharField(max_length=200, null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # when it was recorded

    objects = TrainingBodyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "accredited_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accredited_until=None) | Q(accredited_until__gt=F("accredited_from")),
                name="accreditation_lasts",
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(accredited_until=None, ended_on=None),
                name="one_open_accreditation_per_body",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason=None, ended_at=None)
                | (
                    Q(ended_on__gte=F("accredited_from"), ended_at__isnull=False, ended_reason__isnull=False)
                    & ~Q(ended_reason="")
                ),
                name="an_ended_accreditation_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name
