"""What one asks the registry across its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from core.days import Period
from registry.actions.reveal_number import WHY_NAMES, Why
from registry.models import Account, Merge, Person, StandardVersion
from registry.rules.applicable import DatedRules

Words = Promise | str
FEW = 500  # for more people all merges are read: they are few in a province

# Acts on `person:<public id>` by which somebody learnt something about her; rooms above add theirs.
_LOOKS: dict[str, Words] = {"registry.reveal_number": _("saw the whole number of a document")}


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's data. `why` is empty where the act asks for no reason."""

    at: datetime
    who: str
    what: Words
    why: Words


def counts_as_look(act: str, what: Words) -> None:
    """`looks_at` shows this act too; its subject is `person:<public id>`, its reason `detail["why"]`."""
    _LOOKS[act] = what


def looks_at(person: Person, *, most: int = 50) -> list[Look]:
    """Who looked at her, newest first."""
    entries = list(Entry.objects.filter(subject=person.subject, act__in=_LOOKS).order_by("-sequence")[:most])
    keys = {entry.actor.removeprefix("account:") for entry in entries}
    accounts = Account.objects.filter(public_id__in=keys).select_related("person")
    names = {account.actor: account.display_name for account in accounts}
    return [
        Look(
            entry.at,
            names.get(entry.actor, entry.actor),
            _LOOKS[entry.act],
            _why(entry.detail.get("why", "")),
        )
        for entry in entries
    ]


def _why(code: str) -> Words:
    return WHY_NAMES[Why(code)] if code in tuple(Why) else code


def dated_rules() -> tuple[DatedRules, ...]:
    """All dated versions of all standards, in one query."""
    return tuple(
        DatedRules(
            version.standard.code,
            version.number,
            version.standard.division_id,
            version.standard.occupation,
            Period(version.in_force_from, version.in_force_until),
            version.rules,
        )
        for version in StandardVersion.objects.select_related("standard").order_by("standard__code", "number")
    )


def humans(people: Iterable[int], day: date) -> dict[int, int]:
    """Every record of the human beings whom `people` stand for → the record that stood for her on `day`.

    Keys of persons. One query where nobody was merged.
    """
    stands = {pk: pk for pk in people}
    joined = Merge.objects.in_force_on(day)
    frontier = set(stands)
    while frontier:
        edges = joined.filter(Q(kept__in=frontier) | Q(absorbed__in=frontier))
        found = dict((edges if len(frontier) <= FEW else joined).values_list("absorbed", "kept"))
        frontier = {pk for edge in found.items() for pk in edge} - set(stands)
        stands |= {pk: pk for pk in frontier}
        stands |= found
    return {pk: _root(stands, pk) for pk in stands}


def _root(stands: dict[int, int], pk: int) -> int:
    while stands[pk] != pk:
        pk = stands[pk]
    return pk


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not add up."""

    subject: str
    why: str


def verify_merges() -> Iterator[Problem]:
    """Each record is joined exactly as the accepted merges say."""
    undone = Merge.objects.filter(kind=Merge.Kind.UNDO, accepted=True).values("undoes")
    standing = Merge.objects.filter(kind=Merge.Kind.MERGE, accepted=True).exclude(pk__in=undone)
    said = dict(standing.values_list("absorbed", "kept"))
    pointers = {
        pk: (into, name)
        for pk, into, name in Person.objects.exclude(merged_into=None).values_list(
            "pk", "merged_into", "public_id"
        )
    }
    for pk, (into, name) in pointers.items():
        if said.get(pk) != into:
            yield Problem(f"person:{name}", "is joined to another record by no merge")
    for name in Person.objects.filter(pk__in=set(said) - set(pointers)).values_list("public_id", flat=True):
        yield Problem(f"person:{name}", "was merged by two persons and stands alone")
