"""What one asks of learning: content, facts of a person, where she stands."""

from lms.queries.content import content_of, lesson_of
from lms.queries.facts import Facts, facts_of, facts_of_many, owed, rulebook, standings_of
from lms.queries.rehearsal import Draft, Rehearsed, draft_of, in_reach, is_too_far, rehearse

__all__ = [
    "Draft",
    "Facts",
    "Rehearsed",
    "content_of",
    "draft_of",
    "facts_of",
    "facts_of_many",
    "in_reach",
    "is_too_far",
    "lesson_of",
    "owed",
    "rehearse",
    "rulebook",
    "standings_of",
]
