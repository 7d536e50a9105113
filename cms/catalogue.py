"""The shelf: which courses can be begun today, and how they are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from wagtail.images import get_image_model
from wagtail.search.query import Phrase, SearchQuery

from cms.forms import CatalogueFilter
from cms.grams import wanted
from cms.models import CoursePage
from cms.signals import POSTER
from cms.words import CATEGORIES, occupation_labels, topic_label
from lms.models import Course

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course on the shelf, as its frozen version says."""

    url: str
    title: str
    summary: str
    topic: str
    topic_label: str
    category_label: str
    occupations: list[str]
    minutes: int
    number: int
    published_at: datetime
    poster: str  # address, or empty


def open_courses() -> QuerySet[CoursePage]:
    """Live pages whose course has a version in the LMS and takes new learners."""
    offered = Course.objects.filter(withdrawn_at=None, current__isnull=False).values("slug")
    return CoursePage.objects.live().public().filter(course_slug__in=offered)


def search_catalogue(query: Mapping[str, Any]) -> dict[str, Any]:
    """The filter form and a page of cards. An unknown topic or occupation counts as not chosen."""
    form = CatalogueFilter(query)
    form.is_valid()
    chosen = form.cleaned_data
    pages = open_courses()
    if topic := chosen.get("topic"):
        pages = pages.filter(topic=topic)
    if occupation := chosen.get("occupation"):
        pages = pages.filter(occupation_marks__contains=f",{occupation},")
    pages = found(pages, chosen.get("q") or "")
    page_obj = Paginator(pages.order_by("title", "pk"), PER_PAGE).get_page(query.get("page"))
    return {
        "form": CatalogueFilter(chosen),
        "page_obj": page_obj,
        "cards": cards_of(page_obj.object_list),
        "narrowed": any(chosen.values()),
        "clear_url": "?" if any(chosen.values()) else "",
    }


def found(pages: QuerySet[CoursePage], text: str) -> QuerySet[CoursePage]:
    """Those of `pages` that contain every word of `text`, Chinese inside Chinese included."""
    sought = wanted(text)
    for letter in sought.letters:  # no pair can find a lone character
        pages = pages.filter(Q(title__icontains=letter) | Q(search_grams__icontains=letter))
    if sought.phrases:
        query: SearchQuery = Phrase(sought.phrases[0])
        for phrase in sought.phrases[1:]:
            query = query & Phrase(phrase)
        hits = CoursePage.objects.live().search(query, order_by_relevance=False)
        pages = pages.filter(pk__in=[page.pk for page in hits])
    elif text.strip() and sought.empty:  # punctuation only: found nowhere
        return pages.none()
    return pages


def poster_url(image: Any) -> str:
    """The address of a poster as it was drawn at publication; empty if there is none."""
    drawn = image.renditions.filter(filter_spec=POSTER).first() if image is not None else None
    return drawn.url if drawn else ""


def newest_cards(count: int) -> list[CourseCard]:
    return cards_of(open_courses().order_by("-first_published_at", "-pk")[:count])


def cards_of(pages: Any) -> list[CourseCard]:
    """Four queries, however many pages."""
    renditions = get_image_model().get_rendition_model().objects.filter(filter_spec=POSTER)
    rows = list(
        pages.defer_streamfields().prefetch_related(
            "poster", Prefetch("poster__renditions", queryset=renditions, to_attr="drawn")
        )
    )
    versions = {
        course.slug: course.current
        for course in Course.objects.filter(slug__in=[page.course_slug for page in rows])
        .select_related("current")
        .defer("current__content")
    }
    cards = []
    for page in rows:
        version = versions[page.course_slug]
        cards.append(
            CourseCard(
                url=page.url,
                title=version.title,
                summary=version.summary,
                topic=version.topic,
                topic_label=topic_label(version.topic),
                category_label=str(CATEGORIES.get(version.category, version.category)),
                occupations=occupation_labels(version.occupations),
                minutes=version.minutes,
                number=version.number,
                published_at=version.published_at,
                poster=page.poster.drawn[0].url if page.poster and page.poster.drawn else "",
            )
        )
    return cards
