"""A draft of the rulebook, rehearsed over everybody it would bind. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from operator import or_

from django.db.models import Q, QuerySet

from core.days import add_years
from lms.queries.facts import facts_of_many
from lms.rules.rehearsal import Books, Outcome, book_of, compare
from lms.rules.standing import standing
from registry.models import Division, Employment, Person, Standard
from registry.models.division import within_any
from registry.rules.amendment import Objection, amended, changes, objections
from registry.rules.divisions import prefix_of
from registry.rules.rulebook import parse

PEOPLE_AT_ONCE = 200
YEARS_AHEAD = 20  # of a later day the calendar alone would be rehearsed, cycle after cycle


@dataclass(frozen=True, slots=True)
class Draft:
    """A standard file as it would stand in the rulebook.

    `changed`: the first day on which each standard demands something else, by code; `reach`: the
    (occupation, division) of those standards; `objections`: why the file may not be published so on `today`.
    """

    today: date
    books: Books
    changed: dict[str, date]
    reach: frozenset[tuple[str, str]]
    objections: tuple[Objection, ...]

    @property
    def day(self) -> date:
        """The day to look at unless another is asked for: the first of the change, today if that is past."""
        return max([self.today, *sorted(self.changed.values())[:1]])


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the draft does to one person in one occupation; `divisions` are those of her posts in it."""

    person: str
    name: str
    divisions: tuple[str, ...]
    outcome: Outcome


def is_too_far(day: date, today: date) -> bool:
    """A day nobody should ask about."""
    return day > add_years(today, YEARS_AHEAD)


def draft_of(text: str, name: str, *, today: date) -> Draft:
    """Reads a file as `registry` would load it. Three queries.

    Raises UnknownKey, naming the key; BadRulebook for what is no standard, or demands hours of people of
    whom another standard of the same division demands them at the same time.
    """
    standards = parse(text, name, divisions=set(Division.objects.values_list("code", flat=True)))
    published = Standard.objects.texts()
    after = amended(published, standards)
    changed = changes(published, after)
    reach = {(one.occupation, one.division_code) for one in chain(published, after) if one.code in changed}
    return Draft(
        today,
        (book_of(published), book_of(after)),
        changed,
        frozenset(reach),
        tuple(objections(published, standards, on=today)),
    )


def in_reach(draft: Draft, *, day: date, prefixes: tuple[str, ...] | None = None) -> QuerySet[Employment]:
    """The posts of the day that a changed standard may bind; within divisions of these prefixes, if given."""
    if not draft.reach:
        return Employment.objects.none()
    posts = Employment.objects.on(day).filter(
        reduce(
            or_,
            (
                Q(occupation=occupation) & within_any("facility__division_id", (prefix_of(division),))
                for occupation, division in draft.reach
            ),
        )
    )
    return posts if prefixes is None else posts.filter(within_any("facility__division_id", prefixes))


def rehearse(draft: Draft, *, day: date, prefixes: tuple[str, ...] | None = None) -> Iterator[Rehearsed]:
    """Everybody in reach whom either book binds, by her key; seven queries for every 200 people."""
    posts = in_reach(draft, day=day, prefixes=prefixes)
    last = 0
    while True:
        ahead = posts.filter(person_id__gt=last).order_by("person_id").values_list("person_id", flat=True)
        people = list(ahead.distinct()[:PEOPLE_AT_ONCE])
        if not people:
            return
        last = people[-1]
        places: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        for person, occupation, division in posts.filter(person_id__in=people).values_list(
            "person_id", "occupation", "facility__division_id"
        ):
            places[person, occupation].add(division)
        names = Person.objects.in_bulk(people)
        for pk, facts in facts_of_many(people, draft.today).items():
            before, after = (
                standing(facts.entries, facts.posts, book, facts.issued, day) for book in draft.books
            )
            for outcome in compare(before, after, draft.books, closed_by=draft.today):
                if divisions := places.get((pk, outcome.occupation)):
                    yield Rehearsed(names[pk].public_id, names[pk].name, tuple(sorted(divisions)), outcome)
