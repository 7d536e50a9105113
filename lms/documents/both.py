"""The same words in the languages of the house, for data that readers of either read."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation

LANGUAGES = ("zh-hans", "en")


def in_both(say: Callable[[], object]) -> dict[str, str]:
    """What `say` answers in each language, by its code."""
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = str(say())
    return said
