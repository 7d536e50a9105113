"""Overturn a ban: one officer proposes, another person of the province decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.decide_ban import LINE
from credentials.actions.revoke import demand_reason
from credentials.actions.tell_employers import tell_employers
from credentials.models import BanSubject, Certificate, EmployerTask, OverturnProposal, StatusMark
from credentials.permissions import demand_officer, demand_province_officer
from credentials.queries.standing import records_of
from registry.actions.exclude import lift_exclusion, lock_person
from registry.models import Account, Person
from registry.permissions import one_human

State = BanSubject.State


@dataclass(frozen=True, slots=True)
class Overturned:
    """What came back and what did not: certificates that expired while the ban stood stay expired.

    Both are empty when the ban stands.
    """

    subject: BanSubject
    restored: tuple[Certificate, ...] = ()
    expired: tuple[Certificate, ...] = ()


@act
def propose_overturn(
    *, subject: BanSubject, reason: str, document: str, by: Account, at: datetime
) -> OverturnProposal:
    """Ask the province to lift a ban, on a ruling or new evidence named by `document`; it stands meanwhile.

    Raises Refused: no_duty, no_person, reason, document, not_banned, own_case, already_proposed.
    """
    proposer = demand_officer(by, division=subject.case.division_id, on=day_of(at))
    reason = demand_reason(reason)
    document = document.strip()
    if not document:
        raise Refused("document", _("Name the ruling or the new evidence it rests on."))
    subject = _lock_banned(subject)
    if proposer == one_human(subject.person):
        raise Refused("own_case", _("Nobody proposes a measure about herself."))
    if subject.overturn_proposals.filter(decided_at=None).exists():
        raise Refused(
            "already_proposed", _("To overturn this ban is proposed already and waits for a decision.")
        )
    proposal = OverturnProposal.objects.create(
        subject=subject,
        reason=reason,
        document=document,
        proposed_at=at,
        proposed_by=by,
        proposed_by_person=proposer,
    )
    record(
        "credentials.propose_overturn",
        subject=subject.source,
        by=by,
        at=at,
        proposal=proposal.public_id,
        document=document,
    )
    return proposal


@act
def decide_overturn(
    *, proposal: OverturnProposal, overturn: bool, reason: str, by: Account, at: datetime
) -> Overturned:
    """Lift the ban from today on, or let it stand; by a person of the province who proposed neither.

    The case, the decisions and the days the ban stood remain on record; marks of another ban or of an
    officer stay. Raises Refused: no_duty, no_person, reason, not_banned, decided, own_case, own_proposal.
    """
    day = day_of(at)
    decider = demand_province_officer(by, division=proposal.subject.case.division_id, on=day)
    reason = demand_reason(reason)
    subject = _lock_banned(proposal.subject)
    proposal = OverturnProposal.objects.select_related("proposed_by_person").get(pk=proposal.pk)
    human = one_human(subject.person)
    if decider == human:
        raise Refused("own_case", _("Nobody decides about herself."))
    if decider == one_human(proposal.proposed_by_person):
        raise Refused("own_proposal", _("You proposed to overturn this ban. Another officer has to decide."))
    if decider == one_human(subject.proposed_by_person):
        raise Refused("own_proposal", _("You proposed this ban. Another officer has to overturn it."))
    faults.point("overturn.before_decision")
    decided = OverturnProposal.objects.filter(pk=proposal.pk, decided_at=None).update(
        approved=overturn, decided_at=at, decided_by=by, decided_by_person=decider, decision_reason=reason
    )
    if not decided:
        raise Refused("decided", _("Somebody else decided about this proposal. Open the case again."))
    if not overturn:
        record("credentials.keep_ban", subject=subject.source, by=by, at=at, proposal=proposal.public_id)
        return Overturned(subject)
    return _overturn(subject, human, proposal, reason, decider, by, at)


def _overturn(
    subject: BanSubject,
    human: Person,
    proposal: OverturnProposal,
    reason: str,
    decider: Person,
    by: Account,
    at: datetime,
) -> Overturned:
    day = day_of(at)
    BanSubject.objects.filter(pk=subject.pk, state=State.BANNED).update(
        state=State.OVERTURNED,
        overturned_at=at,
        overturned_by=by,
        overturned_by_person=decider,
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
        proposal=proposal.public_id,
        restored=[certificate.number for certificate in restored],
        expired=[certificate.number for certificate in expired],
    )
    tell_employers(
        people=records_of(human), kind=EmployerTask.Kind.OVERTURNED, source=subject.source, by=by, at=at
    )
    subject.refresh_from_db()
    return Overturned(subject, restored, expired)


def _lock_banned(subject: BanSubject) -> BanSubject:
    """The row as it is now, locked. Raises Refused: not_banned."""
    lock_person(subject.person)
    rows = BanSubject.objects.select_for_update(of=("self",)).select_related(
        "case", "person", "proposed_by_person"
    )
    row = rows.get(pk=subject.pk)
    if row.state != State.BANNED:
        raise Refused("not_banned", _("There is no ban in force here to overturn."))
    return row


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
