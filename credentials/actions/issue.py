"""Issue a certificate: once for each holder, standard and cycle, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, System, act, owe, record
from core import faults
from core.days import add_years, day_of
from core.refusals import Refused
from credentials.actions.edition import Draft, write_editions
from credentials.documents.glyphs import undrawable
from credentials.models import Certificate
from credentials.queries.holder import HolderFacts, read_holders
from credentials.rules.number import LETTERS
from registry.actions.exclude import lock_person
from registry.models import Division, Person, StandardVersion

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was earned. `valid_until` is the first invalid day; `breakdown` counted minutes by category.

    `issued_at` lets the platform itself enter certificates of the past (demonstration, transfer of
    an older register); a person issues today or not at all.
    """

    holder: Person
    standard_version: StandardVersion
    division: Division
    cycle_starts_on: date
    valid_from: date
    valid_until: date
    minutes: int
    breakdown: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    occupation: str | None = None
    issued_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str, date]:
        return (self.holder.pk, self.standard_version.standard.code, self.cycle_starts_on)


@act
def issue(
    *,
    holder: Person,
    standard_version: StandardVersion,
    division: Division,
    cycle_starts_on: date,
    valid_from: date,
    valid_until: date,
    minutes: int,
    breakdown: Mapping[str, int],
    evidence: Mapping[str, Any],
    by: Actor,
    at: datetime,
    occupation: str | None = None,
) -> Certificate:
    """The certificate of this holder, standard and cycle; made, signed and numbered if there is none.

    The existing one is given back as it stands (its last edition), also when it was revoked since.
    Raises Refused: excluded, no_identity, merged, undrawable_name, no_certificate (the standard issues none),
    other_occupation, other_division, validity, minutes, series_full; KeyTrouble without a signing key.
    """
    order = Order(
        holder=holder,
        standard_version=standard_version,
        division=division,
        cycle_starts_on=cycle_starts_on,
        valid_from=valid_from,
        valid_until=valid_until,
        minutes=minutes,
        breakdown=breakdown,
        evidence=evidence,
        occupation=occupation,
    )
    lock_person(holder)  # a ban of the same person waits, or has been seen
    existing = _existing(order)
    if existing is not None:
        return existing
    facts = read_holders([holder])[holder.pk]
    demand_issuable(order, facts, today=day_of(at))
    try:
        with transaction.atomic():
            (certificate,) = write_editions([_draft(order, facts, at)], by=by, at=at)
    except IntegrityError:
        existing = _existing(order)
        if existing is None:
            raise
        return existing
    _record(certificate, by, at)
    faults.point("issue.before_debt")
    owe(
        "credentials.issued",
        key=f"render:{certificate.number}",
        payload={"certificate": certificate.pk},
        at=at,
    )
    return certificate


@act
def issue_many(*, orders: Sequence[Order], by: Actor, at: datetime) -> tuple[Certificate | Refused, ...]:
    """One answer for each order, in order, by the rules of `issue`; thousands in some seconds.

    Numbers are given out in one block of each series and rows written in batches. PDFs are not
    owed: each is made when it is first asked for.
    """
    people: set[int] = {order.holder.pk for order in orders}
    _lock_all(sorted(people))
    facts = read_holders(order.holder for order in orders)
    held = _all_existing(sorted(people))
    today = day_of(at)
    answers: list[Certificate | Refused | None] = []
    places: dict[tuple[int, str, date], int] = {}
    for place, order in enumerate(orders):
        if order.key in held:
            answers.append(held[order.key])
            continue
        try:
            if order.issued_at is not None and not isinstance(by, System):
                raise Refused("backdated", _("A certificate bears the day it is issued. Leave the date out."))
            demand_issuable(order, facts[order.holder.pk], today=today)
        except Refused as refusal:
            answers.append(refusal)
            continue
        answers.append(None)
        places.setdefault(order.key, place)
    drafts = [_draft(orders[place], facts[orders[place].holder.pk], at) for place in places.values()]
    made = dict(zip(places, write_editions(drafts, by=by, at=at) if drafts else [], strict=True))
    for certificate in made.values():
        _record(certificate, by, at)
    return tuple(
        made[order.key] if answer is None else answer for order, answer in zip(orders, answers, strict=True)
    )


