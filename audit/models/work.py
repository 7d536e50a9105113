"""Work owed: the outbox. A row written in the act's own transaction; a broker is only a doorbell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q


class WorkQuerySet(models.QuerySet["Work"]):
    def open(self) -> WorkQuerySet:
        """Neither done nor given up."""
        return self.filter(done_at=None, given_up_at=None)

    def given_up(self) -> WorkQuerySet:
        """Failed too often: a person has to look."""
        return self.filter(done_at=None).exclude(given_up_at=None)

    def due(self, at: datetime) -> WorkQuerySet:
        """Open, its time has come, and nobody has claimed it in the last two minutes."""
        return self.open().filter(not_before__lte=at).filter(Q(claimed_until=None) | Q(claimed_until__lte=at))

    def claim(self, pk: int, at: datetime) -> Work | None:
        """Compare-and-swap: the row for exactly one of those who ask at once, None for the others."""
        until = at + timedelta(seconds=Work.CLAIM_SECONDS)
        if not self.due(at).filter(pk=pk).update(claimed_until=until, attempts=F("attempts") + 1):
            return None
        return self.get(pk=pk)


class Work(models.Model):
    """One piece of work that must happen. `key` makes owing it twice the same as once."""

    CLAIM_SECONDS = 120
    MOST_ATTEMPTS = 12

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)  # ids only, never personal data
    owed_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], name="work_open", condition=Q(done_at=None, given_up_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
