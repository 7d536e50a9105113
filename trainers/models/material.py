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

    def with_versions(self) -> MaterialQuerySet:
        """With versions, newest first, and their reviews: three queries however many rows."""
        versions = MaterialVersion.objects.order_by("-number").prefetch_related("reviews")
        return self.prefetch_related(models.Prefetch("versions", queryset=versions))


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


class VersionState(models.TextChoices):
    """Where a version stands; derived, never stored."""

    WAITING = "waiting", _("waiting for review")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class MaterialVersionQuerySet(models.QuerySet["MaterialVersion"]):
    def approved(self) -> MaterialVersionQuerySet:
        """Passed by a reviewer and not refused by a later one."""
        reviews = MaterialReview.objects.filter(version=OuterRef("pk"))
        return self.filter(
            Exists(reviews.filter(verdict="approved")), ~Exists(reviews.filter(verdict="refused"))
        )

    def waiting(self) -> MaterialVersionQuerySet:
        """The newest version of its material, and nobody has reviewed it."""
        newer = MaterialVersion.objects.filter(material=OuterRef("material"), number__gt=OuterRef("number"))
        reviews = MaterialReview.objects.filter(version=OuterRef("pk"))
        return self.filter(~Exists(reviews), ~Exists(newer))

    def visible_to(self, account: Account) -> MaterialVersionQuerySet:
        return self.filter(material__in=Material.objects.visible_to(account))


class MaterialVersion(models.Model):
    """Immutable (triggers): the file, what it is and how long. Named by its own hash."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(max_length=200)  # put there by trainers.storage, named by its hash
    file_name = models.CharField(max_length=200)  # as uploaded
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=80)  # from the content, never from the name
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    captions = models.TextField(blank=True)  # WebVTT
    captions_sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = MaterialVersionQuerySet.as_manager()

    class Meta:
        ordering = ["material", "number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="material_version_number"),
            models.UniqueConstraint(
                fields=["material", "sha256", "captions_sha256"], name="a_version_differs_from_those_before"
            ),
            models.CheckConstraint(condition=Q(bytes__gte=1, number__gte=1), name="a_version_has_content"),
        ]

    def __str__(self) -> str:
        return f"{self.material_id} v{self.number}"

    @property
    def seconds(self) -> int:
        """Whole seconds of a video, 0 for anything else."""
        return (self.duration_ms or 0) // 1000

    @property
    def state(self) -> VersionState:
        """From its reviews; prefetch them in a list."""
        verdicts = {review.verdict for review in self.reviews.all()}
        if MaterialReview.Verdict.REFUSED in verdicts:
            return VersionState.REFUSED
        return VersionState.APPROVED if verdicts else VersionState.WAITING


class MaterialReview(models.Model):
    """One verdict on one version by somebody who did not upload it. Append-only.

    `uploader` repeats the version's, so that the database can compare; a trigger holds them equal.
    """

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
            models.CheckConstraint(
                condition=~Q(reviewer=F("uploader")), name="nobody_reviews_her_own_material"
            ),
            models.UniqueConstraint(fields=["version", "reviewer"], name="one_verdict_per_reviewer"),
            models.CheckConstraint(
                condition=Q(verdict="approved") | ~Q(note=""), name="a_refusal_has_its_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on version {self.version_id}"
