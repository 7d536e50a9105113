"""在职: who works where, as what, from a day until a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models.division import within_any
from registry.models.facility import Facility
from registry.models.person import Person
from registry.rules.divisions import prefix_of
from registry.rules.standard import Occupation

if TYPE_CHECKING:
    from registry.models.account import Account

OCCUPATIONS = [
    (Occupation.DIRECTOR.value, _("director")),
    (Occupation.CAREGIVER.value, _("caregiver")),
    (Occupation.HEALTH.value, _("health worker")),
    (Occupation.SECURITY.value, _("security guard")),
]


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def on(self, day: date) -> EmploymentQuerySet:
        """In post on `day`."""
        return self.filter(Q(started_on__lte=day), Q(until=None) | Q(until__gt=day))

    def within(self, code: str) -> EmploymentQuerySet:
        """At facilities in the division or below it."""
        return self.filter(facility__division__code__startswith=prefix_of(code))

    def overlapping(self, starts_on: date, until: date | None) -> EmploymentQuerySet:
        """Sharing at least one day with the period."""
        rows = self.filter(Q(until=None) | Q(until__gt=starts_on))
        return rows if until is None else rows.filter(started_on__lt=until)

    def visible_to(self, account: Account) -> EmploymentQuerySet:
        """Those at one's own facilities, and those in one's divisions."""
        mine = Q(facility_id__in=account.facility_ids)
        return self.filter(mine | within_any("facility__division_id", account.division_prefixes))


class Employment(models.Model):
    """`until` is the first day no longer in post; None: still in post."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="employments")
    occupation = models.CharField(max_length=20, choices=OCCUPATIONS)
    started_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "facility", "occupation"], condition=Q(until=None), name="one_open_post"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("started_on")), name="employment_lasts"
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "started_on", "until"], name="employment_by_day"),
            models.Index(fields=["person", "occupation"], name="employment_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.occupation} {self.person_id} at {self.facility_id}"
