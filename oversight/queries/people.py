"""The people behind a figure: each person in an occupation once, and why she is certified or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from credentials.models import Certificate
from credentials.rules.state import State, StateOn, state_on
from oversight.queries.counted import Place, counted_posts, demanded_in
from oversight.rules.rates import SOON_DAYS
from registry.models import Employment, Exclusion, Facility, Person
from registry.queries import dated_rules
from registry.rules.standard import Occupation

# What the best of several certificates says about its holder.
_STRENGTH = (State.VALID, State.SUSPENDED, State.REVOKED, State.EXPIRED, State.REPLACED)


class Which(StrEnum):
    """Which of the people in post are listed; each is a figure of the table."""

    ALL = "all"
    CERTIFIED = "certified"
    WITHOUT = "without"
    EXPIRING = "expiring"
    UNDEMANDED = "undemanded"


@dataclass(frozen=True, slots=True)
class Behind:
    """One person in one occupation. `certificate` is the one that says most; None: she never had one for it.

    `other_occupation`: she holds a valid certificate, but for another post.
    """

    person: Person
    occupation: str
    posts: tuple[Employment, ...]
    certificate: Certificate | None
    state: StateOn | None
    other_occupation: str
    measure: Exclusion | None

    @property
    def facilities(self) -> tuple[Facility, ...]:
        return tuple({post.facility_id: post.facility for post in self.posts}.values())

    @property
    def is_certified(self) -> bool:
        return self.state is not None and self.state.is_valid


def units(
    place: Place, *, on: date, occupation: Occupation | None = None, which: Which = Which.ALL
) -> QuerySet[Any, dict[str, Any]]:
    """(person_id, occupation) of those listed, by facility and name. As many as the figure says."""
    demanded = demanded_in(place, dated_rules(), on)
    posts = Employment.objects.on(on).filter(place.posts)
    if which is Which.UNDEMANDED:
        posts = posts.exclude(counted_posts(demanded))
        posts = posts.filter(occupation=occupation) if occupation else posts
    else:
        posts = posts.filter(counted_posts(demanded, occupation))
    if which is Which.CERTIFIED:
        posts = posts.filter(_holds(on))
    elif which is Which.WITHOUT:
        posts = posts.filter(~_holds(on))
    elif which is Which.EXPIRING:
        posts = posts.filter(_holds(on), ~_holds(on + timedelta(days=SOON_DAYS)))
    found: QuerySet[Any, Any] = (
        posts.values("person_id", "occupation")
        .annotate(first=Min("facility__division__code"), name=Min("facility__name"))
        .order_by("first", "name", "person__name_key", "person_id", "occupation")
    )
    return found


def behind(found: Iterable[Mapping[str, Any]], place: Place, *, on: date) -> list[Behind]:
    """The people of `units`, in their order. Five queries, whatever their number."""
    wanted = [(row["person_id"], row["occupation"]) for row in found]
    people = {person for person, _occupation in wanted}
    posts: defaultdict[tuple[int, str], list[Employment]] = defaultdict(list)
    for post in (
        Employment.objects.on(on)
        .filter(place.posts, person_id__in=people)
        .select_related("person", "facility")
        .order_by("facility__division_id", "facility__name", "pk")
    ):
        posts[post.person_id, post.occupation].append(post)
    held = certificates_of(people, on=on)
    measures: dict[int, Exclusion] = {}
    for person, row in Exclusion.objects.on(on).of_people(people):
        if person not in measures or row.kind == Exclusion.Kind.BAN:  # the heavier one
            measures[person] = row
    return [
        _line(posts[person, occupation], held.get(person, []), measures.get(person))
        for person, occupation in wanted
    ]


def certificates_of(people: Iterable[int], *, on: date) -> dict[int, list[tuple[Certificate, StateOn]]]:
    """Certificates issued or valid by `on` with their state that day, by holder. Two queries."""
    held: defaultdict[int, list[tuple[Certificate, StateOn]]] = defaultdict(list)
    begun = Q(issued_on__lte=on) | Q(valid_from__lte=on)  # recorded late, it counts all the same
    rows = Certificate.objects.filter(begun, holder_id__in=list(people))
    for certificate in rows.defer("snapshot", "evidence", "signature").prefetch_related("marks"):
        marks = [mark.value for mark in certificate.marks.all()]
        held[certificate.holder_id].append((certificate, state_on(certificate.validity, marks, on)))
    return held


def _holds(day: date) -> Exists:
    return Exists(
        Certificate.objects.valid_on(day).filter(
            holder_id=OuterRef("person_id"), occupation=OuterRef("occupation")
        )
    )


def _line(
    posts: list[Employment], held: list[tuple[Certificate, StateOn]], measure: Exclusion | None
) -> Behind:
    person, occupation = posts[0].person, posts[0].occupation
    mine = [pair for pair in held if pair[0].occupation == occupation]
    best = min(mine, key=_rank, default=None)
    others = [pair[0].occupation for pair in held if pair[0].occupation != occupation and pair[1].is_valid]
    return Behind(
        person,
        occupation,
        tuple(posts),
        best[0] if best else None,
        best[1] if best else None,
        others[0] if others and not (best and best[1].is_valid) else "",
        measure,
    )


def _rank(pair: tuple[Certificate, StateOn]) -> tuple[int, bool, int]:
    """The strongest state first; of equals one that is not over, and of those the one that lasts longest."""
    return _STRENGTH.index(pair[1].state), pair[1].not_yet, -pair[0].valid_until.toordinal()
