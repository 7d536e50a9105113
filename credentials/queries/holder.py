"""What the registry says about those to whom a certificate is to be issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.models import Employment, Exclusion, IdentityDocument, Person

CHUNK = 500
# The document that is named on a certificate when a person has several.
_PREFERENCE = ("resident_id", "hmt_residence_permit", "foreign_permanent_residence")


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """`document_tail` is empty when the person has no document on record."""

    person: Person
    document_tail: str
    posts: tuple[Employment, ...]
    exclusions: tuple[Exclusion, ...]

    def excluded_on(self, day: date) -> bool:
        return any(exclusion.in_force_on(day) for exclusion in self.exclusions)

    def facility_on(self, day: date, occupation: str) -> str:
        """Where she works that day, first in the occupation itself; empty if nowhere."""
        present = [
            post for post in self.posts if post.started_on <= day and (post.until is None or day < post.until)
        ]
        present.sort(key=lambda post: (post.occupation != occupation, post.started_on, post.pk))
        return present[0].facility.name if present else ""


def read_holders(people: Iterable[Person]) -> dict[int, HolderFacts]:
    """By primary key, in four queries for each 500; the persons' rows as they are now."""
    keys = sorted({person.pk for person in people})
    facts: dict[int, HolderFacts] = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        documents: dict[int, list[IdentityDocument]] = defaultdict(list)
        for document in IdentityDocument.objects.filter(person_id__in=chunk):
            documents[document.person_id].append(document)
        posts: dict[int, list[Employment]] = defaultdict(list)
        for post in Employment.objects.filter(person_id__in=chunk).select_related("facility"):
            posts[post.person_id].append(post)
        exclusions: dict[int, list[Exclusion]] = defaultdict(list)
        for pk, exclusion in Exclusion.objects.all().of_people(chunk):
            exclusions[pk].append(exclusion)
        for person in Person.objects.filter(pk__in=chunk):
            facts[person.pk] = HolderFacts(
                person, _tail(documents[person.pk]), tuple(posts[person.pk]), tuple(exclusions[person.pk])
            )
    return facts


def _tail(documents: list[IdentityDocument]) -> str:
    if not documents:
        return ""
    rank = {kind: place for place, kind in enumerate(_PREFERENCE)}
    best = min(documents, key=lambda document: (rank.get(document.kind, len(rank)), document.pk))
    number: str = best.number
    return number[-4:]
