"""What happened to a certificate after it was issued: suspended, revoked, replaced; from which day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credentials.rules.state import Mark, MarkKind


class StatusMarkQuerySet(models.QuerySet["StatusMark"]):
    def in_force_on(self, day: date) -> StatusMarkQuerySet:
        return self.filter(
            Q(effective_on__lte=day),
            Q(until=None) | Q(until__gt=day),
            Q(lifted_on=None) | Q(lifted_on__gt=day),
        )


class StatusMark(models.Model):
    """Append-only; a lifting is filled in once. A mark of today leaves yesterday as it was."""

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")
        REPLACED = "replaced", _("replaced")

    class Ground(models.TextChoices):
        """Internal; a public page never shows it."""

        ERROR = "error", _("issued in error")
        MISCONDUCT = "misconduct", _("misconduct")
        BAN = "ban", _("lifetime ban")
        INTERIM = "interim", _("interim measure")
        CORRECTION = "correction", _("correction")
        REQUEST = "request", _("at the holder's request")

    certificate = models.ForeignKey("credentials.Certificate", on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind)
    ground = models.CharField(max_length=12, choices=Ground)
    reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=60, blank=True)  # "ban-subject:<public id>" when a case set it
    effective_on = models.DateField()
    until = models.DateField(null=True, blank=True)  # a suspension may lapse by itself
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_on = models.DateField(null=True, blank=True)
    lifted_recorded_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_reason = models.CharField(max_length=500, null=True, blank=True)

    objects = StatusMarkQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "kind", "source"],
                condition=Q(lifted_on=None),
                name="one_open_mark_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(kind="suspended", until__gt=F("effective_on")),
                name="only_suspensions_lapse",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("effective_on")),
                name="lifted_after_it_took_effect",
            ),
        ]

    @property
    def value(self) -> Mark:
        """As the rules reckon with it."""
        return Mark(MarkKind(self.kind), self.effective_on, self.until, self.lifted_on)

    def __str__(self) -> str:
        return f"{self.kind} on certificate {self.certificate_id}"
