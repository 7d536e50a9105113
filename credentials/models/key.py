"""Public halves of signing keys. The private half never enters the database."""

from __future__ import annotations

from django.db import models


class SigningKey(models.Model):
    kid = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(max_length=20)  # "credential"
    alg = models.CharField(max_length=20)  # "Ed25519"
    public_bytes = models.BinaryField()
    in_use_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    compromised_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["in_use_from"]

    def __str__(self) -> str:
        return self.kid
