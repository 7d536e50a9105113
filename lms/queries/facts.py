"""The facts that hours are judged by, and where people stand by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F

from core.days import Period, day_of
from credentials.models import Certificate, StatusMark
from lms.models import DutyRecord, HourEntry
from lms.rules.duties import DutyDone
from lms.rules.entries import Entry, Issued, Kind, Post, VersionInForce
from lms.rules.standing import Standing, standing
from registry.models import Employment, Person, StandardVersion
from registry.queries import humans
from registry.rules.standard import SourceClass


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a standing follows from."""

    entries: tuple[Entry, ...]
    posts: tuple[Post, ...]
    issued: tuple[Issued, ...]
    duties: tuple[DutyDone, ...]


def facts_of(person: Person, on: date) -> Facts:
    """Five queries, whatever the length of the ledger. `on`: the day by whose merges records are joined."""
    return facts_of_many([person.pk], on)[person.pk]


def facts_of_many(people: Iterable[int], on: date) -> dict[int, Facts]:
    """Facts per person, in five queries for all: those of every record joined with hers by then."""
    people = list(people)
    human = humans(people, on)
    records = list(human)
    entries: dict[int, list[Entry]] = {pk: [] for pk in human.values()}
    posts: dict[int, list[Post]] = {pk: [] for pk in human.values()}
    issued: dict[int, list[Issued]] = {pk: [] for pk in human.values()}
    for row in HourEntry.objects.filter(person_id__in=records).order_by("happened_on", "pk").values_list(
        "person_id", "pk", "kind", "minutes", "content", "channel", "source_class",
        "happened_on", "recorded_at", "topic", "title", "reverses_id", "note",
    ):  # fmt: skip
        entries[human[row[0]]].append(
            Entry(
                id=row[1],
                kind=Kind(row[2]),
                minutes=row[3],
                content=row[4],
                channel=row[5],
                source=SourceClass(row[6]),
                happened_on=row[7],
                recorded_at=row[8],
                topic=row[9] or None,
                title=row[10],
                reverses=row[11],
                note=row[12],
            )
        )
    for person_id, occupation, division, started_on, until in (
        Employment.objects.filter(person_id__in=records)
        .exclude(until=F("started_on"))
        .values_list("person_id", "occupation", "facility__division_id", "started_on", "until")
    ):
        posts[human[person_id]].append(Post(occupation, division, Period(started_on, until)))
    voided: dict[int, date] = {}
    lifted: defaultdict[int, list[Period]] = defaultdict(list)
    given: dict[int, tuple[int, str, date, date, date, date]] = {}
    certificates = Certificate.objects.filter(holder_id__in=records).values_list(
        "pk", "holder_id", "standard_code", "valid_from", "valid_until", "cycle_starts_on", "issued_on",
        "marks__kind", "marks__effective_on", "marks__lifted_on",
    )  # fmt: skip
    for pk, holder, code, valid_from, valid_until, cycle, issued_on, mark, since, lifted_on in certificates:
        given[pk] = (holder, code, valid_from, valid_until, cycle, issued_on)
        if mark not in (StatusMark.Kind.REVOKED, StatusMark.Kind.REPLACED):
            continue
        if lifted_on is None:
            voided[pk] = min(since, voided.get(pk, since))
        else:
            lifted[pk].append(Period(since, lifted_on))
    for pk, (holder, code, valid_from, valid_until, cycle, issued_on) in given.items():
        issued[human[holder]].append(
            Issued(
                standard_code=code,
                valid_from=valid_from,
                valid_until=valid_until,
                cycle_starts_on=cycle,
                issued_on=issued_on,
                voided_on=voided.get(pk),
                lifted=tuple(lifted[pk]) if pk in lifted else (),
            )
        )
    done = _duties_of_many(records)
    duties: dict[int, list[DutyDone]] = {pk: [] for pk in entries}
    for pk in records:
        duties[human[pk]] += done[pk]
    facts = {
        pk: Facts(tuple(entries[pk]), tuple(posts[pk]), tuple(issued[pk]), tuple(duties[pk]))
        for pk in entries
    }
    return {pk: facts[human[pk]] for pk in people}


def _duties_of_many(people: Iterable[int]) -> dict[int, list[DutyDone]]:
    """One query: each duty done, with the day on which it was confirmed or taken back."""
    done: dict[int, tuple[int, DutyDone]] = {}
    lines = (
        DutyRecord.objects.filter(person_id__in=people)
        .order_by("pk")
        .values_list(
            "pk", "person_id", "what", "kind", "done_on", "reference", "source", "recorded_at", "about_id"
        )
    )
    for pk, person, what, kind, done_on, reference, source, recorded_at, about in lines:
        day = day_of(recorded_at)
        if what == DutyRecord.What.DONE:
            authority_on = day if source == DutyRecord.Source.AUTHORITY else None
            done[pk] = person, DutyDone(kind, done_on, reference, day, authority_on)
        elif what == DutyRecord.What.CONFIRMED:
            done[about] = person, replace(done[about][1], authority_on=day)
        else:
            done[about] = person, replace(done[about][1], taken_back_on=day)
    found: dict[int, list[DutyDone]] = defaultdict(list)
    for person, one in done.values():
        found[person].append(one)
    return found


def rulebook() -> tuple[VersionInForce, ...]:
    """Every version of every standard, as the rules read them; both titles with it."""
    return tuple(
        VersionInForce(
            standard_code=version.standard.code,
            number=version.number,
            title=version.standard.title,
            title_en=version.standard.title_en,
            occupation=version.standard.occupation,
            division_code=version.standard.division_id,
            in_force=Period(version.in_force_from, version.in_force_until),
            rules=version.rules,
            citation=f"{version.citation.get('document', '')} {version.citation.get('article', '')}".strip(),
        )
        for version in StandardVersion.objects.select_related("standard").order_by("standard__code", "number")
    )


def standings_of(person: Person, day: date, *, known_on: date | None = None) -> tuple[Standing, ...]:
    """Where she stands under every standard that binds her, as of `day`. Six queries.

    `known_on`: the last day whose records are used; `day` itself if left out.
    """
    facts = facts_of(person, known_on or day)
    return standing(
        facts.entries, facts.posts, rulebook(), facts.issued, day,
        duties_done=facts.duties, known_on=known_on,
    )  # fmt: skip


def owed(*, after: int, most: int, day: date) -> tuple[list[int], int | None]:
    """Of the next `most` people with hours whose key is above `after`: those with a certificate earned and
    not given, and the last key looked at (None: that was everybody). Seven queries."""
    people = list(
        HourEntry.objects.filter(person_id__gt=after)
        .order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()[:most]
    )
    versions = rulebook()
    found = [
        pk
        for pk, facts in facts_of_many(people, day).items()
        if any(where.awards for where in standing(facts.entries, facts.posts, versions, facts.issued, day))
    ]
    return found, people[-1] if len(people) == most else None
