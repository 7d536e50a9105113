"""Meeting a cycle issues its certificate: once, whoever triggers it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from audit.acts import Actor, act
from core.days import day_of
from credentials.actions.issue import issue
from credentials.models import Certificate
from lms.queries import facts_of, rulebook
from lms.rules.standing import Award, Standing, standing
from registry.models import Division, Employment, Exclusion, Person, StandardVersion


@act
def settle(*, person: Person, by: Actor, at: datetime) -> list[Certificate]:
    """Issue what the person's ledger has earned and not yet been given. Usually nothing.

    Called after every line of the ledger and by the nightly sweep; calling it again, or twice
    at once, issues nothing more. A person under a measure earns hours but gets no certificate.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    day = day_of(at)
    if Exclusion.objects.on(day).filter(person=person).exists():
        return []
    facts = facts_of(person)
    certificates = []
    for where in standing(facts.entries, facts.posts, rulebook(), facts.issued, day):
        certificates += [_give(person, where, award, day, by, at) for award in where.awards]
    return certificates


def _give(person: Person, where: Standing, award: Award, day: date, by: Actor, at: datetime) -> Certificate:
    version = StandardVersion.objects.select_related("standard").get(
        standard__code=award.standard_code, number=award.cycle.version.number
    )
    return issue(
        holder=person,
        standard_version=version,
        division=_division(person, version.standard.occupation, day),
        cycle_starts_on=award.cycle.starts_on,
        valid_from=award.valid_from,
        valid_until=award.valid_until,
        minutes=sum(line.counted_minutes for line in award.lines),
        breakdown=breakdown(award),
        evidence=award.evidence(),
        by=by,
        at=at,
    )


def breakdown(award: Award) -> dict[str, int]:
    """Counted minutes per category; each line counts in its content and in its channel."""
    sums: dict[str, int] = {}
    for line in award.lines:
        for category in line.entry.categories:
            sums[category] = sums.get(category, 0) + line.counted_minutes
    return {name: minutes for name, minutes in sorted(sums.items()) if minutes}


def _division(person: Person, occupation: str, day: date) -> Division:
    """Where she works in that occupation, or last did: the division that answers for her."""
    posts: Iterable[Employment] = Employment.objects.filter(person=person, occupation=occupation).select_related(
        "facility__division"
    )
    latest = max(posts, key=lambda post: (post.until is None, post.started_on))
    return latest.facility.division
