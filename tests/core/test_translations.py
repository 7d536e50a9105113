"""All rooms share one catalogue: what a room translates, it translates for every room above and below."""

from __future__ import annotations

from collections import defaultdict
from gettext import GNUTranslations
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_a_phrase_has_one_translation_in_the_whole_house() -> None:
    """Two would fight, and the upper room would put its word on the pages of the lower; a context parts them."""
    found: dict[object, dict[str, str]] = defaultdict(dict)
    for path in sorted(HOUSE.glob("*/locale/zh_Hans/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalogue: dict[object, str] = vars(GNUTranslations(file))["_catalog"]
        for phrase, words in catalogue.items():
            if phrase:
                found[phrase][path.parts[-5]] = words
    assert len(found) > 1000
    assert {phrase: words for phrase, words in found.items() if len(set(words.values())) > 1} == {}
