"""What an author puts a course together from. Plain text and approved materials, never markup."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from trainers.models import Material, MaterialVersion


class MaterialField(forms.ModelChoiceField):
    """Choice among approved versions; the newest of its material first."""

    def label_from_instance(self, version: MaterialVersion) -> str:
        measure = ""
        if version.duration_ms:
            minutes, seconds = divmod(version.duration_ms // 1000, 60)
            measure = f" · {minutes}:{seconds:02}"
        elif version.pages:
            measure = f" · {version.pages} p."
        return f"{version.material.title} · v{version.number}{measure}"


class MaterialBlock(blocks.FieldBlock):
    """An approved version of one kind of material. The value is its public id."""

    def __init__(self, kind: str, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.kind = kind
        self._field_words = {"required": required, "help_text": help_text}
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> MaterialField:
        """Made when it is first needed: blocks are defined before the models can be asked."""
        versions = MaterialVersion.objects.approved().filter(material__kind=self.kind)
        return MaterialField(
            queryset=versions.select_related("material").order_by("-material__created_at", "-number"),
            to_field_name="public_id",
            **self._field_words,
        )

    def value_from_form(self, value: Any) -> str:
        return value.public_id if isinstance(value, MaterialVersion) else value or ""

    def get_searchable_content(self, value: str) -> list[str]:
        return []

    class Meta:
        icon = "media"
        default = ""


class ImageBlock(blocks.StructBlock):
    material = MaterialBlock(Material.Kind.IMAGE.value, label=pgettext_lazy("authoring", "Picture"))
    alt = blocks.CharBlock(
        label=_("The picture in words"), help_text=_("For those who cannot see it."), max_length=200
    )
    caption = blocks.CharBlock(label=pgettext_lazy("authoring", "Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")


class TextBlocks(blocks.StreamBlock):
    heading = blocks.CharBlock(label=pgettext_lazy("authoring", "Heading"), max_length=80, icon="title")
    paragraph = blocks.TextBlock(label=pgettext_lazy("authoring", "Paragraph"), rows=4, icon="pilcrow")
    list = blocks.ListBlock(
        blocks.CharBlock(max_length=300), label=pgettext_lazy("authoring", "List"), icon="list-ul"
    )
    image = ImageBlock()


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=pgettext_lazy("authoring", "Option"), max_length=300)
    right = blocks.BooleanBlock(label=pgettext_lazy("authoring", "Right"), required=False)

    class Meta:
        icon = "tick-inverse"
        label = _("Option")


class QuestionBlock(blocks.StructBlock):
    prompt = blocks.TextBlock(label=pgettext_lazy("authoring", "Question"), rows=2)
    multiple = blocks.BooleanBlock(label=_("More than one option may be chosen"), required=False)
    options = blocks.ListBlock(
        OptionBlock(), label=pgettext_lazy("authoring", "Options"), min_num=2, max_num=26
    )
    explanation = blocks.TextBlock(
        label=pgettext_lazy("authoring", "Explanation"),
        help_text=_("Shown after the attempt."),
        rows=2,
        required=False,
    )
    topic = blocks.CharBlock(label=pgettext_lazy("authoring", "Topic"), required=False, max_length=40)

    class Meta:
        icon = "help"
        label = _("Question")


class LessonBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=pgettext_lazy("authoring", "Title"), max_length=120)
    minutes = blocks.IntegerBlock(
        label=_("Minutes it credits"),
        help_text=_("At most as many whole minutes as the lesson takes."),
        min_value=0,
        default=0,
    )


class VideoLessonBlock(LessonBlock):
    material = MaterialBlock(Material.Kind.VIDEO.value, label=_("Approved video"))

    class Meta:
        icon = "media"
        label = _("Video lesson")


class PdfLessonBlock(LessonBlock):
    material = MaterialBlock(Material.Kind.PDF.value, label=_("Approved PDF"))

    class Meta:
        icon = "doc-full"
        label = _("Handout (PDF)")


class SlidesLessonBlock(LessonBlock):
    material = MaterialBlock(Material.Kind.SLIDES.value, label=_("Approved slides"))

    class Meta:
        icon = "desktop"
        label = _("Slides")


class ReadingLessonBlock(LessonBlock):
    text = TextBlocks(label=pgettext_lazy("authoring", "Text"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Reading lesson")


class QuizLessonBlock(LessonBlock):
    draw = blocks.IntegerBlock(
        label=_("Questions drawn"),
        help_text=_("How many of the pool each attempt asks."),
        min_value=1,
        default=5,
    )
    pass_percent = blocks.IntegerBlock(label=_("Pass mark, percent"), min_value=1, max_value=100, default=60)
    attempts = blocks.IntegerBlock(
        label=pgettext_lazy("authoring", "Attempts"),
        help_text=_("Empty: without limit."),
        min_value=1,
        required=False,
    )
    cool_off_minutes = blocks.IntegerBlock(label=_("Minutes between attempts"), min_value=0, default=0)
    questions = blocks.ListBlock(QuestionBlock(), label=pgettext_lazy("authoring", "Questions"))

    class Meta:
        icon = "form"
        label = _("Quiz")


class LessonBlocks(blocks.StreamBlock):
    """The lessons of a course, in their order. A block's id is its lesson's lasting key."""

    video = VideoLessonBlock()
    reading = ReadingLessonBlock()
    pdf = PdfLessonBlock()
    slides = SlidesLessonBlock()
    quiz = QuizLessonBlock()


class PageBlocks(blocks.StreamBlock):
    """The text of news and other pages. Pictures are the site's own, from Wagtail's library."""

    heading = blocks.CharBlock(label=pgettext_lazy("authoring", "Heading"), max_length=80, icon="title")
    paragraph = blocks.RichTextBlock(
        label=pgettext_lazy("authoring", "Paragraph"), features=["bold", "link", "ol", "ul", "document-link"]
    )
    quote = blocks.BlockQuoteBlock(label=_("Quotation"))
