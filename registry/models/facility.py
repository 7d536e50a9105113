"""托育机构: where children are looked after, and since when it is filed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models.division import Division, within_any
from registry.rules.divisions import prefix_of

if TYPE_CHECKING:
    from registry.models.account import Account


class FacilityQuerySet(models.QuerySet["Facility"]):
    def open_on(self, day: date) -> FacilityQuerySet:
        return self.filter(Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day))

    def filed_on(self, day: date) -> FacilityQuerySet:
        return self.filter(
            pk__in=Filing.objects.filter(Q(filed_on__lte=day), Q(until=None) | Q(until__gt=day)).values(
                "facility_id"
            )
        )

    def within(self, code: str) -> FacilityQuerySet:
        """In the division or below it."""
        return self.filter(division__code__startswith=prefix_of(code))

    def managed_by(self, account: Account) -> FacilityQuerySet:
        """Those the account runs today; what a manager may change."""
        return self.filter(pk__in=account.facility_ids)

    def visible_to(self, account: Account) -> FacilityQuerySet:
        """One's own facilities, and those in one's divisions."""
        mine = Q(pk__in=account.facility_ids)
        return self.filter(mine | within_any("division_id", account.division_prefixes))


class Facility(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)  # unified social credit code, GB 32100
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="facilities")
    address = models.CharField(max_length=200, blank=True)
    places = models.PositiveIntegerField(default=0)  # 托位: children it may take
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        ordering = ["division_id", "name"]
        verbose_name = _("facility")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="facility_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Filing(models.Model):
    """备案: a facility is filed from a day until a day."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="filings")
    number = models.CharField(max_length=40, blank=True)
    filed_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["filed_on"]
        constraints = [
            models.UniqueConstraint(fields=["facility"], condition=Q(until=None), name="one_open_filing"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("filed_on")), name="filing_lasts"),
        ]

    def __str__(self) -> str:
        return f"filing of facility {self.facility_id} on {self.filed_on}"
