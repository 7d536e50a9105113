"""What one asks of learning: content, facts of a person, where she stands."""

from lms.queries.content import content_of, lesson_of
from lms.queries.facts import Facts, facts_of, facts_of_many, owed, rulebook, standings_of

__all__ = [
    "Facts",
    "content_of",
    "facts_of",
    "facts_of_many",
    "lesson_of",
    "owed",
    "rulebook",
    "standings_of",
]
