"""Pages that the site stands on: one of each, at an address that does not change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class StructurePage(Page):
    """Its slug is part of the code (`fixed_slug`); editors change its words only."""

    intro = models.TextField(_("introduction"), blank=True, max_length=300)

    fixed_slug: str = ""
    max_count = 1
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    promote_panels: list[Any] = []

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.fixed_slug
        super().full_clean(*args, **kwargs)
