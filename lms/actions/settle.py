"""Meeting a cycle issues its certificate: once, whoever triggers it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from audit.acts import Actor, act, record
from audit.models import Entry
from core.days import day_of
from core.refusals import Refused
from credentials.actions.issue import issue
from credentials.models import Certificate
from credentials.signing.keys import KeyTrouble
from lms.queries import facts_of, rulebook
from lms.rules.standing import Award, standing
from registry.actions.exclude import lock_person
from registry.models import Division, Employment, Person, StandardVersion
from registry.permissions import is_excluded, one_human, records_of
from registry.rules.standard import CHANNEL, CONTENT


@act
def settle(*, person: Person, by: Actor, at: datetime) -> list[Certificate]:
    """Issue what the person's ledger has earned and not yet been given. Usually nothing.

    Called after every line of the ledger and by the nightly sweep; calling it again, or twice
    at once, issues nothing more. A person under a measure earns hours but gets no certificate.
    A certificate that cannot be made (a name that cannot be printed, no signing key) never undoes
    the hours: the audit says once why it is withheld, and the next sweep tries again.
    """
    person = lock_person(one_human(person))
    day = day_of(at)
    if is_excluded(person, day):
        return []
    facts = facts_of(person, day)
    certificates = []
    for where in standing(facts.entries, facts.posts, rulebook(), facts.issued, day):
        for award in where.awards:
            try:
                certificates.append(_give(person=person, award=award, by=by, at=at))
            except (Refused, KeyTrouble) as trouble:
                _withhold(person, award, trouble.code, by, at)
    return certificates


def _give(*, person: Person, award: Award, by: Actor, at: datetime) -> Certificate:
    version = StandardVersion.objects.select_related("standard__division").get(
        standard__code=award.standard_code, number=award.cycle.version.number
    )
    return issue(
        holder=person,
        standard_version=version,
        division=_division(person, version),
        cycle_starts_on=award.cycle.named_on,
        valid_from=award.valid_from,
        valid_until=award.valid_until,
        minutes=sum(line.counted_minutes for line in award.lines),
        breakdown=breakdown(award),
        evidence=award.evidence(),
        by=by,
        at=at,
    )


def _withhold(person: Person, award: Award, code: str, by: Actor, at: datetime) -> None:
    cycle = award.cycle.named_on.isoformat()
    detail = {"code": code, "standard": award.standard_code, "cycle_starts_on": cycle}
    said = Entry.objects.filter(act="lms.withhold_certificate", subject=person.subject)
    if detail not in said.values_list("detail", flat=True):
        record("lms.withhold_certificate", subject=person.subject, by=by, at=at, **detail)


def breakdown(award: Award) -> dict[str, int]:
    """Counted minutes by content, by channel, and by the topics that the rule demands a minimum of."""
    demanded = {row.category for row in award.cycle.version.rules.categories if row.minimum_minutes}
    sums: dict[str, int] = {}
    for line in award.lines:
        for category in line.entry.categories:
            if category in (*CONTENT, *CHANNEL) or category in demanded:
                sums[category] = sums.get(category, 0) + line.counted_minutes
    return {name: minutes for name, minutes in sorted(sums.items()) if minutes}


def _division(person: Person, version: StandardVersion) -> Division:
    """Where she works under that standard, or last did: the division that answers for her."""
    posts: Iterable[Employment] = (
        Employment.objects.filter(person_id__in=records_of(person), occupation=version.standard.occupation)
        .within(version.standard.division_id)
        .select_related("facility__division")
    )
    latest = max(posts, key=lambda post: (post.until is None, post.started_on))
    return latest.facility.division
