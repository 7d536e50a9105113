"""A cover for a course without a poster: its topic's pictogram on a quiet ground. Drawn for this project."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

# one of three grounds, and strokes on a 24-unit square
# ruff: noqa: E501
PICTOGRAMS: dict[str, tuple[str, str]] = {
    "care_routine": (
        "jade",
        "M9 9h6v10a2 2 0 0 1-2 2h-2a2 2 0 0 1-2-2zM9.5 9L10 7h4l.5 2M11 7V4.8a1 1 0 0 1 2 0V7M12 13h3M12 16.5h3",
    ),
    "nutrition": (
        "apricot",
        "M3.5 12h17a8 8 0 0 1-5.3 7.5H8.8A8 8 0 0 1 3.5 12zM9 8.7c0-1.6 1.3-1.6 1.3-3.2M13.4 8.7c0-1.6 1.3-1.6 1.3-3.2",
    ),
    "sleep": ("jade", "M19.5 14.2A7.6 7.6 0 1 1 10.4 4.8a6.2 6.2 0 0 0 9.1 9.4zM15.5 4.5h4l-4 4.2h4"),
    "hygiene": (
        "jade",
        "M12 3.5c3.4 4 5.3 6.9 5.3 9.8a5.3 5.3 0 0 1-10.6 0c0-2.9 1.9-5.8 5.3-9.8zM9.7 13.6a2.4 2.4 0 0 0 2.3 2.6",
    ),
    "infection": (
        "apricot",
        "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3.5V8M12 16v4.5M3.5 12H8M16 12h4.5M6 6l3.2 3.2M14.8 14.8L18 18M18 6l-3.2 3.2M9.2 14.8L6 18",
    ),
    "injury_prevention": (
        "jade",
        "M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5",
    ),
    "first_aid": (
        "apricot",
        "M12 20s-7.5-4.6-7.5-10A4.1 4.1 0 0 1 12 7.6 4.1 4.1 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10zM7.5 12.3h2.3l1.3-2.5 1.9 4.2 1.2-1.7h2.3",
    ),
    "fire_safety": (
        "apricot",
        "M12.3 3c.8 3.2 5.2 5.6 5.2 10.4a5.5 5.5 0 0 1-11 0c0-2.2 1-3.6 2.2-4.6.2 1.8.9 2.7 2 3-.5-3.2-.1-6.2 1.6-8.8zM12 20.6a2.6 2.6 0 0 0 1.7-4.5c-.8-.7-1.2-1.3-1.3-2.2-1.5 1-2.7 2.3-2.7 4",
    ),
    "communication": ("jade", "M3.5 5H15v7.5H9L6 15.3v-2.8H3.5zM17.5 9h3v7.5H18v2.8l-3-2.8h-4.5V15"),
    "ethics": (
        "ink",
        "M12 4v16M8.5 20h7M5 7h14M5 7l-2.7 6h5.4zM19 7l-2.7 6h5.4zM2.3 13a2.7 2.7 0 0 0 5.4 0M16.3 13a2.7 2.7 0 0 0 5.4 0",
    ),
}
OTHER = (
    "ink",
    "M12 6c-2-1.5-5-2-8.5-1.5v13c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5v-13C17 4 14 4.5 12 6zM12 6v13",
)


@register.inclusion_tag("cms/_cover.html")
def cover(topic: str, poster: str = "") -> dict[str, Any]:
    """Decoration, silent to screen readers: the poster, or the pictogram of the topic."""
    tone, strokes = PICTOGRAMS.get(topic, OTHER)
    return {"poster": poster, "tone": tone, "strokes": mark_safe(strokes)}  # our own constant
