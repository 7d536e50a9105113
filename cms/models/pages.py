"""The public pages that are no courses."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import PageBlocks
from cms.models.structure import StructurePage
from core import clock

PER_PAGE = 12


class HomePage(StructurePage):
    """The front page. Words left blank are those of the programme, in the reader's language."""

    hero_title = models.CharField(_("headline"), max_length=60, blank=True)
    hero_title_en = models.CharField(_("headline in English"), max_length=120, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=600, blank=True)

    fixed_slug = "home"
    parent_page_types = ["wagtailcore.Page"]
    template = "cms/home.html"
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("intro"),
                FieldPanel("hero_title_en"),
                FieldPanel("intro_en"),
            ],
            heading=_("Headline and introduction; blank: the usual words"),
        ),
    ]

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.front import front_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["front"] = front_of(self, clock.now())
        return context


class ExpertPoolPage(StructurePage):
    """The experts of the province, seat by seat, and the pools of its prefectures."""

    pool_code = models.SlugField(
        pgettext_lazy("authoring", "pool"),
        max_length=20,
        blank=True,
        help_text=_("Code of the pool shown first; blank: the province's."),
    )

    fixed_slug = "experts"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/experts.html"
    content_panels = [*StructurePage.content_panels, FieldPanel("pool_code")]

    class Meta:
        verbose_name = _("expert pool page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.queries import pool_shown

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        asked = request.GET.get("pool", "")
        pool = pool_shown(asked or self.pool_code, clock.today())
        if asked and pool is None:
            raise Http404
        return {**context, "pool": pool, "below": bool(asked)}


class NewsIndexPage(StructurePage):
    fixed_slug = "news"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]
    template = "cms/news_index.html"

    class Meta:
        verbose_name = _("news list")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).live().order_by("-day", "-pk")
        context["page_obj"] = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
        return context


class NewsPage(Page):
    day = models.DateField(pgettext_lazy("authoring", "day"))
    summary = models.CharField(pgettext_lazy("authoring", "summary"), max_length=200, blank=True)
    body = StreamField(PageBlocks(), verbose_name=pgettext_lazy("authoring", "text"), blank=True)

    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/text.html"
    content_panels = [*Page.content_panels, FieldPanel("day"), FieldPanel("summary"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.FilterField("day")]

    class Meta:
        verbose_name = _("news item")


class TextPage(Page):
    """About, privacy, help: a heading and a text."""

    summary = models.CharField(pgettext_lazy("authoring", "summary"), max_length=200, blank=True)
    body = StreamField(PageBlocks(), verbose_name=pgettext_lazy("authoring", "text"), blank=True)

    parent_page_types = ["cms.HomePage", "cms.TextPage"]
    subpage_types = ["cms.TextPage"]
    template = "cms/text.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = _("text page")
