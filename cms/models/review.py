"""课程审核: one verdict on one content of a course, by somebody who did not write it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person


class CourseReviewQuerySet(models.QuerySet["CourseReview"]):
    def standing(self) -> CourseReviewQuerySet:
        """Approvals of a content that nobody refused, in the order they were given."""
        refused = CourseReview.objects.filter(
            page_id=OuterRef("page_id"), digest=OuterRef("digest"), verdict=CourseReview.Verdict.REFUSED
        )
        return self.filter(~Exists(refused), verdict=CourseReview.Verdict.APPROVED).order_by("at", "pk")


class CourseReview(models.Model):
    """Append-only. It keeps its own words, and outlives the page: `page_id` may name one that is gone.

    The persons repeat the accounts', so that the database can compare them.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    page = models.ForeignKey(
        "cms.CoursePage", on_delete=models.DO_NOTHING, db_constraint=False, related_name="reviews"
    )
    title = models.CharField(max_length=255)  # as reviewed
    digest = models.CharField(max_length=64)  # cms.drafts.content_digest of what was reviewed
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    note = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField()

    objects = CourseReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewer=F("author")), name="nobody_reviews_a_course_of_hers"
            ),
            models.CheckConstraint(
                condition=Q(author_person=None)
                | Q(reviewer_person=None)
                | ~Q(reviewer_person=F("author_person")),
                name="no_person_reviews_a_course_of_hers",
            ),
            models.UniqueConstraint(
                fields=["page", "digest", "reviewer"], name="one_verdict_per_reviewer_and_content"
            ),
            models.CheckConstraint(
                condition=Q(verdict="approved") | ~Q(note=""), name="a_refused_course_has_its_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.title}"
