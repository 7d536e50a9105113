"""师资库: pools of experts, who was nominated, and who sits on which seat until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
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
    def governed_by(self, account: Account) -> ExpertPoolQuerySet:
        """Pools whose seats this account gives: a province's by its province, a prefecture's by either."""
        return self.filter(within_any("division_id", account.division_prefixes))

    def visible_to(self, account: Account) -> ExpertPoolQuerySet:
        """Pools an officer may nominate into: those she governs, and those above her own division."""
        above = {code for prefix in account.division_prefixes for code in _line_of(prefix)}
        return self.filter(Q(division_id__in=above) | within_any("division_id", account.division_prefixes))


def _line_of(prefix: str) -> tuple[str, ...]:
    """Codes of the divisions that a prefix lies in, itself included: 5301 → 530000, 530100."""
    return tuple(prefix[:size].ljust(6, "0") for size in (2, 4, 6) if len(prefix) >= size)


class ExpertPool(models.Model):
    """A province's pool has 40 seats; a prefecture's as many as it says."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    division = models.OneToOneField(Division, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    objects = ExpertPoolQuerySet.as_manager()

    class Meta:
        ordering = ["division_id"]
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=400), name="a_pool_has_seats")
        ]

    def __str__(self) -> str:
        return self.name


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, account: Account) -> NominationQuerySet:
        """Those into pools one governs, and one's own."""
        governed = ExpertPool.objects.governed_by(account)
        return self.filter(Q(pool__in=governed) | Q(nominated_by=account))

    def waiting(self) -> NominationQuerySet:
        return self.filter(state=Nomination.State.OPEN)


class Nomination(models.Model):
    """提名: somebody is proposed for a field of a pool, and the proposal is decided once."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
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

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-nominated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "person"], condition=Q(state="open"), name="one_open_nomination"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("nominated_by")),
                name="nominator_does_not_decide",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_nomination_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"nomination {self.public_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, account: Account) -> AppointmentQuerySet:
        """Seats of the pools one governs or may nominate into; their holders are public anyway."""
        return self.filter(pool__in=ExpertPool.objects.visible_to(account))

    def holding_on(self, day: date) -> AppointmentQuerySet:
        """In term on `day` and not ended: the seat is taken, even by somebody suspended."""
        return self.filter(Q(starts_on__lte=day, until__gt=day), Q(ended_on=None) | Q(ended_on__gt=day))

    def on(self, day: date) -> AppointmentQuerySet:
        """Seated on `day`: in term, not ended, and not excluded from the work."""
        barred = Exclusion.objects.on(day).of_human("person_id")
        return self.holding_on(day).exclude(Exists(barred))

    def taking(self, starts_on: date, until: date) -> AppointmentQuerySet:
        """Those that take a seat on at least one day of the half-open period."""
        return self.filter(
            Q(starts_on__lt=until, until__gt=starts_on),
            Q(ended_on=None) | (Q(ended_on__gt=starts_on) & Q(ended_on__gt=F("starts_on"))),
        )

    def not_over(self, day: date) -> AppointmentQuerySet:
        """Seated on `day` or on a later one."""
        return self.filter(until__gt=day).filter(
            Q(ended_on=None) | (Q(ended_on__gt=day) & Q(ended_on__gt=F("starts_on")))
        )


class Appointment(models.Model):
    """聘任: a person on a numbered seat of a pool for a term.

    Append-only but for the end, which is recorded once. Two terms on one seat may not share a day:
    a trigger (SQLite) or an exclusion constraint (PostgreSQL) refuses it, migration 0003.
    """

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
    ended_on = models.DateField(null=True, blank=True)  # before its term; equal to starts_on: never began
    ended_reason = models.CharField(max_length=200, null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # when it was recorded

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pool", "seat", "starts_on"]
        indexes = [models.Index(fields=["pool", "until"], name="appointment_pool_until")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("starts_on")), name="a_term_lasts"),
            models.CheckConstraint(condition=Q(seat__gte=1), name="seats_count_from_one"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("until")),
                name="a_term_ends_within_itself",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason=None, ended_at=None)
                | (
                    Q(ended_on__isnull=False, ended_at__isnull=False, ended_reason__isnull=False)
                    & ~Q(ended_reason="")
                ),
                name="an_ended_term_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat} of {self.pool_id}"

    @property
    def last_until(self) -> date:
        """The first day on which the seat is free again."""
        return self.ended_on or self.until
