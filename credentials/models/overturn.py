"""撤销禁入提议: what one officer wants lifted, and what another decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from credentials.models.ban import BanSubject
from registry.models import Person


class OverturnProposal(models.Model):
    """To lift one ban, for a reason and on a document. Its words never change: what was read is decided.

    The database holds that proposer and decider are two persons, that one proposal is open at a time,
    and (triggers) that no ban is overturned but by the decider of an approved proposal about it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    subject = models.ForeignKey(BanSubject, on_delete=models.PROTECT, related_name="overturn_proposals")
    reason = models.TextField()
    document = models.CharField(max_length=200)  # the ruling or evidence it rests on: its title and number
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved = models.BooleanField(null=True)  # None: nobody decided yet
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.TextField(null=True, blank=True)  # NULL until it is filled, once

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(decided_at=None), name="one_open_overturn_proposal"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_person=None) | ~Q(decided_by_person=F("proposed_by_person")),
                name="overturning_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(
                    approved=None,
                    decided_at=None,
                    decided_by=None,
                    decided_by_person=None,
                    decision_reason=None,
                )
                | Q(
                    approved__isnull=False,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decided_by_person__isnull=False,
                    decision_reason__isnull=False,
                ),
                name="an_overturn_decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"overturn proposal {self.public_id}"
