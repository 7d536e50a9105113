"""终身禁入: a case, its subjects, and the two persons each decision needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models import Division, Facility, Person
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class BanCaseQuerySet(models.QuerySet["BanCase"]):
    def visible_to(self, account: Account) -> BanCaseQuerySet:
        """Officers of the case's division and of those above it."""
        return self.filter(within_any("division_id", account.division_prefixes))


class BanCase(models.Model):
    """One incident. Several subjects, each with own part, evidence and decision."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    incident_on = models.DateField()
    summary = models.TextField()  # under access rules; never on a public page
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = BanCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"ban case {self.public_id}"


class BanSubjectQuerySet(models.QuerySet["BanSubject"]):
    def visible_to(self, account: Account) -> BanSubjectQuerySet:
        """Those of the cases that the account may see."""
        return self.filter(within_any("case__division_id", account.division_prefixes))


class BanSubject(models.Model):
    """One person's part in a case, from proposal to decision to overturning.

    The database holds that proposer, decider and subject are three different persons, and (triggers)
    that a decision is made once, that only a ban is overturned, and that no row is ever deleted.
    """

    class Part(models.TextChoices):
        PERSON = "person", _("directly responsible person")
        MANAGER = "manager", _("directly responsible manager")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        BANNED = "banned", _("banned for life")
        DISMISSED = "dismissed", _("not banned")
        OVERTURNED = "overturned", _("ban overturned")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    case = models.ForeignKey(BanCase, on_delete=models.PROTECT, related_name="subjects")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    evidence = models.TextField()
    edited_version = models.PositiveSmallIntegerField(default=1)  # a decision names the version it read
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    notice_served_on = models.DateField(null=True, blank=True)
    answer_until = models.DateField(null=True, blank=True)  # first day on which silence counts as no answer
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    suspended_until = models.DateField(null=True, blank=True)  # interim suspension, lapses by itself
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_version = models.PositiveSmallIntegerField(null=True, blank=True)  # what the decider had read
    decision_reason = models.TextField(blank=True)
    overturned_at = models.DateTimeField(null=True, blank=True)
    overturned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    overturned_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    overturned_reason = models.TextField(blank=True)

    objects = BanSubjectQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="one_part_per_person_in_a_case"),
            models.CheckConstraint(
                condition=Q(decided_by_person=None) | ~Q(decided_by_person=F("proposed_by_person")),
                name="proposer_and_decider_are_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by_person=F("person"))
                & (Q(decided_by_person=None) | ~Q(decided_by_person=F("person"))),
                name="nobody_decides_about_herself",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None, decided_by_person=None)
                | (
                    ~Q(state="proposed")
                    & Q(decided_at__isnull=False, decided_by__isnull=False, decided_by_person__isnull=False)
                ),
                name="a_decision_names_its_decider",
            ),
            models.CheckConstraint(
                condition=~Q(state="overturned")
                | Q(
                    overturned_at__isnull=False,
                    overturned_by__isnull=False,
                    overturned_by_person__isnull=False,
                ),
                name="an_overturned_ban_names_who",
            ),
            models.CheckConstraint(
                condition=Q(overturned_by_person=None)
                | (~Q(overturned_by_person=F("proposed_by_person")) & ~Q(overturned_by_person=F("person"))),
                name="neither_proposer_nor_subject_overturns",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["banned", "overturned"]) | Q(decided_version=F("edited_version")),
                name="a_ban_was_decided_on_what_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"subject {self.public_id}"

    @property
    def source(self) -> str:
        """How marks and exclusions of this subject are named elsewhere."""
        return f"ban-subject:{self.public_id}"

    @property
    def interim_source(self) -> str:
        """The same for the interim suspension, which has a life of its own."""
        return f"{self.source}:interim"


class BanSubjectVersion(models.Model):
    """Append-only: what stood in a proposal after each change, and who wrote it.

    A decider is shown what changed since she read, and nobody decides on her own words.
    """

    class Change(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        EDITED = "edited", _("edited")
        ANSWERED = "answered", _("answer recorded")

    subject = models.ForeignKey(BanSubject, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=BanSubject.Part)
    evidence = models.TextField()
    notice_served_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["subject", "number"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="ban_subject_version_number"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of subject {self.subject_id}"
