"""The chain of acts: who did what to whom, when, each entry sealed by the one before it."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act. Append-only (triggers); `digest` covers the entry and the digest before it."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)  # "account:<public id>" or "system:<name>"
    act = models.CharField(max_length=80, db_index=True)  # "credentials.revoke"
    subject = models.CharField(max_length=120, db_index=True)  # "certificate:<number>"
    detail = models.JSONField(default=dict)  # ids and codes, no identity number, no name
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.subject}"


class ChainHead(models.Model):
    """The end of the chain: one row, locked by whoever writes next."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"head at {self.sequence}"
