"""课程 and 课程版本: what learners take is frozen; what authors write lives elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.ids import public_id


class Course(models.Model):
    """The lasting identity of a course; its versions are what is learned."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    current = models.ForeignKey(
        "lms.CourseVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # no new enrolments

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class CourseVersion(models.Model):
    """Immutable (triggers). `content` is the frozen course, quiz answers included, never sent whole."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    topic = models.CharField(max_length=40)
    category = models.CharField(max_length=10)  # theory | practice | ethics
    occupations = models.JSONField(default=list)
    minutes = models.PositiveIntegerField()  # hours it earns, all lessons
    content = models.JSONField()  # lms.rules.publishing.CourseDraft.as_json()
    content_sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["course", "number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_number"),
            models.CheckConstraint(
                condition=~models.Q(author=models.F("reviewer")), name="nobody_reviews_her_own_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
