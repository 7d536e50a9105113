"""Decide about a ban, by a second person. Everything that follows is one transaction."""

from __future__ import annotations

from datetime import datetime

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
from registry.actions.exclude import exclude
from registry.models import Account, Exclusion, Person
from registry.permissions import one_human

State = BanSubject.State
LINE = 500  # of a decision's reason on each mark; the whole of it stands with the subject


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


def _authors(subject: BanSubject) -> set[Person]:
    """The human beings who wrote in this proposal: who proposed, edited, recorded the answer."""
    versions = subject.versions.select_related("recorded_by_person__merged_into")
    authors = {one_human(version.recorded_by_person) for version in versions}
    return authors | {one_human(subject.proposed_by_person)}
