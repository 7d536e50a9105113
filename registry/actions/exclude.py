"""Keep a person out, and let her in again: the door of the room that decides about bans.

Both lock the person's row, as `employ` and `grant_duty` do, so that a ban and a hire cannot pass each other.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.actions.sync_groups import sync_groups
from registry.models import Account, Exclusion, Person


def lock_person(person: Person) -> Person:
    """The row as it is now; whoever else wants it waits until this act ends."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


@act
def exclude(
    *,
    person: Person,
    kind: str,
    source: str,
    from_day: date,
    until: date | None = None,
    by: Account | System,
    at: datetime,
) -> Exclusion:
    """Bar her from work with children from a day on; a suspension names its first free day in `until`.

    The same source, kind and day once more is the same exclusion, and no second entry.
    Raises Refused: suspension_without_end, ban_with_end, other_facts (same key, other end or person).
    """
    kind = Exclusion.Kind(kind)
    if kind == Exclusion.Kind.SUSPENSION and (until is None or until <= from_day):
        raise Refused(
            "suspension_without_end", _("An interim suspension needs an end that lies after its first day.")
        )
    if kind == Exclusion.Kind.BAN and until is not None:
        raise Refused("ban_with_end", _("A lifetime ban has no end date. It ends when it is overturned."))
    lock_person(person)
    exclusion, is_new = Exclusion.objects.get_or_create(
        source=source,
        kind=kind,
        from_day=from_day,
        defaults={"person": person, "until": until, "recorded_at": at},
    )
    if (exclusion.person_id, exclusion.until) != (person.pk, until):
        raise Refused(
            "other_facts", _("This case already has an exclusion from that day with another end or person.")
        )
    if is_new:
        record(
            "registry.exclude",
            subject=person.subject,
            by=by,
            at=at,
            kind=kind,
            source=source,
            from_day=from_day,
            until=until,
        )
        _sync_groups_of(person, at)
    return exclusion


@act
def lift_exclusion(
    *, source: str, from_day: date | None = None, by: Account | System, at: datetime
) -> tuple[Exclusion, ...]:
    """End every exclusion of this source; `from_day` is the first free day (today unless told).

    What was lifted stays lifted as it was. Raises Refused: unknown_source.
    """
    day = from_day or day_of(at)
    person = Person.objects.filter(exclusions__source=source).first()
    if person is None:
        raise Refused("unknown_source", _("No exclusion comes from this case."))
    lock_person(person)
    still = Exclusion.objects.filter(source=source, lifted_on=None)
    if still.update(lifted_on=day, lifted_recorded_at=at):
        record("registry.lift_exclusion", subject=person.subject, by=by, at=at, source=source, from_day=day)
        _sync_groups_of(person, at)
    return tuple(Exclusion.objects.filter(source=source))


def _sync_groups_of(person: Person, at: datetime) -> None:
    account = Account.objects.filter(person=person).first()
    if account is not None:
        sync_groups(account=account, on=day_of(at))
