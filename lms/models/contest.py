"""申诉: a learner contests a line of her hours, and a named level above answers within its time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from lms.models.entry import HourEntry
from registry.models import Division, Facility, Person
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class ContestQuerySet(models.QuerySet["Contest"]):
    def visible_to(self, account: Account) -> ContestQuerySet:
        """One's own; an officer's: those of facilities in her divisions."""
        mine = Q(person_id=account.person_id) if account.person_id else Q(pk__in=[])
        return self.filter(mine | within_any("facility__division_id", account.division_prefixes))

    def open(self) -> ContestQuerySet:
        return self.filter(closed_at=None)

    def late_on(self, day: date) -> ContestQuerySet:
        """Open, and their level's time to answer is over."""
        return self.open().filter(answer_before__lte=day)


class Contest(models.Model):
    """Where it lies now: `division` answers, until the day before `answer_before`. What happened is in
    its steps; `minutes` and `reasons` are the line's as they stood when it was contested."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(HourEntry, on_delete=models.PROTECT, related_name="contests")
    standard_code = models.CharField(max_length=80)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    minutes = models.IntegerField()  # counted of the line
    reasons = models.JSONField()  # as `Reason.as_json`
    opened_at = models.DateTimeField()
    working_days = models.PositiveSmallIntegerField()  # of each level, by the rule of that day
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    answer_before = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["answer_before", "pk"]
        indexes = [models.Index(fields=["answer_before"], name="contest_open", condition=Q(closed_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "standard_code"], condition=Q(closed_at=None), name="one_open_contest_a_line"
            )
        ]

    def __str__(self) -> str:
        return f"contest of line {self.entry_id} by person {self.person_id}"


class ContestStep(models.Model):
    """What happened to a contest, in order; added to, never edited.

    `division`: to which level it went, or whose officer answered. `words`: hers, or the answer's reason.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("contested")
        ESCALATED = "escalated", _("went to the next level, for the time was over")
        UPHELD = "upheld", _("the line stays as it is")
        REMEDIED = "remedied", _("remedied by another line")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    answer_before = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    remedy = models.ForeignKey(HourEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="remedied", remedy__isnull=False) | (~Q(kind="remedied") & Q(remedy=None)),
                name="a_remedy_names_its_line",
            ),
            models.CheckConstraint(
                condition=Q(kind="escalated") | (~Q(words="") & Q(by__isnull=False)),
                name="a_step_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["opened", "escalated"], answer_before__isnull=False)
                | Q(kind__in=["upheld", "remedied"], answer_before=None),
                name="a_level_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["contest"], condition=Q(kind__in=["upheld", "remedied"]), name="one_answer_a_contest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of contest {self.contest_id}"
