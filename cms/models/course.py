"""课程: where it is written, and the shelf it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import drafts
from cms.blocks import LessonBlocks
from cms.grams import grams
from cms.models.structure import StructurePage
from cms.panels import PublishingPanel
from cms.words import CATEGORIES, OCCUPATIONS, TOPICS
from core.refusals import Refused
from lms.rules.publishing import check_course

if TYPE_CHECKING:
    from wagtail.models import Revision

NEEDS_REVIEW_ONLY = frozenset({"reviewer_missing"})


class CatalogueIndexPage(StructurePage):
    """All courses that can be begun today."""

    fixed_slug = "courses"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]
    template = "cms/catalogue.html"

    class Meta:
        verbose_name = _("course catalogue")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.catalogue import search_catalogue

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **search_catalogue(request.GET)}


class CourseForm(WagtailAdminPageForm):
    occupations = forms.MultipleChoiceField(
        label=_("For whom"),
        choices=list(OCCUPATIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class CourseCopyForm(CopyForm):
    """A copy is a draft of its own: it is reviewed before it goes live, and never an alias."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)


class CoursePage(Page):
    """What its author writes. What learners take is the version that publishing froze in the LMS.

    `course_slug` names the course there from its first publication on, whatever becomes of the address.
    """

    course_slug = models.SlugField(max_length=80, blank=True, allow_unicode=True, editable=False)
    summary = models.TextField(pgettext_lazy("authoring", "summary"), max_length=400, blank=True)
    topic = models.CharField(
        pgettext_lazy("authoring", "topic"), max_length=40, choices=list(TOPICS.items()), blank=True
    )
    category = models.CharField(
        pgettext_lazy("authoring", "counts as"), max_length=10, choices=list(CATEGORIES.items()), blank=True
    )
    occupations = models.JSONField(pgettext_lazy("authoring", "for whom"), default=list, blank=True)
    occupation_marks = models.CharField(max_length=120, blank=True, editable=False)  # ",caregiver,director,"
    language = models.CharField(
        pgettext_lazy("authoring", "language"),
        max_length=10,
        choices=[("zh-hans", "中文"), ("en", "English")],
        default="zh-hans",
    )
    poster = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=pgettext_lazy("authoring", "poster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lessons = StreamField(LessonBlocks(), verbose_name=pgettext_lazy("authoring", "lessons"), blank=True)
    draft_digest = models.CharField(
        max_length=64, blank=True, editable=False
    )  # newest draft, if fit for review
    search_grams = models.TextField(blank=True, editable=False)

    base_form_class = CourseForm
    copy_form_class = CourseCopyForm
    parent_page_types = ["cms.CatalogueIndexPage"]
    subpage_types: list[str] = []
    template = "cms/course.html"
    exclude_fields_in_copy = ["course_slug", "draft_digest"]
    content_panels = [
        PublishingPanel(heading=_("Before it is published")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("topic"),
        FieldPanel("category"),
        FieldPanel("occupations"),
        FieldPanel("language"),
        FieldPanel("poster"),
        FieldPanel("lessons"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_grams"),
        index.FilterField("topic"),
        index.FilterField("occupation_marks"),
    ]

    class Meta:
        verbose_name = pgettext_lazy("authoring", "course")
        constraints = [
            models.UniqueConstraint(
                fields=["course_slug"], condition=~Q(course_slug=""), name="one_page_per_published_course"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.occupation_marks = (
            "".join(f",{code}" for code in self.occupations) + "," if self.occupations else ""
        )
        self.search_grams = grams("\n".join(self._words()))
        return super().save(*args, **kwargs)

    def _words(self) -> list[str]:
        titles = [str(child.value.get("title") or "") for child in self.lessons]
        return [self.title, self.summary, *titles]

    def with_content_json(self, content: Any) -> CoursePage:
        """A revision brings its words; what the page is in the LMS stays with the page."""
        page: CoursePage = super().with_content_json(content)
        page.course_slug, page.draft_digest = self.course_slug, self.draft_digest
        return page

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """As Wagtail does it, and note the digest if the draft only waits for its review."""
        revision = super().save_revision(*args, **kwargs)
        draft = drafts.draft_of(self)
        fit = {problem.code for problem in check_course(draft)} <= NEEDS_REVIEW_ONLY
        self.draft_digest = drafts.content_digest(draft) if fit else ""
        type(self).objects.filter(pk=self.pk).update(draft_digest=self.draft_digest)
        return revision

    def copy(self, *args: Any, **kwargs: Any) -> CoursePage:
        """Never live: see `CourseCopyForm`."""
        return super().copy(*args, **{**kwargs, "keep_live": False})

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """All or nothing: a course that is refused does not go live, and loses its place in the schedule,
        so that it does not hold up the pages behind it. Raises Refused."""
        revision.published_by = user
        try:
            with transaction.atomic():
                super().publish(revision, user=user, **kwargs)
        except Refused:
            self.revisions.filter(pk=revision.pk).update(approved_go_live_at=None)
            raise

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.catalogue import poster_url
        from cms.queries import course_shown

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preview = bool(getattr(request, "is_preview", False))
        shown = course_shown(self, request.user, preview=preview)
        return {**context, "shown": shown, "poster": poster_url(self.poster)}
