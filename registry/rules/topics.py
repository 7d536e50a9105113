"""What training is about: the topics that courses and class sessions are filed under.

A rule may name any topic by its slug (`topic:<slug>`); one that is not here is shown by its slug.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

TOPICS: dict[str, Promise | str] = {
    "care_routine": pgettext_lazy("topic", "Daily care"),
    "nutrition": pgettext_lazy("topic", "Feeding and nutrition"),
    "sleep": pgettext_lazy("topic", "Sleep"),
    "hygiene": pgettext_lazy("topic", "Hygiene"),
    "infection": pgettext_lazy("topic", "Infectious disease"),
    "injury_prevention": pgettext_lazy("topic", "Injury prevention"),
    "first_aid": pgettext_lazy("topic", "First aid"),
    "fire_safety": pgettext_lazy("topic", "Fire safety"),
    "communication": pgettext_lazy("topic", "Working with families"),
    "ethics": pgettext_lazy("topic", "Professional ethics"),
    "care_skills": pgettext_lazy("topic", "Care skills"),
    "safety": pgettext_lazy("topic", "Safety"),
    "emergency": pgettext_lazy("topic", "Emergencies"),
}


def topic_name(slug: str) -> str:
    """Its name in the active language, or the slug itself."""
    return str(TOPICS.get(slug, slug))
