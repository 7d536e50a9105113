"""记录合并: two records of one human being, joined or parted again by two persons, from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models.person import Person

if TYPE_CHECKING:
    from registry.models.account import Account


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, account: Account) -> MergeQuerySet:
        """Those of two records that one sees both."""
        seen = Person.objects.visible_to(account).values("pk")
        return self.filter(kept__in=seen, absorbed__in=seen)

    def undecided(self) -> MergeQuerySet:
        return self.filter(accepted=None)

    def in_force_on(self, day: date) -> MergeQuerySet:
        """Accepted by `day` and not undone by then."""
        undone = Merge.objects.filter(undoes=OuterRef("pk"), accepted=True, decided_on__lte=day)
        return self.filter(~Exists(undone), kind=Merge.Kind.MERGE, accepted=True, decided_on__lte=day)


class Merge(models.Model):
    """A proposal that two records are one human being, or that they are not after all, and its decision.

    Append-only: a decision is filled in once; undoing a merge is a row of its own. No row of
    either record moves: whoever asks for one human asks for all records joined on the day.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("merge")
        UNDO = "undo", _("undo a merge")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=5, choices=Kind)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoings"
    )
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # the record that stands
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)  # the Beijing day from which it holds
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.CharField(max_length=500, null=True, blank=True)
    despite_measure = models.BooleanField(null=True, blank=True)  # the province said so expressly
    closed_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the second login, closed while the merge is in force

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="a_merge_joins_two_records"),
            models.CheckConstraint(
                condition=Q(kind="merge", undoes=None) | Q(kind="undo", undoes__isnull=False),
                name="an_undoing_names_its_merge",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_person=None) | ~Q(decided_by_person=F("proposed_by_person")),
                name="a_merge_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by_person=F("kept"))
                & ~Q(proposed_by_person=F("absorbed"))
                & (
                    Q(decided_by_person=None)
                    | (~Q(decided_by_person=F("kept")) & ~Q(decided_by_person=F("absorbed")))
                ),
                name="nobody_merges_her_own_records",
            ),
            models.CheckConstraint(
                condition=Q(
                    accepted=None,
                    decided_on=None,
                    decided_at=None,
                    decided_by=None,
                    decided_by_person=None,
                    despite_measure=None,
                    closed_account=None,
                )
                | Q(
                    accepted__isnull=False,
                    decided_on__isnull=False,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decided_by_person__isnull=False,
                    despite_measure__isnull=False,
                ),
                name="a_decided_merge_names_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(accepted=None), name="one_open_merge_proposal_a_record"
            ),
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(accepted=True), name="a_merge_is_undone_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"merge:{self.public_id}"
