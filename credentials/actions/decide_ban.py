"""Decide about a ban, and overturn one. Two persons each time; everything that follows is one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, owe, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.interim import end_interim
from credentials.actions.propose_ban import lock_undecided
from credentials.actions.revoke import demand_reason
from credentials.actions.tell_employers import tell_employers
from credentials.models import BanSubject, Certificate, EmployerTask, StatusMark
from credentials.permissions import demand_province_officer
from credentials.queries.standing import records_of
from registry.actions.exclude import exclude, lift_exclusion, lock_person
from registry.models import Account, Exclusion, Person
from registry.permissions import one_human

State = BanSubject.State
LINE = 500  # of a decision's reason on each mark; the whole of it stands with the subject


@dataclass(frozen=True, slots=True)
class Overturned:
    """What came back and what did not: certificates that expired while the ban stood stay expired."""

    subject: BanSubject
    restored: tuple[Certificate, ...]
    expired: tuple[Certificate, ...]


@act
def decide_ban(
    *, subject: BanSubject, ban: bool, reason: str, read_version: int, by: Account, at: datetime
) -> BanSubject:
    """Ban for life, or dismiss; by an officer of the province who wrote no word of the proposal.

    A ban keeps the person out, revokes every certificate, tells every employer and ends her sessions;
    the rooms above hear "credentials.banned". Either decision ends the interim suspension.
    Raises Refused: no_duty, no_person, reason, decided, stale, own_case, own_proposal, answer_period.
    """
    day = day_of(at)
    decider = demand_province_officer(by, division=subject.case.division_id, on=day)
    reason = demand_reason(reason)
    subject = lock_undecided(subject, read_version)
    human = one_human(subject.person)
    if decider == human:
        raise Refused("own_case", _("Nobody decides about herself."))
    if decider in _authors(subject):
        raise Refused("own_proposal", _("You wrote part of this proposal. Another officer has to decide."))
    if subject.answered_on is None and (subject.answer_until is None or day < subject.answer_until):
        raise Refused(
            "answer_period",
            _("The person may still answer. Decide when the answer is on record or the time has run out."),
        )
    faults.point("ban.before_decision")
    decided = BanSubject.objects.filter(
        pk=subject.pk, state=State.PROPOSED, edited_version=read_version
    ).update(
        state=State.BANNED if ban else State.DISMISSED,
        decided_at=at,
        decided_by=by,
        decided_by_person=decider,
        decided_version=read_version,
        decision_reason=reason,
    )
    if not decided:
        raise Refused("stale", _("Somebody else changed or decided this just now. Open it again."))
    record(
        "credentials.ban" if ban else "credentials.dismiss_ban",
        subject=subject.source,
        by=by,
        at=at,
        person=human.public_id,
        version=read_version,
    )
    end_interim(subject=subject, reason=reason[:LINE], by=by, at=at)
    if ban:
        _ban(subject, human, by, at)
    elif subject.suspended_until is not None:
        tell_employers(
            people=records_of(human),
            kind=EmployerTask.Kind.OVERTURNED,
            source=subject.interim_source,
            by=by,
            at=at,
        )
    subject.refresh_from_db()
    return subject


def _ban(subject: BanSubject, human: Person, by: Account, at: datetime) -> None:
    day, records = day_of(at), records_of(human)
    exclude(
        person=human,
        kind=Exclusion.Kind.BAN,
        source=subject.source,
        from_day=day,
        by=by,
        at=at,
    )
    faults.point("ban.before_marks")
    # Also what is already revoked: if that is ever lifted, the ban still stands.
    certificates = list(Certificate.objects.filter(holder__in=records))
    StatusMark.objects.bulk_create(
        StatusMark(
            certificate=certificate,
            kind=StatusMark.Kind.REVOKED,
            ground=StatusMark.Ground.BAN,
            source=subject.source,
            effective_on=day,
            recorded_at=at,
            recorded_by=by,
        )
        for certificate in certificates
    )
    for certificate in certificates:
        record(
            "credentials.revoke",
            subject=f"certificate:{certificate.number}",
            by=by,
            at=at,
            ground=StatusMark.Ground.BAN,
            source=subject.source,
            effective_on=day,
        )
    faults.point("ban.before_tasks")
    tell_employers(people=records, kind=EmployerTask.Kind.BANNED, source=subject.source, by=by, at=at)
    faults.point("ban.before_debt")
    owe(
        "credentials.banned",
        key=f"banned:{subject.public_id}",
        payload={"subject": subject.pk, "person": human.pk},
        at=at,
    )


@act
def overturn_ban(*, subject: BanSubject, reason: str, by: Account, at: datetime) -> Overturned:
    """Lift a ban from today on. The case, the decision and the days it stood remain on record.

    Marks of another ban or of an officer stay. Raises Refused: no_duty, no_person, reason,
    not_banned, own_case, own_proposal.
    """
    day = day_of(at)
    officer = demand_province_officer(by, division=subject.case.division_id, on=day)
    reason = demand_reason(reason)
    lock_person(subject.person)
    subject = (
        BanSubject.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=subject.pk)
    )
    if subject.state != State.BANNED:
        raise Refused("not_banned", _("There is no ban in force here to overturn."))
    human = one_human(subject.person)
    if officer == human:
        raise Refused("own_case", _("Nobody decides about herself."))
    if officer == one_human(subject.proposed_by_person):
        raise Refused("own_proposal", _("You proposed this ban. Another officer has to overturn it."))
    faults.point("overturn.before_decision")
    BanSubject.objects.filter(pk=subject.pk, state=State.BANNED).update(
        state=State.OVERTURNED,
        overturned_at=at,
        overturned_by=by,
        overturned_by_person=officer,
        overturned_reason=reason,
    )
    lift_exclusion(source=subject.source, by=by, at=at)
    faults.point("overturn.before_marks")
    marks = StatusMark.objects.filter(source=subject.source, kind=StatusMark.Kind.REVOKED, lifted_on=None)
    touched = list(Certificate.objects.filter(pk__in=marks.values("certificate_id")).order_by("pk"))
    marks.update(lifted_on=day, lifted_recorded_at=at, lifted_by=by, lifted_reason=reason[:LINE])
    restored, expired = _sorted_out(touched, day)
    record(
        "credentials.overturn_ban",
        subject=subject.source,
        by=by,
        at=at,
        person=human.public_id,
        restored=[certificate.number for certificate in restored],
        expired=[certificate.number for certificate in expired],
    )
    tell_employers(
        people=records_of(human), kind=EmployerTask.Kind.OVERTURNED, source=subject.source, by=by, at=at
    )
    subject.refresh_from_db()
    return Overturned(subject, restored, expired)


def _sorted_out(
    touched: list[Certificate], day: date
) -> tuple[tuple[Certificate, ...], tuple[Certificate, ...]]:
    """Those that count again from today, and those whose time ran out meanwhile."""
    alive = set(
        Certificate.objects.valid_on(day).filter(pk__in=[c.pk for c in touched]).values_list("pk", flat=True)
    )
    restored = tuple(certificate for certificate in touched if certificate.pk in alive)
    expired = tuple(certificate for certificate in touched if certificate.valid_until <= day)
    return restored, expired


def _authors(subject: BanSubject) -> set[Person]:
    """The human beings who wrote in this proposal: who proposed, edited, recorded the answer."""
    versions = subject.versions.select_related("recorded_by_person__merged_into")
    authors = {one_human(version.recorded_by_person) for version in versions}
    return authors | {one_human(subject.proposed_by_person)}
