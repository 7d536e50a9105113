"""Each lesson kind and topic has its words and its cover."""

from __future__ import annotations

import pytest

from cms.templatetags.covers import PICTOGRAMS, cover
from cms.words import LESSONS, TOPICS, occupation_labels, topic_label
from config.demonstration.questions import TOPICS as DEMONSTRATED
from lms.rules.course import LessonKind


def test_every_kind_of_lesson_has_a_word() -> None:
    assert set(LESSONS) == {kind.value for kind in LessonKind}


@pytest.mark.parametrize("topic", DEMONSTRATED)
def test_every_topic_of_the_demonstration_has_its_word_and_pictogram(topic: str) -> None:
    assert topic in TOPICS
    assert topic in PICTOGRAMS


def test_an_unheard_of_topic_is_shown_as_it_is() -> None:
    assert topic_label("novel") == "novel"
    assert cover("novel")["tone"] == "ink"


def test_occupations_stand_in_the_order_of_the_rulebook() -> None:
    assert len(occupation_labels(["security", "caregiver"])) == 2
    assert occupation_labels(["security", "caregiver"]) == occupation_labels(["caregiver", "security"])
