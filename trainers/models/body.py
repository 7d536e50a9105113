"""培训机构: accredited to train and sign people in, from a day until a day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from registry.models import Division


class TrainingBodyQuerySet(models.QuerySet["TrainingBody"]):
    def accredited_on(self, day: date) -> TrainingBodyQuerySet:
        return self.filter(Q(accredited_from__lte=day), Q(accredited_until=None) | Q(accredited_until__gt=day))


class TrainingBody(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    accredited_from = models.DateField()
    accredited_until = models.DateField(null=True, blank=True)

    objects = TrainingBodyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accredited_until=None) | Q(accredited_until__gt=F("accredited_from")),
                name="accreditation_lasts",
            )
        ]

    def __str__(self) -> str:
        return self.name
