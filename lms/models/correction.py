"""学时更正: a line of the ledger to be taken back or adjusted; one officer proposes, another decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from lms.models.entry import HourEntry
from registry.models import Employment, Person
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, account: Account) -> CorrectionQuerySet:
        """Those of the hours of people in one's divisions."""
        here = within_any("facility__division_id", account.division_prefixes)
        posts = Employment.objects.filter(here).values("person_id")
        return self.filter(entry__person__in=Person.objects.filter(pk__in=posts).with_records())


class Correction(models.Model):
    """Append-only: a decision is filled in once. The line it leads to is written with the decision."""

    class Kind(models.TextChoices):
        REVERSE = "reverse", _("take back")
        ADJUST = "adjust", _("adjust")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=7, choices=Kind)
    entry = models.ForeignKey(HourEntry, on_delete=models.PROTECT, related_name="corrections")
    minutes = models.IntegerField()  # what the line will say: signed, never 0
    reason = models.CharField(max_length=300)
    about = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # whose hours, as one human
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.CharField(max_length=300, null=True, blank=True)
    line = models.OneToOneField(
        HourEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="decided_by_correction"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(minutes=0), name="a_correction_changes_minutes"),
            models.CheckConstraint(
                condition=Q(decided_by_person=None) | ~Q(decided_by_person=F("proposed_by_person")),
                name="a_correction_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by_person=F("about"))
                & (Q(decided_by_person=None) | ~Q(decided_by_person=F("about"))),
                name="nobody_corrects_her_own_hours",
            ),
            models.CheckConstraint(
                condition=Q(
                    accepted=None, decided_at=None, decided_by=None, decided_by_person=None, line=None
                )
                | Q(
                    Q(accepted=True, line__isnull=False) | Q(accepted=False, line=None),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decided_by_person__isnull=False,
                ),
                name="a_decided_correction_names_who_and_the_line",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(accepted=None), name="one_open_correction_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"correction:{self.public_id}"
