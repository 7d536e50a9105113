"""课件: what trainers upload; each version is immutable once stored, and reviewed by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from registry.rules.kinds import Kind

if TYPE_CHECKING:
    from registry.models import Account


class MaterialQuerySet(models.QuerySet["Material"]):
    def visible_to(self, account: Account) -> MaterialQuerySet:
        """One's own; a reviewer's and an editor's: all."""
        if account.kinds & {Kind.REVIEWER, Kind.EDITOR}:
            return self.all()
        return self.filter(owner=account)


class Material(models.Model):
    class Kind(models.TextChoices):
        VIDEO = "video", _("video")
        PDF = "pdf", _("PDF")
        SLIDES = "slides", _("slides")
        IMAGE = "image", _("picture")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class MaterialVersionQuerySet(models.QuerySet["MaterialVersion"]):
    def approved(self) -> MaterialVersionQuerySet:
        """Passed by a reviewer and not refused by a later one."""
        reviews = MaterialReview.objects.filter(version=OuterRef("pk"))
        return self.filter(Exists(reviews.filter(verdict="approved")), ~Exists(reviews.filter(verdict="refused")))


def _stored_as(version: MaterialVersion, name: str) -> str:
    suffix = name.rpartition(".")[2].lower()
    return f"materials/{version.sha256[:2]}/{version.sha256}.{suffix}"


class MaterialVersion(models.Model):
    """Immutable (triggers): the file, what it is and how long. Named by its own hash."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=_stored_as, max_length=200)
    file_name = models.CharField(max_length=200)  # as uploaded
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=80)  # from the content, never from the name
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    captions = models.TextField(blank=True)  # WebVTT
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = MaterialVersionQuerySet.as_manager()

    class Meta:
        ordering = ["material", "number"]
        constraints = [models.UniqueConstraint(fields=["material", "number"], name="material_version_number")]

    def __str__(self) -> str:
        return f"{self.material_id} v{self.number}"


class MaterialReview(models.Model):
    """One verdict on one version by somebody who did not upload it. Append-only."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    version = models.ForeignKey(MaterialVersion, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    note = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ["reviewed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reviewer=F("uploader")), name="nobody_reviews_her_own_material"),
            models.UniqueConstraint(fields=["version", "reviewer"], name="one_verdict_per_reviewer"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on version {self.version_id}"
