"""Is she there? Asked at moments nobody can foresee, answered with one tap.

After an interval of credited time that only the server knows, a check is
issued. While it is open, what is credited is held: real time passes, nothing
counts yet. The right answer in time releases it. A wrong one, a late one, or
leaving the lesson loses what was held and no more, and nothing counts until
she has passed a new check, which she may take at once. The interval runs on
over lessons, days and devices, so short lessons are no way around it.

Values are integer milliseconds; randomness is handed in. Reasons:
docs/rules/watching.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SHORTEST_MS = 8 * 60_000
LONGEST_MS = 15 * 60_000
OPEN_MS = 90_000  # longer than the drop of a minute that is promised to lose nothing
CHOICES = 3
WORD = "presence check"


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WRONG = "wrong"
    MISSED = "missed"  # no answer before its end
    LEFT = "left"  # the lesson was opened anew, here or elsewhere


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by slugs: one of `choices` is of the `kind`, the one at `right`."""

    kind: str
    choices: tuple[str, ...]
    right: int


# No word may fit two kinds: an animal that is eaten or ridden, a fruit that is a colour.
ASKED: dict[str, Promise] = {
    "food": _("Which of these can be eaten?"),
    "animal": _("Which of these is an animal?"),
    "clothing": _("Which of these is put on?"),
    "transport": _("Which of these takes you to another town?"),
    "colour": _("Which of these is a colour?"),
    "furniture": _("Which of these is furniture?"),
}
WORDS: dict[str, dict[str, Promise]] = {
    "food": {
        "rice": pgettext_lazy(WORD, "rice"),
        "noodles": pgettext_lazy(WORD, "noodles"),
        "apple": pgettext_lazy(WORD, "apple"),
        "banana": pgettext_lazy(WORD, "banana"),
        "cake": pgettext_lazy(WORD, "cake"),
    },
    "animal": {
        "cat": pgettext_lazy(WORD, "cat"),
        "tiger": pgettext_lazy(WORD, "tiger"),
        "monkey": pgettext_lazy(WORD, "monkey"),
        "panda": pgettext_lazy(WORD, "panda"),
        "butterfly": pgettext_lazy(WORD, "butterfly"),
    },
    "clothing": {
        "hat": pgettext_lazy(WORD, "hat"),
        "shoes": pgettext_lazy(WORD, "shoes"),
        "socks": pgettext_lazy(WORD, "socks"),
        "coat": pgettext_lazy(WORD, "coat"),
        "gloves": pgettext_lazy(WORD, "gloves"),
    },
    "transport": {
        "bus": pgettext_lazy(WORD, "bus"),
        "train": pgettext_lazy(WORD, "train"),
        "aeroplane": pgettext_lazy(WORD, "aeroplane"),
        "ship": pgettext_lazy(WORD, "ship"),
        "taxi": pgettext_lazy(WORD, "taxi"),
    },
    "colour": {
        "red": pgettext_lazy(WORD, "red"),
        "blue": pgettext_lazy(WORD, "blue"),
        "green": pgettext_lazy(WORD, "green"),
        "yellow": pgettext_lazy(WORD, "yellow"),
        "black": pgettext_lazy(WORD, "black"),
    },
    "furniture": {
        "table": pgettext_lazy(WORD, "table"),
        "chair": pgettext_lazy(WORD, "chair"),
        "bed": pgettext_lazy(WORD, "bed"),
        "sofa": pgettext_lazy(WORD, "sofa"),
        "cupboard": pgettext_lazy(WORD, "cupboard"),
    },
}
NAMES: dict[str, Promise] = {slug: name for words in WORDS.values() for slug, name in words.items()}


def draw_interval(chance: Random) -> int:
    """Credited time until the next check; any length between the bounds is as likely as another."""
    return chance.randint(SHORTEST_MS, LONGEST_MS)


def draw_question(chance: Random) -> Question:
    """One word of the kind that is asked for among words of other kinds, each of another."""
    kind, *others = chance.sample(sorted(WORDS), CHOICES)
    right = chance.randrange(CHOICES)
    choices = [chance.choice(sorted(WORDS[other])) for other in others]
    choices.insert(right, chance.choice(sorted(WORDS[kind])))
    return Question(kind, tuple(choices), right)


def is_over(*, expires_ms: int, now_ms: int) -> bool:
    """`expires_ms` is the first moment at which an answer is too late."""
    return now_ms >= expires_ms


def judge(*, right: int, choice: int, expires_ms: int, now_ms: int) -> Outcome:
    """What an answer that arrived at `now_ms` by the server's clock is worth."""
    if is_over(expires_ms=expires_ms, now_ms=now_ms):
        return Outcome.MISSED
    return Outcome.PASSED if choice == right else Outcome.WRONG
