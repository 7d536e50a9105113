"""学时记录: the append-only ledger. Whole minutes; a mistake is reversed by another line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.models import Employment, Person

if TYPE_CHECKING:
    from registry.models import Account


class HourEntryQuerySet(models.QuerySet["HourEntry"]):
    def visible_to(self, account: Account) -> HourEntryQuerySet:
        """One's own, and those of people employed where one answers."""
        posts = Employment.objects.visible_to(account).values("person_id")
        seen = Person.objects.filter(pk__in=posts).with_records()
        return self.filter(Q(person_id__in=account.record_ids) | Q(person__in=seen))


class HourEntry(models.Model):
    """One line. Which cycle it counts for is computed, never stored."""

    class Kind(models.TextChoices):
        EARN = "earn", _("earned")
        ADJUST = "adjust", _("adjusted")
        REVERSE = "reverse", _("reversed")
        TRANSFER = "transfer", _("transferred in")

    class Content(models.TextChoices):
        THEORY = "theory", _("theory")
        PRACTICE = "practice", _("practice")
        ETHICS = "ethics", _("professional ethics")

    class Channel(models.TextChoices):
        ONLINE = "online", _("online")
        OFFLINE = "offline", _("offline")

    class Source(models.TextChoices):
        PLATFORM = "platform", _("verified by the platform")
        TRAINING_BODY = "training_body", _("verified by a training body")
        MENTOR = "mentor", _("confirmed by a mentor")
        SELF = "self", _("self-reported")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    minutes = models.IntegerField()
    content = models.CharField(max_length=8, choices=Content)
    channel = models.CharField(max_length=8, choices=Channel)
    topic = models.CharField(max_length=40, blank=True)
    source_class = models.CharField(max_length=14, choices=Source)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)  # actor, as in the audit
    title = models.CharField(max_length=160)
    source_key = models.CharField(max_length=120, unique=True)  # what earned it: makes recording idempotent
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )
    adjusts = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="adjustments"
    )
    note = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the second person of a correction

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        ordering = ["happened_on", "pk"]
        indexes = [models.Index(fields=["person", "happened_on"], name="entry_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["earn", "transfer"], minutes__gt=0)
                | (Q(kind__in=["adjust", "reverse"]) & ~Q(minutes=0)),
                name="minutes_have_the_sign_of_their_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses=None)),
                name="a_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind="adjust", adjusts__isnull=False) | (~Q(kind="adjust") & Q(adjusts=None)),
                name="an_adjustment_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["earn", "transfer"]) | Q(confirmed_by__isnull=False),
                name="a_correction_has_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.minutes} min of person {self.person_id}"