def demand_issuable(order: Order, facts: HolderFacts, *, today: date) -> None:
    """Every condition on its own; the first that fails is the refusal."""
    rules = order.standard_version.rules
    standard = order.standard_version.standard
    issued_on = day_of(order.issued_at) if order.issued_at else today
    if facts.excluded_on(today) or facts.excluded_on(issued_on):
        raise Refused("excluded", _("This person may not work with children, so no certificate is issued."))
    if facts.person.merged_into_id is not None:
        raise Refused(
            "merged", _("This record was merged into another one. Issue for the record that stands.")
        )
    if not facts.document_tail:
        raise Refused("no_identity", _("No identity document is on record. Record the document first."))
    missing = undrawable(facts.person.name)
    if missing:
        characters = ", ".join(f"{char} (U+{ord(char):04X})" for char in missing)
        raise Refused(
            "undrawable_name",
            _("The name has a character that cannot be printed: %(characters)s. Correct the name first.")
            % {"characters": characters},
            characters=missing,
        )
    if rules.certificate_years is None:
        raise Refused("no_certificate", _("Meeting this standard issues no certificate."))
    if standard.occupation not in LETTERS or order.occupation not in (None, standard.occupation):
        raise Refused("other_occupation", _("This standard is for another occupation."))
    if not order.division.code.startswith(standard.division.prefix):
        raise Refused("other_division", _("This standard is not in force in that place."))
    if not order.valid_from < order.valid_until <= add_years(order.valid_from, rules.certificate_years):
        raise Refused(
            "validity", _("The certificate would be valid on no day, or longer than the standard grants.")
        )
    if order.valid_from < order.cycle_starts_on:
        raise Refused(
            "validity", _("The certificate would be valid before the cycle it was earned in began.")
        )
    if order.minutes < 0 or any(minutes < 0 for minutes in order.breakdown.values()):
        raise Refused("minutes", _("Hours cannot be negative."))


def _draft(order: Order, facts: HolderFacts, at: datetime) -> Draft:
    return Draft(
        holder=facts,
        standard_version=order.standard_version,
        division=order.division,
        cycle_starts_on=order.cycle_starts_on,
        valid_from=order.valid_from,
        valid_until=order.valid_until,
        minutes=order.minutes,
        breakdown=order.breakdown,
        evidence=order.evidence,
        issued_at=order.issued_at or at,
    )


def _existing(order: Order) -> Certificate | None:
    holder, standard, cycle = order.key
    mine = Certificate.objects.filter(holder_id=holder, standard_code=standard, cycle_starts_on=cycle)
    return mine.order_by("-edition").first()


def _all_existing(people: Sequence[int]) -> dict[tuple[int, str, date], Certificate]:
    """The last edition of everything these people hold, by what makes it unique."""
    held = {}
    for start in range(0, len(people), CHUNK):
        for row in Certificate.objects.filter(holder_id__in=people[start : start + CHUNK]).order_by(
            "edition"
        ):
            held[row.holder_id, row.standard_code, row.cycle_starts_on] = row
    return held


def _lock_all(people: Sequence[int]) -> None:
    """In the order of their keys, so that two batches cannot deadlock."""
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        rows = Person.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
        list(rows.values_list("pk"))


def _record(certificate: Certificate, by: Actor, at: datetime) -> None:
    record(
        "credentials.issue",
        subject=f"certificate:{certificate.number}",
        by=by,
        at=at,
        holder=certificate.holder.public_id,
        standard=certificate.standard_code,
        cycle_starts_on=certificate.cycle_starts_on,
        issued_on=certificate.issued_on,
        snapshot=certificate.snapshot_sha256,
    )
