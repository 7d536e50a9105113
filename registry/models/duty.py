"""What an account may do: dated, scoped, granted by somebody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models.division import Division, within_any
from registry.models.exclusion import Exclusion
from registry.rules.kinds import DutyKind

if TYPE_CHECKING:
    from registry.models.account import Account

DUTY_KINDS = [
    (DutyKind.TRAINER.value, _("trainer")),
    (DutyKind.REVIEWER.value, _("reviewer")),
    (DutyKind.MANAGER.value, _("facility manager")),
    (DutyKind.OFFICER.value, _("supervising officer")),
    (DutyKind.ISSUER.value, _("issuing officer")),
    (DutyKind.EDITOR.value, _("content editor")),
    (DutyKind.ADMINISTRATOR.value, _("administrator")),
]


class DutyQuerySet(models.QuerySet["Duty"]):
    def in_force_on(self, day: date) -> DutyQuerySet:
        """Begun, not ended, not revoked, and held by nobody who is excluded on `day`."""
        barred = Exclusion.objects.on(day).of_human("account__person_id")
        return self.unrevoked_on(day).filter(Q(starts_on__lte=day), ~Exists(barred))

    def unrevoked_on(self, day: date) -> DutyQuerySet:
        """In force on `day` or later, if nothing happens; also while its holder is excluded."""
        return self.filter(Q(until=None) | Q(until__gt=day), Q(revoked_on=None) | Q(revoked_on__gt=day))

    def visible_to(self, account: Account) -> DutyQuerySet:
        """All for an administrator; an officer's: those in her divisions; everybody's: her own."""
        if any(duty.kind == DutyKind.ADMINISTRATOR for duty in account.current_duties):
            return self
        prefixes = account.division_prefixes
        return self.filter(
            Q(account=account)
            | within_any("division_id", prefixes)
            | within_any("facility__division_id", prefixes)
        )


class Duty(models.Model):
    """`account` may act as `kind` for one division, facility or pool from a day until a day."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=DUTY_KINDS)
    division = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    facility = models.ForeignKey(
        "registry.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    pool_code = models.CharField(max_length=20, blank=True)  # an expert pool of the room above, by its code
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties_granted",
    )
    granted_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties_revoked",
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[DutyKind.OFFICER, DutyKind.ISSUER], division__isnull=False, facility=None
                )
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
                condition=Q(granted_by=None) | ~Q(granted_by=F("account")),
                name="nobody_grants_herself_a_duty",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoked_by=None)
                | Q(revoked_on__isnull=False, revoked_by__isnull=False),
                name="a_revoked_duty_names_who",
            ),
            models.CheckConstraint(
                condition=Q(pool_code="") | Q(kind__in=[DutyKind.TRAINER, DutyKind.REVIEWER]),
                name="only_trainers_and_reviewers_have_a_pool",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of account {self.account_id}"
