"""年度要求记录: that a duty beside the hours was done. A mistake is taken back by another line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models import Employment, Facility, Person

if TYPE_CHECKING:
    from registry.models import Account


class DutyRecordQuerySet(models.QuerySet["DutyRecord"]):
    def visible_to(self, account: Account) -> DutyRecordQuerySet:
        """One's own, and those of people employed where one answers."""
        posts = Employment.objects.visible_to(account)
        return self.filter(Q(person_id=account.person_id) | Q(person_id__in=posts.values("person_id")))

    def standing(self) -> DutyRecordQuerySet:
        """Duties done that nobody took back."""
        return self.filter(what=DutyRecord.What.DONE).exclude(answers__what=DutyRecord.What.TAKEN_BACK)


class DutyRecord(models.Model):
    """One line. When the duty is next owed is computed, never stored.

    `about`: the line of a duty done that this one confirms or takes back, and whose person, kind and
    day it bears too. `edition` counts how often a duty of a day was recorded, each time after the line
    before was taken back.
    """

    class What(models.TextChoices):
        DONE = "done", _("done")
        CONFIRMED = "confirmed", _("confirmed")
        TAKEN_BACK = "taken_back", _("taken back")

    class Source(models.TextChoices):
        FACILITY = "facility", _("reported by the facility")
        AUTHORITY = "authority", _("recorded by the supervising authority")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    kind = models.CharField(max_length=40)  # as the rulebook names it: hygiene_training, health_check, …
    done_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=10, choices=Source)
    reference = models.CharField(max_length=120, blank=True)  # of the evidence, which the facility keeps
    about = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    note = models.CharField(max_length=300, blank=True)  # why it is taken back
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)  # actor, as in the audit

    objects = DutyRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        indexes = [
            models.Index(fields=["person", "done_on"], name="duty_of_person"),
            models.Index(fields=["facility", "done_on"], name="duty_at_facility"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "done_on", "edition"],
                condition=Q(what="done"),
                name="a_duty_of_a_day_is_recorded_once",
            ),
            models.UniqueConstraint(
                fields=["about", "what"], condition=Q(about__isnull=False), name="a_duty_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(what="done", about=None) | (~Q(what="done") & Q(about__isnull=False)),
                name="an_answer_names_its_duty",
            ),
            models.CheckConstraint(
                condition=~Q(what="confirmed") | Q(source="authority"), name="an_authority_confirms"
            ),
            models.CheckConstraint(
                condition=~Q(what="done", source="facility", reference=""),
                name="a_facility_names_its_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(what="taken_back", note=""), name="what_is_taken_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what} of person {self.person_id} on {self.done_on}"
