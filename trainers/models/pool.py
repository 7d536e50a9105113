"""师资库: pools of experts, who was nominated, and who sits on which seat until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models import Division, Exclusion, Person
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class Field(models.TextChoices):
    """The six fields of the provincial pool (policy fact Y1)."""

    POLICY = "policy", _("policy research")
    CARE = "care", _("infant and toddler care")
    HEALTH = "health", _("child health care")
    NURSING = "nursing", _("medical nursing")
    PRESCHOOL = "preschool", _("preschool education")
    FIRE = "fire", _("fire safety")


class ExpertPoolQuerySet(models.QuerySet["ExpertPool"]):
    def visible_to(self, account: Account) -> ExpertPoolQuerySet:
        """Pools an officer may nominate into or appoint to."""
        return self.filter(within_any("division_id", account.division_prefixes))


class ExpertPool(models.Model):
    """A province's pool has 40 seats; a prefecture's as many as it says."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    division = models.OneToOneField(Division, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()

    objects = ExpertPoolQuerySet.as_manager()

    class Meta:
        ordering = ["division_id"]
        constraints = [models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=400), name="a_pool_has_seats")]

    def __str__(self) -> str:
        return self.name


class Nomination(models.Model):
    """提名: somebody is proposed for a field of a pool, and the proposal is decided once."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        APPOINTED = "appointed", _("appointed")
        DECLINED = "declined", _("declined")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    pool = models.ForeignKey(ExpertPool, on_delete=models.PROTECT, related_name="nominations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=10, choices=Field)
    workplace = models.CharField(max_length=120)  # 工作单位, shown on the public page
    title = models.CharField(max_length=80, blank=True)  # 职称
    reasons = models.TextField()
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-nominated_at"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "person"], condition=Q(state="open"), name="one_open_nomination"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("nominated_by")), name="nominator_does_not_decide"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_nomination_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"nomination {self.public_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> AppointmentQuerySet:
        """Seated on `day`: in term, not ended, and not excluded from the work."""
        barred = Exclusion.objects.on(day)
        return self.filter(
            Q(starts_on__lte=day, until__gt=day), Q(ended_on=None) | Q(ended_on__gt=day)
        ).exclude(person_id__in=barred.values("person_id"))


class Appointment(models.Model):
    """聘任: a person on a numbered seat of a pool for a term."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    pool = models.ForeignKey(ExpertPool, on_delete=models.PROTECT, related_name="appointments")
    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="appointment")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=10, choices=Field)
    seat = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    until = models.DateField()
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)  # before its term
    ended_reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pool", "seat", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "seat", "starts_on"], name="one_expert_on_a_seat_at_its_start"),
            models.CheckConstraint(condition=Q(until__gt=F("starts_on")), name="a_term_lasts"),
            models.CheckConstraint(condition=Q(seat__gte=1), name="seats_count_from_one"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("until")),
                name="a_term_ends_within_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat} of {self.pool_id}"
